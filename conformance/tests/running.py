"""Runs the suite as a user does, and reads its report."""

import json
import pathlib
import subprocess
import sys
from typing import Any

from simple_api_conformance.corpus.names import CORPUS

from .content import ARCHIVED, QUARANTINED
from .little_server import LittleServer


def report(server: LittleServer, directory: pathlib.Path, *more: str) -> tuple[int, Any]:
    """The exit status and the report."""
    path = directory / "report.json"
    options = [
        f"--project={CORPUS.project}",
        f"--wheel-project={CORPUS.wheel}",
        f"--yanked-project={CORPUS.yanked}",
        f"--mixed-project={CORPUS.mixed}",
        f"--local-project={CORPUS.local}",
        f"--archived-project={ARCHIVED}",
        f"--quarantined-project={QUARANTINED}",
        f"--upstream={server.origin}/upstream/simple/",
        f"--upload-url={server.origin}/upload/",
        "--upload-user=somebody",
        f"--report={path}",
    ]
    command = [sys.executable, "-m", "simple_api_conformance", f"{server.origin}/simple/"]
    done = subprocess.run([*command, *options, *more], capture_output=True, text=True, timeout=120)
    assert path.exists(), done.stdout + done.stderr
    return done.returncode, json.loads(path.read_text(encoding="utf-8"))


def outcomes(
    server: LittleServer, directory: pathlib.Path, *more: str
) -> tuple[int, list[tuple[str, str]]]:
    """The exit status, and the outcome of every case by the name of its test."""
    status, document = report(server, directory, *more)
    pairs = [(check["test"].partition("[")[0], check["outcome"]) for check in document["checks"]]
    return status, pairs
