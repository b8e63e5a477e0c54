"""Wheels and source distributions as bytes that are the same on every machine.

Nothing is compressed: the output of compressors differs from version to version.
"""

import base64
import hashlib
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Mapping

CLOCK = (2024, 1, 1, 0, 0, 0)
EPOCH = 1704067200  # the same in seconds


def zipped(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, CLOCK)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return out.getvalue()


def wheel(members: Mapping[str, bytes], info_directory: str) -> bytes:
    """A wheel with its RECORD; binary distribution format, the .dist-info directory."""
    lines = []
    for name, data in members.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(data)}\n")
    lines.append(f"{info_directory}/RECORD,,\n")
    return zipped({**members, f"{info_directory}/RECORD": "".join(lines).encode()})


def tarred(members: Mapping[str, bytes]) -> bytes:
    """A POSIX.1-2001 pax archive of regular files with mode 0644."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.mode = len(data), EPOCH, 0o644
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def gzipped(data: bytes) -> bytes:
    """RFC 1952 with stored blocks only (RFC 1951 section 3.2.4)."""
    blocks = [data[at : at + 65535] for at in range(0, len(data), 65535)] or [b""]
    out = [b"\x1f\x8b\x08\0\0\0\0\0\0\xff"]
    for number, block in enumerate(blocks, 1):
        out.append(struct.pack("<BHH", number == len(blocks), len(block), len(block) ^ 0xFFFF))
        out.append(block)
    out.append(struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF))
    return b"".join(out)


def noise(size: int, seed: str) -> bytes:
    """Bytes that no web server compresses."""
    blocks = (hashlib.sha256(f"{seed}{n}".encode()).digest() for n in range(size // 32))
    return b"".join(blocks)
