"""What the little server serves: projects of the corpus, with everything that listings can say."""

import base64
import hashlib
import json
import time
from html import escape
from typing import Any

from simple_api_conformance.corpus.distributions import Distribution
from simple_api_conformance.corpus.names import CORPUS
from simple_api_conformance.corpus.projects import distributions

ARCHIVED, QUARANTINED = "acme-archived", "acme-quarantined"
PROJECTS = (CORPUS.project, CORPUS.wheel, CORPUS.yanked, CORPUS.mixed, CORPUS.local)
FILES = {made.filename: made for made in distributions() if made.project in PROJECTS}
FILES["acme_archived-1.0-py3-none-any.whl"] = Distribution(ARCHIVED, "1.0", "wheel")
NAMES = (*PROJECTS, ARCHIVED, QUARANTINED)
DATA = {name: made.data() for name, made in FILES.items()}
HASHES = {name: hashlib.sha256(data).hexdigest() for name, data in DATA.items()}


def status(project: str) -> str:
    return {ARCHIVED: "archived", QUARANTINED: "quarantined"}.get(project, "active")


def provenance(filename: str) -> bytes:
    statement = {
        "subject": [{"name": filename, "digest": {"sha256": HASHES[filename]}}],
        "predicateType": "https://slsa.dev/provenance/v1",
    }
    attestation = {
        "version": 1,
        "verification_material": {"certificate": "AA==", "transparency_entries": [{}]},
        "envelope": {
            "statement": base64.b64encode(json.dumps(statement).encode()).decode(),
            "signature": "AA==",
        },
    }
    publisher = {"kind": "test", "claims": None}
    bundle = {"publisher": publisher, "attestations": [attestation]}
    return json.dumps({"version": 1, "attestation_bundles": [bundle]}).encode()


def files(project: str, origin: str, uploaded: dict[str, bytes]) -> list[dict[str, Any]]:
    """The JSON objects of a project's files."""
    found: list[dict[str, Any]] = []
    for name, made in FILES.items():
        if made.project == project:
            upload = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(made.upload_time))
            entry: dict[str, Any] = {
                "filename": name,
                "url": "../../files/" + name.replace("+", "%2B"),
                "hashes": {"sha256": HASHES[name]},
                "size": len(DATA[name]),
                "upload-time": upload,
                "requires-python": made.requires_python,
                "core-metadata": {"sha256": hashlib.sha256(made.metadata).hexdigest()},
                "gpg-sig": True,
                "provenance": f"{origin}/files/{name}.provenance".replace("+", "%2B"),
            }
            if made.kind == "wheel":
                entry["yanked"] = False if made.yanked is None else made.yanked or True
            found.append(entry)
    for name, data in uploaded.items():
        if name.startswith(project.replace("-", "_") + "-"):
            digest = {"sha256": hashlib.sha256(data).hexdigest()}
            found.append({"filename": name, "url": name, "hashes": digest, "size": len(data)})
    return found


def json_page(project: str | None, origin: str, uploaded: dict[str, bytes]) -> bytes:
    meta = {"api-version": "1.4"}
    if project is None:
        return json.dumps({"meta": meta, "projects": [{"name": n} for n in NAMES]}).encode()
    entries = files(project, origin, uploaded)
    versions = sorted({FILES[e["filename"]].version for e in entries if e["filename"] in FILES})
    versions += ["1.0"] if any(e["filename"] in uploaded for e in entries) else []
    page = {"meta": meta, "name": project, "files": entries, "versions": versions}
    return json.dumps({**page, "project-status": {"status": status(project)}}).encode()


def html_page(project: str | None, origin: str, uploaded: dict[str, bytes]) -> bytes:
    lines = ['<!DOCTYPE html>\n<html lang="en"><head><title>Index</title>']
    lines.append('<meta name="pypi:repository-version" content="1.4">')
    if project is None:
        body = [f'<a href="{name}/">{name}</a>' for name in NAMES]
    else:
        lines.append(f'<meta name="pypi:project-status" content="{status(project)}">')
        body = [anchor(entry) for entry in files(project, origin, uploaded)]
    return "\n".join([*lines, "</head><body>", *body, "</body></html>\n"]).encode()


def anchor(entry: dict[str, Any]) -> str:
    attributes = {"data-gpg-sig": "true", "data-provenance": entry.get("provenance")}
    if entry.get("requires-python"):
        attributes["data-requires-python"] = entry["requires-python"]
    if entry.get("core-metadata"):
        for key in ("data-core-metadata", "data-dist-info-metadata"):
            attributes[key] = f"sha256={entry['core-metadata']['sha256']}"
    if entry.get("yanked"):
        attributes["data-yanked"] = "" if entry["yanked"] is True else entry["yanked"]
    text = "".join(f' {k}="{escape(v)}"' for k, v in attributes.items() if v is not None)
    href = f"{entry['url']}#sha256={entry['hashes']['sha256']}"
    return f'<a href="{escape(href)}"{text}>{escape(entry["filename"])}</a>'
