"""Fixtures of several files of checks."""

import pytest

from ..clients.fixtures import scenario, tools
from ..index import Index
from ..outcome import not_offered
from ..pages import HTML, JSON, TEXT
from .negotiation import is_offered

__all__ = ["both", "scenario", "tools"]


@pytest.fixture
def both(index: Index) -> None:
    """For checks of the choice: there is none where only one serialization is served."""
    for accept in (JSON, TEXT):
        wanted = (JSON,) if accept == JSON else (TEXT, HTML)
        if not is_offered(index, accept, *wanted):
            not_offered(f"{accept} is not served: there is no choice")
