"""`python -m peers.serve NAME`: starts one server with the corpus, and prints `Serving URL`, until it is terminated."""

import argparse
import pathlib
import signal
import sys
import threading

from .processes import PeerFailure
from .servers import REPOSITORY, SERVERS, Place


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m peers.serve", description=__doc__)
    parser.add_argument("name", choices=SERVERS)
    parser.add_argument("--work", type=pathlib.Path, default=REPOSITORY / ".build/conformance")
    parser.add_argument("--binary", type=pathlib.Path, default=pathlib.Path("pyindex-fcgi"))
    values = parser.parse_args()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    values.work.mkdir(parents=True, exist_ok=True)
    try:
        with SERVERS[values.name](Place(values.work.resolve(), values.binary)) as running:
            print(f"Serving {running.url}", flush=True)
            ended.wait()
    except (PeerFailure, OSError) as error:
        sys.exit(f"{values.name}: {error}")


if __name__ == "__main__":
    main()
