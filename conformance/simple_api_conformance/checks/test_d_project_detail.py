"""D1 to D5: a project in JSON: the page, versions, hashes, sizes and times."""

import hashlib
import re
from datetime import datetime

import pytest
from packaging.version import InvalidVersion, Version

from ..index import Index
from ..outcome import Problems
from ..pages import JSONPage, normalized, version_of

# hashlib.algorithms_guaranteed without what is broken and what needs parameters.
SECURE = {"sha224", "sha256", "sha384", "sha512", "sha3_224", "sha3_256", "sha3_384", "sha3_512"}
SECURE |= {"blake2b", "blake2s"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")


def claims(page: JSONPage, minor: int) -> bool:
    return (page.version or (1, 0)) >= (1, minor)


@pytest.mark.check("D1", level="MUST")
def test_D1_page_is_an_object_of_name_and_files(index: Index) -> None:
    """A project is an object with `meta`, `name` and `files`; files have filename and url."""
    with Problems() as problems:
        for page in index.json_pages():
            url, data = page.response.url, page.data
            for key, kind in (("meta", dict), ("name", str), ("files", list)):
                good = isinstance(data.get(key), kind)
                problems.unless(good, f"{url}: {key} is {data.get(key)!r:.40}", page.response)
            for entry in data.get("files") or []:
                for key in ("filename", "url"):
                    good = isinstance(entry, dict) and isinstance(entry.get(key), str)
                    problems.unless(good, f"{url}: a file without {key}", page.response)


@pytest.mark.check("D1", level="MUST")
def test_D1_name_is_normalized(index: Index) -> None:
    """`name` is the normalized name of the project."""
    with Problems() as problems:
        for name in index.names.present:
            page = index.json_page(name)
            found = page.data.get("name")
            problems.unless(found == normalized(name), f"{found!r} for {name}", page.response)


@pytest.mark.check("D2", level="MUST")
def test_D2_versions_are_distinct_strings(index: Index) -> None:
    """`versions` is an array of strings without duplicates; it is there from 1.1 on."""
    with Problems("1.0 is claimed, without versions") as problems:
        for page in index.json_pages():
            versions = page.data.get("versions")
            if versions is None and not claims(page, 1):
                continue
            strings = [v for v in versions if isinstance(v, str)] if versions else []
            good = isinstance(versions, list) and len(strings) == len(versions)
            if problems.unless(good, f"{page.response.url}: {versions!r:.60}", page.response):
                twice = len(strings) != len(set(strings))
                problems.unless(not twice, f"{page.response.url}: duplicates", page.response)


@pytest.mark.check("D2", level="MUST")
def test_D2_every_file_has_its_version_there(index: Index) -> None:
    """Every file's version is in `versions`.

    "All of the files listed in the files key MUST be associated with one of the versions".
    """
    with Problems("no versions") as problems:
        for page in index.json_pages():
            if isinstance(page.data.get("versions"), list):
                there = {parsed(version) for version in page.data["versions"]}
                for file in page.files:
                    version = version_of(file.filename)
                    if version is not None:
                        text = f"{file.filename}: {version} is not in versions"
                        problems.unless(version in there, text, page.response)


@pytest.mark.check("D2", level="SHOULD")
def test_D2_versions_are_normalized(index: Index) -> None:
    """Versions are written in the normalized form."""
    with Problems("no versions") as problems:
        for page in index.json_pages():
            for version in page.data.get("versions") or []:
                good = str(parsed(version)) == version
                problems.unless(good, f"{page.response.url}: {version!r}", page.response)


def parsed(version: object) -> Version | None:
    try:
        return Version(str(version))
    except InvalidVersion:
        return None


@pytest.mark.check("D3", level="MUST")
def test_D3_hashes_are_always_there(index: Index) -> None:
    """Every file has `hashes`, an object of strings, also when it is empty.

    "The hashes dictionary MUST be present, even if no hashes are available for the file".
    """
    with Problems() as problems:
        for page in index.json_pages():
            for file in page.files:
                hashes = file.keys.get("hashes")
                good = isinstance(hashes, dict) and all(
                    isinstance(value, str) and re.fullmatch("[0-9a-fA-F]+", value)
                    for value in hashes.values()
                )
                problems.unless(good, f"{file.filename}: {hashes!r}", page.response)


@pytest.mark.check("D3", level="MUST")
def test_D3_hashes_are_those_of_the_file(index: Index) -> None:
    """Hashes are those of the bytes that the URL answers."""
    with Problems("no hash of a file that was downloaded") as problems:
        for name in index.names.present:
            page = index.json_page(name)
            for file in page.files[-index.sample :]:
                answer = index.download(file.url)
                for algorithm, value in (file.keys.get("hashes") or {}).items():
                    if answer.status == 200 and algorithm in hashlib.algorithms_guaranteed:
                        found = hashlib.new(algorithm, answer.body).hexdigest()
                        text = f"{file.filename}: {algorithm} {value}, but it is {found}"
                        problems.unless(found == str(value).lower(), text, page.response)


@pytest.mark.check("D3", level="SHOULD")
def test_D3_a_secure_hash_is_there(index: Index) -> None:
    """Every file that exists has a secure hash; sha256 is recommended.

    "At least one secure algorithm from hashlib.algorithms_guaranteed SHOULD always be included."
    What an index has not built yet has no bytes and no hash: files with neither hash nor size
    are left out.
    """
    with Problems("no file has a size or hash yet") as problems:
        for page in index.json_pages():
            for file in page.files:
                names = file.keys.get("hashes") or {}
                if names or "size" in file.keys:
                    text = f"{file.filename}: {list(names)}"
                    problems.unless(SECURE & set(names), text, page.response)


@pytest.mark.check("D3", level="SHOULD")
def test_D3_hash_names_are_lower_case(index: Index) -> None:
    """Names of hashes are in lower case."""
    with Problems("no hashes") as problems:
        for page in index.json_pages():
            for file in page.files:
                for name in file.keys.get("hashes") or {}:
                    problems.unless(name == name.lower(), f"{name!r}", page.response)


@pytest.mark.check("D3", level="practice")
def test_D3_one_set_of_hashes_for_all_files(index: Index) -> None:
    """Files that have hashes have the same ones: uv's locks break on mixed sets."""
    with Problems("no hashes") as problems:
        for page in index.json_pages():
            sets = {tuple(sorted(f.keys.get("hashes") or {})) for f in page.files} - {()}
            if sets:
                problems.unless(len(sets) == 1, f"{page.response.url}: {sets}", page.response)


@pytest.mark.check("D4", level="MUST")
def test_D4_size_is_a_number(index: Index) -> None:
    """`size` is an integer, never null: uv rejects the whole page otherwise."""
    with Problems("no size: 1.0 is claimed") as problems:
        for page in index.json_pages():
            for file in page.files:
                if "size" in file.keys or claims(page, 1):
                    size = file.keys.get("size")
                    good = isinstance(size, int) and not isinstance(size, bool) and size >= 0
                    problems.unless(good, f"{file.filename}: size {size!r}", page.response)


@pytest.mark.check("D4", level="MUST")
def test_D4_size_is_that_of_the_file(index: Index) -> None:
    """`size` is the number of bytes that the URL answers."""
    with Problems("no size of a file that was downloaded") as problems:
        for name in index.names.present:
            page = index.json_page(name)
            for file in page.files[-index.sample :]:
                answer = index.download(file.url)
                if "size" in file.keys and answer.status == 200:
                    size, found = file.keys["size"], len(answer.body)
                    text = f"{file.filename}: size {size}, but {found} bytes"
                    problems.unless(size == found, text, page.response)


@pytest.mark.check("D5", level="MUST")
def test_D5_upload_time_is_utc(index: Index) -> None:
    """`upload-time` is yyyy-mm-ddThh:mm:ss[.ffffff]Z, never null: uv rejects the page otherwise."""
    with Problems("no upload-time") as problems:
        for page in index.json_pages():
            for file in page.files:
                if "upload-time" in file.keys:
                    time = file.keys["upload-time"]
                    good = isinstance(time, str) and TIME.fullmatch(time) and is_date(time)
                    problems.unless(good, f"{file.filename}: {time!r}", page.response)


def is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
