"""A: provenance of files (PEP 740), where the index offers any."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from ..index import Index
from ..outcome import Problems
from ..pages import File
from ..web import Response

NOTHING = "no provenance"
PREDICATES = (
    "https://slsa.dev/provenance/v1",
    "https://docs.pypi.org/attestations/publish/v1",
)


def provenances(index: Index) -> Iterator[tuple[File, Response]]:
    for file in index.sampled_everywhere():
        url = file.keys.get("provenance") or file.keys.get("data-provenance")
        if url:
            yield file, index.download(str(url))


def loaded(answer: Response) -> Any:
    try:
        return json.loads(answer.content)
    except ValueError:
        return None


def attestations(document: Any) -> Iterator[Any]:
    for bundle in document["attestation_bundles"]:
        yield from bundle["attestations"]


def is_bundle(bundle: Any) -> bool:
    if not isinstance(bundle, dict) or not isinstance(bundle.get("publisher"), dict):
        return False
    publisher, found = bundle["publisher"], bundle.get("attestations")
    claims = publisher.get("claims")
    good = isinstance(publisher.get("kind"), str) and isinstance(claims, dict | None)
    return good and isinstance(found, list) and bool(found)


@pytest.mark.check("A1", level="MUST")
def test_A1_provenance_object_has_its_keys(index: Index) -> None:
    """A provenance object has version 1 and bundles of a publisher and attestations."""
    with Problems(NOTHING) as problems:
        for _, answer in provenances(index):
            document = loaded(answer)
            good = isinstance(document, dict) and document.get("version") == 1
            bundles = document.get("attestation_bundles") if good else None
            good = isinstance(bundles, list) and all(is_bundle(bundle) for bundle in bundles)
            problems.unless(good, f"{answer.url}: {answer.status}", answer)


@pytest.mark.check("A2", level="MUST")
def test_A2_attestation_has_its_keys(index: Index) -> None:
    """An attestation has version 1, a certificate, transparency entries and an envelope."""
    with Problems(NOTHING) as problems:
        for _, answer in provenances(index):
            for attestation in attestations(loaded(answer)):
                material = attestation.get("verification_material", {})
                envelope = attestation.get("envelope", {})
                good = attestation.get("version") == 1
                good = good and isinstance(material.get("certificate"), str)
                good = good and isinstance(material.get("transparency_entries"), list)
                good = good and {"statement", "signature"} <= set(envelope)
                problems.unless(good, f"{answer.url}: {list(attestation)}", answer)


@pytest.mark.check("A2", level="MUST")
def test_A2_statement_is_of_this_file(index: Index) -> None:
    """The statement has one subject: the file's name and its SHA-256, and a predicate known."""
    with Problems(NOTHING) as problems:
        for file, answer in provenances(index):
            for attestation in attestations(loaded(answer)):
                statement = json.loads(base64.b64decode(attestation["envelope"]["statement"]))
                subjects = statement.get("subject", [])
                problems.unless(len(subjects) == 1, f"{len(subjects)} subjects", answer)
                for subject in subjects[:1]:
                    name = subject.get("name")
                    problems.unless(name == file.filename, f"subject {name!r}", answer)
                    digest = (subject.get("digest") or {}).get("sha256")
                    told = (file.keys.get("hashes") or {}).get("sha256")
                    told = told or file.fragment.removeprefix("sha256=")
                    problems.unless(digest == told, f"{name}: sha256 {digest!r}", answer)
                kind = statement.get("predicateType")
                problems.unless(kind in PREDICATES, f"predicateType {kind!r}", answer)
