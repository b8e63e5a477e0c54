"""Every check fails for a fault that is made for it."""

import pathlib
import re

import pytest

import simple_api_conformance.checks
from simple_api_conformance.catalogue import SECTIONS

from . import page_cases, wire_cases
from .little_server import Fault, LittleServer
from .running import outcomes, report

CASES = {**page_cases.CASES, **wire_cases.CASES}
STUMBLED = re.compile(r"\w*(Error|Exception|Answer): ")
# They end as passed, not offered or not applicable, and never fail.
NEVER_FAIL = {
    "test_N1_all_types_are_served",
    "test_N4_nothing_acceptable_is_406",
    "test_M4_clients_read_metadata_files",
    "test_V3_clients_heed_the_version",
    "test_Y2_yanking_is_reversible",
}


def all_tests() -> list[str]:
    """The names of all checks but those of real clients."""
    directory = pathlib.Path(simple_api_conformance.checks.__file__).parent
    lines = [line for path in directory.glob("test_*.py") for line in path.read_text().split("\n")]
    names = [line[4:].partition("(")[0] for line in lines if line.startswith("def test_")]
    return [name for name in names if not name.startswith("test_C")]


@pytest.mark.parametrize(("name", "fault"), CASES.items(), ids=CASES)
def test_fault_is_found(name: str, fault: Fault, tmp_path: pathlib.Path) -> None:
    with LittleServer(fault) as server:
        _, document = report(server, tmp_path, "-k", f"test_{name}")
    failed = [check for check in document["checks"] if check["outcome"] == "failed"]
    assert failed, document["checks"]
    for check in failed:  # found wanting, and not stumbled over
        assert not STUMBLED.match(check["message"]), check


def test_every_check_has_its_fault() -> None:
    for test in all_tests():
        cases = [name for name in CASES if test.startswith(f"test_{name}")]
        assert len(cases) == (0 if test in NEVER_FAIL else 1), test


def test_every_id_has_its_check() -> None:
    directory = pathlib.Path(simple_api_conformance.checks.__file__).parent
    text = "".join(path.read_text() for path in directory.glob("test_*.py"))
    for check_id in SECTIONS:
        assert f'check("{check_id}"' in text, check_id


def test_exit_status_tells_of_must_and_should(tmp_path: pathlib.Path) -> None:
    with LittleServer(CASES["V2_html_says"]) as server:
        assert outcomes(server, tmp_path, "-k", "V2")[0] == 1
        assert outcomes(server, tmp_path, "-k", "V2", "--must-only")[0] == 0
    with LittleServer(CASES["N8_choice"]) as server:
        assert outcomes(server, tmp_path, "-k", "N8")[0] == 0
