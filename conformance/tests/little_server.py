"""An index in one file that does everything right, unless a fault is put in."""

import email.parser
import gzip
import hashlib
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from simple_api_conformance.pages import HTML, JSON, TEXT, normalized

from . import content

LATEST = {
    "application/vnd.pypi.simple.latest+json": JSON,
    "application/vnd.pypi.simple.latest+html": HTML,
}


@dataclass(frozen=True)
class Asked:
    """A request."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> str:
        return urlsplit(self.target).query

    @property
    def accept(self) -> str | None:
        return self.headers.get("accept")

    @property
    def is_page(self) -> bool:
        return self.path.startswith("/simple/") and self.path.endswith("/")

    @property
    def is_list(self) -> bool:
        return self.path == "/simple/"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def with_headers(self, **headers: str | None) -> "Answer":
        """With these fields; None takes one away."""
        fields = {**self.headers, **{k.replace("_", "-"): v for k, v in headers.items()}}
        return replace(self, headers={k: v for k, v in fields.items() if v is not None})

    @property
    def kind(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0]


Fault = Callable[["LittleServer", Asked, Answer], Answer]


class LittleServer:
    """Serves /simple/, /files/, /upload/ and, always without fault, /upstream/simple/."""

    def __init__(self, fault: Fault | None = None) -> None:
        self.fault = fault
        self.uploaded: dict[str, bytes] = {}
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), handler(self))
        self.origin = f"http://127.0.0.1:{self.http.server_address[1]}"

    def __enter__(self) -> "LittleServer":
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.http.shutdown()
        self.http.server_close()

    def answer(self, asked: Asked) -> Answer:
        if asked.path.startswith("/upstream/"):
            return self.right(replace(asked, target=asked.target.removeprefix("/upstream")))
        answer = self.right(asked)
        return answer if self.fault is None else self.fault(self, asked, answer)

    def right(self, asked: Asked) -> Answer:
        """The answer as it should be."""
        if asked.method == "POST":
            return self.upload(asked)
        if asked.method not in ("GET", "HEAD"):
            return Answer(405, {"Allow": "GET, HEAD"})
        if asked.path.startswith("/files/"):
            return self.file(asked)
        match = re.fullmatch(r"/simple/(?:([A-Za-z0-9._-]+)/?)?", asked.path)
        if match is None:
            return Answer(404, {"Content-Type": "text/plain"}, b"No such page.\n")
        if match[1] is not None:
            name = normalized(match[1])
            if f"/simple/{name}/" != asked.path:
                query = f"?{asked.query}" if asked.query else ""
                return Answer(301, {"Location": f"/simple/{name}/{query}"})
            uploaded = [n for n in self.uploaded if n.startswith(name.replace("-", "_") + "-")]
            if name not in content.NAMES and not uploaded:
                return Answer(404, {"Content-Type": "text/plain"}, b"No such project.\n")
        kinds = parse_qs(asked.query).get("format", [""])[0].replace(" ", "+")
        kind = kinds if kinds in (JSON, HTML, TEXT) else chosen(asked.accept)
        return self.page(asked, kind)

    def page(self, asked: Asked, kind: str | None) -> Answer:
        """The page as this type; None is 406."""
        if kind is None:
            return Answer(406, {"Content-Type": "text/plain", "Vary": "Accept"})
        name = asked.path.removeprefix("/simple/").strip("/") or None
        render = content.json_page if kind == JSON else content.html_page
        body = render(name, self.origin, self.uploaded)
        tag = f'"{hashlib.sha256(kind.encode() + body).hexdigest()[:16]}"'
        headers = {"Content-Type": kind, "ETag": tag, "Vary": "Accept, Accept-Encoding"}
        headers["Cache-Control"] = "no-cache"
        if asked.headers.get("if-none-match") == tag:
            return Answer(304, headers)
        if "gzip" in asked.headers.get("accept-encoding", ""):
            return Answer(200, {**headers, "Content-Encoding": "gzip"}, gzip.compress(body))
        return Answer(200, headers, body)

    def file(self, asked: Asked) -> Answer:
        name = unquote(asked.path.removeprefix("/files/"))
        for ending in (".metadata", ".asc", ".provenance"):
            base = name.removesuffix(ending)
            if name != base and base in content.FILES:
                made = content.FILES[base]
                bodies = {".metadata": made.metadata, ".asc": b"signature"}
                return Answer(200, {}, bodies.get(ending) or content.provenance(base))
        if name not in content.FILES:
            return Answer(404)
        body, tag = content.DATA[name], f'"{content.HASHES[name][:16]}"'
        headers = {"ETag": tag, "Accept-Ranges": "bytes"}
        match = re.fullmatch(r"bytes=(\d*)-(\d*)", asked.headers.get("range", ""))
        if match is None or asked.headers.get("if-range", tag) != tag:
            return Answer(200, headers, body)
        first = int(match[1]) if match[1] else len(body) - int(match[2])
        last = min(int(match[2]) if match[1] and match[2] else len(body) - 1, len(body) - 1)
        if first > last:
            return Answer(416, {"Content-Range": f"bytes */{len(body)}"})
        headers["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
        return Answer(206, headers, body[first : last + 1])

    def upload(self, asked: Asked) -> Answer:
        if "authorization" not in asked.headers:
            return Answer(401, {"WWW-Authenticate": 'Basic realm="index"'})
        head = f"Content-Type: {asked.headers['content-type']}\r\n\r\n".encode()
        for part in email.parser.BytesParser().parsebytes(head + asked.body).get_payload():
            name = part.get_filename()  # type: ignore[union-attr]
            if name and name.startswith("acme_archived"):
                return Answer(403)
            if name and name in self.uploaded:
                return Answer(409)
            if name:
                self.uploaded[name] = part.get_payload(decode=True)  # type: ignore
        return Answer(200)


def chosen(accept: str | None) -> str | None:
    """The type to answer with: by quality, then JSON first; who names none gets text/html."""
    ranges: dict[str, float] = {}
    for part in (accept or "*/*").lower().split(","):
        kind, *parameters = [piece.strip() for piece in part.split(";")]
        match = re.fullmatch(r"q=([01](?:\.\d{0,3})?)", (parameters or ["q=1"])[0])
        kind = LATEST.get(kind, kind)
        ranges[kind] = max(ranges.get(kind, 0), float(match[1]) if match else 0)

    def quality(kind: str) -> float:
        for pattern in (kind, kind.split("/")[0] + "/*", "*/*"):
            if pattern in ranges:
                return ranges[pattern]
        return 0

    order = (TEXT, HTML, JSON) if set(ranges) == {"*/*"} else (JSON, HTML, TEXT)
    best = max(order, key=quality)
    return best if quality(best) > 0 else None


def handler(server: LittleServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def handle_any(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            answer = server.answer(Asked(self.command, self.path, headers, body))
            self.send_response_only(answer.status)
            if answer.status != 304:
                self.send_header("Content-Length", str(len(answer.body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD" and answer.status != 304:
                self.wfile.write(answer.body)

        do_GET = do_HEAD = do_POST = do_DELETE = handle_any  # noqa: N815

    return Handler
