"""What faults are made of: one thing wrong with an answer that was right."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from simple_api_conformance.pages import JSON

from .little_server import Answer, Asked, Fault, LittleServer

Change = Callable[[Any], None]


def in_json(change: Change, lists: bool = False) -> Fault:
    """Changes the object of a project's page, or of the list."""

    def fault(_: LittleServer, asked: Asked, answer: Answer) -> Answer:
        here = asked.is_page and asked.is_list == lists and answer.status == 200
        if not here or answer.kind != JSON or "Content-Encoding" in answer.headers:
            return answer
        data = json.loads(answer.body)
        change(data)
        return replace(answer, body=json.dumps(data).encode())

    return fault


def in_files(change: Change) -> Fault:
    """Changes the object of every file."""

    def every(data: Any) -> None:
        for entry in data["files"]:
            change(entry)

    return in_json(every)


def key(name: str, value: object) -> Fault:
    return in_files(lambda entry: entry.update({name: value}))


def without(name: str) -> Fault:
    return in_files(lambda entry: entry.pop(name, None))


def page_key(name: str, value: object) -> Fault:
    return in_json(lambda data: data.update({name: value}))


def in_html(pattern: str, text: str, lists: bool = False, count: int = 0) -> Fault:
    """Replaces in the HTML of projects, or of the list."""

    def fault(_: LittleServer, asked: Asked, answer: Answer) -> Answer:
        here = asked.is_page and asked.is_list == lists and answer.kind.endswith("html")
        if not here or answer.status != 200 or "Content-Encoding" in answer.headers:
            return answer
        changed = re.sub(pattern, text, answer.body.decode(), count=count)
        return replace(answer, body=changed.encode())

    return fault


def both(one: Fault, other: Fault) -> Fault:
    return lambda server, asked, answer: other(server, asked, one(server, asked, answer))


def when(test: Callable[[Asked, Answer], object], made: Callable[[Answer], Answer]) -> Fault:
    """Makes another answer of some."""
    return lambda _, asked, answer: made(answer) if test(asked, answer) else answer


def page_fields(**fields: str | None) -> Fault:
    """Other header fields on pages."""
    return when(lambda asked, _: asked.is_page, lambda answer: answer.with_headers(**fields))


def status(code: int) -> Callable[[Answer], Answer]:
    return lambda answer: replace(answer, status=code)


def path_ends(end: str) -> Callable[[Asked, Answer], bool]:
    return lambda asked, _: asked.path.endswith(end)


def accepts(text: str) -> Callable[[Asked, Answer], bool]:
    return lambda asked, _: asked.is_page and text in (asked.accept or "")


def choosing(choose: Callable[[str | None], str | None]) -> Fault:
    """Chooses the type of a page in its own way."""

    def fault(server: LittleServer, asked: Asked, answer: Answer) -> Answer:
        known = asked.is_page and answer.status in (200, 406)
        return server.page(asked, choose(asked.accept)) if known else answer

    return fault
