"""V: the version of the interface."""

import pytest

from ..index import Index
from ..outcome import Problems, not_applicable
from ..pages import api_version

NEWEST_HTML = (1, 4)


@pytest.mark.check("V1", level="MUST")
def test_V1_json_says_its_version(index: Index) -> None:
    """Every JSON document is an object with meta.api-version, a string Major.Minor."""
    with Problems() as problems:
        for page in [index.json_page(), *index.json_pages()]:
            meta = page.data.get("meta")
            found = meta.get("api-version") if isinstance(meta, dict) else None
            good = page.version is not None
            problems.unless(good, f"{page.response.url}: api-version {found!r}", page.response)


@pytest.mark.check("V2", level="SHOULD")
def test_V2_html_says_its_version(index: Index) -> None:
    """Every HTML page has <meta name="pypi:repository-version">."""
    with Problems() as problems:
        for page in [index.html_page(), *index.html_pages()]:
            there = "pypi:repository-version" in page.meta
            problems.unless(there, f"{page.response.url} has none", page.response)


@pytest.mark.check("V2", level="MUST")
def test_V2_html_version_is_1_and_at_most_1_4(index: Index) -> None:
    """An HTML page's version is Major.Minor and not above 1.4, where HTML is frozen."""
    with Problems("no version in HTML") as problems:
        for page in [index.html_page(), *index.html_pages()]:
            found = page.meta.get("pypi:repository-version")
            if found is not None:
                version = api_version(found)
                good = version is not None and (1, 0) <= version <= NEWEST_HTML
                problems.unless(good, f"{page.response.url}: {found!r}", page.response)


@pytest.mark.check("V3", level="MUST")
def test_V3_claimed_version_is_kept(index: Index) -> None:
    """A page that claims 1.1 or more has `versions`, and `size` on every file."""
    with Problems("no page claims more than 1.0") as problems:
        for page in index.json_pages():
            if (page.version or (1, 0)) >= (1, 1):
                text = f"{page.response.url} claims {page.version}"
                there = "versions" in page.data
                problems.unless(there, f"{text} and has no versions", page.response)
                for file in page.files:
                    there = "size" in file.keys
                    problems.unless(there, f"{text}, {file.filename} no size", page.response)


@pytest.mark.check("V3", level="MUST")
def test_V3_major_version_is_1(index: Index) -> None:
    """The major version is 1: clients fail on a greater one."""
    with Problems() as problems:
        for page in [index.json_page(), *index.json_pages()]:
            major = (page.version or (1, 0))[0]
            problems.unless(major == 1, f"{page.response.url}: {page.version}", page.response)


@pytest.mark.check("V3", level="MUST")
def test_V3_clients_heed_the_version() -> None:
    """Clients fail on a greater major version and warn of a greater minor one."""
    not_applicable("a requirement on clients")


@pytest.mark.check("V4", level="SHOULD")
def test_V4_serializations_have_one_version(index: Index) -> None:
    """HTML and JSON of one page have the same version; from 1.5 on, HTML has 1.4.

    "All serializations version numbers, within a major version, SHOULD be kept in sync".
    """
    with Problems() as problems:
        for name in (None, *index.names.present):
            json, html = index.json_page(name), index.html_page(name)
            wanted = min(json.version or (1, 0), NEWEST_HTML)
            text = f"{html.response.url}: {html.version} in HTML, {json.version} in JSON"
            problems.unless((html.version or (1, 0)) == wanted, text, html.response)
