"""A distribution of the corpus: what it is named, what it says of itself, its bytes."""

import hashlib
import json
import pathlib
from dataclasses import dataclass

from ..pages import normalized
from .archives import EPOCH, gzipped, noise, tarred, wheel, zipped

BACKEND = pathlib.Path(__file__).with_name("backend.py").read_bytes()

PYPROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "{name}"
version = "{version}"
description = "A distribution of the conformance corpus"
dependencies = {dependencies}
{python}
"""


@dataclass(frozen=True)
class Distribution:
    """One file. `kind` is wheel, sdist, zip or egg; `filename` only where it is a legacy one."""

    name: str
    version: str
    kind: str
    day: int = 0
    requires_python: str | None = ">=3.6"
    requires: tuple[str, ...] = ()
    yanked: str | None = None
    legacy_filename: str | None = None
    payload: int = 0

    @property
    def project(self) -> str:
        return normalized(self.name)

    @property
    def module(self) -> str:
        return self.project.replace("-", "_")

    @property
    def stem(self) -> str:
        return f"{self.module}-{self.version}"

    @property
    def filename(self) -> str:
        ending = {"wheel": "-py3-none-any.whl", "sdist": ".tar.gz"}
        return self.legacy_filename or self.stem + ending[self.kind]

    @property
    def upload_time(self) -> int:
        """Seconds since 1970: each release on a day of its own."""
        return EPOCH + 86400 * self.day

    @property
    def metadata(self) -> bytes:
        """Core metadata 2.4; in a source distribution too, with nothing dynamic."""
        lines = ["Metadata-Version: 2.4", f"Name: {self.name}", f"Version: {self.version}"]
        lines += ["Summary: A distribution of the conformance corpus", "License-File: LICENSE"]
        if self.requires_python is not None:
            lines.append(f"Requires-Python: {self.requires_python}")
        lines += [f"Requires-Dist: {requirement}" for requirement in self.requires]
        return ("\n".join(lines) + "\n").encode()

    def tree(self) -> dict[str, bytes]:
        """The source tree, which is what a source distribution has in its directory."""
        python = f'requires-python = "{self.requires_python}"' if self.requires_python else ""
        pyproject = PYPROJECT.format(
            name=self.name,
            version=self.version,
            dependencies=json.dumps(self.requires),
            python=python,
        )
        files = {
            "PKG-INFO": self.metadata,
            "LICENSE": b"Public domain.\n",
            "pyproject.toml": pyproject.encode(),
            "backend.py": BACKEND,
        }
        return {**files, **{f"src/{path}": data for path, data in self._modules().items()}}

    def _modules(self) -> dict[str, bytes]:
        code = f'"""Of the conformance corpus."""\n\nVERSION = "{self.version}"\n'.encode()
        modules = {f"{self.module}/__init__.py": code}
        if self.payload:
            modules[f"{self.module}/payload.bin"] = noise(self.payload, self.stem)
        return modules

    def data(self) -> bytes:
        """The file's bytes."""
        modules = self._modules()
        if self.kind == "wheel":
            return self._wheel(modules)
        if self.kind == "egg":
            return zipped({**modules, "EGG-INFO/PKG-INFO": self.metadata})
        top = self.filename.removesuffix(".tar.gz").removesuffix(".zip")
        members = {f"{top}/{path}": data for path, data in self.tree().items()}
        return zipped(members) if self.kind == "zip" else gzipped(tarred(members))

    def sha256(self) -> str:
        return hashlib.sha256(self.data()).hexdigest()

    def _wheel(self, modules: dict[str, bytes]) -> bytes:
        info = f"{self.stem}.dist-info"
        tag = b"Wheel-Version: 1.0\nGenerator: corpus\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        files = {
            f"{info}/METADATA": self.metadata,
            f"{info}/WHEEL": tag,
            f"{info}/licenses/LICENSE": b"Public domain.\n",
        }
        return wheel({**modules, **files}, info)
