"""A server that does everything right fails no check, and leaves few without an answer."""

import pathlib

from .little_server import LittleServer
from .running import outcomes

# What the little server has not, or no client can find out.
UNASKED = {
    "test_D13_namespaces_come_with_1_5",
    "test_M4_clients_read_metadata_files",
    "test_N7_one_type_is_answered_whatever_is_asked",
    "test_V3_clients_heed_the_version",
    "test_Y2_yanking_is_reversible",
}


def test_nothing_fails_and_everything_is_asked(tmp_path: pathlib.Path) -> None:
    with LittleServer() as server:
        status, found = outcomes(server, tmp_path)
    assert status == 0
    assert [name for name, outcome in found if outcome == "failed"] == []
    unasked = {name for name, outcome in found if outcome in ("skipped", "not-offered")}
    assert {name for name in unasked if not name.startswith("test_C")} == UNASKED
