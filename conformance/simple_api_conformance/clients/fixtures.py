"""The fixture of the tests of clients."""

import pathlib
from collections.abc import Iterator
from typing import Any

import pytest

from ..index import Index
from ..outcome import not_applicable
from .proxy import Proxy
from .scenario import Scenario
from .tools import Tool, Unavailable, prepared

Cache = dict[str, Tool | Unavailable]


def clients(names: tuple[str, ...]) -> pytest.MarkDecorator:
    """Marks a test to be run with each of these clients."""
    return pytest.mark.parametrize("scenario", names, indirect=True)


@pytest.fixture(scope="session")
def tools() -> Cache:
    """The clients that were installed in this run, or why they were not."""
    return {}


@pytest.fixture
def scenario(
    request: pytest.FixtureRequest,
    index: Index,
    options: dict[str, Any],
    tools: Cache,
    tmp_path: pathlib.Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Scenario]:
    """A client with a proxy before the index; skipped without `--clients`."""
    name: str = request.param
    if not options["clients"]:
        not_applicable("no --clients")
    chosen = options["only_clients"]
    if chosen and name not in chosen.split(","):
        not_applicable("not in --only-clients")
    if name not in tools:
        cache = options["client_cache"]
        place = pathlib.Path(cache) if cache else tmp_path_factory.getbasetemp() / "clients"
        place.mkdir(parents=True, exist_ok=True)
        try:
            tools[name] = prepared(name, place.resolve())
        except Unavailable as reason:
            tools[name] = reason
    tool = tools[name]
    if isinstance(tool, Unavailable):
        pytest.skip(str(tool))
    with Proxy(index.url) as proxy:
        yield Scenario(tool, index, proxy, tmp_path, options)
