"""`python -m peers BINARY`: runs the suite against every server, and writes docs/conformance.md."""

import argparse
import json
import pathlib
import signal
import subprocess
import sys
from typing import Any

from .processes import NotKnown, PeerFailure
from .servers import REPOSITORY, SERVERS, Place, Running
from .table import page


def checked(running: Running, place: Place, name: str, more: list[str], limit: int) -> Any:
    """The suite's report on a server."""
    path = place.root / f"{name}.json"
    path.unlink(missing_ok=True)
    command = [sys.executable, "-m", "simple_api_conformance", running.url, f"--report={path}"]
    command += [*running.options, *more]
    try:
        subprocess.run(command, timeout=limit, stdout=subprocess.DEVNULL)
    except subprocess.TimeoutExpired as error:
        raise PeerFailure(f"the suite did not end within {limit} s") from error
    if not path.exists():
        raise PeerFailure("the suite wrote no report")
    return json.loads(path.read_text(encoding="utf-8"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m peers", description=__doc__)
    parser.add_argument("binary", type=pathlib.Path, help="pyindex-fcgi")
    parser.add_argument("--work", type=pathlib.Path, default=REPOSITORY / ".build/conformance")
    parser.add_argument("--output", type=pathlib.Path, default=REPOSITORY / "docs/conformance.md")
    parser.add_argument("--only", action="append", choices=SERVERS, help="of the servers only this")
    parser.add_argument("--clients", action="store_true", help="run real clients too")
    parser.add_argument("--limit", type=int, default=1200, help="seconds for each server")
    values = parser.parse_args()
    # Servers are stopped also when this is.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    values.work.mkdir(parents=True, exist_ok=True)
    place = Place(values.work.resolve(), values.binary.resolve())
    cache = f"--client-cache={place.root / 'clients'}"
    more = ["--clients", cache] if values.clients else []
    failed = False
    reports: dict[str, Any] = {}
    missing: dict[str, str] = {}
    for name in values.only or SERVERS:
        try:
            with SERVERS[name](place) as running:
                print(f"{running.label}: {running.url}", flush=True)
                report = checked(running, place, name, more, values.limit)
                reports[running.label] = report
                print(f"    {report['counts']}", flush=True)
        except (PeerFailure, OSError) as error:
            missing[name] = str(error)
            failed = failed or not isinstance(error, NotKnown)
            print(f"{name}: {error}", flush=True)
    values.output.write_text(page(reports, missing), encoding="utf-8")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
