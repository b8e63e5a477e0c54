"""N1 to N5: which serialization is answered to which Accept."""

import pytest

from ..index import Index
from ..outcome import Problems, not_offered, require
from ..pages import HTML, JSON, TEXT, TYPES, JSONPage
from .negotiation import is_offered, kind

LATEST = {
    "application/vnd.pypi.simple.latest+json": (JSON,),
    "application/vnd.pypi.simple.latest+html": (HTML, TEXT),
}
MALFORMED = {
    "empty": "",
    "comma": ",",
    "no-slash": "json",
    "star": "*",
    "half-wildcard": "*/json",
    "q-is-x": f"{JSON};q=x",
    "q-is-empty": f"{JSON};q=",
    "q-above-1": f"{JSON};q=1.5;",
    "semicolons": ";;",
}
NAMES = {JSON: "json", HTML: "html", TEXT: "text", None: "absent"}


@pytest.mark.check("N1", level="practice")
@pytest.mark.parametrize("accept", TYPES, ids=NAMES.get)
def test_N1_all_types_are_served(index: Index, accept: str) -> None:
    """Each content type is served to who asks for it alone."""
    wanted = {JSON: (JSON,), HTML: (HTML, TEXT), TEXT: (TEXT, HTML)}[accept]
    if not is_offered(index, accept, *wanted):
        not_offered(f"{accept} is not served")


@pytest.mark.check("N1", level="MUST")
@pytest.mark.parametrize("accept", [*TYPES, None], ids=NAMES.get)
def test_N1_content_type_is_that_of_the_body(index: Index, accept: str | None) -> None:
    """Content-Type tells what the body is.

    "servers always include a Content-Type header indicating the content type of the response".
    """
    with Problems("no page") as problems:
        for project in (None, index.names.project):
            answer = index.get(project, accept=accept)
            if answer.status == 200:
                is_json = bool(JSONPage.parse(answer).data)
                right = kind(answer) == JSON if is_json else kind(answer) in (HTML, TEXT)
                what = "JSON" if is_json else "no JSON"
                text = f"{answer.url}: {what} as {answer.media_type!r}"
                problems.unless(right, text, answer)


@pytest.mark.check("N2", level="MUST")
@pytest.mark.parametrize("accept", LATEST, ids=["json", "html"])
def test_N2_latest_is_answered_by_the_actual_type(index: Index, accept: str) -> None:
    """Who asks for `latest` is answered with the content type of the actual version.

    "if the meta version latest is being used, the server MUST respond with the content type for
    the actual version that is contained in the response".
    """
    answer = index.get(index.names.project, accept=accept)
    require(answer.status in (200, 406), f"{accept}: {answer.status}", answer)
    if answer.status == 406:
        not_offered("406")
    require(kind(answer) in TYPES, f"Content-Type: {answer.media_type}", answer)
    if kind(answer) not in LATEST[accept]:
        not_offered(f"answered with {answer.media_type}")


@pytest.mark.check("N3", level="MUST")
def test_N3_no_accept_means_anything(index: Index) -> None:
    """A request without Accept is answered as one with Accept: */*.

    "treating the absence of an Accept header as Accept: */*".
    """
    absent, any_type = index.get(index.names.project), index.get(index.names.project, accept="*/*")
    require(absent.status == 200, f"no Accept: {absent.status}", absent)
    require(any_type.status == 200, f"*/*: {any_type.status}", any_type)
    text = f"no Accept: {absent.media_type}; */*: {any_type.media_type}"
    require(kind(absent) == kind(any_type), text, any_type)


@pytest.mark.check("N3", level="practice")
@pytest.mark.usefixtures("both")
def test_N3_order_has_no_meaning(index: Index) -> None:
    """The order of types in Accept decides nothing.

    "The order of the content types listed in the Accept header does not have any specific meaning,
    and the server SHOULD consider all of them to be equally valid". Any choice is allowed among
    equals; one that follows the order gives it a meaning.
    """
    one = index.get(index.names.project, accept=f"{JSON}, {TEXT}")
    other = index.get(index.names.project, accept=f"{TEXT}, {JSON}")
    text = f"JSON first: {one.media_type}; HTML first: {other.media_type}"
    require(kind(one) == kind(other), text, other)


@pytest.mark.check("N3", level="practice")
@pytest.mark.usefixtures("both")
@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        pytest.param(f"{JSON};q=0.3, {TEXT};q=0.7", (TEXT, HTML), id="html-preferred"),
        pytest.param(f"{TEXT};q=0.3, {JSON};q=0.7", (JSON,), id="json-preferred"),
        pytest.param(f"{JSON};q=0.701, {TEXT};q=0.7", (JSON,), id="three-decimals"),
        pytest.param(f"{TEXT}, {JSON};q=0.999", (TEXT, HTML), id="default-is-1"),
        pytest.param(f"{JSON};Q=0.1, {TEXT};Q=0.9", (TEXT, HTML), id="Q-in-upper-case"),
        pytest.param(f"*/*, {TEXT};q=0.1", (JSON, HTML), id="wildcard-above-html"),
    ],
)
def test_N3_quality_is_heeded(index: Index, accept: str, wanted: tuple[str, ...]) -> None:
    """A type of higher quality comes first.

    "an entry with a higher quality has priority"; but "a server is free to select any of the
    content types they've asked for", so that this is no requirement.
    """
    answer = index.get(index.names.project, accept=accept)
    require(kind(answer) in wanted, f"{accept}: {answer.media_type}", answer)


@pytest.mark.check("N3", level="SHOULD")
@pytest.mark.usefixtures("both")
@pytest.mark.parametrize(
    ("accept", "unwanted"),
    [
        pytest.param(f"{JSON};q=0, {TEXT}", (JSON,), id="json"),
        pytest.param(f"{TEXT};q=0, {HTML};q=0.0, {JSON};q=0.001", (TEXT, HTML), id="html"),
        pytest.param(f"{TEXT};q=0.000, {HTML};q=0, */*", (TEXT, HTML), id="html-of-any"),
    ],
)
def test_N3_q_zero_is_not_acceptable(index: Index, accept: str, unwanted: tuple[str, ...]) -> None:
    """A type with q=0 is not answered while another is acceptable: q=0 means not acceptable."""
    answer = index.get(index.names.project, accept=accept)
    require(answer.status == 200, f"{accept}: {answer.status}", answer)
    require(kind(answer) not in unwanted, f"{accept}: {answer.media_type}", answer)


@pytest.mark.check("N3", level="SHOULD")
@pytest.mark.usefixtures("both")
@pytest.mark.parametrize(
    ("accept", "wanted"),
    [("text/*", (TEXT,)), ("application/*", (JSON, HTML)), ("Text/HTML", (TEXT, HTML))],
    ids=["text", "application", "Text-HTML"],
)
def test_N3_wildcards_are_understood(index: Index, accept: str, wanted: tuple[str, ...]) -> None:
    """`$type/*` is understood, and media types in any case."""
    answer = index.get(index.names.project, accept=accept)
    require(answer.status == 200, f"{accept}: {answer.status}", answer)
    require(kind(answer) in wanted, f"{accept}: {answer.media_type}", answer)


@pytest.mark.check("N3", level="practice")
@pytest.mark.parametrize("accept", MALFORMED.values(), ids=MALFORMED)
def test_N3_malformed_accept_is_no_server_error(index: Index, accept: str) -> None:
    """An Accept that nobody can read is no reason for a 5xx."""
    answer = index.get(index.names.project, accept=accept)
    require(answer.status < 500, f"Accept: {accept}: {answer.status}", answer)


@pytest.mark.check("N4", level="SHOULD")
def test_N4_nothing_acceptable_is_a_default_or_406(index: Index) -> None:
    """Where nothing is acceptable, the answer is a default type or 406, and never 300.

    "this spec highly discourages servers from utilizing that option".
    """
    answer = index.get(index.names.project, accept="application/vnd.nobody.serves.this")
    require(answer.status in (200, 406), f"{answer.status}", answer)
    if answer.status == 200:
        require(kind(answer) in TYPES, f"Content-Type: {answer.media_type}", answer)


@pytest.mark.check("N4", level="practice")
def test_N4_nothing_acceptable_is_406(index: Index) -> None:
    """Of the two, 406 is recommended."""
    answer = index.get(index.names.project, accept="application/vnd.nobody.serves.this")
    if answer.status != 406:
        not_offered(f"{answer.status} {answer.media_type}")


@pytest.mark.check("N5", level="practice")
@pytest.mark.usefixtures("both")
@pytest.mark.parametrize(
    "accept", [f"{TEXT}, {HTML}, {JSON}", f"{TEXT}, {JSON}"], ids=["all", "json-and-text"]
)
def test_N5_json_is_preferred_among_equals(index: Index, accept: str) -> None:
    """Among equals the most expressive serialization is chosen, and text/html last."""
    answer = index.get(index.names.project, accept=accept)
    require(kind(answer) == JSON, f"{accept}: {answer.media_type}", answer)


@pytest.mark.check("N5", level="practice")
def test_N5_who_says_nothing_gets_html(index: Index) -> None:
    """Who names no type gets HTML, as from PyPI: browsers, curl, tools older than JSON."""
    if not is_offered(index, TEXT, TEXT, HTML):
        not_offered("HTML is not served")
    answer = index.get(index.names.project)
    require(kind(answer) in (TEXT, HTML), f"{answer.media_type}", answer)
