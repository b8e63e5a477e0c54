"""Another index through this one: its pages beside those of other servers, its files, and what they cost."""

import hashlib
import itertools
import re
import statistics
import subprocess
import time

import peers
import servers
import upstream
from site_under_test import Site, at, cgi, free_port
from table import CEILING, row

SIMPLE = """\
type = "simple"
url = "{path}"
mode = "cache"
"""
PAGES = 2000
# Of a kept file in each order, in a round.
TRANSFERS = 4

# The static files again, as they come over a line of 1 Gbit/s.
LINE = """\
    server {{
        listen 127.0.0.1:{port};
        sendfile on;
        tcp_nopush on;
        limit_rate 119m;
        location / {{ alias {run}/static/; }}
    }}
"""

# The index's URLs, answered by a responder that does nothing but name the file.
NOTHING = """\
    server {{
        listen 127.0.0.1:{port};
        sendfile on;
        tcp_nopush on;
        location / {{ set $pyindex_cache {run}/cache; include {run}/null_file.conf; }}
    }}
"""


def measure(options):
    port, null_port, kept_port = free_port(), free_port(), free_port()

    def more(site):
        places = {"run": site.run}
        return LINE.format(port=port, **places) + NOTHING.format(port=null_port, **places) + servers.server(site, "keepalive", kept_port)

    with upstream.running() as other, Site(options.run / "site", options.binary, other.url, SIMPLE, more=more) as site:
        site.serve()
        large_pages(options, site, other)
        wheel, warm = large_files(options, site, other, port)
        kept_files(options, site, wheel, warm, null_port)
        metadata(options, site, other)
        memory(site)
        beside_peers(options, site, other, kept_port)


def timed(*command):
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def curl(url):
    return timed("curl", "-sf", "-o", "/dev/null", "-H", f"Accept: {upstream.JSON}", url)


def large_pages(options, site, other):
    beyond = []
    for number in range(options.rounds):
        name = f"large-{number}-20000"
        curl(f"{other.url}{name}/")
        plain = curl(f"{other.url}{name}/")
        beyond.append(1000 * (curl(site.url(f"/simple/{name}/")) - plain))
    row("JSON page of 20,000 files, first time, beyond curl from there", "at most 150 ms", f"{statistics.median(beyond):.0f} ms", beyond, 0)


def file_url(site, name):
    _, page = site.get(f"/simple/{name}/")
    return re.search(r'href="\.\./\.\.(/files/[^"#]*)', page.decode())[1]


def large_files(options, site, other, line):
    """Once over a line, where time goes by on it; and once from this machine, where all of it is copying."""
    ways = [("1 Gbit/s", lambda name: at(line, f"/{name}"), "at most 1.1"), ("loopback", lambda name: site.url(f"/static/{name}"), "at most 1.1")]
    number = 0
    for way, place, bar in ways:
        first, rates = [], []
        for _ in range(options.rounds):
            number += 1
            wheel = f"file_{number}-1.0-py3-none-any.whl"
            path = site.run / "static" / wheel
            path.write_bytes(number.to_bytes(1, "big") * (100 << 20))
            path.chmod(0o644)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            name = f"file-{number}"
            entry = {"filename": wheel, "url": place(wheel), "hashes": {"sha256": digest}, "size": 100 << 20}
            other.pages[name] = upstream.page(name, 1, entry)
            ours = site.url(file_url(site, name))
            plain = min(curl(place(wheel)), curl(place(wheel)))
            took = curl(ours)
            first.append(took / plain)
            rates.append(100 / took)
            time.sleep(1)
        measured = f"{statistics.median(first):.2f}, {statistics.median(rates):.0f} MiB/s"
        row(f"first fetch of 100 MiB, to curl from there, by {way}", bar, measured, first)
    return wheel, file_url(site, name)


def kept_files(options, site, wheel, warm, null_port):
    """One transfer takes 40 or 80 ms, whoever names the file, by how the two ends of the connection happen to meet; so
    there are many, in every order."""
    kept = next((site.run / "cache/remote").rglob(wheel))
    place = kept.relative_to(site.run / "cache/remote/bench/files")
    site.null("null_file", cgi({"X-Accel-Redirect": f"/-/accel/sources/bench/{place}", "Content-Type": "application/zip"}))
    ways = {"ours": site.url(warm), "static": site.url(f"/static/{wheel}"), "nothing": at(null_port, warm)}
    rounds = [{way: [] for way in ways} for _ in range(options.rounds)]
    for times in rounds:
        for order in TRANSFERS * list(itertools.permutations(ways)):
            for way in order:
                times[way].append(curl(ways[way]))
    means = [{way: statistics.mean(took) for way, took in times.items()} for times in rounds]
    for other, name, bar in ("static", "static", "at least 0.95"), ("nothing", "do-nothing's X-Accel-Redirect to it", CEILING):
        ratios = [mean[other] / mean["ours"] for mean in means]
        ours, theirs = (1000 * statistics.median(mean[way] for mean in means) for way in ("ours", other))
        measured = f"{statistics.median(ratios):.2f}: {ours:.0f} to {theirs:.0f} ms"
        row(f"100 MiB that are kept, by one curl, to {name}", bar, measured, ratios)
    rates, ratios = site.rates(warm, f"/static/{wheel}", options.rounds, options.seconds, connections=2)
    gib = [rate * (100 << 20) / (1 << 30) for rate in rates]
    row("the same without a pause, by two connections", "at least 0.95", f"{gib[0]:.2f} to {gib[1]:.2f} GiB/s", ratios)
    for path in (site.run / "static").iterdir():
        path.unlink()


def metadata(options, site, other):
    name, wheel = "wide-wheel", "wide_wheel-1.0-py3-none-any.whl"
    path = options.run / wheel
    upstream.make_wheel(path, name, 200 << 20)
    other.files[f"/files/{wheel}"] = path
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    entry = {"filename": wheel, "url": f"/files/{wheel}", "hashes": {"sha256": digest}, "size": path.stat().st_size}
    other.pages[name] = upstream.page(name, 1, entry)
    url = file_url(site, name) + ".metadata"
    other.sent = 0
    began = time.perf_counter()
    status, body = site.get(url)
    took = 1000 * (time.perf_counter() - began)
    assert status == 200 and b"Name: wide-wheel" in body, status
    kibibytes = other.sent / 1024
    row("metadata of a wheel of 200 MiB, bytes read", "at most 200 KiB", f"{kibibytes:.0f} KiB in {took:.0f} ms", [kibibytes], 0)
    path.unlink()


def memory(site):
    for number in range(PAGES):
        assert site.get(f"/simple/project-{number}/")[0] == 200
    resident = site.resident()
    row(f"resident memory with {PAGES:,} pages of another index kept", "at most 96 MiB", f"{resident:.0f} MiB", [resident], 0)


def beside_peers(options, site, other, port):
    page = "/simple/project-7/"
    # It must be among the upstream's projects before a peer asks for their list.
    status, body = site.get(page, peers.HTML)
    assert status == 200
    (site.run / "static/project").write_bytes(body)
    ways = {
        "page of 10 files of another index": (page, "at least 25"),
        "page of 10 files of another index by kept connections": (at(port, page), "at least 25"),
        "page of 10 files of another index through the micro-cache": (site.kept_url(page), "at least 25"),
        "the same bytes as a static file": ("/static/project", "the most that nginx gives"),
    }
    for peer, url in peers.running(options, other.url, other.url, ["proxpi", "simple-repository-server"]):
        for what, (ours, bar) in ways.items():
            rates, ratios = site.rates(ours, f"{url}project-7/", options.rounds, options.seconds, peers.HTML)
            row(f"{what}, to {peer}", bar, f"{rates[0]:,.0f} to {rates[1]:,.0f} a second", ratios, 1)
