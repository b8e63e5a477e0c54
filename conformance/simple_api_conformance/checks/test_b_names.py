"""B1 to B6: the project list, URLs of pages, and names."""

from urllib.parse import urlsplit

import pytest

from ..index import Index
from ..outcome import Problems, not_applicable, not_offered, require
from ..pages import TEXT, VALID_NAME, normalized
from .links import below, linked_name, project_links


@pytest.mark.check("B1", level="MUST")
def test_B1_list_has_one_anchor_per_project(index: Index) -> None:
    """The project list has a single anchor for each project.

    "the root URL MUST be a valid HTML5 page with a single anchor element per project".
    """
    page = index.html_page()
    names = [normalized(link.filename) for link in project_links(page)]
    with Problems() as problems:
        for name in index.names.present:
            count = names.count(normalized(name))
            problems.unless(count == 1, f"{name} is there {count} times", page.response)


@pytest.mark.check("B1", level="MUST")
def test_B1_anchor_text_is_the_name_and_href_its_page(index: Index) -> None:
    """An anchor's text is the project's name, and its href leads to the project's page.

    "The text of each anchor tag MUST be the name of the project and the href attribute MUST link
    to the URL for that particular project."
    """
    page = index.html_page()
    with Problems() as problems:
        for link in project_links(page):
            there = linked_name(page, link)
            same = normalized(there) == normalized(link.filename)
            same = same and below(page, link).rstrip("/") == there
            problems.unless(same, f"{link.filename!r} leads to {link.url}", page.response)
        wanted = {normalized(name) for name in index.names.present}
        for link in project_links(page):
            if normalized(link.filename) in wanted:
                answer = index.web.follow(link.url, {"Accept": TEXT})
                problems.unless(answer.status == 200, f"{link.url}: {answer.status}", answer)


@pytest.mark.check("B2", level="MUST")
def test_B2_project_page_is_at_the_normalized_name(index: Index) -> None:
    """A project's page is at /<normalized name>/."""
    with Problems() as problems:
        for name in index.names.present:
            answer = index.web.request("GET", index.page_url(normalized(name)))
            problems.unless(answer.status == 200, f"{answer.url}: {answer.status}", answer)


@pytest.mark.check("B2", level="practice")
def test_B2_links_of_the_list_are_normalized(index: Index) -> None:
    """The list links to normalized URLs, so that no click costs a redirect."""
    page = index.html_page()
    with Problems() as problems:
        for link in project_links(page):
            there = linked_name(page, link)
            problems.unless(there == normalized(there), f"href {link.url}", page.response)


@pytest.mark.check("B3", level="MUST")
def test_B3_html_urls_end_in_a_slash(index: Index) -> None:
    """No URL without a trailing slash answers an HTML page.

    "All URLs which respond with an HTML5 page MUST end with a /".
    """
    with Problems() as problems:
        urls = [index.url.rstrip("/"), index.page_url(index.names.project).rstrip("/")]
        for link in project_links(index.html_page()):
            if normalized(link.filename) == normalized(index.names.project):
                urls.append(link.url)
        for url in urls:
            answer = index.web.request("GET", url, {"Accept": TEXT})
            if urlsplit(url).path.endswith("/"):
                continue
            html = answer.status == 200 and (answer.media_type or "").lower().endswith("html")
            problems.unless(not html, f"{answer.url} answers a page", answer)


@pytest.mark.check("B4", level="SHOULD")
def test_B4_url_without_slash_is_redirected(index: Index) -> None:
    """A project's URL without the slash is redirected to the one with it.

    "the repository SHOULD redirect the URLs without a / to add a / to the end".
    """
    url = index.page_url(index.names.project)
    answer = index.web.request("GET", url.rstrip("/"))
    require(answer.is_redirect, f"{answer.url}: {answer.status}, no redirect", answer)
    same = urlsplit(answer.location).path == urlsplit(url).path
    require(same, f"{answer.url} is redirected to {answer.location}", answer)


@pytest.mark.check("B4", level="practice")
def test_B4_slash_redirect_keeps_the_query(index: Index) -> None:
    """The redirect to the slash keeps the query, such as ?format=."""
    url = index.page_url(index.names.project).rstrip("/")
    answer = index.web.request("GET", f"{url}?a=b%2Bc&d=e")
    if not answer.is_redirect:
        not_offered("no redirect")
    query = urlsplit(answer.location).query
    require(query == "a=b%2Bc&d=e", f"redirected to {answer.location}", answer)


def unnormalized(name: str) -> str:
    return name.replace("-", "_.").title() if "-" in name else name.title()


@pytest.mark.check("B5", level="MAY")
def test_B5_unnormalized_name_is_redirected(index: Index) -> None:
    """An unnormalized name is redirected to the normalized one."""
    answer = index.web.request("GET", index.page_url(unnormalized(index.names.project)))
    if not answer.is_redirect:
        not_offered(f"{answer.status}")
    wanted = urlsplit(index.page_url(normalized(index.names.project))).path
    end = index.web.follow(answer.url)
    require(urlsplit(end.url).path == wanted, f"redirected to {end.url}", answer)


@pytest.mark.check("B5", level="practice")
def test_B5_name_redirect_keeps_the_query(index: Index) -> None:
    """The redirect to the normalized name keeps the query."""
    url = index.page_url(unnormalized(index.names.project), "a=b%2Bc&d=e")
    answer = index.web.request("GET", url)
    if not answer.is_redirect:
        not_offered(f"{answer.status}")
    query = urlsplit(answer.location).query
    require(query == "a=b%2Bc&d=e", f"redirected to {answer.location}", answer)


@pytest.mark.check("B6", level="MUST")
def test_B6_names_on_the_list_are_valid_and_distinct(index: Index) -> None:
    """Names on the list are valid, and no two of them are equal when normalized."""
    page = index.html_page()
    names = [link.filename for link in project_links(page)]
    with Problems() as problems:
        for name in names:
            problems.unless(VALID_NAME.match(name), f"{name!r} is no valid name", page.response)
        for name in {normalized(name) for name in names}:
            same = [other for other in names if normalized(other) == name]
            problems.unless(len(same) == 1, f"{same} are one project", page.response)


@pytest.mark.check("B6", level="practice")
def test_B6_name_with_a_newline_is_no_name(index: Index) -> None:
    """A name with a trailing newline has no page: the pattern of names ends in `\\Z`, not `$`."""
    answer = index.web.follow(f"{index.url}{index.names.project}%0A/")
    require(400 <= answer.status < 500, f"{answer.url}: {answer.status}", answer)


@pytest.mark.check("B6", level="practice")
def test_B6_mixed_name_is_served_under_its_normalized_name(
    index: Index, options: dict[str, str]
) -> None:
    """A project that spells its own name otherwise is served under its normalized name."""
    if not options["mixed_project"]:
        not_applicable("no --mixed-project")
    name = normalized(options["mixed_project"])
    require(index.html_or_json(name).files, f"{name} has no files")
