"""F: files and pages over HTTP, as far as installers feel it."""

import pytest

from ..index import Index
from ..outcome import Problems, not_offered, require
from ..pages import JSON, TEXT, File
from ..web import Response

PARTS = ["bytes=10-19", "bytes=-7", "bytes=20-"]
ODD = {
    "dots": "..",
    "escaped-dots": "%2e%2e/%2e%2e/etc/passwd",
    "nul": "%00",
    "no-utf-8": "%ff",
    "slash": "a%2fb",
    "hyphen": "-",
    "newline": "%0d%0aX-Y:%20z",
}


@pytest.fixture
def whole(index: Index) -> tuple[File, Response]:
    """A file, and its bytes."""
    file = index.sampled(index.names.wheel or index.names.project)[-1]
    answer = index.download(file.url)
    require(answer.status == 200, f"{file.url}: {answer.status}", answer)
    return file, answer


def again(index: Index, url: str, **headers: str) -> Response:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return index.web.follow(url, {"Accept-Encoding": "identity", **fields})


@pytest.mark.check("F1", level="practice")
@pytest.mark.parametrize("asked", PARTS, ids=["middle", "end", "rest"])
def test_F1_part_of_a_file(index: Index, whole: tuple[File, Response], asked: str) -> None:
    """A range of a file is answered by 206, its Content-Range and its bytes."""
    data = whole[1].body
    answer = again(index, whole[1].url, Range=asked)
    if answer.status == 200:
        not_offered("ranges are not served")
    require(answer.status == 206, f"{asked}: {answer.status}", answer)
    wanted = {"bytes=10-19": data[10:20], "bytes=-7": data[-7:], "bytes=20-": data[20:]}[asked]
    require(answer.body == wanted, f"{asked}: {len(answer.body)} other bytes", answer)
    first = len(data) - 7 if asked == "bytes=-7" else int(asked[6:8])
    told = f"bytes {first}-{first + len(wanted) - 1}/{len(data)}"
    require(answer.header("Content-Range") == told, f"{answer.header('Content-Range')}", answer)


@pytest.mark.check("F1", level="practice")
def test_F1_range_past_the_end(index: Index, whole: tuple[File, Response]) -> None:
    """A range past the end of a file is answered by 416, never by 206."""
    size = len(whole[1].body)
    answer = again(index, whole[1].url, Range=f"bytes={size + 10}-")
    if answer.status == 200:
        not_offered("ranges are not served")
    require(answer.status == 416, f"{answer.status}", answer)


@pytest.mark.check("F2", level="practice")
def test_F2_resume_with_if_range(index: Index, whole: tuple[File, Response]) -> None:
    """A download is resumed with If-Range; a stale validator gets the whole file."""
    validator = whole[1].header("ETag") or whole[1].header("Last-Modified")
    if validator is None:
        not_offered("neither ETag nor Last-Modified")
    answer = again(index, whole[1].url, Range="bytes=10-", If_Range=validator)
    if answer.status == 200:
        not_offered("ranges are not served with If-Range")
    good = answer.status == 206 and answer.body == whole[1].body[10:]
    require(good, f"{answer.status}, {len(answer.body)} bytes", answer)
    stale = again(index, whole[1].url, Range="bytes=10-", If_Range='"conformance-stale"')
    good = stale.status == 200 and stale.body == whole[1].body
    require(good, f"stale validator: {stale.status}, {len(stale.body)} bytes", stale)


@pytest.mark.check("F3", level="practice")
def test_F3_head_is_like_get(index: Index, whole: tuple[File, Response]) -> None:
    """HEAD is answered as GET, without the body: 200, the type and the length."""
    with Problems() as problems:
        for url in (whole[1].url, index.page_url(index.names.project)):
            get = index.web.request("GET", url, {"Accept": TEXT})
            head = index.web.request("HEAD", url, {"Accept": TEXT})
            text = f"HEAD {url}: {head.status}"
            problems.unless(head.status == get.status, text, head)
            for name in ("Content-Type", "Content-Length"):
                told, wanted = head.header(name), get.header(name)
                same = told == wanted or (name == "Content-Length" and told is None)
                problems.unless(same, f"HEAD {url}: {name}: {told}, GET: {wanted}", head)


@pytest.mark.check("F4", level="practice")
def test_F4_files_are_not_encoded(index: Index, whole: tuple[File, Response]) -> None:
    """A file comes without Content-Encoding, also to who accepts gzip.

    A .tar.gz marked `Content-Encoding: gzip` is unpacked on the way, and its hash is another.
    """
    answer = again(index, whole[1].url, Accept_Encoding="gzip, deflate")
    encoding = answer.header("Content-Encoding")
    require(encoding in (None, "identity"), f"Content-Encoding: {encoding}", answer)
    require(answer.body == whole[1].body, "other bytes", answer)


@pytest.mark.check("F5", level="practice")
def test_F5_unchanged_listing_is_304(index: Index) -> None:
    """A listing has an ETag, and is answered by 304 while it is the same."""
    first = index.get(index.names.project, accept=JSON)
    tag = first.header("ETag")
    if tag is None:
        not_offered("no ETag on listings")
    answer = index.get(index.names.project, accept=JSON, headers={"If-None-Match": tag})
    require(answer.status == 304 and not answer.body, f"{answer.status}", answer)


@pytest.mark.check("F5", level="practice")
def test_F5_serializations_have_their_own_etags(index: Index) -> None:
    """HTML and JSON of one page have different ETags."""
    json, html = index.json_page(index.names.project), index.html_page(index.names.project)
    tags = [page.response.header("ETag") for page in (json, html)]
    if None in tags:
        not_offered("no ETag on listings")
    require(tags[0] != tags[1], f"both are {tags[0]}", html.response)


@pytest.mark.check("F6", level="practice")
def test_F6_new_releases_are_seen_at_once(index: Index) -> None:
    """Cache-Control of a listing makes clients ask again: pip from 26.2 on heeds max-age."""
    with Problems() as problems:
        for project in (None, index.names.project):
            answer = index.get(project, accept=JSON)
            value = answer.header("Cache-Control")
            if value is None:
                continue
            parts = [part.strip().lower() for part in value.split(",")]
            ages = [part for part in parts if part.startswith("max-age=")]
            fresh = "no-cache" in parts or "no-store" in parts or ages in ([], ["max-age=0"])
            problems.unless(fresh, f"Cache-Control: {value}", answer)
        if problems.seen == 0:
            not_offered("no Cache-Control on listings")


@pytest.mark.check("F7", level="practice")
def test_F7_absent_project_is_404(index: Index) -> None:
    """A name that is not there is 404: 200 is an empty project, 5xx a broken index."""
    answer = index.web.request("GET", index.page_url(index.names.absent), {"Accept": TEXT})
    if answer.is_redirect:
        not_offered(f"redirected to {answer.location}")
    require(answer.status == 404, f"{answer.status} {answer.reason}", answer)


@pytest.mark.check("F7", level="practice")
@pytest.mark.parametrize("path", ODD.values(), ids=ODD)
def test_F7_odd_names_are_no_server_error(index: Index, path: str) -> None:
    """A name that cannot be one is the client's error, and no page of a project."""
    answer = index.web.request("GET", f"{index.url}{path}/", {"Accept": TEXT})
    require(answer.status < 500, f"/{path}/: {answer.status}", answer)
    require(answer.header("X-Y") is None, f"/{path}/ makes a header", answer)


@pytest.mark.check("F8", level="practice")
def test_F8_other_methods_are_refused(index: Index) -> None:
    """DELETE of a project is refused by 4xx; 405 names the methods that are allowed."""
    answer = index.web.request("DELETE", index.page_url(index.names.absent))
    refused = 400 <= answer.status < 500 or answer.status == 501
    require(refused, f"{answer.status} {answer.reason}", answer)
    if answer.status == 405:
        require(answer.header("Allow"), "405 without Allow", answer)
