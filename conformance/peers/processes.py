"""Processes that end with their `with` block, environments, and ports."""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence

BOUND = 60


class PeerFailure(Exception):
    """A server could not be installed or started; the message says which and why."""


class NotKnown(PeerFailure):
    """A server cannot do what is asked of it yet: reported, and no failed run."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(place: pathlib.Path, *requirements: str) -> pathlib.Path:
    """The `bin` of a virtual environment with these packages; made once."""
    venv = place / requirements[0]
    if not (venv / "ready").exists():
        shutil.rmtree(venv, ignore_errors=True)
        run([sys.executable, "-m", "venv", str(venv)])
        run([str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", *requirements], 600)
        (venv / "ready").touch()
    return venv / "bin"


def version(bin_directory: pathlib.Path, package: str) -> str:
    code = f"import importlib.metadata as m; print(m.version({package!r}))"
    return run([str(bin_directory / "python"), "-c", code]).strip()


def run(
    command: Sequence[str], timeout: float = BOUND, environment: dict[str, str] | None = None
) -> str:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=timeout, env=environment
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerFailure(f"{command[0]}: {error}") from error
    if done.returncode != 0:
        raise PeerFailure(f"{command[0]} ended with {done.returncode}: {done.stderr[-500:]}")
    return done.stdout


@contextlib.contextmanager
def started(command: Sequence[str], log: pathlib.Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a session of its own, stopped by its id, however the block ends."""
    with open(log, "wb") as file:
        process = subprocess.Popen(
            command, stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield process
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes], grace: float = 15) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(grace)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + BOUND
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise PeerFailure(f"the server ended with status {process.returncode}")
        try:
            opener.open(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise PeerFailure(f"{url} does not answer")
