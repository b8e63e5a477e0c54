"""The index under test: its pages and files, fetched when a check asks for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from .outcome import NonConformance, NotOffered, not_offered
from .pages import HTML, JSON, TEXT, File, HTMLPage, JSONPage
from .web import NoAnswer, Response, Web


@dataclass(frozen=True)
class Names:
    """The projects of the index that the checks may ask for; None: the index has no such one."""

    project: str
    wheel: str | None = None
    absent: str = "surely-absent-name"
    yanked: str | None = None
    archived: str | None = None
    quarantined: str | None = None
    others: tuple[str, ...] = ()

    @property
    def present(self) -> list[str]:
        optional = (self.wheel, self.yanked, self.archived, *self.others)
        return list(dict.fromkeys([self.project, *(name for name in optional if name)]))


class Index:
    """Pages are fetched once and remembered; `get` always asks."""

    def __init__(self, url: str, names: Names, web: Web, sample: int = 4) -> None:
        self.url = url if url.endswith("/") else url + "/"
        self.names = names
        self.web = web
        self.sample = sample
        self._json: dict[str | None, JSONPage] = {}
        self._html: dict[str | None, HTMLPage] = {}
        self._downloads: dict[str, Response] = {}

    def page_url(self, project: str | None = None, query: str = "") -> str:
        """The URL of the project list, or of a project; the name is put in as it is given."""
        path = self.url if project is None else f"{self.url}{quote(project)}/"
        return f"{path}?{query}" if query else path

    def get(
        self,
        project: str | None = None,
        accept: str | None = None,
        query: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """A page as it is answered now, redirects followed; without `accept`, no Accept is sent."""
        fields = dict(headers or {})
        if accept is not None:
            fields["Accept"] = accept
        return self.web.follow(self.page_url(project, query), fields)

    def json_page(self, project: str | None = None) -> JSONPage:
        if project not in self._json:
            response = self.get(project, accept=JSON)
            kind = (response.media_type or "").lower()
            if response.status == 406 or (response.status == 200 and kind in (HTML, TEXT)):
                not_offered("JSON is not served")
            self._json[project] = JSONPage.parse(_ok(response))
        return self._json[project]

    def html_page(self, project: str | None = None) -> HTMLPage:
        if project not in self._html:
            response = self.get(project, accept=TEXT)
            kind = (response.media_type or "").lower()
            if response.status == 406 or (response.status == 200 and kind == JSON):
                not_offered("HTML is not served")
            self._html[project] = HTMLPage.parse(_ok(response))
        return self._html[project]

    def json_pages(self) -> list[JSONPage]:
        """The JSON pages of all projects that were named."""
        return [self.json_page(name) for name in self.names.present]

    def html_pages(self) -> list[HTMLPage]:
        return [self.html_page(name) for name in self.names.present]

    def html_or_json(self, project: str) -> HTMLPage | JSONPage:
        """A page in whichever serialization there is, JSON first."""
        try:
            return self.json_page(project)
        except NotOffered:
            return self.html_page(project)

    def sampled(self, project: str) -> list[File]:
        """The last files of a project's page: as many as checks that download may take."""
        return self.html_or_json(project).files[-self.sample :]

    def sampled_everywhere(self) -> list[File]:
        return [file for name in self.names.present for file in self.sampled(name)]

    def download(self, url: str) -> Response:
        """A file, redirects followed; remembered when it came."""
        if url not in self._downloads:
            response = self.web.follow(url, {"Accept-Encoding": "identity"})
            if response.status != 200:
                return response
            self._downloads[url] = response
        return self._downloads[url]

    def warm(self) -> None:
        """Asks for the sampled files once, and forgets the pages that were read for that.

        An index that builds files on demand knows size and hash of what it has built.
        """
        for name in self.names.present:
            try:
                for file in self.sampled(name):
                    self.download(file.url)
            except (NoAnswer, NonConformance, NotOffered):
                continue
        self._json.clear()
        self._html.clear()


def _ok(response: Response) -> Response:
    if response.status != 200:
        raise NonConformance(
            f"{response.url} answers {response.status} {response.reason}", [response]
        )
    return response
