"""B10: what HTML escapes."""

import re

import pytest

from ..index import Index
from ..outcome import Problems

ATTRIBUTE = re.compile(rb"data-requires-python\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")


@pytest.mark.check("B10", level="MUST")
def test_B10_requires_python_is_escaped(index: Index) -> None:
    """In data-requires-python, < and > are written as &lt; and &gt;.

    "In the attribute value, < and > have to be HTML encoded as &lt; and &gt;, respectively."
    """
    with Problems("no data-requires-python") as problems:
        for page in index.html_pages():
            for match in ATTRIBUTE.finditer(page.response.content):
                raw = (match[1] or match[2] or match[3] or b"").decode("utf-8", "replace")
                good = "<" not in raw and ">" not in raw
                problems.unless(good, f"{page.response.url}: {raw!r}", page.response)


@pytest.mark.check("B10", level="MUST")
def test_B10_text_comes_back_as_it_was(index: Index) -> None:
    """Requires-Python and the reason of a yank read the same in HTML and in JSON."""
    with Problems("no file with either") as problems:
        for name in index.names.present:
            page = index.html_page(name)
            anchors = {file.filename: file.keys for file in page.files}
            for file in index.json_page(name).files:
                keys = anchors.get(file.filename, {})
                for key in ("requires-python", "yanked"):
                    said, shown = file.keys.get(key), keys.get(f"data-{key}")
                    if isinstance(said, str) and said and shown is not None:
                        same = said == shown
                        text = f"{file.filename}: {key} {said!r} in JSON, {shown!r} in HTML"
                        problems.unless(same, text, page.response)
