"""How a check ends: by returning, or by one of these."""

from collections.abc import Iterable
from types import TracebackType
from typing import NoReturn

import pytest

from .web import Response

SHOWN = 5


class NotOffered(pytest.skip.Exception):  # type: ignore[name-defined, misc]
    """The server does not offer what is optional."""


class NonConformance(AssertionError):
    """The server breaks the requirement; the exchanges are the evidence."""

    def __init__(self, message: str, exchanges: Iterable[Response | str] = ()) -> None:
        super().__init__(message)
        self.exchanges = tuple(exchanges)


def not_offered(reason: str) -> NoReturn:
    raise NotOffered(reason)


def not_applicable(reason: str) -> NoReturn:
    pytest.skip(f"not applicable: {reason}")


def require(condition: object, message: str, response: Response | None = None) -> None:
    """Ends the check as failed unless the condition holds."""
    if not condition:
        raise NonConformance(message, () if response is None else (response,))


class Problems:
    """Collects what is wrong with many files or pages, and fails at the end of its `with` block.

    `seen` counts what was looked at: a check that looked at nothing has not passed.
    """

    def __init__(self, nothing: str = "nothing on the pages to look at") -> None:
        self.nothing = nothing
        self.seen = 0
        self.found: list[tuple[str, Response | None]] = []

    def unless(self, condition: object, message: str, response: Response | None = None) -> bool:
        self.seen += 1
        if not condition:
            self.found.append((message, response))
        return bool(condition)

    def __enter__(self) -> "Problems":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            return
        if self.found:
            lines = [message for message, _ in self.found[:SHOWN]]
            if len(self.found) > SHOWN:
                lines.append(f"and {len(self.found) - SHOWN} more")
            exchanges: list[Response] = []
            for _, response in self.found:
                if response is not None and response not in exchanges and len(exchanges) < 2:
                    exchanges.append(response)
            raise NonConformance("; ".join(lines), exchanges)
        if self.seen == 0:
            not_offered(self.nothing)
