"""Finds Python interpreters for clients that run with old ones only."""

import os
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache


def candidates(minor: str) -> Iterator[str]:
    """Where a `python<minor>` may be: beside this one, in PATH, in pyenv."""
    name = f"python{minor}"
    found = shutil.which(name)
    if found is not None:
        yield found
    root = pathlib.Path(os.environ.get("PYENV_ROOT", pathlib.Path.home() / ".pyenv"))
    yield from (str(path) for path in sorted(root.glob(f"versions/{minor}*/bin/{name}")))


@cache
def python(minor: str) -> str | None:
    """An interpreter of this version that starts; a shim may not."""
    if minor == f"{sys.version_info[0]}.{sys.version_info[1]}":
        return sys.executable
    for candidate in candidates(minor):
        code = "import sys; print('%d.%d' % sys.version_info[:2])"
        try:
            command = [candidate, "-c", code]
            done = subprocess.run(command, capture_output=True, text=True, timeout=20)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0 and done.stdout.strip() == minor:
            return candidate
    return None


def first(minors: tuple[str, ...]) -> str | None:
    """The first of these versions that is there."""
    return next((found for minor in minors if (found := python(minor)) is not None), None)
