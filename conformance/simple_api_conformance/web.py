"""An HTTP client that hides nothing: no redirect, no retry, no decoding unless asked for."""

import base64
import gzip
import http.client
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from . import __version__

REDIRECTS = (301, 302, 303, 307, 308)
# pip follows 30; an index may send a client round while it builds.
MAX_REDIRECTS = 30


class NoAnswer(Exception):
    """The server did not answer by HTTP, or went round in circles."""


@dataclass(frozen=True)
class Response:
    """One exchange: what was asked, and what came back, as it came."""

    method: str
    url: str
    request_headers: tuple[tuple[str, str], ...]
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The field's value; several lines of one name are joined, as RFC 9110 section 5.2 says."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None

    @property
    def media_type(self) -> str | None:
        """What stands before `;` in Content-Type, in the server's own spelling."""
        value = self.header("Content-Type")
        return None if value is None else value.split(";")[0].strip()

    @property
    def content(self) -> bytes:
        """The body without its Content-Encoding."""
        if self.header("Content-Encoding") == "gzip":
            return gzip.decompress(self.body)
        return self.body

    @property
    def is_redirect(self) -> bool:
        return self.status in REDIRECTS and self.header("Location") is not None

    @property
    def location(self) -> str:
        """Where a redirect leads, as an absolute URL."""
        return urljoin(self.url, self.header("Location") or "")

    def __str__(self) -> str:
        asked = "".join(f"\n{name}: {value}" for name, value in self.request_headers)
        answered = "".join(f"\n{name}: {value}" for name, value in self.headers)
        excerpt = self.body[:600].decode("utf-8", "backslashreplace")
        head = f"{self.method} {self.url}{asked}\n\n{self.status} {self.reason}{answered}"
        return f"{head}\n\n{excerpt}".rstrip()


class Web:
    """Sends requests, each on a connection of its own, and remembers the last exchange."""

    def __init__(self, timeout: float = 30) -> None:
        self.timeout = timeout
        self.last: Response | None = None

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Response:
        parts = urlsplit(url)
        sent = {"User-Agent": f"simple-api-conformance/{__version__}", **(headers or {})}
        if parts.username is not None:
            login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            sent["Authorization"] = "Basic " + base64.b64encode(login.encode()).decode()
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection = self._connection(parts.scheme, parts.hostname or "", parts.port)
        try:
            connection.request(method, target, body=body, headers=sent)
            answer = connection.getresponse()
            received = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(f"{method} {url}: {type(error).__name__}: {error}") from error
        finally:
            connection.close()
        shown = tuple((k, v) for k, v in sent.items() if k not in ("User-Agent", "Authorization"))
        fields = tuple(answer.getheaders())
        self.last = Response(method, url, shown, answer.status, answer.reason, fields, received)
        return self.last

    def follow(self, url: str, headers: Mapping[str, str] | None = None) -> Response:
        """GET with redirects followed; the answer's `url` is the last one, the base of links."""
        for _ in range(MAX_REDIRECTS + 1):
            response = self.request("GET", url, headers)
            if not response.is_redirect:
                return response
            url = response.location
        raise NoAnswer(f"GET {url}: more than {MAX_REDIRECTS} redirects")

    def _connection(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        if scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(host, port, timeout=self.timeout, context=context)
        return http.client.HTTPConnection(host, port, timeout=self.timeout)
