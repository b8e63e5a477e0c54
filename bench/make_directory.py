#!/usr/bin/env python3
"""Makes a folder of wheels and sdists: a folder for each project, five releases of two files each.

    make_directory.py DIRECTORY PROJECTS
"""

import base64
import gzip
import hashlib
import io
import pathlib
import random
import sys
import tarfile
import zipfile

RELEASES = 5
WORDS = "package index wheel source distribution metadata version release project archive".split()


def project(number):
    return f"bench-package-{number:04d}"


def metadata(name, version, noise):
    words = " ".join(noise.choice(WORDS) for _ in range(220))
    head = f"Metadata-Version: 2.2\nName: {name}\nVersion: {version}\nRequires-Python: >=3.9\nRequires-Dist: attrs>=20\n"
    return f"{head}\n{words}\n".encode()


def record(files, own):
    lines = []
    for path, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{path},sha256={digest},{len(content)}")
    return "\n".join([*lines, f"{own},,", ""]).encode()


def wheel(stem, content, noise):
    info = f"{stem}.dist-info"
    files = {
        f"{stem.split('-')[0]}/__init__.py": b"",
        f"{stem.split('-')[0]}/data.txt": noise.randbytes(1024).hex().encode(),
        f"{info}/METADATA": content,
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = record(files, f"{info}/RECORD")
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(zipfile.ZipInfo(path), data, zipfile.ZIP_DEFLATED)
    return body.getvalue()


def sdist(stem, content, noise):
    body = io.BytesIO()
    with tarfile.open(fileobj=body, mode="w") as archive:
        for path, data in [("PKG-INFO", content), ("data.txt", noise.randbytes(1024).hex().encode())]:
            member = tarfile.TarInfo(f"{stem}/{path}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return gzip.compress(body.getvalue(), 1, mtime=0)


def make(directory, projects):
    noise = random.Random(1)
    for number in range(projects):
        name = project(number)
        folder = pathlib.Path(directory, name)
        folder.mkdir(parents=True)
        for release in range(RELEASES):
            version = f"1.{release}"
            stem = f"{name.replace('-', '_')}-{version}"
            content = metadata(name, version, noise)
            (folder / f"{stem}-py3-none-any.whl").write_bytes(wheel(stem, content, noise))
            (folder / f"{stem}.tar.gz").write_bytes(sdist(stem, content, noise))


if __name__ == "__main__":
    make(sys.argv[1], int(sys.argv[2]))
