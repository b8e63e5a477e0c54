"""Faults of pages, and the checks that must fail for them."""

from dataclasses import replace

from simple_api_conformance.corpus.names import CORPUS

from .faults import (
    both,
    in_files,
    in_html,
    in_json,
    key,
    page_fields,
    page_key,
    path_ends,
    status,
    when,
    without,
)
from .little_server import Answer, Asked, Fault, LittleServer

CORE = f"/simple/{CORPUS.project}"
SDIST = "acme_core-2.0.0.tar.gz"


def html_without_slash(server: LittleServer, asked: Asked, answer: Answer) -> Answer:
    if asked.path != CORE:
        return answer
    return server.right(replace(asked, target=asked.target.replace(CORE, f"{CORE}/")))


def location(old: str, new: str) -> Fault:
    def changed(answer: Answer) -> Answer:
        return answer.with_headers(Location=answer.headers["Location"].replace(old, new))

    return when(lambda _, answer: answer.status == 301, changed)


def no_query(_: LittleServer, asked: Asked, answer: Answer) -> Answer:
    if answer.status != 301:
        return answer
    return answer.with_headers(Location=answer.headers["Location"].partition("?")[0])


def second_sdist(data: dict[str, list[dict[str, object]]]) -> None:
    data["files"] += [{**e, "filename": "acme_core-2.0.0.zip"} for e in data["files"][-1:]]


CASES: dict[str, Fault] = {
    # The name of a check, and a fault that it must find.
    "B1_list_has_one": in_html(r'(<a href="acme-core/">)', r"\1acme-core</a>\1", lists=True),
    "B1_anchor_text": in_html(">acme-core<", ">acme-other<", lists=True),
    "B2_project_page": when(path_ends("/acme-core/"), status(404)),
    "B2_links": in_html('"acme-core/"', '"Acme_Core/"', lists=True),
    "B3_html_urls": html_without_slash,
    "B4_url_without": when(path_ends("/acme-core"), status(404)),
    "B4_slash": no_query,
    "B5_unnormalized": location(CORPUS.project, CORPUS.wheel),
    "B5_name": no_query,
    "B6_names": in_html("</body>", '<a href="x/">no name!</a></body>', lists=True),
    "B6_name_with": when(path_ends("%0A/"), status(200)),
    "B6_mixed": when(path_ends(f"/{CORPUS.mixed}/"), status(404)),
    "B7_file": when(path_ends(".tar.gz"), status(404)),
    "B8_anchor": in_html(r">acme_core-", ">acme-core-"),
    "B9_content": page_fields(Content_Type=None),
    "B9_media": page_fields(Content_Type="Text/HTML"),
    "B10_requires": in_html("&gt;=3", ">=3"),
    "B10_text": in_html('python="&gt;=3.6', 'python="&gt;=3.7'),
    "B11_pages": in_html("<!DOCTYPE html>", ""),
    "B12_no_base": in_html("<title>", '<base href="/"><title>'),
    "V1_json": page_key("meta", {}),
    "V2_html_says": in_html("<meta name=.pypi:repository[^>]*>", ""),
    "V2_html_version": in_html("1.4", "1.5"),
    "V3_claimed": without("size"),
    "V3_major": page_key("meta", {"api-version": "2.0"}),
    "V4_serializations": in_html("1.4", "1.3"),
    "L1_list": in_json(lambda data: data.update(projects=["acme-core"]), lists=True),
    "L1_projects": in_json(lambda d: d["projects"].append(d["projects"][0]), lists=True),
    "L1_json": in_json(lambda d: d["projects"].pop(), lists=True),
    "L2_keys": in_json(lambda data: data.update(serial=1), lists=True),
    "D1_page": page_key("files", {}),
    "D1_name": page_key("name", "Acme_Core"),
    "D2_versions_are_d": in_json(lambda data: data["versions"].extend(["1.0", "1.0"])),
    "D2_every": page_key("versions", []),
    "D2_versions_are_n": page_key("versions", ["1.0.0-rc.1"]),
    "D3_hashes_are_always": without("hashes"),
    "D3_hashes_are_those": key("hashes", {"sha256": "00" * 32}),
    "D3_a_secure": key("hashes", {"md5": "00" * 16}),
    "D3_hash_names": key("hashes", {"SHA256": "00" * 32}),
    "D3_one": in_json(
        lambda data: (
            data["files"][0:1][0]["hashes"].update(md5="00" * 16) if data["files"] else None
        )
    ),
    "D4_size_is_a": key("size", None),
    "D4_size_is_that": key("size", 1),
    "D5_upload": key("upload-time", None),
    "D6_requires_python_is_a": key("requires-python", "three"),
    "D6_requires_python_is_that": key("requires-python", ">=3.8"),
    "D7_core": key("core-metadata", "sha256=00"),
    "D7_deprecated": key("dist-info-metadata", True),
    "D8_yanked": key("yanked", ""),
    "D9_gpg": when(path_ends(".asc"), status(404)),
    "D10_provenance": key("provenance", "../x.provenance"),
    "D10_what": when(path_ends(".provenance"), status(404)),
    "D11_project": page_key("project-status", {"status": "tired"}),
    "D12_keys": key("sha256", "00"),
    "D13_namespaces": page_key("namespaces", None),
    "H1_hash": in_html("#sha256=..", "#sha256=00"),
    "H1_files": in_html("#sha256=[0-9a-f]+", ""),
    "H2_requires": in_html('python="[^"]*"', 'python="three"'),
    "H3_core": in_html('core-metadata="[^"]*"', 'core-metadata="yes"'),
    "H3_both": in_html('data-dist-info-metadata="[^"]*"', ""),
    "H4_yanked": in_html('data-yanked="[^"]*"', ""),
    "H5_gpg": in_html('data-gpg-sig="true"', "", count=1),
    "H6_provenance": in_html('data-provenance="[^"]*"', 'data-provenance="/x"'),
    "H7_project": in_html('status" content="[a-z]*"', 'status" content="tired"'),
    "H8_html": in_html(r"<a [^\n]*\n", "", count=1),
    "S1_archived_project_offers": page_key("files", []),
    "S1_quarantined": page_key("files", [{"filename": "a-1.0.tar.gz", "url": "a-1.0.tar.gz"}]),
    "S1_marked": page_key("project-status", {"status": "quarantined"}),
    "S1_status": in_json(lambda data: data["meta"].update({"project-status": "active"})),
    "Y1_mirror": in_html('data-yanked="[^"]*"', ""),
    "Y1_yanked": in_html('data-yanked="[^"]*"', ""),
    "T1_file": both(
        in_files(lambda e: e.update(filename=e["filename"].replace("_", "-"))),
        lambda _, asked, answer: answer,
    ),
    "T5_one": in_json(second_sdist),
    "M2_hash_of_the_metadata_is_p": key("core-metadata", True),
    "M2_hash_of_the_metadata_is_r": key("core-metadata", {"sha256": "00" * 32}),
}
