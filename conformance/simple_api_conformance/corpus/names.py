"""What the projects of the corpus are there for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CorpusNames:
    project: str = "acme-core"
    wheel: str = "acme-wheel"
    install: str = "acme-app"
    many: str = "acme-many"
    prerelease: str = "acme-pre"
    python: str = "acme-python"
    yanked: str = "acme-yanked"
    local: str = "acme-local"
    mixed: str = "acme-mixed-name"
    legacy: str = "acme-legacy"


CORPUS = CorpusNames()
