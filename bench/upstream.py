"""Another index on loopback, which makes its pages as they are asked for and counts the bytes of what it sends."""

import contextlib
import http.server
import json
import re
import threading
import zipfile

JSON = "application/vnd.pypi.simple.v1+json"


def page(name, count, wheel):
    stem = name.replace("-", "_")
    files = [
        {
            "filename": f"{stem}-1.{number // 10}.{number % 10}-py3-none-any.whl",
            "url": f"/files/{number:05}/{stem}-1.{number // 10}.{number % 10}-py3-none-any.whl",
            "hashes": {"sha256": f"{number:064x}"},
            "size": 10_000 + number,
            "requires-python": ">=3.8",
            "upload-time": "2024-05-01T12:00:00.123456Z",
            "core-metadata": {"sha256": f"{number:064x}"},
            "yanked": False,
        }
        for number in range(count)
    ]
    if wheel:
        files = [wheel]
    document = {"meta": {"api-version": "1.4"}, "name": name, "versions": [], "files": files}
    return json.dumps(document).encode()


class Upstream(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages = {}
        # Files by path, and bytes sent of them.
        self.files = {}
        self.sent = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/simple/"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        project = re.fullmatch(r"/simple/([a-z0-9-]+)/", self.path)
        if project:
            name = project[1]
            if name not in self.server.pages:
                count = int(re.search(r"\d+$", name)[0]) if name.startswith("large") else 10
                self.server.pages[name] = page(name, count, None)
            return self.answer(200, self.server.pages[name], {"Content-Type": JSON})
        if self.path == "/simple/":
            projects = [{"name": name} for name in self.server.pages]
            body = json.dumps({"meta": {"api-version": "1.4"}, "projects": projects}).encode()
            return self.answer(200, body, {"Content-Type": JSON})
        path = self.server.files.get(self.path)
        if not path:
            return self.answer(404, b"", {})
        size = path.stat().st_size
        first, last = 0, size - 1
        asked = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
        if asked:
            first = int(asked[1]) if asked[1] else size - int(asked[2])
            last = min(int(asked[2]), last) if asked[1] and asked[2] else last
        with path.open("rb") as file:
            file.seek(first)
            body = file.read(last - first + 1)
        self.server.sent += len(body)
        self.answer(206 if asked else 200, body, {"Content-Range": f"bytes {first}-{last}/{size}"} if asked else {})

    do_HEAD = do_GET

    def answer(self, status, body, fields):
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            with contextlib.suppress(ConnectionError):
                self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def running():
    server = Upstream()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()


def make_wheel(path, name, size):
    """A wheel of one large member that cannot be compressed, and its metadata."""
    stem = name.replace("-", "_")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as wheel:
        with wheel.open(f"{stem}/data.bin", "w", force_zip64=True) as member:
            for _ in range(size >> 20):
                member.write(bytes(1 << 20))
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
        wheel.writestr(f"{stem}-1.0.dist-info/METADATA", metadata)
        wheel.writestr(f"{stem}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{stem}-1.0.dist-info/RECORD", "")
