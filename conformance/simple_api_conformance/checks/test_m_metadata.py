"""M: metadata files."""

import hashlib
from collections.abc import Iterator

import pytest

from ..index import Index
from ..metadata import embedded_bytes, parse
from ..outcome import Problems, not_applicable
from ..pages import File
from ..web import Response

COMPARED = ("Name", "Version", "Requires-Dist", "Requires-Python", "Provides-Extra")
SETTLED = {"requires-dist", "requires-python", "provides-extra", "name", "version"}


def advertised(file: File) -> object:
    """What a listing says of the metadata file: a hash, true, or nothing."""
    for key in ("core-metadata", "data-core-metadata", "data-dist-info-metadata"):
        value = file.keys.get(key)
        if value not in (None, False, "false"):
            return value
    return None


def with_metadata(index: Index) -> Iterator[tuple[File, Response]]:
    """The sampled files that have a metadata file, by JSON or else by HTML, and its answer."""
    for file in index.sampled_everywhere():
        if advertised(file) is not None:
            yield file, index.download(f"{file.url}.metadata")


@pytest.mark.check("M1", level="MUST")
def test_M1_advertised_metadata_is_served(index: Index) -> None:
    """Where a metadata file is advertised, {file URL}.metadata is core metadata."""
    with Problems("no metadata file is advertised") as problems:
        for _, answer in with_metadata(index):
            good = answer.status == 200 and parse(answer.body)["Metadata-Version"]
            problems.unless(good, f"{answer.url}: {answer.status}", answer)


@pytest.mark.check("M1", level="MUST")
def test_M1_metadata_is_that_of_the_file(index: Index) -> None:
    """It is the metadata inside the file, byte by byte.

    "the distribution MUST contain a Core Metadata file that will not be modified when the
    distribution is processed and/or installed" and "the repository MUST serve the distribution's
    Core Metadata file".
    """
    with Problems("no metadata file is advertised") as problems:
        for file, answer in with_metadata(index):
            inside = embedded_bytes(file.filename, index.download(file.url))
            if answer.status == 200 and inside is not None:
                same = answer.body == inside
                problems.unless(same, f"{file.filename}: other metadata inside", answer)


@pytest.mark.check("M1", level="MUST")
def test_M1_metadata_of_sdists_is_settled(index: Index) -> None:
    """A source distribution's is 2.2 or later, with nothing dynamic that installers need."""
    with Problems("no metadata file of a source distribution is advertised") as problems:
        for file, answer in with_metadata(index):
            if file.is_sdist and answer.status == 200:
                fields = parse(answer.body)
                version = tuple(int(n) for n in fields["Metadata-Version"].split("."))
                dynamic = {name.strip().lower() for name in fields.get_all("Dynamic", [])}
                good = version >= (2, 2) and not dynamic & SETTLED
                text = f"{file.filename}: Metadata-Version {version}, Dynamic {sorted(dynamic)}"
                problems.unless(good, text, answer)


@pytest.mark.check("M2", level="SHOULD")
def test_M2_hash_of_the_metadata_is_published(index: Index) -> None:
    """The listing has the hash of the metadata file."""
    with Problems("no metadata file is advertised") as problems:
        for file in index.sampled_everywhere():
            value = advertised(file)
            if value is not None:
                good = value not in (True, "true", "")
                problems.unless(good, f"{file.filename}: {value!r}")


@pytest.mark.check("M2", level="MUST")
def test_M2_hash_of_the_metadata_is_right(index: Index) -> None:
    """It is the hash of what is served."""
    with Problems("no hash of a metadata file") as problems:
        for file, answer in with_metadata(index):
            value = advertised(file)
            pairs = value.items() if isinstance(value, dict) else [str(value).split("=", 1)]
            for pair in pairs:
                if len(pair) == 2 and pair[0] in hashlib.algorithms_guaranteed:
                    found = hashlib.new(pair[0], answer.body).hexdigest()
                    text = f"{answer.url}: {pair[0]} {pair[1]}, but it is {found}"
                    problems.unless(found == pair[1].lower(), text, answer)


@pytest.mark.check("M3", level="practice")
def test_M3_wheels_agree_with_their_metadata_files(index: Index) -> None:
    """Name, version, dependencies and extras are those of the wheel: pip 26.2 compares them."""
    with Problems("no metadata file of a wheel is advertised") as problems:
        for file, answer in with_metadata(index):
            inside = embedded_bytes(file.filename, index.download(file.url))
            if file.is_wheel and answer.status == 200 and inside is not None:
                here, there = parse(answer.body), parse(inside)
                for key in COMPARED:
                    same = here.get_all(key, []) == there.get_all(key, [])
                    problems.unless(same, f"{file.filename}: {key} differs", answer)


@pytest.mark.check("M4", level="practice")
def test_M4_clients_read_metadata_files() -> None:
    """pip reads metadata files of wheels and source distributions, uv those of wheels."""
    not_applicable("a fact about clients; C7 tests it with real ones")
