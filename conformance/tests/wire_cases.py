"""Faults of negotiation, files and uploads, and the checks that must fail for them."""

import base64
import io
import json
import tarfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from simple_api_conformance.corpus.archives import gzipped
from simple_api_conformance.pages import HTML, JSON, TEXT

from .faults import accepts, choosing, page_fields, path_ends, status, when
from .little_server import Answer, Asked, Fault, LittleServer, chosen

Member = tuple[tarfile.TarInfo, bytes]


def is_file(asked: Asked, _: Answer) -> bool:
    return asked.path.endswith((".whl", ".tar.gz"))


def body(data: bytes) -> Callable[[Answer], Answer]:
    return lambda answer: replace(answer, body=data)


def repacked(change: Callable[[tarfile.TarInfo, bytes], Member | None]) -> Fault:
    """Changes or drops members of source distributions."""

    def changed(answer: Answer) -> Answer:
        out = io.BytesIO()
        with (
            tarfile.open(fileobj=io.BytesIO(answer.body), mode="r:gz") as old,
            tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as new,
        ):
            for info in old:
                file = old.extractfile(info)
                member = change(info, b"" if file is None else file.read())
                if member is not None:
                    member[0].size = len(member[1])
                    new.addfile(member[0], io.BytesIO(member[1]))
        return replace(answer, body=gzipped(out.getvalue()))

    return when(lambda a, answer: is_sdist(a) and answer.status == 200, changed)


def is_sdist(asked: Asked) -> bool:
    return asked.path.endswith(".tar.gz")


def text(old: bytes, new: bytes) -> Fault:
    return repacked(lambda info, data: (info, data.replace(old, new)))


def dropped(end: str) -> Fault:
    return repacked(lambda info, data: None if info.name.endswith(end) else (info, data))


def info_with(**fields: Any) -> Fault:
    def change(info: tarfile.TarInfo, data: bytes) -> Member:
        return info.replace(**fields, deep=True), data

    return repacked(change)


def provenance(change: Callable[[Any], None]) -> Fault:
    def changed(answer: Answer) -> Answer:
        data = json.loads(answer.body)
        change(data)
        return replace(answer, body=json.dumps(data).encode())

    return when(path_ends(".provenance"), changed)


def other_statement(data: Any) -> None:
    statement = base64.b64encode(b'{"subject": []}').decode()
    data["attestation_bundles"][0]["attestations"][0]["envelope"]["statement"] = statement


def other_etag(_: LittleServer, asked: Asked, answer: Answer) -> Answer:
    return answer.with_headers(ETag='"always"') if asked.is_page else answer


def deaf_to_validators(server: LittleServer, asked: Asked, answer: Answer) -> Answer:
    fields = {k: v for k, v in asked.headers.items() if k != "if-none-match"}
    return server.right(replace(asked, headers=fields)) if answer.status == 304 else answer


def deaf_to_if_range(server: LittleServer, asked: Asked, answer: Answer) -> Answer:
    fields = {k: v for k, v in asked.headers.items() if k != "if-range"}
    return server.right(replace(asked, headers=fields)) if is_file(asked, answer) else answer


def first_named(accept: str | None) -> str | None:
    """By order alone."""
    parts = [part.split(";")[0].strip() for part in (accept or TEXT).split(",")]
    return next((part for part in parts if part in (JSON, HTML, TEXT)), TEXT)


def deaf_to_format(server: LittleServer, asked: Asked, answer: Answer) -> Answer:
    """?format= has an effect for who accepts anything only."""
    if not asked.is_page or asked.accept is None:
        return answer
    return server.page(asked, chosen(asked.accept))


def accepting(first: int, make: Callable[[Answer], Answer]) -> Fault:
    """Another answer to uploads, from this one on."""
    count = 0

    def fault(_: LittleServer, asked: Asked, answer: Answer) -> Answer:
        nonlocal count
        count += asked.method == "POST"
        return make(answer) if asked.method == "POST" and count >= first else answer

    return fault


UNKNOWN = accepts("nobody")
CASES: dict[str, Fault] = {
    "N1_content_type": page_fields(Content_Type=TEXT),
    "N2_latest": when(
        accepts("latest"), lambda a: a.with_headers(Content_Type="application/octet-stream")
    ),
    "N3_no_accept": choosing(lambda accept: JSON if accept is None else chosen(accept)),
    "N3_order": choosing(first_named),
    "N3_quality": choosing(first_named),
    "N3_q_zero": choosing(first_named),
    "N3_wildcards": choosing(lambda a: None if a in ("text/*", "Text/HTML") else chosen(a)),
    "N3_malformed": when(accepts("q=x"), status(500)),
    "N4_nothing_acceptable_is_a": when(UNKNOWN, status(300)),
    "N5_json": choosing(first_named),
    "N5_who": choosing(lambda accept: JSON if accept is None else chosen(accept)),
    "N6_format": deaf_to_format,
    "N6_unknown": when(lambda a, _: "format=json" in a.query, status(500)),
    "N7_one_type": choosing(lambda accept: TEXT if accept != JSON else None),
    "N8_choice": page_fields(Vary=None),
    "N8_compression": page_fields(Vary="Accept"),
    "N9_installers": when(accepts("q="), status(406)),
    "F1_part": when(lambda _, answer: answer.status == 206, body(b"other")),
    "F1_range": when(lambda _, answer: answer.status == 416, status(206)),
    "F2_resume": deaf_to_if_range,
    "F3_head": when(lambda asked, _: asked.method == "HEAD", status(405)),
    "F4_files": when(is_file, lambda a: a.with_headers(Content_Encoding="gzip")),
    "F5_unchanged": deaf_to_validators,
    "F5_serializations": other_etag,
    "F6_new": page_fields(Cache_Control="max-age=600"),
    "F7_absent": when(path_ends("/surely-absent-name/"), status(200)),
    "F7_odd": when(path_ends("/%00/"), status(500)),
    "F8_other": when(lambda asked, _: asked.method == "DELETE", status(200)),
    "M1_advertised": when(path_ends(".metadata"), status(404)),
    "M1_metadata_is": when(path_ends(".metadata"), body(b"Metadata-Version: 2.4\n")),
    "M1_metadata_of": when(
        path_ends(".metadata"), body(b"Metadata-Version: 2.4\nDynamic: Requires-Dist\n")
    ),
    "M3_wheels": when(path_ends(".metadata"), body(b"Metadata-Version: 2.4\nName: x\n")),
    "A1_provenance": provenance(lambda data: data.update(version=2)),
    "A2_attestation": provenance(
        lambda data: data["attestation_bundles"][0]["attestations"][0].pop("verification_material")
    ),
    "A2_statement": provenance(other_statement),
    "T1_name_and": text(b"\nVersion: 2.0.0", b"\nVersion: 3.0.0"),
    "T2_one": dropped("pyproject.toml"),
    "T2_metadata": text(b"Metadata-Version: 2.4", b"Metadata-Version: 2.1"),
    "T3_license": dropped("LICENSE"),
    "T4_archive": when(lambda a, _: is_sdist(a), lambda a: replace(a, body=a.body[:300])),
    "T5_no_member": info_with(name="../outside"),
    "T5_modes": info_with(mode=0o4755),
    "U1_upload": accepting(1, status(202)),
    "U2_file": accepting(2, status(200)),
    "U3_upload": when(
        lambda a, _: a.method == "POST" and "authorization" not in a.headers, status(500)
    ),
    "S1_archived_project_refuses": accepting(1, status(200)),
}
