"""`python -m simple_api_conformance.corpus DIRECTORY [--by-project] [--manifest FILE]`."""

import argparse
import json
import os
import pathlib

from .projects import distributions


def write(directory: pathlib.Path, by_project: bool = False) -> None:
    """Writes the files, flat or in a directory per project; their times are the upload times."""
    for distribution in distributions():
        place = directory / distribution.project if by_project else directory
        place.mkdir(parents=True, exist_ok=True)
        path = place / distribution.filename
        path.write_bytes(distribution.data())
        os.utime(path, (distribution.upload_time, distribution.upload_time))


def manifest() -> list[dict[str, object]]:
    """What the files cannot say of themselves, and what can be checked of them."""
    return [
        {
            "filename": made.filename,
            "project": made.project,
            "version": made.version,
            "sha256": made.sha256(),
            "size": len(made.data()),
            "requires-python": made.requires_python,
            "upload-time": made.upload_time,
            "yanked": made.yanked,
        }
        for made in distributions()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m simple_api_conformance.corpus", description="Writes the corpus."
    )
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--by-project", action="store_true", help="a directory for each project")
    parser.add_argument("--manifest", type=pathlib.Path, help="write what is in it, as JSON")
    values = parser.parse_args()
    write(values.directory, values.by_project)
    if values.manifest is not None:
        values.manifest.write_text(json.dumps(manifest(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
