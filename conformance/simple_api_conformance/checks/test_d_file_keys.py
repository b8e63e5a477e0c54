"""D6 to D13: a project in JSON: the optional keys."""

from urllib.parse import urlsplit

import pytest
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from ..index import Index
from ..metadata import embedded
from ..outcome import Problems
from ..pages import JSONPage

FILE_KEYS = {
    *("filename", "url", "hashes", "requires-python", "core-metadata", "dist-info-metadata"),
    *("gpg-sig", "yanked", "size", "upload-time", "provenance"),
}
PAGE_KEYS = {"meta", "name", "files", "versions", "project-status", "namespaces"}
# PEP 708's: rejected, but in no one's way.
PAGE_KEYS |= {"alternate-locations"}
STATUSES = ("active", "archived", "quarantined", "deprecated")
LOCAL = ("localhost", "127.0.0.1", "::1")


def is_secure_url(text: object) -> bool:
    """Fully qualified, and of a secure origin: https, or this machine."""
    if not isinstance(text, str):
        return False
    parts = urlsplit(text)
    return bool(parts.hostname) and (parts.scheme == "https" or parts.hostname in LOCAL)


@pytest.mark.check("D6", level="MUST")
def test_D6_requires_python_is_a_specifier_set(index: Index) -> None:
    """`requires-python` is a string of version specifiers; null is taken for absent."""
    with Problems("no requires-python") as problems:
        for page in index.json_pages():
            for file in page.files:
                value = file.keys.get("requires-python")
                if value is not None:
                    text = f"{file.filename}: {value!r}"
                    problems.unless(is_specifier_set(value), text, page.response)


def is_specifier_set(value: object) -> bool:
    try:
        SpecifierSet(value if isinstance(value, str) else "?")
    except InvalidSpecifier:
        return False
    return True


@pytest.mark.check("D6", level="MUST")
def test_D6_requires_python_is_that_of_the_file(index: Index) -> None:
    """`requires-python` is the field Requires-Python of the file's core metadata."""
    with Problems("no requires-python on a file that was downloaded") as problems:
        for name in index.names.present:
            page = index.json_page(name)
            for file in page.files[-index.sample :]:
                said = file.keys.get("requires-python")
                inside = embedded(file.filename, index.download(file.url))
                if said is not None and inside is not None:
                    found = inside["Requires-Python"]
                    same = found is not None and SpecifierSet(said) == SpecifierSet(found)
                    text = f"{file.filename}: {said!r}, but {found!r} inside"
                    problems.unless(same, text, page.response)


@pytest.mark.check("D7", level="MUST")
def test_D7_core_metadata_is_a_boolean_or_hashes(index: Index) -> None:
    """`core-metadata` is a boolean or an object of hashes."""
    with Problems("no core-metadata") as problems:
        for page in index.json_pages():
            for file in page.files:
                if "core-metadata" in file.keys:
                    value = file.keys["core-metadata"]
                    hashes = isinstance(value, dict) and all(
                        isinstance(digest, str) for digest in value.values()
                    )
                    good = isinstance(value, bool) or hashes
                    problems.unless(good, f"{file.filename}: {value!r}", page.response)


@pytest.mark.check("D7", level="practice")
def test_D7_deprecated_alias_is_not_in_json(index: Index) -> None:
    """`dist-info-metadata` is not in JSON: pip before 23.1.1 fails on it."""
    with Problems() as problems:
        for page in index.json_pages():
            for file in page.files:
                there = "dist-info-metadata" in file.keys
                problems.unless(not there, f"{file.filename} has it", page.response)


@pytest.mark.check("D8", level="MUST")
def test_D8_yanked_is_a_boolean_or_a_reason(index: Index) -> None:
    """`yanked` is a boolean or a string that is not empty."""
    with Problems("no yanked") as problems:
        for page in index.json_pages():
            for file in page.files:
                if "yanked" in file.keys:
                    value = file.keys["yanked"]
                    good = isinstance(value, bool) or (isinstance(value, str) and value)
                    problems.unless(good, f"{file.filename}: {value!r}", page.response)


@pytest.mark.check("D9", level="MUST")
def test_D9_gpg_signature_is_there(index: Index) -> None:
    """`gpg-sig` is a boolean, and {url}.asc is there when it is true."""
    with Problems("no gpg-sig") as problems:
        for page in index.json_pages():
            for file in page.files:
                if "gpg-sig" in file.keys:
                    value = file.keys["gpg-sig"]
                    good = isinstance(value, bool)
                    problems.unless(good, f"{file.filename}: {value!r}", page.response)
            for file in page.files[-index.sample :]:
                if file.keys.get("gpg-sig") is True:
                    answer = index.web.follow(f"{file.url}.asc")
                    there = answer.status == 200
                    problems.unless(there, f"{answer.url}: {answer.status}", answer)


@pytest.mark.check("D10", level="MUST")
def test_D10_provenance_is_a_secure_url(index: Index) -> None:
    """`provenance` is null or a fully qualified URL of a secure origin."""
    with Problems("no provenance") as problems:
        for page in index.json_pages():
            for file in page.files:
                value = file.keys.get("provenance")
                if value is not None:
                    text = f"{file.filename}: {value!r}"
                    problems.unless(is_secure_url(value), text, page.response)


@pytest.mark.check("D10", level="MUST")
def test_D10_what_provenance_names_is_there(index: Index) -> None:
    """What `provenance` names is there."""
    with Problems("no provenance") as problems:
        for file in index.sampled_everywhere():
            value = file.keys.get("provenance")
            if is_secure_url(value):
                answer = index.download(str(value))
                problems.unless(answer.status == 200, f"{value}: {answer.status}", answer)


@pytest.mark.check("D11", level="MUST")
def test_D11_project_status_is_a_marker(index: Index) -> None:
    """`project-status` is an object; its status is a marker, its reason a string."""
    with Problems("no project-status") as problems:
        for page in index.json_pages():
            if "project-status" in page.data:
                value = page.data["project-status"]
                good = isinstance(value, dict) and value.get("status", "active") in STATUSES
                good = good and isinstance(value.get("reason", ""), str)
                problems.unless(good, f"{page.response.url}: {value!r}", page.response)


@pytest.mark.check("D12", level="practice")
def test_D12_keys_of_its_own_have_an_underscore(index: Index) -> None:
    """Keys of the server's own begin with an underscore, which no standard will ever use."""
    with Problems() as problems:
        for page in index.json_pages():
            entries = [(page.data, PAGE_KEYS), *((file.keys, FILE_KEYS) for file in page.files)]
            own = {key for keys, known in entries for key in keys if key not in known}
            own = {key for key in own if not key.startswith("_")}
            problems.unless(not own, f"{page.response.url}: {sorted(own)}", page.response)


@pytest.mark.check("D13", level="MUST")
def test_D13_namespaces_come_with_1_5(index: Index) -> None:
    """`namespaces` is only there where 1.5 is claimed, and is null or an array of names.

    PEP 752: a repository that does not support namespaces must not emit the key.
    """
    with Problems("no namespaces") as problems:
        for page in index.json_pages():
            if "namespaces" in page.data:
                text = f"{page.response.url}: claims {page.version}"
                problems.unless(claims_namespaces(page), text, page.response)
                value = page.data["namespaces"]
                good = value is None or (
                    isinstance(value, list)
                    and all(isinstance(e, dict) and isinstance(e.get("name"), str) for e in value)
                )
                problems.unless(good, f"{page.response.url}: {value!r}", page.response)


def claims_namespaces(page: JSONPage) -> bool:
    return (page.version or (1, 0)) >= (1, 5)
