"""docs/conformance.md from the reports."""

import re
from collections.abc import Iterable
from typing import Any

Check = dict[str, Any]

HEAD = """\
# Conformance

What the suite in [conformance](../conformance) says of this index and of others, each with the
suite's corpus. `make conformance-report` writes this page; the ids are explained in
[its README](../conformance/README.md).

A cell is the worst of the check's cases: pass, **fail** (with the number of cases, where there are
several), not offered (an option of the standard that the server does not use), or skip (nothing to
look at, or a question that no client can ask).
"""


def rows(reports: dict[str, dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    """Id, level, test and title of every check, in the order of the ids."""
    found: dict[str, tuple[str, str, str, str]] = {}
    for report in reports.values():
        for check in report["checks"]:
            name = check["test"].partition("[")[0]
            found.setdefault(name, (check["id"], check["level"], name, check["title"]))
    return sorted(found.values(), key=lambda row: order(row[0]))


SUBJECTS = "BVNLDHMYSATUFC"


def order(check_id: str) -> tuple[int, int]:
    return SUBJECTS.index(check_id[0]), int(check_id[1:])


def cases(report: dict[str, Any], name: str) -> list[Check]:
    return [check for check in report["checks"] if check["test"].partition("[")[0] == name]


def cell(checks: list[Check]) -> str:
    outcomes = [check["outcome"] for check in checks]
    failed = outcomes.count("failed")
    if failed:
        return f"**fail** {failed}/{len(outcomes)}" if len(outcomes) > 1 else "**fail**"
    for outcome, text in (("passed", "pass"), ("not-offered", "not offered")):
        if outcome in outcomes:
            return text
    return "skip"


def table(reports: dict[str, dict[str, Any]]) -> Iterable[str]:
    yield "| id | level | requirement | " + " | ".join(reports) + " |"
    yield "|---|---|---|" + "---|" * len(reports)
    for check_id, level, name, title in rows(reports):
        cells = " | ".join(cell(cases(report, name)) for report in reports.values())
        yield f"| {check_id} | {level} | {escaped(title)} | {cells} |"


def totals(reports: dict[str, dict[str, Any]]) -> Iterable[str]:
    yield "| failed, of those that apply | " + " | ".join(reports) + " |"
    yield "|---|" + "---|" * len(reports)
    for level in ("MUST", "SHOULD", "MAY", "practice"):
        numbers = []
        for report in reports.values():
            outcomes = [c["outcome"] for c in report["checks"] if c["level"] == level]
            failed = outcomes.count("failed")
            numbers.append(f"{failed} of {failed + outcomes.count('passed')}")
        yield f"| {level} | " + " | ".join(numbers) + " |"


def failures(report: dict[str, Any]) -> Iterable[str]:
    failed = [check for check in report["checks"] if check["outcome"] == "failed"]
    for check in sorted(failed, key=lambda check: order(check["id"])):
        case = check["test"].partition("[")[2].rstrip("]")
        where = f" ({case})" if case else ""
        yield f"- **{check['id']}** {check['level']}: {escaped(check['title'])}{escaped(where)}."
        yield f"  {code(check['message'])}"
    if not failed:
        yield "Nothing failed."


def escaped(text: str) -> str:
    return re.sub(r"([|<>*_`\\])", r"\\\1", text)


def code(text: str) -> str:
    """One line of evidence, without what changes from run to run."""
    line = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:8080", " ".join(text.split()))
    line = line if len(line) <= 300 else line[:297] + "..."
    return f"`{line.replace('`', chr(39))}`"


def page(reports: dict[str, dict[str, Any]], missing: dict[str, str]) -> str:
    lines = [HEAD, *totals(reports), "", "## Every check", "", *table(reports)]
    ours = [label for label in reports if label.startswith("pyindex-fcgi")]
    for label, report in reports.items():
        if label not in ours:
            lines += ["", f"## {label}: what failed", "", *failures(report)]
    for name, reason in missing.items():
        lines += ["", f"## {name}", "", f"Could not be tested: {code(reason)}"]
    for label in ours:
        lines += ["", f"## {label}: what failed", "", *failures(reports[label])]
    return "\n".join(lines) + "\n"
