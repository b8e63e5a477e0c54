"""The corpus as a git repository, for servers that build: a tag for every version."""

import os
import pathlib
import shutil
import tempfile

from simple_api_conformance.corpus.distributions import Distribution
from simple_api_conformance.corpus.names import CORPUS
from simple_api_conformance.corpus.projects import distributions

from .processes import run

# A tag marks nothing as yanked, and names no legacy files.
WITHOUT = (CORPUS.yanked, CORPUS.legacy)


def releases() -> list[Distribution]:
    """One distribution for each version, in the order of their times."""
    found = {(made.project, made.version): made for made in distributions()}
    kept = [made for made in found.values() if made.project not in WITHOUT]
    return sorted(kept, key=lambda made: made.day)


def write(bare: pathlib.Path) -> None:
    """Makes the bare repository anew: the same commits on every machine."""
    shutil.rmtree(bare, ignore_errors=True)
    with tempfile.TemporaryDirectory() as directory:
        tree = pathlib.Path(directory)
        git(tree, 0, "init", "--quiet", "--initial-branch=main")
        for made in releases():
            for path, data in made.tree().items():
                file = tree / made.project / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
            name = f"{made.project}/v{made.version}"
            git(tree, made.upload_time, "add", "--all")
            git(tree, made.upload_time, "commit", "--quiet", "--message", name)
            git(tree, made.upload_time, "tag", "--annotate", "--message", name, name)
        git(tree, 0, "clone", "--quiet", "--bare", str(tree), str(bare))


def git(tree: pathlib.Path, time: int, *arguments: str) -> None:
    identity = {"NAME": "Corpus", "EMAIL": "corpus@index.example", "DATE": f"{time} +0000"}
    environment = {"PATH": os.environ["PATH"], "HOME": str(tree), "GIT_CONFIG_NOSYSTEM": "1"}
    for key, value in identity.items():
        environment[f"GIT_AUTHOR_{key}"] = environment[f"GIT_COMMITTER_{key}"] = value
    run(["git", "-C", str(tree), *arguments], environment=environment)
