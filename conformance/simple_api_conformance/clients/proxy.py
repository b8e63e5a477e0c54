"""A reverse proxy on loopback: forwards to the index, writes down, and breaks downloads off."""

import functools
import http.client
import ipaddress
import socket
import ssl
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

HOP_BY_HOP = {"connection", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade"}


@dataclass(frozen=True)
class Recorded:
    """A request of a client, and how it was answered."""

    method: str
    path: str
    accept: str
    range: str
    status: int
    broken: bool = False

    def __str__(self) -> str:
        extra = f" Range: {self.range}" if self.range else ""
        return f"{self.method} {self.path}{extra} -> {self.status}{' cut' if self.broken else ''}"


class Proxy:
    """Runs while its `with` block does; `url` is the project list as clients are to see it."""

    def __init__(self, target: str) -> None:
        self.target = urlsplit(target)
        self.requests: list[Recorded] = []
        self.lock = threading.Lock()
        self.cut: str | None = None
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}{self.target.path}"

    def __enter__(self) -> "Proxy":
        # Its end is waited for as long as it polls.
        serve = functools.partial(self.server.serve_forever, poll_interval=0.02)
        threading.Thread(target=serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def clear(self) -> None:
        with self.lock:
            self.requests.clear()
            self.cut = None

    def cut_once(self, filename: str) -> None:
        """Breaks the next whole download of this file off in the middle."""
        with self.lock:
            self.cut = filename

    def asked(self, end: str) -> list[Recorded]:
        """The requests whose path ends so, unescaped."""
        with self.lock:
            found = list(self.requests)
        return [each for each in found if unquote(each.path).partition("?")[0].endswith(end)]

    def transcript(self) -> str:
        with self.lock:
            return "\n".join(str(each) for each in self.requests[-40:])

    def is_cut(self, path: str) -> bool:
        """Whether this is the download to be broken; true once."""
        with self.lock:
            name = unquote(path).partition("?")[0].rsplit("/", 1)[-1]
            if self.cut is None or name != self.cut:
                return False
            self.cut = None
            return True

    def forward(
        self, method: str, path: str, headers: dict[str, str]
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        host, port = self.target.hostname or "", self.target.port
        connection: http.client.HTTPConnection
        if self.target.scheme == "https":
            context = ssl.create_default_context()
            connection = http.client.HTTPSConnection(host, port, timeout=60, context=context)
        else:
            connection = http.client.HTTPConnection(host, port, timeout=60)
        # A server on this machine builds absolute URLs from Host: they must lead back here.
        if not is_loopback(host):
            headers = {**headers, "Host": self.target.netloc.rpartition("@")[2]}
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        return connection, connection.getresponse()

    def _handler(proxy) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 70

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP_BY_HOP}
                headers["Connection"] = "close"
                try:
                    connection, answer = proxy.forward(self.command, self.path, headers)
                    body = answer.read()
                    connection.close()
                except (OSError, http.client.HTTPException):
                    self.send_error(502)
                    return
                whole = answer.status == 200 and self.command == "GET"
                cut = whole and proxy.is_cut(self.path)
                recorded = Recorded(
                    self.command,
                    self.path,
                    self.headers.get("Accept", ""),
                    self.headers.get("Range", ""),
                    answer.status,
                    cut,
                )
                with proxy.lock:
                    proxy.requests.append(recorded)
                self.send_response_only(answer.status, answer.reason)
                for name, value in answer.getheaders():
                    if name.lower() not in HOP_BY_HOP | {"content-length"}:
                        self.send_header(name, value)
                length = answer.getheader("Content-Length") if self.command == "HEAD" else None
                if answer.status != 304 and (length is not None or self.command != "HEAD"):
                    self.send_header("Content-Length", length or str(len(body)))
                self.end_headers()
                if self.command == "HEAD":
                    return
                self.wfile.write(body[: len(body) // 2] if cut else body)
                if cut:
                    self.wfile.flush()
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True

            do_HEAD = do_GET  # noqa: N815

        return Handler


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
