"""devpi-server with the corpus, which is uploaded once."""

import base64
import contextlib
import hashlib
import json
import pathlib
import secrets
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator

from simple_api_conformance.corpus.distributions import Distribution
from simple_api_conformance.corpus.projects import distributions

from .processes import PeerFailure, run, started, wait_until_ready

STAGE = "root/conformance"
KINDS = {"wheel": "bdist_wheel", "sdist": "sdist", "zip": "sdist", "egg": "bdist_egg"}


@contextlib.contextmanager
def serving(
    scripts: pathlib.Path, data: pathlib.Path, port: int, log: pathlib.Path
) -> Iterator[str]:
    loaded, wanted = data / "loaded", digest()
    fresh = not loaded.exists() or loaded.read_text() != wanted
    if fresh:
        shutil.rmtree(data, ignore_errors=True)
        run([str(scripts / "devpi-init"), "--serverdir", str(data), "--no-root-pypi"], 120)
    base = f"http://127.0.0.1:{port}/"
    command = [str(scripts / "devpi-server"), "--serverdir", str(data), "--offline-mode"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    with started(command, log) as process:
        wait_until_ready(f"{base}+api", process)
        if fresh:
            load(base)
            loaded.write_text(wanted)
        yield f"{base}{STAGE}/+simple/"


def digest() -> str:
    """Another one for another corpus."""
    hashes = "".join(made.sha256() for made in distributions())
    return hashlib.sha256(hashes.encode()).hexdigest()


def load(base: str) -> None:
    login = ask("POST", f"{base}+login", json.dumps({"user": "root", "password": ""}).encode())
    token = base64.b64encode(f"root:{login['result']['password']}".encode()).decode()
    stage = {"type": "stage", "bases": [], "volatile": True}
    ask("PUT", base + STAGE, json.dumps(stage).encode(), token)
    for made in distributions():
        kind, body = form(made)
        try:
            ask("POST", f"{base}{STAGE}/", body, token, kind)
        except PeerFailure as error:
            print(f"devpi takes no {made.filename}: {error}", flush=True)


def form(made: Distribution) -> tuple[str, bytes]:
    boundary = secrets.token_hex(16)
    fields = {
        ":action": "file_upload",
        "protocol_version": "1",
        "metadata_version": "2.4",
        "name": made.name,
        "version": made.version,
        "requires_python": made.requires_python or "",
        "filetype": KINDS[made.kind],
        "pyversion": "source" if made.kind in ("sdist", "zip") else "py3",
    }
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="content"; '
    head += f'filename="{made.filename}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    body = "".join([*parts, head]).encode() + made.data() + f"\r\n--{boundary}--\r\n".encode()
    return f"multipart/form-data; boundary={boundary}", body


def ask(
    method: str, url: str, body: bytes, token: str = "", kind: str = "application/json"
) -> dict[str, dict[str, str]]:
    headers = {"Content-Type": kind, "Accept": "application/json"}
    if token:
        headers["X-Devpi-Auth"] = token
    request = urllib.request.Request(url, body, headers, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=60) as answer:
            data = answer.read()
    except urllib.error.HTTPError as error:
        raise PeerFailure(f"{error.code} {error.read()[:200].decode()}") from error
    found = json.loads(data) if data[:1] == b"{" else {}
    return found if isinstance(found, dict) else {}
