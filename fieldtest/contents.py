"""What is in a source distribution, and in what two of them differ."""

import dataclasses
import posixpath
import re
import stat
import tarfile
import zipfile

# As setuptools writes it into every sdist, whether the package has a setup.cfg or not.
EGG_INFO = re.compile(rb"\[egg_info\]\r?\ntag_build ?= ?\r?\ntag_date ?= ?0\r?\n\s*")


@dataclasses.dataclass(frozen=True)
class File:
    """A member: its bytes, or where a link leads, and whether it can be run."""

    data: bytes
    link: str | None = None
    executable: bool = dataclasses.field(default=False, compare=False)


def read(path):
    """The members of an archive by their path below its top directory; directories themselves are left out."""
    members = zip_members(path) if str(path).endswith(".zip") else tar_members(path)
    return {below_top(name): file for name, file in members if below_top(name)}


def below_top(name):
    return posixpath.normpath(name).partition("/")[2]


def tar_members(path):
    with tarfile.open(path) as archive:
        for member in archive:
            executable = bool(member.mode & 0o100)
            if member.issym():
                yield member.name, File(b"", link=member.linkname)
            elif member.isreg() or member.islnk():
                yield member.name, File(archive.extractfile(member).read(), executable=executable)


def zip_members(path):
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            mode = member.external_attr >> 16
            if stat.S_ISLNK(mode):
                yield member.filename, File(b"", link=archive.read(member).decode())
            elif not member.is_dir():
                yield member.filename, File(archive.read(member), executable=bool(mode & 0o100))


def is_generated(path):
    """Whether every build writes this file itself: metadata, and setuptools's copies of it."""
    return path == "PKG-INFO" or any(part.endswith(".egg-info") for part in path.split("/"))


def plain(path, file):
    """The file without what setuptools adds; `None` where nothing is left of a setup.cfg that it made."""
    if path != "setup.cfg" or file is None:
        return file
    data = EGG_INFO.sub(b"", file.data).rstrip()
    return File(data) if data else None


def differences(ours, published):
    """(path, file here or None, file published or None) of each that is not the same, generated metadata aside."""
    for path in sorted(ours.keys() | published.keys()):
        if is_generated(path):
            continue
        here, there = plain(path, ours.get(path)), plain(path, published.get(path))
        if here != there:
            yield path, here, there


def modes(ours, published):
    """The files that can be run in just one of the two."""
    both = ours.keys() & published.keys()
    return sorted(path for path in both if ours[path].executable != published[path].executable)


def metadata_differences(ours, published):
    """The fields of PKG-INFO that differ, the description as one of them."""
    fields = [metadata(archive.get("PKG-INFO")) for archive in (ours, published)]
    return sorted({name for name, _ in fields[0] ^ fields[1]})


def metadata(file):
    head, _, description = (file.data if file else b"").replace(b"\r\n", b"\n").partition(b"\n\n")
    lines = re.sub(rb"\n[ \t|]+", b"\n ", head).replace(b"\n ", b" ").split(b"\n")
    pairs = {tuple(line.decode(errors="replace").partition(": ")[::2]) for line in lines}
    return pairs | {("Description", description.decode(errors="replace").strip())}
