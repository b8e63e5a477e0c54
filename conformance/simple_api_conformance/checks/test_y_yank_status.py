"""Y and S: yanked files and project status."""

import pytest

from ..index import Index
from ..outcome import Problems, not_applicable, require
from ..pages import TEXT, HTMLPage, JSONPage


def status_of(page: JSONPage | HTMLPage) -> str:
    """A project whose status is not marked is active."""
    if isinstance(page, HTMLPage):
        return page.meta.get("pypi:project-status", "active")
    value = page.data.get("project-status")
    return str(value.get("status", "active")) if isinstance(value, dict) else "active"


@pytest.mark.check("Y1", level="MUST")
def test_Y1_mirror_keeps_the_mark(index: Index, options: dict[str, str]) -> None:
    """A yanked file of the upstream is marked here too, or is not here.

    "Mirrors MUST NOT mirror a yanked file without also mirroring the data-yanked attribute".
    """
    if not options["upstream"]:
        not_applicable("no --upstream: the index mirrors nothing")
    upstream = Index(options["upstream"], index.names, index.web)
    with Problems("the upstream has no yanked file of these projects") as problems:
        for name in index.names.present:
            answer = upstream.get(name, accept=TEXT)
            if answer.status != 200:
                continue
            page = index.html_page(name)
            here = {file.filename: file for file in page.files}
            for file in HTMLPage.parse(answer).files:
                if "data-yanked" in file.keys and file.filename in here:
                    marked = "data-yanked" in here[file.filename].keys
                    text = f"{file.filename} is not marked as yanked"
                    problems.unless(marked, text, page.response)


@pytest.mark.check("Y1", level="MUST")
def test_Y1_yanked_project_is_marked(index: Index) -> None:
    """The project given as yanked has a file that is marked and one that is not, in HTML."""
    if index.names.yanked is None:
        not_applicable("no --yanked-project")
    page = index.html_page(index.names.yanked)
    marked = ["data-yanked" in file.keys for file in page.files]
    require(any(marked), "no file is marked as yanked", page.response)
    require(not all(marked), "all files are marked as yanked", page.response)


@pytest.mark.check("Y2", level="MUST")
def test_Y2_yanking_is_reversible() -> None:
    """A file can be unyanked, and yanked again."""
    not_applicable("the administrator's side: no client can yank")


@pytest.mark.check("S1", level="MUST")
def test_S1_archived_project_offers_its_files(index: Index) -> None:
    """An archived project is marked and offers its files."""
    if index.names.archived is None:
        not_applicable("no --archived-project")
    page = index.html_or_json(index.names.archived)
    status = status_of(page)
    require(status == "archived", f"status is {status}", page.response)
    require(page.files, "no files", page.response)


@pytest.mark.check("S1", level="MUST")
def test_S1_quarantined_project_offers_nothing(index: Index) -> None:
    """A quarantined project offers no files.

    "The index MUST NOT offer any distributions of the project for download."
    """
    if index.names.quarantined is None:
        not_applicable("no --quarantined-project")
    page = index.html_or_json(index.names.quarantined)
    status = status_of(page)
    require(status == "quarantined", f"status is {status}", page.response)
    require(not page.files, f"{len(page.files)} files", page.response)


@pytest.mark.check("S1", level="MUST")
def test_S1_marked_projects_keep_to_their_status(index: Index) -> None:
    """No page that says `quarantined` has files; every other one of these has."""
    with Problems() as problems:
        for name in index.names.present:
            page = index.html_or_json(name)
            status = status_of(page)
            good = bool(page.files) != (status == "quarantined")
            text = f"{name}: {status} with {len(page.files)} files"
            problems.unless(good, text, page.response)


@pytest.mark.check("S1", level="practice")
def test_S1_status_is_at_the_top_level(index: Index) -> None:
    """`project-status` is at the top level, as PyPI has it, and not in `meta`."""
    with Problems() as problems:
        for page in index.json_pages():
            meta = page.data.get("meta")
            there = isinstance(meta, dict) and "project-status" in meta
            problems.unless(not there, f"{page.response.url}: in meta", page.response)
