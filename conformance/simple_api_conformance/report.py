"""The results: a JSON file for machines and a few lines for people."""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from . import __version__
from .catalogue import SECTIONS
from .outcome import NonConformance, NotOffered
from .web import Web

OUTCOMES = ("passed", "failed", "skipped", "not-offered")


class Report:
    """Takes results as tests end."""

    def __init__(self, url: str, path: str | None, must_only: bool) -> None:
        self.url = url
        self.path = path
        self.fatal = ("MUST",) if must_only else ("MUST", "SHOULD")
        self.checks: list[dict[str, Any]] = []
        self.started = datetime.now(UTC)

    def add(
        self,
        item: pytest.Item,
        mark: pytest.Mark,
        ended: pytest.ExceptionInfo[BaseException] | None,
        web: Web | None,
    ) -> None:
        error = None if ended is None else ended.value
        entry = {
            "id": mark.args[0],
            "level": mark.kwargs["level"],
            "test": item.name,
            "title": title(item),
            "section": SECTIONS[mark.args[0]],
            "outcome": outcome(error),
            "message": message(error),
        }
        if entry["outcome"] == "failed":
            exchanges = list(error.exchanges) if isinstance(error, NonConformance) else []
            if not exchanges and web is not None and web.last is not None:
                exchanges = [web.last]
            entry["exchanges"] = [str(exchange) for exchange in exchanges]
        self.checks.append(entry)

    @property
    def is_failed(self) -> bool:
        return any(c["outcome"] == "failed" and c["level"] in self.fatal for c in self.checks)

    def write(self) -> None:
        if self.path is None:
            return
        document = {
            "suite": "simple-api-conformance",
            "suite-version": __version__,
            "url": self.url,
            "time": self.started.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "conforms": not self.is_failed,
            "counts": dict(Counter(check["outcome"] for check in self.checks)),
            "checks": self.checks,
        }
        with open(self.path, "w", encoding="utf-8") as file:
            json.dump(document, file, indent=1, ensure_ascii=False)
            file.write("\n")

    def summary(self) -> list[str]:
        lines = ["", f"simple-api-conformance {__version__}  {self.url}"]
        for check in self.checks:
            if check["outcome"] == "failed":
                lines.append(f"FAILED {check['id']} {check['level']}: {check['title']}")
                lines.append(f"       {check['test']}: {check['message']}")
        for level in ("MUST", "SHOULD", "MAY", "practice"):
            counts = Counter(c["outcome"] for c in self.checks if c["level"] == level)
            numbers = ", ".join(f"{counts[name]} {name}" for name in OUTCOMES)
            lines.append(f"{level:9}{numbers}")
        return lines


def title(item: pytest.Item) -> str:
    """The first line of the test's doc string."""
    text = getattr(getattr(item, "function", None), "__doc__", None) or item.name
    return str(text).strip().splitlines()[0].rstrip(".")


def outcome(error: BaseException | None) -> str:
    if error is None:
        return "passed"
    if isinstance(error, NotOffered):
        return "not-offered"
    return "skipped" if isinstance(error, pytest.skip.Exception) else "failed"


def message(error: BaseException | None) -> str:
    if error is None:
        return ""
    if isinstance(error, NonConformance | pytest.skip.Exception):
        return str(error.msg if isinstance(error, pytest.skip.Exception) else error)
    return f"{type(error).__name__}: {error}"
