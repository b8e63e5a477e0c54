"""B7 to B12: what is on pages."""

import pytest

from ..index import Index
from ..outcome import Problems
from ..pages import JSON, TEXT


@pytest.mark.check("B7", level="MUST")
def test_B7_file_urls_lead_to_the_files(index: Index) -> None:
    """Every file URL, absolute or relative to the page, leads to the file.

    "URLs may be either absolute or relative as long as they point to the correct location."
    """
    with Problems() as problems:
        for file in index.sampled_everywhere():
            answer = index.download(file.url)
            good = answer.status == 200 and answer.body
            problems.unless(good, f"{file.url}: {answer.status} {answer.reason}", answer)


@pytest.mark.check("B8", level="MUST")
def test_B8_anchor_text_is_the_file_name(index: Index) -> None:
    """An anchor's text is the final path component of its URL.

    "the text of the anchor tag MUST match the final path component (the filename) of the URL".
    """
    with Problems() as problems:
        for page in index.html_pages():
            for file in page.files:
                same = file.filename == file.path_name
                problems.unless(same, f"{file.filename!r} at {file.url}", page.response)


@pytest.mark.check("B9", level="MUST")
@pytest.mark.parametrize("accept", [None, TEXT, JSON], ids=["absent", "html", "json"])
def test_B9_content_type_is_always_there(index: Index, accept: str | None) -> None:
    """Listings have a Content-Type.

    "this spec requires that servers always include a Content-Type header".
    """
    with Problems() as problems:
        for project in (None, index.names.project):
            answer = index.get(project, accept=accept)
            problems.unless(answer.media_type, f"{answer.url}: no Content-Type", answer)


@pytest.mark.check("B9", level="practice")
@pytest.mark.parametrize("accept", [None, JSON], ids=["absent", "json"])
def test_B9_media_type_is_lower_case(index: Index, accept: str | None) -> None:
    """The media type is in lower case: pip and uv compare it as it is spelled."""
    with Problems() as problems:
        for project in (None, index.names.project):
            answer = index.get(project, accept=accept)
            kind = answer.media_type or ""
            problems.unless(kind and kind == kind.lower(), f"{answer.url}: {kind!r}", answer)


@pytest.mark.check("B11", level="MUST")
def test_B11_pages_are_valid_html5(index: Index) -> None:
    """Pages are valid HTML5.

    "All HTML responses MUST be a valid HTML5 document."
    """
    with Problems() as problems:
        for page in [index.html_page(), *index.html_pages()]:
            shown = ", ".join(page.errors[:3])
            problems.unless(not page.errors, f"{page.response.url}: {shown}", page.response)


@pytest.mark.check("B12", level="practice")
def test_B12_no_base_element(index: Index) -> None:
    """No page has a <base href>: pip and PDM resolve links by it, others do not."""
    with Problems() as problems:
        for page in [index.html_page(), *index.html_pages()]:
            problems.unless(not page.has_base, f"{page.response.url} has one", page.response)
