"""A folder of 20,000 files: start with and without a catalog, memory, and pages beside those of other servers."""

import os
import shutil
import subprocess
import time

import make_directory
import peers
import servers
from site_under_test import DIRECTORY, Site, at, free_port
from table import row

PROJECTS = 2000


def measure(options):
    path, port = folder(options), free_port()
    kept = lambda site: servers.server(site, "keepalive", port)
    with Site(options.run / "site", options.binary, path, DIRECTORY, more=kept) as site:
        starts(options, site, path)
        for number in range(0, PROJECTS, 4):
            assert site.get(f"/simple/{make_directory.project(number)}/")[0] == 200
        memory = site.resident()
        row("resident memory with 20,000 files, 500 pages asked for", "at most 64 MiB", f"{memory:.0f} MiB", [memory], 0)
        beside_peers(options, site, path, port)


def folder(options):
    path = options.data / f"{PROJECTS}-projects"
    if not path.exists():
        unfinished = path.with_suffix(".part")
        shutil.rmtree(unfinished, ignore_errors=True)
        make_directory.make(unfinished, PROJECTS)
        # What was written just now would not count as finished yet.
        for file in unfinished.rglob("*.*"):
            os.utime(file, (1704067200, 1704067200))
        unfinished.rename(path)
    return path


def starts(options, site, path):
    cold, hashing, warm = [], [], []
    for _ in range(options.rounds):
        shutil.rmtree(site.run / "state", ignore_errors=True)
        cold.append(site.serve())
        site.stop("pyindex")
        began = time.perf_counter()
        subprocess.run(f"find {path} -type f -print0 | xargs -0 sha256sum > /dev/null", shell=True, check=True)
        hashing.append(time.perf_counter() - began)
        warm.append(site.serve())
        site.stop("pyindex")
    site.serve()
    median = sorted(cold)[len(cold) // 2]
    ratios = [ours / other for ours, other in zip(cold, hashing)]
    row("start over 20,000 files without a catalog, to `sha256sum`", "at most 2", f"{median:.2f} s", ratios)
    row("start over 20,000 files with a catalog", "at most 0.5 s", f"{sorted(warm)[len(warm) // 2]:.2f} s", warm)


def beside_peers(options, site, path, port):
    name = make_directory.project(7)
    page = f"/simple/{name}/"
    (site.run / "static/project").write_bytes(site.get(page, peers.HTML)[1])
    ways = {
        "page of 10 files": (page, "at least 25"),
        "page of 10 files by kept connections": (at(port, page), "at least 25"),
        "page of 10 files through the micro-cache": (site.kept_url(page), "at least 25"),
        "the same bytes as a static file": ("/static/project", "the most that nginx gives"),
    }
    for peer, url in peers.running(options, path, site.url("/simple/")):
        for what, (ours, bar) in ways.items():
            rates, ratios = site.rates(ours, f"{url}{name}/", options.rounds, options.seconds, peers.HTML)
            row(f"{what}, to {peer}", bar, f"{rates[0]:,.0f} to {rates[1]:,.0f} a second", ratios, 1)
