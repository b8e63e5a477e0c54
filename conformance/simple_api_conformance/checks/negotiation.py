"""What the checks of negotiation share."""

from ..index import Index
from ..web import Response


def kind(response: Response) -> str:
    return (response.media_type or "").lower()


def is_offered(index: Index, accept: str, *types: str) -> bool:
    response = index.get(index.names.project, accept=accept)
    return response.status == 200 and kind(response) in types


def varies(response: Response, field: str) -> bool:
    names = [name.strip().lower() for name in (response.header("Vary") or "").split(",")]
    return field in names or "*" in names
