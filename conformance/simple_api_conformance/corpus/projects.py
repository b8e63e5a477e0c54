"""The projects of the corpus.

| project         | files                                                                      |
| --------------- | -------------------------------------------------------------------------- |
| acme-core       | 1.0.0, 1.1.0, 2.0.0: sdist and wheel                                       |
| acme-app        | the same versions; needs acme-core                                         |
| acme-wheel      | 1.0, 1.1: wheel of 256 KiB and sdist                                       |
| acme-many       | 1.0 ... 1.39: wheels, each uploaded on a day of its own                    |
| acme-pre        | 1.0, 2.0a1, 2.0rc1                                                         |
| acme-python     | 1.0 (>=3.6,<4), 2.0 (>=3.99: no Python there is)                           |
| acme-yanked     | 1.0, 1.1 (yanked, with a reason to be escaped), 1.2 (yanked)               |
| acme-local      | 1.0, 1.0+local.1                                                           |
| acme-mixed-name | 1.0: `Acme.Mixed_Name` in metadata and file names                          |
| acme-legacy     | .zip, a name with hyphens, a wheel with a build tag, an egg                |
"""

from collections.abc import Iterator

from .distributions import Distribution
from .names import CORPUS

REASON = 'breaks <everything> & more, see "the notes"'


def _both(
    name: str, version: str, day: int, *requires: str, payload: int = 0
) -> Iterator[Distribution]:
    for kind in ("wheel", "sdist"):
        yield Distribution(name, version, kind, day, requires=requires, payload=payload)


def distributions() -> list[Distribution]:
    """All files, in no order that means something."""
    made: list[Distribution] = []
    for day, version in enumerate(["1.0.0", "1.1.0", "2.0.0"]):
        made += _both(CORPUS.project, version, day)
        made += _both(CORPUS.install, version, day, f"{CORPUS.project}>={version}")
    for day, version in enumerate(["1.0", "1.1"]):
        made += _both(CORPUS.wheel, version, day, payload=256 * 1024)
    made += [Distribution(CORPUS.many, f"1.{minor}", "wheel", minor) for minor in range(40)]
    for day, version in enumerate(["1.0", "2.0a1", "2.0rc1"]):
        made.append(Distribution(CORPUS.prerelease, version, "wheel", day))
    for day, (version, python) in enumerate([("1.0", ">=3.6,<4"), ("2.0", ">=3.99")]):
        made.append(Distribution(CORPUS.python, version, "wheel", day, requires_python=python))
    for day, (version, reason) in enumerate([("1.0", None), ("1.1", REASON), ("1.2", "")]):
        made.append(Distribution(CORPUS.yanked, version, "wheel", day, yanked=reason))
    for day, version in enumerate(["1.0", "1.0+local.1"]):
        made.append(Distribution(CORPUS.local, version, "wheel", day))
    return made + _mixed() + _legacy()


def _mixed() -> list[Distribution]:
    stem = "Acme.Mixed_Name-1.0"
    files = {"wheel": f"{stem}-py3-none-any.whl", "sdist": f"{stem}.tar.gz"}
    return [
        Distribution("Acme.Mixed_Name", "1.0", kind, legacy_filename=name)
        for kind, name in files.items()
    ]


def _legacy() -> list[Distribution]:
    files = [
        ("0.8", "egg", "acme_legacy-0.8-py3.6.egg"),
        ("0.9", "zip", "acme-legacy-0.9.zip"),
        ("1.0", "sdist", "acme-legacy-1.0.tar.gz"),
        ("1.0", "wheel", "acme_legacy-1.0-1-py3-none-any.whl"),
    ]
    return [
        Distribution(CORPUS.legacy, version, kind, day, legacy_filename=name)
        for day, (version, kind, name) in enumerate(files)
    ]
