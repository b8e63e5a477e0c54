"""The pytest plugin: options, the index as a fixture, and what becomes of the results."""

from collections.abc import Generator
from typing import Any

import pytest

from .catalogue import LEVELS, SECTIONS
from .index import Index, Names
from .options import FLAGS, TEXTS, add_options, destination, resolved
from .report import Report
from .web import NoAnswer, Web

REPORT = pytest.StashKey[Report]()
OPTIONS = pytest.StashKey[dict[str, Any]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("simple-api-conformance")
    group.addoption("--index-url", help="the project list of the index under test")
    add_options(group.addoption)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "check(id, level): the requirement that a test checks")
    given = [*(name for name, _, _ in TEXTS), *(name for name, _ in FLAGS)]
    names = [*map(destination, given), "timeout", "sample"]
    options = resolved({name: config.getoption(name) for name in names})
    config.stash[OPTIONS] = options
    url = config.getoption("index_url")
    if url:
        config.stash[REPORT] = Report(url, options["report"], options["must_only"])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        mark = item.get_closest_marker("check")
        if mark is not None and not (mark.args[0] in SECTIONS and mark.kwargs["level"] in LEVELS):
            raise pytest.UsageError(f"{item.nodeid}: no such id or level: {mark}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    made = yield
    mark = item.get_closest_marker("check")
    report = item.config.stash.get(REPORT, None)
    ended = call.when == "call" or call.excinfo is not None
    if report is not None and mark is not None and call.when != "teardown" and ended:
        web = item.session.stash.get(WEB, None)
        report.add(item, mark, call.excinfo, web)
    return made


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    report = config.stash.get(REPORT, None)
    if report is not None:
        report.write()
        for line in report.summary():
            terminalreporter.write_line(line)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    report = session.config.stash.get(REPORT, None)
    # 0 and 1: all tests ran. A failed check of a lower level is in the report, and no failed run.
    if report is not None and report.checks and exitstatus in (0, 1):
        session.exitstatus = 1 if report.is_failed else 0


WEB = pytest.StashKey[Web]()


@pytest.fixture(scope="session")
def options(request: pytest.FixtureRequest) -> dict[str, Any]:
    return request.config.stash[OPTIONS]


@pytest.fixture(scope="session")
def index(request: pytest.FixtureRequest, options: dict[str, Any]) -> Index:
    """The index under test. What builds files on demand has been asked for some already."""
    url = request.config.getoption("index_url")
    if not url or not options["project"]:
        raise pytest.UsageError("--index-url and --project (or --corpus) are needed")
    web = request.session.stash[WEB] = Web(options["timeout"])
    optional = ("mixed", "legacy", "local", "python", "prerelease", "install", "many")
    names = Names(
        project=options["project"],
        wheel=options["wheel_project"],
        absent=options["absent"] or "surely-absent-name",
        yanked=options["yanked_project"],
        archived=options["archived_project"],
        quarantined=options["quarantined_project"],
        others=tuple(options[f"{key}_project"] or "" for key in optional),
    )
    made = Index(url, names, web, options["sample"])
    try:
        web.request("GET", made.url)
    except NoAnswer as error:
        pytest.exit(str(error), returncode=2)
    made.warm()
    return made
