"""nginx with locations of its own, and what dumb-pypi wants to know of the corpus."""

import contextlib
import json
import os
import pathlib
import shutil
from collections.abc import Iterator

from simple_api_conformance.corpus.projects import distributions

from .processes import PeerFailure, free_port, started, wait_until_ready

CONFIGURATION = """\
{user}
daemon off;
worker_processes 1;
pid {run}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {run}/body;
    fastcgi_temp_path {run}/fastcgi;
    proxy_temp_path {run}/proxy;
    scgi_temp_path {run}/scgi;
    uwsgi_temp_path {run}/uwsgi;
    types {{ text/html html; application/json json; }}
    server {{
        listen 127.0.0.1:{port};
        absolute_redirect off;
        {locations}
    }}
}}
"""


@contextlib.contextmanager
def serving(run: pathlib.Path, locations: str, log: pathlib.Path) -> Iterator[str]:
    program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")
    if program is None:
        raise PeerFailure("nginx is not installed")
    run.mkdir(parents=True, exist_ok=True)
    port = free_port()
    # The files lie where this user can read them, not nginx's own.
    user = "user root;" if os.geteuid() == 0 else ""
    text = CONFIGURATION.format(user=user, run=run, port=port, locations=locations)
    configuration = run / "nginx.conf"
    configuration.write_text(text, encoding="utf-8")
    url = f"http://127.0.0.1:{port}/"
    with started([program, "-c", str(configuration), "-e", "stderr"], log) as process:
        wait_until_ready(url, process)
        yield url


def dumb_pypi_list() -> str:
    """Its list of packages, one JSON object per line."""
    lines = []
    for made in distributions():
        entry: dict[str, object] = {
            "filename": made.filename,
            "hash": f"sha256={made.sha256()}",
            "upload_timestamp": made.upload_time,
        }
        if made.requires_python is not None:
            entry["requires_python"] = made.requires_python
        if made.yanked is not None:
            entry["yanked_reason"] = made.yanked or "no reason"
        lines.append(json.dumps(entry))
    return "\n".join(lines) + "\n"
