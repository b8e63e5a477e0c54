"""One client, one proxy, one directory: what a test of clients does with them."""

import pathlib
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from ..index import Index
from ..outcome import NonConformance, not_applicable
from ..pages import File, normalized, version_of
from . import projects
from .proxy import Proxy
from .tools import Ran, Tool


@dataclass
class Scenario:
    """A client that talks to the index through a proxy, in a directory of its own."""

    tool: Tool
    index: Index
    proxy: Proxy
    directory: pathlib.Path
    options: dict[str, str]

    def project(self, option: str) -> str:
        """The project that an option gives."""
        name = self.options[f"{option}_project"]
        if not name:
            not_applicable(f"no --{option}-project")
        return name

    def python_version(self) -> str:
        name = pathlib.Path(self.tool.python).resolve().name
        return name.removeprefix("python") if "." in name else "3"

    def usable(self, project: str) -> list[File]:
        """The files that this client can install: by Python version, format and yank."""
        found = []
        python = self.python_version()
        for file in self.index.html_or_json(project).files:
            requires = file.keys.get("requires-python", file.keys.get("data-requires-python"))
            if not file.is_wheel and self.tool.is_pip and self.tool.release < (20, 0):
                continue  # no back ends inside source distributions before pip 20.0
            if (file.is_wheel or file.is_sdist) and admits(requires, python):
                found.append(file)
        if not found:
            not_applicable(f"no file of {project} for {self.tool.name} with Python {python}")
        return found

    def versions(self, project: str) -> list[Version]:
        """The versions of those files, in order."""
        files = [file for file in self.usable(project) if not is_yanked(file)]
        return sorted({found for file in files if (found := version_of(file.filename))})

    def install(self, requirement: str, *more: str, timeout: float = 120) -> Ran:
        """Installs into `directory/target`, with dependencies."""
        target = ["--target", str(self.directory / "target")]
        url = ["--index-url", self.proxy.url]
        if self.tool.is_pip:
            arguments = ["install", "--no-cache-dir", *url, *target, *more, requirement]
        else:
            python = ["--python", self.tool.python]
            arguments = ["pip", "install", *url, *python, *target, *more, requirement]
        return self.tool.run(arguments, self.directory, timeout)

    def lock(self, requirement: str) -> Ran:
        projects.write(self.tool, self.directory, self.proxy.url, requirement)
        return self.tool.run(projects.lock_arguments(self.tool), self.directory, 180)

    def install_locked(self) -> Ran:
        return self.tool.run(projects.install_arguments(self.tool), self.directory, 180)

    def installed(self, project: str, place: pathlib.Path | None = None) -> str | None:
        """The version of a project that is installed."""
        for info in (place or self.directory / "target").glob("*.dist-info"):
            name, _, version = info.name.removesuffix(".dist-info").rpartition("-")
            if normalized(name) == normalized(project):
                return version
        return None

    def must(self, condition: object, message: str, ran: Ran) -> None:
        """Fails with what the client said and asked for."""
        if not condition:
            evidence = f"{self.proxy.transcript()}\n\n{ran.output[-3000:]}"
            named = f"{self.tool.kind} {self.tool.version}"
            raise NonConformance(f"{named}: {message}; {ran.tail}", [evidence])


def is_yanked(file: File) -> bool:
    return bool(file.keys.get("yanked")) or "data-yanked" in file.keys


def admits(requires: object, python: str) -> bool:
    try:
        return not requires or SpecifierSet(str(requires)).contains(f"{python}.99")
    except InvalidSpecifier:
        return True
