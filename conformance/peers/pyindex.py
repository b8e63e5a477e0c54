"""pyindex-fcgi behind nginx, as demo/run starts it, with a configuration for the corpus."""

import json
import os
import pathlib
import subprocess

from simple_api_conformance.corpus.names import CORPUS
from simple_api_conformance.corpus.projects import distributions

from . import monorepo

DIRECTORY = """
[[source]]
name = "files"
type = "directory"
path = {path}
"""

GIT = """
[[source]]
name = "monorepo"
type = "git"
path = {path}
build-command = ["python3", "backend.py"]
prebuild = "off"
"""

# What the repository of the corpus has.
GIT_OPTIONS = (
    f"--project={CORPUS.project}",
    f"--wheel-project={CORPUS.wheel}",
    f"--install-project={CORPUS.install}",
    f"--many-project={CORPUS.many}",
    f"--prerelease-project={CORPUS.prerelease}",
    f"--python-project={CORPUS.python}",
    f"--local-project={CORPUS.local}",
    f"--mixed-project={CORPUS.mixed}",
)


def configured(run: pathlib.Path, source: str, path: pathlib.Path) -> pathlib.Path:
    """A configuration with its own socket, cache and state."""
    for name in ("cache", "state"):
        (run / name).mkdir(parents=True, exist_ok=True)
    keys = {name: str(run / name) for name in ("cache", "state")}
    keys["listen"] = str(run / "pyindex.sock")
    if os.geteuid() == 0:
        # demo/run lets nginx's workers be this user then.
        keys["socket-group"] = keys["file-group"] = "www-data"
    text = "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())
    text += source.format(path=json.dumps(str(path)))
    config = run / "config.toml"
    config.write_text(text, encoding="utf-8")
    return config


def directory(run: pathlib.Path, files: pathlib.Path) -> pathlib.Path:
    """A folder of the corpus, with its yanks in the file beside the configuration."""
    config = configured(run, DIRECTORY, files)
    yanks = [made for made in distributions() if made.yanked is not None]
    text = "".join(
        f"[[yank]]\nproject = {json.dumps(made.project)}\nversion = {json.dumps(made.version)}\n"
        f"reason = {json.dumps(made.yanked)}\n"
        for made in yanks
    )
    (run / "yanks.toml").write_text(text, encoding="utf-8")
    return config


def git(run: pathlib.Path) -> pathlib.Path:
    bare = run / "corpus.git"
    run.mkdir(parents=True, exist_ok=True)
    monorepo.write(bare)
    return configured(run, GIT, bare)


def accepts(binary: pathlib.Path, config: pathlib.Path) -> bool:
    """Whether this binary knows the type of the source."""
    shown = subprocess.run([binary, "config", "show", "--config", config], capture_output=True)
    return shown.returncode == 0
