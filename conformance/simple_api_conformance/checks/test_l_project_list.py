"""L: the project list in JSON."""

import pytest

from ..index import Index
from ..outcome import Problems
from ..pages import VALID_NAME, normalized
from .links import project_links


@pytest.mark.check("L1", level="MUST")
def test_L1_list_is_an_object_of_named_projects(index: Index) -> None:
    """The list is an object with `meta` and `projects`, an array of objects with `name`."""
    page = index.json_page()
    projects = page.data.get("projects")
    with Problems() as problems:
        problems.unless(isinstance(page.data.get("meta"), dict), "no meta", page.response)
        problems.unless(isinstance(projects, list), "no array projects", page.response)
        for entry in projects if isinstance(projects, list) else []:
            name = entry.get("name") if isinstance(entry, dict) else None
            good = isinstance(name, str) and VALID_NAME.match(name)
            problems.unless(good, f"entry {entry!r}", page.response)


@pytest.mark.check("L1", level="MUST")
def test_L1_projects_are_there_once(index: Index) -> None:
    """Each project is on the list once."""
    page = index.json_page()
    names = [normalized(str(entry.get("name"))) for entry in page.data.get("projects", [])]
    with Problems() as problems:
        for name in index.names.present:
            count = names.count(normalized(name))
            problems.unless(count == 1, f"{name} is there {count} times", page.response)


@pytest.mark.check("L1", level="practice")
def test_L1_json_and_html_list_the_same_projects(index: Index) -> None:
    """The list has the same projects in JSON and in HTML."""
    page, html = index.json_page(), index.html_page()
    names = {normalized(str(entry.get("name"))) for entry in page.data.get("projects", [])}
    anchors = {normalized(link.filename) for link in project_links(html)}
    with Problems() as problems:
        text = f"only in one of them: {sorted(names ^ anchors)[:5]}"
        problems.unless(names == anchors, text, html.response)


@pytest.mark.check("L2", level="practice")
def test_L2_keys_of_its_own_have_an_underscore(index: Index) -> None:
    """Keys of the server's own begin with an underscore, which no standard will ever use."""
    page = index.json_page()
    with Problems() as problems:
        for entry in [page.data, *page.data.get("projects", [])]:
            for key in entry:
                known = key in ("meta", "projects", "name") or key.startswith("_")
                problems.unless(known, f"key {key!r}", page.response)
