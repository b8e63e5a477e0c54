"""How each of the servers is started with the corpus."""

import contextlib
import pathlib
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from simple_api_conformance.corpus.__main__ import write
from simple_api_conformance.corpus.names import CORPUS

from . import devpi, nginx, pyindex
from .processes import (
    BOUND,
    NotKnown,
    PeerFailure,
    environment,
    free_port,
    run,
    started,
    version,
    wait_until_ready,
)

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Place:
    """Where environments, corpora and logs are, and the binary of pyindex-fcgi."""

    root: pathlib.Path
    binary: pathlib.Path

    @property
    def environments(self) -> pathlib.Path:
        return self.root / "environments"

    def corpus(self, by_project: bool) -> pathlib.Path:
        directory = self.root / ("by-project" if by_project else "flat")
        write(directory, by_project)
        return directory

    def fresh(self, name: str) -> pathlib.Path:
        """An empty directory that other users can enter."""
        directory = self.root / name
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        return directory

    def log(self, name: str) -> pathlib.Path:
        return self.root / f"{name}.log"


@dataclass(frozen=True)
class Running:
    """A server under test: its name and version, its URL, and the suite's options for it."""

    label: str
    url: str
    options: tuple[str, ...] = ("--corpus",)


@contextlib.contextmanager
def pypiserver(place: Place) -> Iterator[Running]:
    scripts = environment(place.environments, "pypiserver")
    port = free_port()
    command = [str(scripts / "pypi-server"), "run", "-i", "127.0.0.1", "-p", str(port)]
    command += ["--disable-fallback", str(place.corpus(by_project=True))]
    url = f"http://127.0.0.1:{port}/simple/"
    with started(command, place.log("pypiserver")) as process:
        wait_until_ready(url, process)
        yield Running(f"pypiserver {version(scripts, 'pypiserver')}", url)


@contextlib.contextmanager
def simple_repository_server(place: Place) -> Iterator[Running]:
    name = "simple-repository-server"
    scripts = environment(place.environments, name)
    port = free_port()
    command = [str(scripts / name), "--host", "127.0.0.1", "--port", str(port)]
    url = f"http://127.0.0.1:{port}/simple/"
    with started([*command, str(place.corpus(by_project=True))], place.log(name)) as process:
        wait_until_ready(url, process)
        yield Running(f"{name} {version(scripts, name)}", url)


@contextlib.contextmanager
def devpi_server(place: Place) -> Iterator[Running]:
    scripts = environment(place.environments, "devpi-server")
    port = free_port()
    with devpi.serving(scripts, place.root / "devpi", port, place.log("devpi")) as url:
        yield Running(f"devpi-server {version(scripts, 'devpi-server')}", url)


@contextlib.contextmanager
def dumb_pypi(place: Place) -> Iterator[Running]:
    scripts = environment(place.environments, "dumb-pypi")
    site = place.root / "dumb-site"
    listed = place.root / "packages.jsonl"
    listed.write_text(nginx.dumb_pypi_list(), encoding="utf-8")
    command = [str(scripts / "dumb-pypi"), "--package-list-json", str(listed)]
    command += ["--output-dir", str(site), "--packages-url", "/packages/"]
    run([*command, "--no-generate-timestamp", "--no-per-release-json"])
    flat = place.corpus(by_project=False)
    locations = f"location /packages/ {{ alias {flat}/; }} location / {{ root {site}; }}"
    with nginx.serving(place.root / "dumb-nginx", locations, place.log("dumb-pypi")) as base:
        options = ("--corpus", f"--yanked-project={CORPUS.yanked}")
        label = f"dumb-pypi {version(scripts, 'dumb-pypi')} behind nginx"
        yield Running(label, f"{base}simple/", options)


@contextlib.contextmanager
def demo(place: Place, config: pathlib.Path, name: str, *options: str) -> Iterator[Running]:
    """Ours, by demo/run."""
    log = place.log(name)
    command = [str(REPOSITORY / "demo" / "run"), str(place.binary), str(config)]
    with started(command, log) as process:
        deadline = time.monotonic() + BOUND
        while time.monotonic() < deadline and process.poll() is None:
            found = re.search(r"^Serving (http\S+)$", log.read_text(encoding="utf-8"), re.MULTILINE)
            if found is not None:
                yield Running(name, found[1], options)
                return
            time.sleep(0.1)
        raise PeerFailure(f"{name} does not serve: {log.read_text(encoding='utf-8')[-500:]}")


def pyindex_git(place: Place) -> contextlib.AbstractContextManager[Running]:
    """Ours, with the corpus as tags of a git repository."""
    run_directory = place.fresh("pyindex-git")
    return demo(place, pyindex.git(run_directory), "pyindex-fcgi (git)", *pyindex.GIT_OPTIONS)


def pyindex_directory(place: Place) -> contextlib.AbstractContextManager[Running]:
    """Ours, with the corpus as files, where the binary serves directories."""
    config = pyindex.directory(place.fresh("pyindex-directory"), place.corpus(by_project=False))
    if not pyindex.accepts(place.binary, config):
        raise NotKnown('this binary knows no source of type "directory"')
    options = ("--corpus", f"--yanked-project={CORPUS.yanked}")
    return demo(place, config, "pyindex-fcgi (directory)", *options)


Server = Callable[[Place], contextlib.AbstractContextManager[Running]]

SERVERS: dict[str, Server] = {
    "pyindex-git": pyindex_git,
    "pyindex-directory": pyindex_directory,
    "pypiserver": pypiserver,
    "devpi": devpi_server,
    "simple-repository-server": simple_repository_server,
    "dumb-pypi": dumb_pypi,
}
