"""The options, the same for `pytest` and for `python -m simple_api_conformance`."""

import argparse
from collections.abc import Callable
from typing import Any

from .corpus.names import CORPUS

# Name, help, and what `--corpus` stands for.
TEXTS: list[tuple[str, str, str | None]] = [
    ("--project", "a project with source distributions", CORPUS.project),
    ("--wheel-project", "a project with wheels", CORPUS.wheel),
    ("--absent", "a name that the index does not have", None),
    ("--yanked-project", "a project with a yanked file, and one that is not", None),
    ("--archived-project", "a project marked as archived", None),
    ("--quarantined-project", "a project marked as quarantined", None),
    ("--install-project", "a project whose dependency is on the index too", CORPUS.install),
    ("--prerelease-project", "a project whose newest version is a pre-release", CORPUS.prerelease),
    ("--python-project", "a project whose newest version excludes this Python", CORPUS.python),
    ("--local-project", "a project whose newest version is a local one", CORPUS.local),
    ("--legacy-project", "a project with legacy file names", CORPUS.legacy),
    ("--mixed-project", "a project whose own spelling is not the normalized one", CORPUS.mixed),
    ("--many-project", "a project with many versions", CORPUS.many),
    ("--upstream", "the index that the one under test mirrors or merges", None),
    ("--upload-url", "where files are uploaded; the checks upload a project of their own", None),
    ("--upload-user", "who may upload", None),
    ("--upload-password", "the password for that", None),
    ("--client-cache", "directory for the clients' environments; kept", None),
    ("--only-clients", "of the clients only these, with commas: pip-26.3,uv", None),
    ("--report", "write the results to this file, as JSON", None),
]
FLAGS: list[tuple[str, str]] = [
    ("--corpus", "the index holds the suite's corpus: sets the projects that are not given"),
    ("--clients", "run real clients too"),
    ("--must-only", "a failed SHOULD is no failed run"),
]


def add_options(add: Callable[..., Any]) -> None:
    """Adds all options but the URL by `addoption` or `add_argument`."""
    for name, text, _ in TEXTS:
        add(name, help=text, default=None)
    for name, text in FLAGS:
        add(name, help=text, action="store_true", default=False)
    add("--timeout", help="seconds to wait for an answer", type=float, default=30)
    add("--sample", help="files per project that are downloaded", type=int, default=4)


def destination(name: str) -> str:
    return name.removeprefix("--").replace("-", "_")


def parser() -> argparse.ArgumentParser:
    """The command line of the front; what it does not know goes to pytest."""
    made = argparse.ArgumentParser(
        prog="python -m simple_api_conformance",
        description="Checks a Python package index against the Simple API, by its URL.",
        epilog="Further options, such as -k, are pytest's.",
    )
    made.add_argument("url", help="the project list, such as http://127.0.0.1:8080/simple/")
    add_options(made.add_argument)
    return made


def resolved(values: dict[str, Any]) -> dict[str, Any]:
    """The options with what `--corpus` stands for."""
    if not values["corpus"]:
        return values
    defaults = {destination(name): value for name, _, value in TEXTS if value is not None}
    return {**values, **{key: values[key] or value for key, value in defaults.items()}}
