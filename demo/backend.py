"""A build backend in one file (PEP 517), for packages that must build without a network.

It stands in each package of the demo, so `pip install` of an sdist needs nothing else either. As a program it writes
the source distribution to `dist`: that is the build command of demo/config.toml.
"""

import base64
import hashlib
import io
import os
import pathlib
import tarfile
import tomllib
import zipfile

PROJECT = tomllib.loads(pathlib.Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
ESCAPED = PROJECT["name"].replace("-", "_")
STEM = f"{ESCAPED}-{PROJECT['version']}"


def metadata():
    lines = ["Metadata-Version: 2.2", f"Name: {PROJECT['name']}", f"Version: {PROJECT['version']}"]
    lines += [f"Summary: {PROJECT['description']}", f"Requires-Python: {PROJECT['requires-python']}"]
    lines += [f"Requires-Dist: {dependency}" for dependency in PROJECT.get("dependencies", [])]
    return "\n".join(lines) + "\n"


def entry_points():
    scripts = PROJECT.get("scripts", {})
    if not scripts:
        return ""
    return "[console_scripts]\n" + "".join(f"{name} = {target}\n" for name, target in scripts.items())


def sources():
    return sorted(path for path in pathlib.Path("src").rglob("*.py"))


def build_sdist(directory, config_settings=None):
    name = f"{STEM}.tar.gz"
    with tarfile.open(os.path.join(directory, name), "w:gz") as archive:
        for path in [pathlib.Path("pyproject.toml"), pathlib.Path("backend.py"), *sources()]:
            archive.add(path, f"{STEM}/{path.as_posix()}")
        information = tarfile.TarInfo(f"{STEM}/PKG-INFO")
        content = metadata().encode()
        information.size = len(content)
        archive.addfile(information, io.BytesIO(content))
    return name


def build_wheel(directory, config_settings=None, metadata_directory=None):
    name = f"{STEM}-py3-none-any.whl"
    information = f"{STEM}.dist-info"
    tag = "Wheel-Version: 1.0\nGenerator: demo\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files = {path.relative_to("src").as_posix(): path.read_bytes() for path in sources()}
    files[f"{information}/METADATA"] = metadata().encode()
    files[f"{information}/WHEEL"] = tag.encode()
    if entry_points():
        files[f"{information}/entry_points.txt"] = entry_points().encode()
    record = "".join(f"{path},sha256={digest(content)},{len(content)}\n" for path, content in files.items())
    files[f"{information}/RECORD"] = f"{record}{information}/RECORD,,\n".encode()
    with zipfile.ZipFile(os.path.join(directory, name), "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, content in files.items():
            wheel.writestr(path, content)
    return name


def digest(content):
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


if __name__ == "__main__":
    os.makedirs("dist", exist_ok=True)
    print(build_sdist("dist"))
