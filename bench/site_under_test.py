"""nginx with the responder, the do-nothing responder and a static directory behind it, on one loopback port."""

import http.client
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
IS_ROOT = os.geteuid() == 0

NGINX = """\
{user}
daemon off;
worker_processes 1;
pid {run}/nginx.pid;
error_log {run}/nginx.log;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    default_type text/html;
    keepalive_requests 1000000000;
    client_body_temp_path {run}/nginx-body;
    fastcgi_temp_path {run}/nginx-fastcgi;
    proxy_temp_path {run}/nginx-proxy;
    scgi_temp_path {run}/nginx-scgi;
    uwsgi_temp_path {run}/nginx-uwsgi;
    fastcgi_cache_path {run}/kept keys_zone=pyindex:10m;
    upstream pyindex {{ server unix:{run}/pyindex.sock; }}
    upstream null_page {{ server unix:{run}/null_page.sock; }}
    upstream null_file {{ server unix:{run}/null_file.sock; }}
    server {{
        listen 127.0.0.1:{port};
        sendfile on;
        tcp_nopush on;
        location / {{ set $pyindex_cache {run}/cache; include {run}/pyindex.conf; }}
        location /null-page/ {{ set $pyindex_cache {run}/cache; include {run}/null_page.conf; }}
        location /null-file/ {{ set $pyindex_cache {run}/cache; include {run}/null_file.conf; }}
        location /static/ {{ alias {run}/static/; }}
        location /static-gzip/ {{ alias {run}/static/; gzip off; add_header Content-Encoding gzip; }}
        location /store/ {{ alias {run}/cache/files/; }}
    }}
    server {{
        listen 127.0.0.1:{kept_port};
        sendfile on;
        tcp_nopush on;
        location / {{
            set $pyindex_cache {run}/cache;
            include {run}/pyindex.conf;
            include {microcache};
        }}
        location /null-page/ {{
            set $pyindex_cache {run}/cache;
            include {run}/null_page.conf;
            include {microcache};
        }}
    }}
{more}}}
"""

CONFIG = """\
listen = "{run}/pyindex.sock"
cache = "{run}/cache"
state = "{run}/state"
{group}
[build]
slots = {slots}
[[source]]
name = "bench"
"""

GIT = """\
type = "git"
path = "{path}"
build-command = ["make", "build"]
prebuild = "off"
trust-owner = true
"""

DIRECTORY = """\
type = "directory"
path = "{path}"
"""


class Site:
    def __init__(self, run, binary, place, source=GIT, slots=2, more=lambda site: ""):
        """`more` makes further servers of the site, which has its places by then, as text for nginx' http level."""
        self.run, self.binary = pathlib.Path(run), binary
        self.processes = {}
        self.port, self.kept_port = free_port(), free_port()
        shutil.rmtree(run, ignore_errors=True)
        (self.run / "static").mkdir(parents=True)
        self.run.chmod(0o755)
        group = 'socket-group = "www-data"\nfile-group = "www-data"' if IS_ROOT else ""
        (self.run / "config.toml").write_text(CONFIG.format(run=run, group=group, slots=slots) + source.format(path=place))
        include = (ROOT / "deploy/nginx/pyindex.conf").read_text()
        (self.run / "pyindex.conf").write_text(include)
        for name in ("null_page", "null_file"):
            (self.run / f"{name}.conf").write_text(include.replace("fastcgi_pass pyindex;", f"fastcgi_pass {name};"))
        user = "user www-data;" if IS_ROOT else ""
        (self.run / "nginx.conf").write_text(
            NGINX.format(
                user=user,
                run=run,
                port=self.port,
                kept_port=self.kept_port,
                microcache=ROOT / "deploy/nginx/microcache.conf",
                more=more(self),
            )
        )

    def __enter__(self):
        nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
        self.start("nginx", [nginx, "-c", f"{self.run}/nginx.conf", "-e", f"{self.run}/nginx.log"])
        wait_until(lambda: can_connect(self.port))
        return self

    def __exit__(self, *_):
        for name in list(self.processes):
            self.stop(name)
        shutil.rmtree(self.run, ignore_errors=True)

    def start(self, name, command):
        log = open(self.run / f"{name}.out", "ab")
        self.processes[name] = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)

    def stop(self, name):
        process = self.processes.pop(name)
        process.terminate()
        process.wait()

    def serve(self):
        """Starts the responder; returns the seconds to its first listing."""
        started = time.perf_counter()
        self.start("pyindex", [self.binary, "serve", "--config", f"{self.run}/config.toml"])
        while True:
            if (self.run / "pyindex.sock").exists() and self.get("/simple/")[0] == 200:
                return time.perf_counter() - started
            if self.processes["pyindex"].poll() is not None:
                sys.exit((self.run / "pyindex.out").read_text())
            time.sleep(0.001)

    def null(self, name, answer, threads=1):
        """Starts the do-nothing responder with an answer as a CGI program would print it.

        One thread does most where no connection is kept: what comes meanwhile wakes nobody. A kept one needs its own.
        """
        (self.run / f"{name}.answer").write_bytes(answer)
        program = self.run / "null_responder"
        if not program.exists():
            source = ROOT / "bench/null_responder.c"
            subprocess.run(["cc", "-O2", "-pthread", "-o", program, source], check=True)
        if name in self.processes:
            self.stop(name)
        self.start(name, [program, f"{self.run}/{name}.sock", f"{self.run}/{name}.answer", str(threads)])
        wait_until(lambda: (self.run / f"{name}.sock").exists())

    def get(self, path, headers=None, connection=None):
        connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()

    def resident(self):
        """The responder's resident memory in MiB."""
        status = pathlib.Path(f"/proc/{self.processes['pyindex'].pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def rates(self, ours, theirs, rounds, seconds, headers=None, connections=16):
        """Both rates by turns, since a machine's speed drifts; returns the medians and the ratio of each round.

        Either is a path of this site or a whole URL.
        """
        pairs = []
        for number in range(rounds):
            order = [ours, theirs] if number % 2 == 0 else [theirs, ours]
            measured = {path: rate(self.url(path), seconds, headers, connections) for path in order}
            pairs.append((measured[ours], measured[theirs]))
        return medians(pairs), sorted(mine / other for mine, other in pairs)

    def url(self, path):
        return path if path.startswith("http:") else at(self.port, path)

    def kept_url(self, path):
        """The same through the micro-cache."""
        return at(self.kept_port, path)


def at(port, path):
    return f"http://127.0.0.1:{port}{path}"


def rate(url, seconds, headers=None, connections=16):
    """Requests per second that wrk gets answered. A 304 is an answer too."""
    return float(re.search(r"Requests/sec:\s+([\d.]+)", wrk(url, seconds, headers, connections))[1])


def wrk(url, seconds, headers=None, connections=16):
    """What wrk prints of a load, none of which has failed."""
    fields = [text for name, value in (headers or {}).items() for text in ("-H", f"{name}: {value}")]
    run = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--latency", *fields, url],
        capture_output=True,
        text=True,
        check=True,
    )
    if "Non-2xx" in run.stdout or "Socket errors" in run.stdout:
        sys.exit(f"bench: {url} failed under load.\n{run.stdout}")
    return run.stdout


def shipped(name, changes):
    """The text of a file of deploy/, with what a user of it would change."""
    text = (ROOT / "deploy" / name).read_text()
    for old, new in changes:
        assert old in text, f"{name} has no {old}"
        text = text.replace(old, str(new))
    return text


def cgi(fields, body=b""):
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode() + b"\r\n" + body


def medians(pairs):
    return tuple(statistics.median(column) for column in zip(*pairs))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def can_connect(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition):
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            sys.exit("bench: a server does not start.")
        time.sleep(0.01)
