"""A tree of 50 packages by uv: through the cache, beside the same pages and files as plain files, and beside proxpi."""

import hashlib
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import time

import builds
import make_directory
import peers
from remote import SIMPLE
from site_under_test import Site
from table import row

COUNT = 50
RELEASES = 5


def measure(options):
    files = folder(options)
    command = peers.installed(options, "dumb-pypi", ["dumb-pypi"]) / "dumb-pypi"
    with Site(options.run / "site", options.binary, "http://127.0.0.1:1/simple/", SIMPLE) as site:
        generate(site, command, files)
        plain = site.url("/static/simple/")
        config = site.run / "config.toml"
        config.write_text(config.read_text().replace("http://127.0.0.1:1/simple/", plain))
        site.serve()
        for _, proxpi in peers.running(options, files, plain, ["proxpi"]):
            compare(options, {"ours": site.url("/simple/"), "static": plain, "proxpi": proxpi})


def package(number):
    return f"tree-package-{number:02d}"


def folder(options):
    """The wheels, and dumb-pypi's list of them. Each package needs the two below it; the first so needs all."""
    path = options.data / f"tree-{COUNT}"
    if path.exists():
        return path
    unfinished = path.with_suffix(".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    noise = random.Random(1)
    lines = []
    for number in range(COUNT):
        needs = [package(below) for below in (2 * number + 1, 2 * number + 2) if below < COUNT]
        for release in range(RELEASES):
            stem = f"{package(number).replace('-', '_')}-1.{release}"
            content = f"Metadata-Version: 2.2\nName: {package(number)}\nVersion: 1.{release}\nRequires-Python: >=3.9\n"
            content += "".join(f"Requires-Dist: {name}>=1.0\n" for name in needs)
            content += "\n" + " ".join(noise.choice(make_directory.WORDS) for _ in range(220)) + "\n"
            wheel = make_directory.wheel(stem, content.encode(), noise)
            name = f"{stem}-py3-none-any.whl"
            (unfinished / name).write_bytes(wheel)
            (unfinished / f"{name}.metadata").write_text(content)
            digest = hashlib.sha256(content.encode()).hexdigest()
            entry = {"filename": name, "hash": f"sha256={hashlib.sha256(wheel).hexdigest()}", "requires_python": ">=3.9"}
            lines.append(json.dumps(entry | {"core_metadata": f"sha256={digest}"}))
    (unfinished / "packages.jsonl").write_text("\n".join(lines) + "\n")
    unfinished.rename(path)
    return path


def generate(site, command, files):
    """dumb-pypi's pages, where nginx sends them from, and the files beside them."""
    static = site.run / "static"
    words = ["--package-list-json", files / "packages.jsonl", "--output-dir", static, "--packages-url", "../../packages/"]
    subprocess.run([command, *words, "--no-generate-timestamp", "--no-per-release-json"], check=True)
    shutil.copytree(files, static / "packages")
    for path in static.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def compare(options, indexes):
    uv = builds.clients(options) / "uv"
    for what, words in {"compile": ["compile", "-", "-o", "out.txt"], "install": ["install", package(0), "--target", "out"]}.items():
        times = {name: [] for name in indexes}
        for number in range(-1, 4 * options.rounds):
            # By turns, each of them first as often as the others.
            names = list(indexes)[number % 3 :] + list(indexes)[: number % 3]
            for name in names:
                took = run(options, [uv, "pip", *words, "--default-index", indexes[name]])
                if number >= 0:
                    times[name].append(took)
        for name, bar in [("ours", "at most 1.15"), ("proxpi", "beside it")]:
            ratios = [mine / plain for mine, plain in zip(times[name], times["static"])]
            medians = [1000 * statistics.median(times[which]) for which in (name, "static")]
            measured = f"{statistics.median(ratios):.2f}: {medians[0]:.0f} to {medians[1]:.0f} ms"
            whose = "through the cache" if name == "ours" else f"through {name}"
            row(f"`uv pip {what}` of {COUNT} packages {whose}, to static", bar, measured, ratios)


def run(options, command):
    """The seconds that uv takes, with nothing of its own to remember."""
    place = options.run / "client"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    environment = {"PATH": os.environ["PATH"], "HOME": str(place), "UV_NO_CONFIG": "1", "UV_LINK_MODE": "copy"}
    began = time.perf_counter()
    subprocess.run([*command, "--no-cache", "--quiet"], input=package(0), text=True, cwd=place, env=environment, check=True)
    took = time.perf_counter() - began
    found = (place / "out.txt").read_text().count("==") if (place / "out.txt").exists() else len(list((place / "out").glob("*.dist-info")))
    assert found == COUNT, found
    return took
