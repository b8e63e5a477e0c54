"""Listings as clients ask for them: compressed, conditional, and the list of all projects."""

import gzip
import http.client

import make_repository
from site_under_test import Site, cgi
from table import CEILING, row

JSON = "application/vnd.pypi.simple.v1+json"
FIELDS = {"Content-Type": JSON, "ETag": '"0"', "Vary": "Accept, Accept-Encoding", "Cache-Control": "no-cache"}
PIP = {"Accept": f"{JSON}, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01", "Accept-Encoding": "gzip, deflate"}


def measure(options, long_page, many_projects):
    """`long_page` is a repository with one package of 2,000 tags, `many_projects` one with 2,000 packages."""
    path = f"/simple/{make_repository.package(0)}/"
    with Site(options.run / "site", options.binary, long_page) as site:
        site.serve()
        compressed(options, site, path)
        conditional(options, site, path)
    with Site(options.run / "site", options.binary, many_projects) as site:
        site.serve()
        _, body = site.get("/simple/")
        (site.run / "static/list").write_bytes(body)
        what = f"list of 2,000 projects, {len(body):,} bytes"
        against(options, site, f"{what}, to static", "at least 0.5", "/simple/", "/static/list")
        page = next(path for path in (site.run / "cache/pages").iterdir() if path.read_bytes() == body)
        site.null("null_page", cgi({"X-Accel-Redirect": f"/null-page/-/accel/pages/{page.name}"} | FIELDS))
        against(options, site, "the same, to do-nothing's X-Accel-Redirect to it", CEILING, "/simple/", "/null-page/")
        kept = site.kept_url("/simple/")
        against(options, site, f"{what}, through the micro-cache, to static", "at least 0.5", kept, "/static/list")


def compressed(options, site, path):
    status, body = site.get(path, PIP)
    assert status == 200 and gzip.decompress(body).startswith(b"{")
    (site.run / "static/page").write_bytes(body)
    what = f"JSON page of 2,000 files, gzip, {len(body):,} bytes"
    against(options, site, f"{what}, to static", "at least 0.6", path, "/static-gzip/page", PIP)
    site.null("null_page", cgi(FIELDS | {"Content-Encoding": "gzip", "Content-Length": len(body)}, body))
    against(options, site, "the same, to do-nothing with these bytes", CEILING, path, "/null-page/", PIP)
    kept = site.kept_url(path)
    against(options, site, f"{what}, through the micro-cache, to static", "at least 0.6", kept, "/static-gzip/page", PIP)


def against(options, site, what, bar, ours, other, headers=None):
    rates, ratios = site.rates(ours, other, options.rounds, options.seconds, headers)
    row(what, bar, f"{rates[0]:,.0f} to {rates[1]:,.0f} a second", ratios)


def conditional(options, site, path):
    connection = http.client.HTTPConnection("127.0.0.1", site.port)
    connection.request("GET", path, headers=PIP)
    answer = connection.getresponse()
    answer.read()
    etag = answer.headers["ETag"]
    headers = PIP | {"If-None-Match": etag}
    assert site.get(path, headers)[0] == 304
    fields = {"Status": "304 Not Modified", "ETag": etag, "Vary": "Accept, Accept-Encoding", "Cache-Control": "no-cache"}
    site.null("null_page", cgi(fields))
    rates, ratios = site.rates(path, "/null-page/", options.rounds, options.seconds, headers)
    row("304 of a page, to do-nothing", "at least 0.9", f"{rates[0]:,.0f} to {rates[1]:,.0f} a second", ratios)
