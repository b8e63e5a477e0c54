"""The build back end inside the corpus's source distributions; needs nothing but Python.

Build environment: https://peps.python.org/pep-0517/ with `backend-path`. It writes a wheel of what
lies in src/, with the PKG-INFO as METADATA. As a program it writes the sdist to dist/.
"""

import base64
import hashlib
import os
import re
import tarfile
import zipfile


def _metadata():
    with open("PKG-INFO", encoding="utf-8") as file:
        return file.read()


def _field(name):
    return re.search(r"(?m)^%s: (.+)$" % name, _metadata()).group(1)


def _info():
    name = re.sub(r"[-_.]+", "_", _field("Name")).lower()
    return "%s-%s.dist-info" % (name, _field("Version"))


def _members():
    for directory, _, files in sorted(os.walk("src")):
        for name in sorted(files):
            path = os.path.join(directory, name)
            with open(path, "rb") as file:
                yield os.path.relpath(path, "src").replace(os.sep, "/"), file.read()
    yield _info() + "/METADATA", _metadata().encode()
    tag = b"Wheel-Version: 1.0\nGenerator: corpus\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    yield _info() + "/WHEEL", tag


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = _info()[: -len(".dist-info")] + "-py3-none-any.whl"
    record = []
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as archive:
        for path, data in _members():
            archive.writestr(path, data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record.append("%s,sha256=%s,%d\n" % (path, digest, len(data)))
        archive.writestr(_info() + "/RECORD", "".join(record) + _info() + "/RECORD,,\n")
    return name


def build_sdist(sdist_directory, config_settings=None):
    top = _info()[: -len(".dist-info")]
    name = top + ".tar.gz"
    with tarfile.open(os.path.join(sdist_directory, name), "w:gz") as archive:
        for path in ("PKG-INFO", "LICENSE", "pyproject.toml", "backend.py", "src"):
            archive.add(path, top + "/" + path)
    return name


if __name__ == "__main__":
    os.makedirs("dist", exist_ok=True)
    print(build_sdist("dist"))
