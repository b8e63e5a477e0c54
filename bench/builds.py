"""What a build costs: beyond the bare command, and beside uv with everything at hand."""

import os
import pathlib
import shutil
import re
import statistics
import subprocess
import sys
import time

import make_repository
from site_under_test import Site
from table import row

PACKAGE = "acme-app"
PYPROJECT = """\
[build-system]
requires = ["{requirement}"]
build-backend = "{backend}"

[project]
name = "acme-app"
version = "{version}"
description = "A package of the bench"
requires-python = ">=3.9"
"""
BACKENDS = {"hatchling": "hatchling.build", "setuptools": "setuptools.build_meta"}


def clients(options):
    """A virtual environment with uv and the back ends, compiled as by an install; made once."""
    place = options.data / "build-clients"
    if not (place / "ready").exists():
        shutil.rmtree(place, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        subprocess.run([place / "bin/pip", "install", "--quiet", "uv", *BACKENDS], check=True, timeout=600)
        (place / "ready").touch()
    return place / "bin"


def make(options, backend, tags):
    path = options.run / f"{backend}.git"
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", path], check=True)
    stream = make_repository.Import(str(path))
    light = {}
    for number in range(tags):
        version = make_repository.version(number)
        text = PYPROJECT.format(requirement=backend, backend=BACKENDS[backend], version=version)
        files = {"pyproject.toml": text.encode(), "acme_app/__init__.py": f"VERSION = '{version}'\n".encode()}
        stream.commit([(f"{PACKAGE}/{name}", content) for name, content in files.items()])
        light[f"refs/tags/{PACKAGE}/v{version}"] = f":{stream.count}"
    marks = stream.finish()
    make_repository.pack(str(path), {name: marks[mark] for name, mark in light.items()})
    return path


def configuration(options, name, repository, *more):
    """A file for builds by hand, with a cache and a state of its own."""
    places = [f'{place} = "{options.run}/{name}-{place}"' for place in ("listen", "cache", "state")]
    source = ["[[source]]", 'name = "bench"', 'type = "git"', f'path = "{repository}"', *more]
    (options.run / f"{name}-state").mkdir()
    path = options.run / f"{name}.toml"
    path.write_text("\n".join(places + source) + "\n")
    return path


def timed(command, **options):
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, **options)
    elapsed = time.perf_counter() - began
    if done.returncode != 0:
        sys.exit(f"bench: {command[0]} failed.\n{done.stdout}{done.stderr}")
    return elapsed


def measure(options):
    overhead(options)
    second_build(options)
    repack(options)
    crowd(options)


def overhead(options):
    """What is done around a command that leaves 1 MiB."""
    path = options.data / "1x60-1048576.git"
    if not path.exists():
        make_repository.make(str(path), 1, 60, 1 << 20)
    config = configuration(options, "overhead", path, 'build-command = ["make", "build"]')
    name, beyond, plain = make_repository.package(0), [], []
    for number in range(4 * options.rounds):
        version = make_repository.version(number)
        ours = timed([options.binary, "build", name, version, "--config", config])
        tree = options.run / f"overhead-{number}"
        tree.mkdir()
        archive = f"git -C {path} archive {name}/v{version} {name} | tar -x -C {tree}"
        subprocess.run(["sh", "-c", archive], check=True)
        environment = os.environ | {"SETUPTOOLS_SCM_PRETEND_VERSION": version}
        plain.append(timed(["make", "-C", tree / name, "build"], env=environment))
        beyond.append(1000 * (ours - plain[-1]))
    row(
        "build of 1 MiB by hand, beyond `make build`",
        "at most 120 ms",
        f"{statistics.median(beyond):.0f} ms beyond {1000 * statistics.median(plain):.0f} ms",
        beyond,
        0,
    )


def second_build(options):
    """Another version of a package whose requirements are there, to what uv needs in an environment with them."""
    tools = clients(options)
    # Python itself, and not a script in its place that looks for it each time.
    path = f"{pathlib.Path(sys.executable).resolve().parent}:{os.environ['PATH']}"
    environment = os.environ | {"VIRTUAL_ENV": str(tools.parent), "PATH": f"{tools}:{path}"}
    for backend in BACKENDS:
        repository = make(options, backend, 3 * options.rounds + 1)
        config = configuration(options, backend, repository)
        pairs = []
        for number in range(3 * options.rounds + 1):
            version = make_repository.version(number)
            # As the responder starts it, which tried the sandbox when it started itself.
            build = [options.binary, "build", PACKAGE, version, "--config", config, "--sandbox", "/usr/bin/bwrap"]
            ours = timed(build, env=os.environ | {"PATH": path})
            tree = options.run / f"{backend}-{number}"
            tree.mkdir()
            archive = f"git -C {repository} archive {PACKAGE}/v{version} {PACKAGE} | tar -x -C {tree}"
            subprocess.run(["sh", "-c", archive], check=True)
            command = ["uv", "build", "--quiet", "--sdist", "--no-build-isolation", "--offline", tree / PACKAGE]
            theirs = timed(command, env=environment)
            # The first one installs.
            if number:
                pairs.append((ours, theirs))
        medians = [1000 * statistics.median(column) for column in zip(*pairs)]
        row(
            f"second build with {backend}, to `uv build --no-build-isolation`",
            "at most 1.1",
            f"{medians[0]:.0f} to {medians[1]:.0f} ms",
            [ours / theirs for ours, theirs in pairs],
        )


def repack(options):
    """What reading, checking and writing anew costs for an sdist of 100 MiB, to compressing it."""
    path = options.data / "1x1-104857600.git"
    if not path.exists():
        make_repository.make(str(path), 1, 1, 100 << 20)
    name, version, pairs = make_repository.package(0), make_repository.version(0), []
    for number in range(options.rounds):
        config = configuration(options, f"repack-{number}", path, 'build-command = ["make", "build"]')
        ours = timed([options.binary, "build", name, version, "--config", config])
        tree = options.run / f"repack-{number}"
        tree.mkdir()
        archive = f"git -C {path} archive {name}/v{version} {name} | tar -x -C {tree}"
        subprocess.run(["sh", "-c", archive], check=True)
        environment = os.environ | {"SETUPTOOLS_SCM_PRETEND_VERSION": version}
        plain = timed(["make", "-C", tree / name, "build"], env=environment)
        subprocess.run(["sh", "-c", f"gunzip -c {tree}/{name}/dist/*.tar.gz > {tree}/plain.tar"], check=True)
        gzip = timed(["sh", "-c", f"gzip -6 -c {tree}/plain.tar > /dev/null"])
        pairs.append((ours - plain, gzip))
        shutil.rmtree(tree)
        shutil.rmtree(options.run / f"repack-{number}-cache")
    medians = [statistics.median(column) for column in zip(*pairs)]
    row(
        "build of 100 MiB beyond `make build`, to `gzip -6` of it",
        "at most 1.3",
        f"{medians[0]:.2f} to {medians[1]:.2f} s",
        [ours / gzip for ours, gzip in pairs],
    )


def crowd(options):
    """256 first requests of 64 files at once, four for each, while one client asks for a page."""
    path = options.data / "100x200.git"
    if not path.exists():
        make_repository.make(str(path), 100, 200)
    with Site(options.run / "site", options.binary, path, slots=4) as site:
        site.serve()
        version = make_repository.version(3)
        urls = []
        for number in range(64):
            name = make_repository.package(number)
            page = site.get(f"/simple/{name}/")[1].decode()
            urls.append(re.search(rf'href="\.\./\.\.(/files/[^"#]*-{re.escape(version)}\.tar\.gz)', page)[1])
        wanted = options.run / "crowd"
        wanted.write_text("".join(f'url = "{site.url(url)}"\noutput = "/dev/null"\n' for url in 4 * urls))
        curl = ["curl", "--silent", "--parallel", "--parallel-immediate", "--parallel-max", "256"]
        # It follows redirects, as every client does.
        curl += ["--location", "--max-redirs", "12", "--write-out", "%{http_code}\\n", "--config", wanted]
        page, latencies = f"/simple/{make_repository.package(80)}/", []
        site.get(page)
        requests = subprocess.Popen(curl, stdout=subprocess.PIPE, text=True)
        while requests.poll() is None:
            began = time.perf_counter()
            assert site.get(page)[0] == 200
            latencies.append(1000 * (time.perf_counter() - began))
            time.sleep(0.005)
        statuses = requests.stdout.read().split()
        assert statuses == ["200"] * 256, statuses
        built = (site.run / "pyindex.out").read_text().count(" Built ")
    latencies.sort()
    p99 = latencies[int(len(latencies) * 0.99)]
    what = "256 first requests of 64 files at once, 4 slots: the page meanwhile"
    row(what, "64 builds, p99 at most 10 ms", f"{built} builds, p99 {p99:.1f} ms", latencies, 1)
