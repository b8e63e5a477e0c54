"""The clients: which versions, with which Python, and how they are installed."""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from .pythons import first

THIS = f"{sys.version_info[0]}.{sys.version_info[1]}"
NEW = (THIS, "3.11", "3.12", "3.13", "3.10")
# Tool: what is installed, and the Pythons that run it, the best one first.
TOOLS: dict[str, tuple[str, tuple[str, ...]]] = {
    "pip-9.0.3": ("pip==9.0.3", ("3.6", "2.7")),
    "pip-19.3.1": ("pip==19.3.1", ("3.7", "3.6", "3.8")),
    "pip-20.3.4": ("pip==20.3.4", ("3.8", "3.7", "3.6", "3.9")),
    "pip-22.3.1": ("pip==22.3.1", ("3.11", "3.10", "3.9", "3.8", "3.7")),
    "pip-23.3.2": ("pip==23.3.2", ("3.11", "3.12", "3.10", "3.9", "3.8")),
    "pip": ("pip", NEW),
    "uv": ("uv", NEW),
    "poetry": ("poetry", NEW),
    # With the dependencies it was released with: it breaks with newer ones.
    "pdm": ("pdm[locked]", NEW),
}

PIPS = tuple(name for name in TOOLS if name.startswith("pip"))
INSTALLERS = (*PIPS, "uv")
LOCKERS = ("uv", "poetry", "pdm")
# PEP 592 came with pip 19.2.
KNOW_YANKED = tuple(name for name in INSTALLERS if name != "pip-9.0.3")
# pip 22.3.1 reads `.metadata` by the older spelling only, and not with JSON.
READ_METADATA = ("pip-23.3.2", "pip", "uv")
NEWEST = ("pip", "uv")


class Unavailable(Exception):
    """The client cannot be had here; the message says why."""


@dataclass(frozen=True)
class Ran:
    """What a client said, and how it ended; None: its time was up."""

    status: int | None
    output: str

    @property
    def tail(self) -> str:
        lines = [line.strip() for line in self.output.splitlines() if line.strip()]
        ended = "its time was up" if self.status is None else f"status {self.status}"
        return f"{ended}: " + " / ".join(lines[-4:])[-700:]


@dataclass(frozen=True)
class Tool:
    """An installed client."""

    name: str
    version: str
    python: str
    command: tuple[str, ...]

    @property
    def kind(self) -> str:
        return self.name.partition("-")[0]

    @property
    def release(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.version.split(".")[:2] if part.isdigit())

    @property
    def is_pip(self) -> bool:
        return self.kind == "pip"

    def run(self, arguments: Sequence[str], directory: pathlib.Path, timeout: float = 120) -> Ran:
        return bounded([*self.command, *arguments], directory, timeout)


def clean_environment(directory: pathlib.Path) -> dict[str, str]:
    """No configuration, cache or proxy of this machine: only what the test gives."""
    home = directory / "home"
    home.mkdir(exist_ok=True)
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "NO_PROXY": "*",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PIP_CACHE_DIR": str(home / "pip"),
        "UV_CACHE_DIR": str(home / "uv"),
        "UV_PYTHON_DOWNLOADS": "never",
        "POETRY_CACHE_DIR": str(home / "poetry"),
        "POETRY_VIRTUALENVS_IN_PROJECT": "true",
        "POETRY_KEYRING_ENABLED": "false",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "PDM_CHECK_UPDATE": "0",
        "PDM_CACHE_DIR": str(home / "pdm"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CONFIG_DIRS": str(home / "config"),
    }


def bounded(command: Sequence[str], directory: pathlib.Path, timeout: float) -> Ran:
    """Runs a client in a session of its own, all of which is ended when the time is up."""
    environment = clean_environment(directory)
    with open(directory / "output.txt", "w+b") as output:
        process = subprocess.Popen(
            command,
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            status: int | None = process.wait(timeout)
        except subprocess.TimeoutExpired:
            status = None
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        output.seek(0)
        return Ran(status, output.read().decode("utf-8", "replace"))


def prepared(name: str, cache: pathlib.Path) -> Tool:
    """The client, installed under the cache from the machine's default index."""
    requirement, minors = TOOLS[name]
    python = first(minors)
    if python is None:
        raise Unavailable(f"no Python {' or '.join(minors)} here")
    place = cache / name
    if name == "pip-9.0.3" and python.endswith("2.7"):
        return _from_wheel(name, requirement, python, place)
    scripts = place / "bin"
    if not (place / "ready").exists():
        shutil.rmtree(place, ignore_errors=True)
        _install([python, "-m", "venv", str(place)], 60)
        pip = [str(scripts / "python"), "-m", "pip", "install", "--quiet", "--upgrade"]
        _install([*pip, requirement], 600)
        (place / "ready").touch()
    interpreter = str(scripts / "python")
    kind = name.partition("-")[0]
    command = (interpreter, "-m", "pip") if kind == "pip" else (str(scripts / kind),)
    return Tool(name, _version(interpreter, kind), interpreter, command)


def _from_wheel(name: str, requirement: str, python: str, place: pathlib.Path) -> Tool:
    """Python 2.7 has no venv: pip runs from its wheel."""
    _install(
        [sys.executable, "-m", "pip", "download", "--no-deps", "-d", str(place), requirement], 300
    )
    wheel = next(place.glob("pip-*.whl"))
    return Tool(name, wheel.name.split("-")[1], python, (python, f"{wheel}/pip"))


def _version(python: str, package: str) -> str:
    code = f"import {package} as p; print(p.__version__)"
    if package != "pip":
        code = f"import importlib.metadata as m; print(m.version({package!r}))"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=60)
    return done.stdout.strip()


def _install(command: list[str], timeout: float) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"could not be installed: {error}") from error
    if done.returncode != 0:
        raise Unavailable(f"could not be installed: {done.stderr.strip()[-300:]}")
