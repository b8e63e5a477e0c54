"""The anchors of the project list."""

from urllib.parse import urlsplit

from ..index import Index
from ..pages import File, HTMLPage


def project_links(index: Index, page: HTMLPage) -> list[File]:
    """The anchors that lead one path segment below the list; others are decoration."""
    base = urlsplit(page.response.url).path
    found = []
    for link in page.files:
        path = urlsplit(link.url).path
        rest = path.removeprefix(base)
        if path.startswith(base) and rest.rstrip("/") and "/" not in rest.rstrip("/"):
            found.append(link)
    return found
