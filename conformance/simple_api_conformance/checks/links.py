"""The anchors of the project list."""

from urllib.parse import unquote, urlsplit

from ..pages import File, HTMLPage


def below(page: HTMLPage, link: File) -> str:
    """What the link's path has more than the list's: `name/` for a project's page."""
    base, path = urlsplit(page.response.url).path, urlsplit(link.url).path
    return unquote(path.removeprefix(base)) if path.startswith(base) else ""


def linked_name(page: HTMLPage, link: File) -> str:
    """The first path segment below the list."""
    return below(page, link).split("/")[0]


def project_links(page: HTMLPage) -> list[File]:
    """The anchors that lead below the list; others are decoration."""
    return [link for link in page.files if linked_name(page, link)]
