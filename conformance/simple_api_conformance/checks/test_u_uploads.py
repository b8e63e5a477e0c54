"""U: uploads, where an --upload-url is given: a project `conformance-<number>` is made there."""

import base64
import secrets
from dataclasses import replace
from typing import Any

import pytest

from ..corpus.distributions import Distribution
from ..index import Index
from ..outcome import not_applicable, not_offered, require
from ..web import Response


def form(distribution: Distribution, data: bytes) -> tuple[str, bytes]:
    """The fields that twine sends, as multipart/form-data."""
    fields = {
        ":action": "file_upload",
        "protocol_version": "1",
        "metadata_version": "2.4",
        "name": distribution.name,
        "version": distribution.version,
        "filetype": "bdist_wheel",
        "pyversion": "py3",
        "sha256_digest": distribution.sha256(),
        "requires_python": distribution.requires_python or "",
    }
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    ]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="content"; '
        f'filename="{distribution.filename}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    )
    body = "".join([*parts, head]).encode() + data + f"\r\n--{boundary}--\r\n".encode()
    return f"multipart/form-data; boundary={boundary}", body


def upload(
    index: Index, options: dict[str, Any], made: Distribution, authorized: bool = True
) -> Response:
    if not options["upload_url"]:
        not_applicable("no --upload-url")
    kind, body = form(made, made.data())
    headers = {"Content-Type": kind}
    if authorized and options["upload_user"]:
        login = f"{options['upload_user']}:{options['upload_password'] or ''}"
        headers["Authorization"] = "Basic " + base64.b64encode(login.encode()).decode()
    return index.web.request("POST", options["upload_url"], headers, body)


@pytest.fixture(scope="module")
def made() -> Distribution:
    return Distribution(f"conformance-{secrets.randbelow(10**9)}", "1.0", "wheel", payload=64)


@pytest.mark.check("U1", level="practice")
def test_U1_upload_is_answered_by_200(
    index: Index, options: dict[str, Any], made: Distribution
) -> None:
    """An upload is answered by 200, which alone is success to twine, and the file is listed."""
    answer = upload(index, options, made)
    require(answer.status == 200, f"{answer.status} {answer.reason}", answer)
    listed = [file.filename for file in index.html_or_json(made.project).files]
    require(made.filename in listed, f"{made.filename} is not listed: {listed}", answer)


@pytest.mark.check("U2", level="practice")
def test_U2_file_is_not_replaced(index: Index, options: dict[str, Any], made: Distribution) -> None:
    """Other bytes under the name of an uploaded file are refused with 4xx."""
    upload(index, options, made)
    answer = upload(index, options, replace(made, payload=128))
    require(400 <= answer.status < 500, f"{answer.status} {answer.reason}", answer)


@pytest.mark.check("U3", level="practice")
def test_U3_upload_needs_credentials(
    index: Index, options: dict[str, Any], made: Distribution
) -> None:
    """Without credentials the answer is 401 with WWW-Authenticate, or 403."""
    if not options["upload_user"]:
        not_applicable("no --upload-user")
    answer = upload(index, options, replace(made, version="2.0"), authorized=False)
    if answer.status == 200:
        not_offered("anybody may upload")
    require(answer.status in (401, 403), f"{answer.status} {answer.reason}", answer)
    if answer.status == 401:
        require(answer.header("WWW-Authenticate"), "401 without WWW-Authenticate", answer)


@pytest.mark.check("S1", level="MUST")
def test_S1_archived_project_refuses_uploads(index: Index, options: dict[str, Any]) -> None:
    """An archived project takes no uploads."""
    if index.names.archived is None:
        not_applicable("no --archived-project")
    version = f"9.{secrets.randbelow(10**9)}"
    answer = upload(index, options, Distribution(index.names.archived, version, "wheel"))
    require(400 <= answer.status < 500, f"{answer.status} {answer.reason}", answer)
