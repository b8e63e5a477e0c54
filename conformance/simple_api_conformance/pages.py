"""Listings as data: the HTML and the JSON serialization of the project list and of a project."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import html5lib
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version

from .web import Response

JSON = "application/vnd.pypi.simple.v1+json"
HTML = "application/vnd.pypi.simple.v1+html"
TEXT = "text/html"
TYPES = (JSON, HTML, TEXT)

VALID_NAME = re.compile(r"^([A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9])\Z", re.IGNORECASE)


def normalized(name: str) -> str:
    """Name normalization: lower case, runs of `-`, `_` and `.` become one `-`."""
    return re.sub(r"[-_.]+", "-", name).lower()


def version_of(filename: str) -> Version | None:
    """The version a file name tells by the standards; None for legacy names, which tell none."""
    try:
        if filename.endswith(".whl"):
            return parse_wheel_filename(filename)[1]
        return parse_sdist_filename(filename)[1]
    except (InvalidSdistFilename, InvalidWheelFilename):
        return None


@dataclass(frozen=True)
class File:
    """A file of a page: keys of its JSON object, or attributes of its anchor."""

    filename: str
    url: str
    fragment: str
    keys: Mapping[str, Any]

    @property
    def path_name(self) -> str:
        """The final path component of the URL, decoded."""
        return unquote(urlsplit(self.url).path.rsplit("/", 1)[-1])

    @property
    def is_sdist(self) -> bool:
        return self.filename.endswith((".tar.gz", ".zip"))

    @property
    def is_wheel(self) -> bool:
        return self.filename.endswith(".whl")


@dataclass(frozen=True)
class JSONPage:
    """A JSON document; `data` is an object, or empty when the document was something else."""

    response: Response
    data: Mapping[str, Any]

    @classmethod
    def parse(cls, response: Response) -> "JSONPage":
        try:
            data = json.loads(response.content)
        except ValueError:
            data = {}
        return cls(response, data if isinstance(data, dict) else {})

    @property
    def version(self) -> tuple[int, int] | None:
        """What `meta.api-version` says, as two numbers."""
        meta = self.data.get("meta")
        return api_version(meta.get("api-version") if isinstance(meta, dict) else None)

    @property
    def files(self) -> list[File]:
        found = []
        entries = self.data.get("files")
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict):
                url, fragment = urldefrag(urljoin(self.response.url, str(entry.get("url", ""))))
                found.append(File(str(entry.get("filename", "")), url, fragment, entry))
        return found


@dataclass(frozen=True)
class HTMLPage:
    """An HTML document as a browser reads it, and what a strict parser has to say of it."""

    response: Response
    errors: tuple[str, ...]
    meta: Mapping[str, str]
    files: list[File] = field(default_factory=list)
    has_base: bool = False

    @classmethod
    def parse(cls, response: Response) -> "HTMLPage":
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        tree = parser.parse(response.content, transport_encoding=charset(response) or "utf-8")
        errors = []
        for position, code, values in parser.errors:
            text = html5lib.constants.E.get(code, code)
            errors.append(f"line {position[0]}: {text % values if values else text}")
        meta = {
            element.get("name", ""): element.get("content", "")
            for element in tree.iter("meta")
            if element.get("name")
        }
        bases = [element.get("href") for element in tree.iter("base") if element.get("href")]
        base = urljoin(response.url, bases[0]) if bases else response.url
        files = []
        for anchor in tree.iter("a"):
            if anchor.get("href") is not None:
                url, fragment = urldefrag(urljoin(base, anchor.get("href").strip()))
                text = "".join(anchor.itertext()).strip()
                files.append(File(text, url, fragment, dict(anchor.attrib)))
        return cls(response, tuple(errors), meta, files, bool(bases))

    @property
    def version(self) -> tuple[int, int] | None:
        return api_version(self.meta.get("pypi:repository-version"))


def api_version(text: object) -> tuple[int, int] | None:
    """`Major.Minor`, and nothing else."""
    match = re.fullmatch(r"([0-9]+)\.([0-9]+)", text) if isinstance(text, str) else None
    return None if match is None else (int(match[1]), int(match[2]))


def charset(response: Response) -> str | None:
    match = re.search(r"charset=\"?([^\s;\"]+)", response.header("Content-Type") or "", re.I)
    return None if match is None else match[1]
