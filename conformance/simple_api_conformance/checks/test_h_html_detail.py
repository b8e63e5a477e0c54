"""H: the attributes of a project's anchors."""

import hashlib
import re

import pytest

from ..index import Index
from ..outcome import Problems
from .test_d_file_keys import STATUSES, is_secure_url, is_specifier_set

FRAGMENT = re.compile(r"([a-z0-9_]+)=([0-9a-fA-F]+)")


@pytest.mark.check("H1", level="MUST")
def test_H1_hash_fragment_is_that_of_the_file(index: Index) -> None:
    """A fragment is #<hashname>=<hex digest>, with the hash of the file."""
    with Problems("no hash of a file that was downloaded") as problems:
        for page in index.html_pages():
            for file in page.files:
                if file.fragment:
                    good = FRAGMENT.fullmatch(file.fragment)
                    problems.unless(good, f"{file.filename}: #{file.fragment}", page.response)
            for file in page.files[-index.sample :]:
                match = FRAGMENT.fullmatch(file.fragment)
                if match is None or match[1] not in hashlib.algorithms_guaranteed:
                    continue
                answer = index.download(file.url)
                if answer.status == 200:
                    found = hashlib.new(match[1], answer.body).hexdigest()
                    text = f"{file.filename}: #{file.fragment}, but it is {found}"
                    problems.unless(found == match[2].lower(), text, page.response)


@pytest.mark.check("H1", level="SHOULD")
def test_H1_files_have_a_hash(index: Index) -> None:
    """Every file URL has a hash of a guaranteed algorithm as its fragment.

    "Each file URL SHOULD include a hash in the form of a URL fragment". Of an index that builds
    files on demand only those that were downloaded are looked at.
    """
    with Problems() as problems:
        for page in index.html_pages():
            for file in page.files[-index.sample :]:
                name = file.fragment.partition("=")[0]
                good = name in hashlib.algorithms_guaranteed
                problems.unless(good, f"{file.filename}: #{file.fragment}", page.response)


@pytest.mark.check("H2", level="MUST")
def test_H2_requires_python_is_a_specifier_set(index: Index) -> None:
    """data-requires-python is a set of version specifiers."""
    with Problems("no data-requires-python") as problems:
        for page in index.html_pages():
            for file in page.files:
                value = file.keys.get("data-requires-python")
                if value is not None:
                    text = f"{file.filename}: {value!r}"
                    problems.unless(is_specifier_set(value), text, page.response)


@pytest.mark.check("H3", level="MUST")
def test_H3_core_metadata_is_true_or_a_hash(index: Index) -> None:
    """data-core-metadata and data-dist-info-metadata are <hashname>=<digest>, or true."""
    with Problems("neither attribute") as problems:
        for page in index.html_pages():
            for file in page.files:
                for key in ("data-core-metadata", "data-dist-info-metadata"):
                    value = file.keys.get(key)
                    if value is not None:
                        good = value in ("true", "false") or FRAGMENT.fullmatch(value)
                        problems.unless(good, f"{file.filename}: {key}={value!r}", page.response)


@pytest.mark.check("H3", level="practice")
def test_H3_both_spellings_are_there(index: Index) -> None:
    """Both spellings are there, and are equal: pip before 23.1.1 knows only the older one."""
    with Problems("neither attribute") as problems:
        for page in index.html_pages():
            for file in page.files:
                new = file.keys.get("data-core-metadata")
                old = file.keys.get("data-dist-info-metadata")
                if new is not None or old is not None:
                    text = f"{file.filename}: {new!r}, {old!r}"
                    problems.unless(new == old, text, page.response)


@pytest.mark.check("H4", level="MUST")
def test_H4_yanked_in_html_and_json_alike(index: Index) -> None:
    """A file is yanked in HTML if and only if it is in JSON."""
    with Problems("no file") as problems:
        for name in index.names.present:
            page = index.html_page(name)
            marked = {f.filename for f in page.files if "data-yanked" in f.keys}
            yanked = {f.filename for f in index.json_page(name).files if f.keys.get("yanked")}
            text = f"{page.response.url}: {sorted(marked ^ yanked)} in one of them only"
            problems.unless(marked == yanked, text, page.response)


@pytest.mark.check("H5", level="SHOULD")
def test_H5_gpg_sig_is_on_every_anchor(index: Index) -> None:
    """data-gpg-sig is true or false, and on every anchor if on one.

    "Repositories that do this SHOULD include it on every link."
    """
    with Problems("no data-gpg-sig") as problems:
        for page in index.html_pages():
            values = [file.keys.get("data-gpg-sig") for file in page.files]
            if any(value is not None for value in values):
                good = all(value in ("true", "false") for value in values)
                problems.unless(good, f"{page.response.url}: {set(values)}", page.response)


@pytest.mark.check("H6", level="MUST")
def test_H6_provenance_is_a_secure_url(index: Index) -> None:
    """data-provenance is a fully qualified URL of a secure origin."""
    with Problems("no data-provenance") as problems:
        for page in index.html_pages():
            for file in page.files:
                value = file.keys.get("data-provenance")
                if value is not None:
                    text = f"{file.filename}: {value!r}"
                    problems.unless(is_secure_url(value), text, page.response)


@pytest.mark.check("H7", level="MUST")
def test_H7_project_status_is_a_marker(index: Index) -> None:
    """<meta name="pypi:project-status"> has one of the markers."""
    with Problems("no pypi:project-status") as problems:
        for page in index.html_pages():
            value = page.meta.get("pypi:project-status")
            if value is not None:
                good = value in STATUSES
                problems.unless(good, f"{page.response.url}: {value!r}", page.response)


@pytest.mark.check("H8", level="practice")
def test_H8_html_and_json_have_the_same_files(index: Index) -> None:
    """A project has the same files in HTML and in JSON, at the same URLs."""
    with Problems() as problems:
        for name in index.names.present:
            page, json = index.html_page(name), index.json_page(name)
            here = {(file.filename, file.url) for file in page.files}
            there = {(file.filename, file.url) for file in json.files}
            text = f"{page.response.url}: {sorted(here ^ there)[:4]} in one of them only"
            problems.unless(here == there, text, page.response)
