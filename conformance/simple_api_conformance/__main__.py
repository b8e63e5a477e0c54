"""`python -m simple_api_conformance URL [OPTION...]`: runs pytest over the checks."""

import pathlib
import sys

import pytest

from .options import FLAGS, TEXTS, destination, parser

CHECKS = pathlib.Path(__file__).with_name("checks")


def main(arguments: list[str]) -> int:
    values, rest = parser().parse_known_args(arguments)
    given = [f"--index-url={values.url}"]
    for name, _, _ in TEXTS:
        value = getattr(values, destination(name))
        if value is not None:
            given.append(f"{name}={value}")
    given += [name for name, _ in FLAGS if getattr(values, destination(name))]
    given += [f"--timeout={values.timeout}", f"--sample={values.sample}"]
    quiet = ["-p", "no:cacheprovider", "-q", "--no-header", "--no-summary", "--tb=no"]
    quiet += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    plugin = ["-p", "simple_api_conformance.plugin", f"--rootdir={CHECKS}", "-c", "/dev/null"]
    return int(pytest.main([*plugin, *quiet, *given, *rest, str(CHECKS)]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
