"""Other index servers over the same folder, each in an environment of its own, one at a time."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

from site_under_test import free_port

# proxpi answers nobody who does not say what he accepts.
HTML = {"Accept": "text/html"}

PEERS = {
    "pypiserver": (["pypiserver[cache]", "gunicorn"], ["pypi-server", "run", "-i", "127.0.0.1", "-p", "{port}",
                   "--disable-fallback", "--backend", "cached-dir", "--server", "gunicorn", "{path}"], "/simple/"),
    "simple-repository-server": (["simple-repository-server"], ["simple-repository-server", "--host", "127.0.0.1",
                                 "--port", "{port}", "{path}"], "/simple/"),
    # It has no files of its own, but keeps pages of another index: ours.
    "proxpi": (["proxpi", "gunicorn"], ["gunicorn", "--preload", "--threads", "4", "-b", "127.0.0.1:{port}",
               "proxpi.server:app"], "/index/"),
}


def running(options, path, upstream, names=PEERS):
    """Starts each peer in turn, gives its name and the URL of its index, and stops it."""
    for name in names:
        requirements, command, index = PEERS[name]
        programs = installed(options, name, requirements)
        port = free_port()
        words = [word.format(port=port, path=path) for word in command]
        with server([programs / words[0], *words[1:]], options, upstream):
            url = f"http://127.0.0.1:{port}{index}"
            wait_for(url)
            yield name, url


def installed(options, name, requirements):
    """The programs of an environment with these packages; made once."""
    environment = options.data / "peers" / name
    if not (environment / "bin/ready").exists():
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        subprocess.run([environment / "bin/pip", "install", "--quiet", *requirements], check=True)
        (environment / "bin/ready").touch()
    return environment / "bin"


@contextlib.contextmanager
def server(command, options, upstream):
    settings = {
        "GUNICORN_CMD_ARGS": "--workers 1 --threads 4",
        "PROXPI_INDEX_URL": upstream,
        "PROXPI_CACHE_DIR": str(options.run / "proxpi"),
        "PROXPI_LOGGING_LEVEL": "WARNING",
    }
    process = subprocess.Popen(
        command, env=os.environ | settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def wait_for(url):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(urllib.request.Request(url, headers=HTML), timeout=60).read()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    sys.exit(f"bench: {url} does not answer.")
