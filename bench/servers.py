"""The ways of standing behind a web server, each beside what that web server gives by itself."""

import http.client
import os
import re
import subprocess
import sys
import threading
import time

import make_repository
from apache import Apache
from site_under_test import Site, at, cgi, free_port, shipped, wrk
from table import CEILING, row

PAGE = f"/simple/{make_repository.package(0)}/"


def measure(options, small):
    """`small` is a repository with one package of 20 tags and files of 3.5 kB."""
    ports = {"direct": free_port(), "keepalive": free_port(), "null": free_port()}
    with Site(options.run / "site", options.binary, small, more=lambda site: servers(site, ports)) as site:
        site.serve()
        direct(options, site, ports["direct"])
        # With the file that was built for it.
        status, body = site.get(PAGE)
        assert status == 200
        (site.run / "static/page").write_bytes(body)
        microcache(options, site, body)
        null(site, body, threads=32)
        keepalive(options, site, ports["keepalive"], ports["null"])
        null(site, body)
        crowded(options, site)
        single_request(options, site)
        for way in ("mod_proxy_fcgi", "mod_fcgid"):
            apache(options, site, way)


def servers(site, ports):
    """nginx' servers for direct delivery and kept connections, by the shipped files."""
    kept = server(site, "keepalive", ports["keepalive"]) + server(site, "keepalive", ports["null"], to="null_page")
    return server(site, "direct", ports["direct"]) + kept


def server(site, name, port, to="pyindex"):
    """`to` names the responder's socket."""
    include = (site.run / "pyindex.conf").read_text()
    (site.run / f"{to}_{name}.conf").write_text(include.replace("fastcgi_pass pyindex;", f"fastcgi_pass {to}_{name};"))
    changes = [
        ("upstream pyindex {", f"upstream {to}_{name} {{"),
        ("/run/pyindex/pyindex.sock", f"{site.run}/{to}.sock"),
        ("listen 80;", f"listen 127.0.0.1:{port}; tcp_nopush on;"),
        ("/etc/nginx/pyindex.conf", f"{site.run}/{to}_{name}.conf"),
        ("/var/cache/pyindex", f"{site.run}/cache"),
    ]
    return shipped(f"nginx/{name}.conf", changes)


def direct(options, site, port):
    _, page = site.get(PAGE)
    url = re.search(r'href="\.\./\.\.(/files/[^"#]*)', page.decode())[1]
    status, body = site.get(url)
    assert status == 200
    rates, ratios = site.rates(at(port, url), url.replace("/files/", "/store/"), options.rounds, options.seconds)
    what = f"built file of {len(body):,} bytes by `try_files`, to static"
    row(what, "1.0 within noise", f"{rates[0]:,.0f} to {rates[1]:,.0f} a second", ratios)


def microcache(options, site, body):
    null(site, body)
    ours = site.kept_url(PAGE)
    for name, other in [("static", "/static/page"), ("do-nothing behind it", site.kept_url(f"/null-page{PAGE}"))]:
        rates, ratios = site.rates(ours, other, options.rounds, options.seconds)
        what = f"project page of 20 files through the micro-cache, to {name}"
        row(what, "one of them at least 0.9", f"{rates[0]:,.0f} to {rates[1]:,.0f} a second", ratios)


def null(site, body, threads=1):
    page = {"Content-Type": "text/html; charset=utf-8", "ETag": '"0"', "Vary": "Accept, Accept-Encoding"}
    site.null("null_page", cgi(page | {"Cache-Control": "no-cache", "Content-Length": len(body)}, body), threads)


def keepalive(options, site, port, null_port):
    """Beside each load one client comes by a location that keeps no connection: it must not wait for them."""
    latencies, stop = [], threading.Event()

    def ask():
        while not stop.is_set():
            began = time.perf_counter()
            assert site.get(PAGE)[0] == 200
            latencies.append(1000 * (time.perf_counter() - began))
            time.sleep(0.02)

    asking = threading.Thread(target=ask)
    rates, ratios = site.rates(at(port, PAGE), "/static/page", options.rounds, options.seconds)
    what = "project page of 20 files by kept connections, to static"
    row(what, "at least 0.55", f"{rates[0]:,.0f} to {rates[1]:,.0f} a second", ratios)
    rates, ratios = site.rates(at(port, PAGE), at(null_port, PAGE), options.rounds, options.seconds)
    what = "the same, to do-nothing by kept connections"
    row(what, CEILING, f"{rates[0]:,.0f} to {rates[1]:,.0f} a second", ratios)
    asking.start()
    wrk(at(port, PAGE), options.rounds * options.seconds, connections=64)
    # The connections that are kept idle now.
    time.sleep(2)
    stop.set()
    asking.join()
    latencies.sort()
    what = "the same page meanwhile where none is kept, 64 clients on those that are"
    row(what, "none starved", f"{len(latencies):,} answers, {latencies[-1]:.0f} ms at worst", latencies, 1)


def crowded(options, site):
    """1,000 clients that hold a connection and say nothing, and 200 that ask without a pause."""
    idle = []
    for _ in range(1000):
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
        assert site.get(PAGE, connection=connection)[0] == 200
        idle.append(connection)
    values = []
    for _ in range(options.rounds):
        said = wrk(site.url(PAGE), options.seconds, connections=200)
        number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", said).groups()
        values.append(float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit])
    # They are still served.
    for connection in idle:
        assert site.get(PAGE, connection=connection)[0] == 200
        connection.close()
    values.sort()
    what = "1,000 idle and 200 busy connections, project page of 20 files"
    row(what, "none failed, p99 under 50 ms", f"p99 {values[len(values) // 2]:.1f} ms", values, 1)


def single_request(options, site):
    """CGI from start to exit of the process, its output read by nobody else."""
    environment = {
        "PATH": os.environ["PATH"],
        "GATEWAY_INTERFACE": "CGI/1.1",
        "REQUEST_METHOD": "GET",
        "REQUEST_URI": PAGE,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "PYINDEX_CONFIG": f"{site.run}/config.toml",
    }
    times, memory = [], []
    for number in range(10 * options.rounds + 1):
        began = time.perf_counter()
        process = subprocess.Popen([options.binary], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        elapsed = 1000 * (time.perf_counter() - began)
        process.returncode = 0
        assert status == 0 and said.startswith(b"Status: 200 OK\r\n"), said
        # The first one reads the program from disk.
        if number:
            times.append(elapsed)
            memory.append(usage.ru_maxrss / 1024)
    middle = sorted(times)[len(times) // 2]
    row("project page of 20 files by CGI, process start to exit", "at most 30 ms", f"{middle:.1f} ms", times, 1)
    row("resident memory of that process", "at most 30 MiB", f"{max(memory):.1f} MiB", memory, 1)


def apache(options, site, way):
    try:
        server, other = Apache(options, site, way), Apache(options, site, way, nothing=True)
    except Apache.Missing as missing:
        print(f"bench: {missing}: not measured.", file=sys.stderr)
        return
    with server, other:
        status, body = server.get(PAGE)
        assert status == 200
        (site.run / "static/page").write_bytes(body)
        # mod_fcgid sleeps for a second where it finds no process free: half of them are, and all are there from the start.
        connections = {"mod_proxy_fcgi": 16, "mod_fcgid": 8}[way]
        for one in (server, other):
            load = ["wrk", "-t1", f"-c{connections}", f"-d{options.seconds}", one.url(PAGE)]
            subprocess.run(load, capture_output=True, check=True)

        def rates(other_url):
            return site.rates(server.url(PAGE), other_url, options.rounds, options.seconds, connections=connections)

        (ours, static), ratios = rates(server.static_url("/page"))
        what = f"project page of 20 files through Apache's {way}, to its static"
        row(what, "at least 0.4", f"{ours:,.0f} to {static:,.0f} a second", ratios)
        (ours, null), ratios = rates(other.url(PAGE))
        row("the same, to do-nothing there", CEILING, f"{ours:,.0f} to {null:,.0f} a second", ratios)
