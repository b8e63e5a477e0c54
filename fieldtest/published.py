"""The index that pip asks on this machine, and the source distributions that it has."""

import base64
import hashlib
import html.parser
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import urllib.parse
import urllib.request

from pip._vendor.packaging.version import InvalidVersion, Version

ENDINGS = (".tar.gz", ".zip", ".tar.bz2", ".tgz")
ACCEPT = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"


def index_of_pip():
    """The project list that pip would ask: by its variables and files, else the one that is built into it."""
    for name in ("install.index-url", "global.index-url"):
        variable = os.environ.get("PIP_INDEX_URL")
        if variable:
            return variable
        asked = subprocess.run([sys.executable, "-m", "pip", "config", "get", name], capture_output=True, text=True)
        if asked.returncode == 0 and asked.stdout.strip():
            return asked.stdout.strip()
    from pip._internal.models.index import PyPI

    return PyPI.simple_url


def normalized(name):
    return re.sub(r"[-_.]+", "-", name).lower()


class Links(html.parser.HTMLParser):
    """The files of a page in HTML."""

    def __init__(self, page):
        super().__init__()
        self.files = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        href = dict(attributes).get("href")
        if tag == "a" and href:
            url, fragment = urllib.parse.urldefrag(href)
            algorithm, _, digest = fragment.partition("=")
            name = urllib.parse.unquote(url.rpartition("/")[2])
            self.files.append({"filename": name, "url": url, "hashes": {algorithm: digest}})


class PublishedIndex:
    def __init__(self, url, place):
        parts = urllib.parse.urlsplit(url if url.endswith("/") else url + "/")
        self.url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        self.place = place
        self.credentials = urllib.parse.unquote(parts.netloc.rpartition("@")[0])
        certificates = os.environ.get("PIP_CERT") or os.environ.get("SSL_CERT_FILE")
        context = ssl.create_default_context(cafile=certificates)
        self.opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context))

    def open(self, url):
        request = urllib.request.Request(url, headers={"Accept": ACCEPT})
        same_host = urllib.parse.urlsplit(url).netloc == urllib.parse.urlsplit(self.url).netloc
        if self.credentials and same_host:
            token = base64.b64encode(self.credentials.encode()).decode()
            request.add_header("Authorization", f"Basic {token}")
        return self.opener.open(request, timeout=60)

    def source_distributions(self, project):
        """Version -> file, as the index lists them; empty where it does not know the project."""
        try:
            with self.open(self.url + project + "/") as answer:
                base, kind, page = answer.geturl(), answer.headers.get_content_type(), answer.read()
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return {}
            raise
        files = json.loads(page)["files"] if kind.endswith("json") else Links(page.decode()).files
        found = {}
        for file in files:
            version = version_of(file["filename"], project)
            if version is not None:
                found.setdefault(version, file | {"url": urllib.parse.urljoin(base, file["url"])})
        return found

    def download(self, file):
        """The path of the file, which has the hash that the index names."""
        path = self.place / os.path.basename(file["filename"])
        wanted = file["hashes"].get("sha256")
        if not path.exists() or (wanted and hashlib.sha256(path.read_bytes()).hexdigest() != wanted):
            part = path.with_suffix(".part")
            with self.open(file["url"]) as answer, open(part, "wb") as output:
                shutil.copyfileobj(answer, output)
            if wanted and hashlib.sha256(part.read_bytes()).hexdigest() != wanted:
                sys.exit(f"field test: {file['filename']} has not the hash that the index names.")
            part.rename(path)
        return path


def version_of(filename, project):
    """The version that a source distribution's name ends with; `None` for other files."""
    ending = next((ending for ending in ENDINGS if filename.endswith(ending)), None)
    if ending is None:
        return None
    stem = filename[: -len(ending)]
    for place in (match.start() for match in re.finditer("-", stem)):
        if normalized(stem[:place]) == project:
            try:
                return Version(stem[place + 1 :])
            except InvalidVersion:
                continue
    return None
