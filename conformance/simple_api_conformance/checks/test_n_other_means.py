"""N6 to N9: ?format=, endpoints of one type, what caches are told, and real clients."""

import pytest

from ..index import Index
from ..outcome import Problems, not_applicable, not_offered, require
from ..pages import HTML, JSON, TEXT, TYPES
from .negotiation import kind, varies

ACCEPTS = {
    "pip": f"{JSON}, {HTML}; q=0.1, text/html; q=0.01",
    "uv": f"{JSON}, {HTML};q=0.2, text/html;q=0.01",
    "poetry": f"{JSON}, */*;q=0.1",
    "uv-msgpack": f"application/vnd.pyx.simple.v1+msgpack, {JSON};q=0.9, {HTML};q=0.2",
    "pip-before-22.2": "text/html",
    "browser": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "space-around-semicolon": f"{JSON} ; q=1.0 , {HTML} ; q=0.2",
}


@pytest.mark.check("N6", level="SHOULD")
@pytest.mark.parametrize(
    ("value", "accept", "plus"),
    [(JSON, TEXT, "%2B"), (JSON, TEXT, "+"), (TEXT, JSON, "+")],
    ids=["json", "json-plain-plus", "html"],
)
def test_N6_format_beats_accept(index: Index, value: str, accept: str, plus: str) -> None:
    """?format= beats Accept, where it is supported; its `+` may be written as it is.

    "When a server does implement this parameter, it SHOULD take precedence over any values in the
    client's Accept header".
    """
    supported = index.get(index.names.project, query=f"format={JSON.replace('+', '%2B')}")
    if supported.status != 200 or kind(supported) != JSON:
        not_offered("?format= has no effect")
    query = f"format={value.replace('+', plus)}"
    answer = index.get(index.names.project, accept=accept, query=query)
    require(kind(answer) == value, f"?{query}, Accept: {accept}: {answer.media_type}", answer)


@pytest.mark.check("N6", level="practice")
@pytest.mark.parametrize(
    "value",
    ["", "json", "text/x-nothing", "%00", "*/*"],
    ids=["empty", "json", "nothing", "nul", "any"],
)
def test_N6_unknown_format_is_no_server_error(index: Index, value: str) -> None:
    """A ?format= that is not supported falls back to Accept, or is the client's error."""
    answer = index.get(index.names.project, accept=TEXT, query=f"format={value}")
    require(answer.status < 500, f"?format={value}: {answer.status}", answer)


@pytest.mark.check("N7", level="practice")
def test_N7_one_type_is_answered_whatever_is_asked(index: Index) -> None:
    """An endpoint of one content type answers it, and not 406, to who asks for another."""
    answers = [index.get(index.names.project, accept=accept) for accept in TYPES]
    if len({kind(answer) for answer in answers if answer.status == 200}) > 1:
        not_applicable("more than one content type is served here")
    with Problems() as problems:
        for answer in answers:
            problems.unless(answer.status == 200, f"{answer.status}", answer)


@pytest.mark.check("N8", level="practice")
def test_N8_choice_is_told_to_caches(index: Index, request: pytest.FixtureRequest) -> None:
    """Vary names Accept where the answer depends on it."""
    request.getfixturevalue("both")
    with Problems() as problems:
        for project in (None, index.names.project):
            for accept in (JSON, TEXT):
                answer = index.get(project, accept=accept)
                problems.unless(varies(answer, "accept"), f"Vary: {answer.header('Vary')}", answer)


@pytest.mark.check("N8", level="practice")
def test_N8_compression_is_told_to_caches(index: Index) -> None:
    """Vary names Accept-Encoding where the answer is compressed."""
    with Problems("nothing is compressed") as problems:
        for name in (None, *index.names.present):
            answer = index.get(name, accept=TEXT, headers={"Accept-Encoding": "gzip"})
            if answer.header("Content-Encoding") is not None:
                told = varies(answer, "accept-encoding")
                problems.unless(told, f"Vary: {answer.header('Vary')}", answer)


@pytest.mark.check("N9", level="MUST")
@pytest.mark.parametrize("accept", ACCEPTS.values(), ids=ACCEPTS)
def test_N9_installers_are_answered(index: Index, accept: str) -> None:
    """The Accept of real clients is answered with a type they can read."""
    answer = index.get(index.names.project, accept=accept)
    require(answer.status == 200, f"{answer.status} {answer.reason}", answer)
    require(kind(answer) in TYPES, f"Content-Type: {answer.media_type}", answer)
