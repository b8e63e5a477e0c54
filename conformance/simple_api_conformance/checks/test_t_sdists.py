"""T: source distributions that the index serves."""

import io
import re
import tarfile
from collections.abc import Iterator
from email.message import Message

import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version

from ..index import Index
from ..metadata import parse
from ..outcome import Problems
from ..pages import File, normalized, version_of
from ..web import Response

NOTHING = "no source distribution"


def sdists(index: Index) -> Iterator[tuple[File, Response]]:
    """The sampled source distributions of --project and --wheel-project."""
    for name in {index.names.project, index.names.wheel} - {None}:
        for file in index.sampled(name or ""):
            if file.is_sdist:
                yield file, index.download(file.url)


def opened(index: Index) -> Iterator[tuple[File, Response, tarfile.TarFile]]:
    for file, answer in sdists(index):
        try:
            with tarfile.open(fileobj=io.BytesIO(answer.body), mode="r:gz") as archive:
                yield file, answer, archive
        except (tarfile.TarError, OSError, EOFError):
            continue  # T4 says so


def read(archive: tarfile.TarFile, path: str) -> bytes | None:
    try:
        member = archive.extractfile(path)
    except KeyError:
        return None
    return None if member is None else member.read()


def top(file: File) -> str:
    return file.filename.removesuffix(".tar.gz")


def package_info(file: File, archive: tarfile.TarFile) -> Message | None:
    data = read(archive, f"{top(file)}/PKG-INFO")
    return None if data is None else parse(data)


@pytest.mark.check("T1", level="MUST")
def test_T1_file_name_is_normalized(index: Index) -> None:
    """The file name is {name}-{version}.tar.gz, both parts normalized."""
    with Problems(NOTHING) as problems:
        for file, _ in sdists(index):
            version = version_of(file.filename)
            name = file.filename.partition("-")[0]
            good = file.filename == f"{normalized(name).replace('-', '_')}-{version}.tar.gz"
            problems.unless(good, file.filename)


@pytest.mark.check("T1", level="MUST")
def test_T1_name_and_version_are_those_inside(index: Index) -> None:
    """Name and version of the file name are those of PKG-INFO."""
    with Problems(NOTHING) as problems:
        for file, answer, archive in opened(index):
            info = package_info(file, archive)
            if info is not None:
                name, _, version = top(file).partition("-")
                same = canonicalize_name(info["Name"] or "") == canonicalize_name(name)
                same = same and Version(info["Version"] or "0") == Version(version)
                text = f"{file.filename}: {info['Name']} {info['Version']} inside"
                problems.unless(same, text, answer)


@pytest.mark.check("T2", level="MUST")
def test_T2_one_directory_with_its_files(index: Index) -> None:
    """There is one directory, {name}-{version}, with pyproject.toml and PKG-INFO."""
    with Problems(NOTHING) as problems:
        for file, answer, archive in opened(index):
            names = archive.getnames()
            tops = {name.split("/")[0] for name in names}
            problems.unless(tops == {top(file)}, f"{file.filename}: {sorted(tops)[:3]}", answer)
            for needed in ("pyproject.toml", "PKG-INFO"):
                there = f"{top(file)}/{needed}" in names
                problems.unless(there, f"{file.filename}: no {needed}", answer)


@pytest.mark.check("T2", level="MUST")
def test_T2_metadata_is_2_2_or_later(index: Index) -> None:
    """PKG-INFO is core metadata 2.2 or later."""
    with Problems(NOTHING) as problems:
        for file, answer, archive in opened(index):
            info = package_info(file, archive)
            found = "" if info is None else info["Metadata-Version"] or ""
            match = re.fullmatch(r"(\d+)\.(\d+)", found)
            good = match is not None and (int(match[1]), int(match[2])) >= (2, 2)
            problems.unless(good, f"{file.filename}: Metadata-Version {found!r}", answer)


@pytest.mark.check("T3", level="MUST")
def test_T3_license_files_are_there(index: Index) -> None:
    """From metadata 2.4 on, every License-File is in the archive."""
    with Problems("no License-File with metadata 2.4") as problems:
        for file, answer, archive in opened(index):
            info = package_info(file, archive)
            if info is not None and (info["Metadata-Version"] or "") >= "2.4":
                for path in info.get_all("License-File", []):
                    there = f"{top(file)}/{path}" in archive.getnames()
                    problems.unless(there, f"{file.filename}: no {path}", answer)


@pytest.mark.check("T4", level="MUST")
def test_T4_archive_is_a_gzipped_pax_tar(index: Index) -> None:
    """The archive can be read as `r:gz`, with names in UTF-8, to its end."""
    with Problems(NOTHING) as problems:
        for file, answer in sdists(index):
            try:
                with tarfile.open(fileobj=io.BytesIO(answer.body), mode="r:gz") as archive:
                    names = [member.name for member in archive]
                fault = "names are no UTF-8" if any(c >= "\udc80" for c in "".join(names)) else ""
                fault = fault or ("" if names else "it is empty")
            except (tarfile.TarError, OSError, EOFError) as error:
                fault = str(error)
            problems.unless(not fault, f"{file.filename}: {fault}", answer)


@pytest.mark.check("T5", level="MUST")
def test_T5_no_member_is_dangerous(index: Index) -> None:
    """No member lies or links outside, or is a device."""
    with Problems(NOTHING) as problems:
        for file, answer, archive in opened(index):
            for member in archive:
                try:
                    tarfile.data_filter(member, "/nowhere")
                except tarfile.FilterError as error:
                    problems.unless(False, f"{file.filename}: {error}", answer)
                parts = member.name.split("/")
                good = not member.name.startswith("/") and ".." not in parts
                good = good and not (member.isdev() or member.isfifo())
                problems.unless(good, f"{file.filename}: {member.name}", answer)


@pytest.mark.check("T5", level="practice")
def test_T5_modes_are_plain(index: Index) -> None:
    """No member is setuid, setgid or sticky."""
    with Problems(NOTHING) as problems:
        for file, answer, archive in opened(index):
            for member in archive:
                text = f"{file.filename}: {member.name} has mode {member.mode:o}"
                problems.unless(not member.mode & 0o7000, text, answer)


@pytest.mark.check("T5", level="practice")
def test_T5_one_sdist_per_release(index: Index) -> None:
    """A release has one source distribution."""
    with Problems(NOTHING) as problems:
        for name in {index.names.project, index.names.wheel} - {None}:
            files = [f for f in index.html_or_json(name or "").files if f.is_sdist]
            versions = [version_of(file.filename) for file in files]
            for version in set(versions) - {None}:
                count = versions.count(version)
                problems.unless(count == 1, f"{name} {version}: {count} source distributions")
