#!/usr/bin/env python3
"""Makes a bare repository with many packages and tags, all packed, one commit and one tag for each release.

    make_repository.py DIRECTORY PACKAGES TAGS_PER_PACKAGE [BYTES]

Every tenth tag is annotated. A package builds by `make build`, without Python; its sdist holds BYTES random bytes.
"""

import pathlib
import shutil
import subprocess
import sys

START = 1704067200

MAKEFILE = b"""\
NAME := $(notdir $(CURDIR))
STEM := $(subst -,_,$(NAME))-$(SETUPTOOLS_SCM_PRETEND_VERSION)

build:
\tmkdir -p dist/$(STEM)
\tprintf 'Metadata-Version: 2.2\\nName: %s\\nVersion: %s\\n' \\
\t    $(NAME) $(SETUPTOOLS_SCM_PRETEND_VERSION) > dist/$(STEM)/PKG-INFO
\tcp pyproject.toml Makefile dist/$(STEM)
\tif [ -s size ]; then head -c "$$(cat size)" /dev/urandom > dist/$(STEM)/content; fi
\ttar -C dist -c $(STEM) | gzip -1 > dist/$(STEM).tar.gz
\trm -r dist/$(STEM)
"""


def package(number):
    return f"package-{number:04d}"


def version(number):
    return f"1.{number // 10}.{number % 10}"


def pyproject(name, text):
    return f'[project]\nname = "{name}"\nversion = "{text}"\nrequires-python = ">=3.9"\n'.encode()


class Import:
    """A `git fast-import` stream."""

    def __init__(self, directory):
        self.directory = directory
        self.marks = pathlib.Path(directory, "marks")
        self.count = 0
        self.process = subprocess.Popen(
            ["git", "-C", directory, "fast-import", "--quiet", f"--export-marks={self.marks}"], stdin=subprocess.PIPE
        )

    def write(self, text):
        self.process.stdin.write(text.encode() if isinstance(text, str) else text)

    def data(self, content):
        self.write(f"data {len(content)}\n".encode() + content + b"\n")

    def commit(self, files):
        self.count += 1
        self.write(f"commit refs/heads/main\nmark :{self.count}\n")
        self.write(f"committer Bench <bench@index.example> {START + 60 * self.count} +0000\n")
        self.data(b"A release")
        for path, content in files:
            self.write(f"M 100644 inline {path}\n")
            self.data(content)

    def annotate(self, name):
        self.write(f"tag {name}\nfrom :{self.count}\n")
        self.write(f"tagger Bench <bench@index.example> {START + 60 * self.count} +0000\n")
        self.data(name.encode())

    def finish(self):
        self.process.stdin.close()
        if self.process.wait() != 0:
            sys.exit("make_repository.py: git fast-import failed.")
        lines = self.marks.read_text().split()
        self.marks.unlink()
        return dict(zip(lines[::2], lines[1::2]))


def pack(directory, light):
    """Adds the light tags to packed-refs, where `git pack-refs` would need each as a file first."""
    subprocess.run(["git", "-C", directory, "pack-refs", "--all"], check=True)
    path = pathlib.Path(directory, "packed-refs")
    refs = {}
    for line in path.read_text().splitlines():
        if line.startswith("^"):
            refs[name] += line + "\n"
        elif not line.startswith("#"):
            name = line.split(" ", 1)[1]
            refs[name] = line + "\n"
    for name, commit in light.items():
        refs[name] = f"{commit} {name}\n"
    lines = ["# pack-refs with: peeled fully-peeled sorted \n", *(refs[name] for name in sorted(refs))]
    path.write_text("".join(lines))


def make(directory, packages, tags, size=0):
    shutil.rmtree(directory, ignore_errors=True)
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", directory], check=True)
    stream = Import(directory)
    names = [package(number) for number in range(packages)]
    content = f"{size}\n".encode() if size else b""
    stream.commit([(f"{name}/Makefile", MAKEFILE) for name in names] + [(f"{name}/size", content) for name in names])
    light = {}
    for number in range(tags):
        for name in names:
            stream.commit([(f"{name}/pyproject.toml", pyproject(name, version(number)))])
            tag = f"{name}/v{version(number)}"
            if stream.count % 10 == 0:
                stream.annotate(tag)
            else:
                light[f"refs/tags/{tag}"] = f":{stream.count}"
    marks = stream.finish()
    pack(directory, {name: marks[mark] for name, mark in light.items()})


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    make(sys.argv[1], *(int(argument) for argument in sys.argv[2:]))
