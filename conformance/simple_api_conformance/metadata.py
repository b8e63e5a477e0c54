"""Core metadata: where it lies in a file, and its fields."""

import email.parser
import io
import tarfile
import zipfile
from email.message import Message

from .web import Response


def parse(data: bytes) -> Message:
    """Core metadata as fields; it is written like mail headers."""
    return email.parser.HeaderParser().parsestr(data.decode("utf-8", "surrogateescape"))


def embedded_bytes(filename: str, response: Response) -> bytes | None:
    """METADATA of a wheel, or PKG-INFO of a source distribution; None where there is none."""
    if response.status != 200:
        return None
    try:
        if filename.endswith(".whl"):
            return _from_zip(response.body, ".dist-info/METADATA")
        if filename.endswith(".zip"):
            return _from_zip(response.body, "/PKG-INFO")
        if filename.endswith(".tar.gz"):
            with tarfile.open(fileobj=io.BytesIO(response.body), mode="r:gz") as archive:
                member = archive.extractfile(f"{archive.getnames()[0].split('/')[0]}/PKG-INFO")
                return None if member is None else member.read()
    except (tarfile.TarError, zipfile.BadZipFile, KeyError, IndexError, OSError, EOFError):
        return None
    return None


def embedded(filename: str, response: Response) -> Message | None:
    data = embedded_bytes(filename, response)
    return None if data is None else parse(data)


def _from_zip(data: bytes, end: str) -> bytes | None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [n for n in archive.namelist() if n.endswith(end) and n.count("/") == 1]
        return archive.read(names[0]) if names else None
