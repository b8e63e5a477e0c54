#!/usr/bin/env python3
"""Builds every release of a configuration's repositories, and compares each with the sdist that was published.

    field_test.py BINARY CONFIG [--work DIRECTORY] [--index URL] [--project NAME] [--retry]

The configuration's sources are used as they are; cache and state are the field test's own, below DIRECTORY. What was
published comes from the index that pip asks on this machine, or from URL. Writes report.json and report.md there.
"""

import argparse
import concurrent.futures
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import time
import tomllib

import contents
import report
from published import PublishedIndex, Version, index_of_pip

OWN = ("listen", "socket-group", "file-group", "cache", "state")


class FieldTest:
    def __init__(self, options):
        self.options = options
        self.work = options.work
        (self.work / "published").mkdir(parents=True, exist_ok=True)
        self.config = self.work / "config.toml"
        self.config.write_text(self.own_configuration())
        values = tomllib.loads(self.config.read_text())
        self.slots = values["build"]["slots"]
        self.repositories = {source["name"]: source["path"] for source in values["source"] if source["type"] == "git"}
        self.index = PublishedIndex(options.index or index_of_pip(), self.work / "published")

    def own_configuration(self):
        """The configuration in force, with places of its own."""
        shown = subprocess.run(
            [self.options.binary, "config", "show", "--config", self.options.config], capture_output=True, text=True
        )
        if shown.returncode != 0:
            sys.exit(shown.stderr.rstrip())
        head, table, rest = shown.stdout.partition("\n[")
        kept = [line for line in head.splitlines() if line.partition(" = ")[0] not in OWN]
        own = [f"{name} = {json.dumps(str(self.work / name))}" for name in ("listen", "cache", "state")]
        return "\n".join(own + kept) + table + rest

    def command(self, *arguments):
        command = [self.options.binary, *arguments, "--config", self.config]
        return subprocess.run(command, capture_output=True, text=True, timeout=7200)

    def lines(self, *arguments):
        run = self.command(*arguments)
        if run.returncode != 0:
            sys.exit(run.stderr.rstrip())
        return [line.split("\t") for line in run.stdout.splitlines()]

    def releases(self):
        for (project,) in self.lines("list"):
            if self.options.project in (None, project):
                for version, tag, *rest in self.lines("list", project):
                    if version not in ("status", "moved"):
                        yield {"project": project, "version": version, "tag": tag, "identity": rest[1]}

    def build(self, release):
        began = time.monotonic()
        again = ["--retry"] if self.options.retry else []
        run = self.command("build", release["project"], release["version"], *again)
        release["seconds"] = round(time.monotonic() - began, 1)
        if run.returncode == 0:
            release["file"] = run.stdout.strip()
        else:
            lines = run.stderr.strip().splitlines()
            release["class"] = "does not build"
            release["reason"] = " ".join(line for line in lines if not line.startswith("Log: "))
            release["log"] = last_words(next((line[5:] for line in lines if line.startswith("Log: ")), None))

    def run(self):
        releases = list(self.releases())
        files = {}
        for project in sorted({release["project"] for release in releases}):
            files[project] = self.index.source_distributions(project)
        with concurrent.futures.ThreadPoolExecutor(self.slots) as pool:
            for done, _ in enumerate(pool.map(self.build, releases), 1):
                if sys.stderr.isatty() or done == len(releases):
                    end = "\n" if done == len(releases) else ""
                    print(f"\r{done} of {len(releases)} tried", end=end, file=sys.stderr, flush=True)
        entries = self.entries()
        for release in releases:
            release["entry"] = entries.get(release["identity"])
            self.judge(release, files[release["project"]].get(Version(release["version"])))
        return releases, [line for line in self.lines("list", "--skipped") if len(line) == 2]

    def entries(self):
        """What the ledger says of each published identity."""
        lines = map(json.loads, self.command("ledger", "export").stdout.splitlines())
        return {line["identity"]: line for line in lines if line["event"] == "published"}

    def judge(self, release, published):
        release["published"] = published and published["filename"]
        if published is None or "file" not in release:
            release.setdefault("class", "never published")
            return
        ours = contents.read(release["file"])
        theirs = contents.read(self.index.download(published))
        tree = TaggedTree(self.repositories[release["entry"]["key"]["source"]], release["entry"]["key"])
        found = [explain(path, here, there, tree) for path, here, there in contents.differences(ours, theirs)]
        release["class"] = "differs" if found else "equal"
        release["differences"] = found
        release["modes"] = contents.modes(ours, theirs)
        release["metadata"] = contents.metadata_differences(ours, theirs)


class TaggedTree:
    """The files of a tag, as git stores them."""

    def __init__(self, repository, key):
        self.git = ["git", "-c", "safe.directory=*", "-C", repository]
        self.place = f"{key['commit']}:{key['directory']}/" if key["directory"] else f"{key['commit']}:"

    def bytes(self, path):
        """`None` for what the tag has not in the package's directory."""
        shown = subprocess.run([*self.git, "show", self.place + path], capture_output=True)
        return shown.stdout if shown.returncode == 0 else None

    def knows(self, data):
        """Whether some commit of the repository has a file of these bytes."""
        blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
        return subprocess.run([*self.git, "cat-file", "-e", blob], capture_output=True).returncode == 0


def explain(path, here, there, tree):
    """What is different, and which of both has what the tag has, or another commit."""
    tagged = tree.bytes(path)
    what = "only built" if there is None else "only published" if here is None else "other bytes"
    if what == "other bytes" and re.sub(rb"\r\n", b"\n", there.data) == here.data:
        what = "other line ends"
    causes = []
    if tagged is None:
        causes.append("not in the tag")
    for name, file in (("built", here), ("published", there)):
        if file is not None and file.data == tagged:
            causes.append(f"{name} as tagged")
        elif file is not None and tree.knows(file.data):
            causes.append(f"{name} as in another commit")
    return {"path": path, "what": what, "cause": ", ".join(causes) or "neither as in any commit"}


def last_words(path, count=15):
    """The end of a build's log."""
    if path is None or not pathlib.Path(path).exists():
        return ""
    return "\n".join(pathlib.Path(path).read_text(errors="replace").splitlines()[-count:])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("config", type=pathlib.Path)
    parser.add_argument("--work", type=pathlib.Path, help="default: .build/field/ and the configuration's name")
    parser.add_argument("--index", help="the project list of another index than pip's")
    parser.add_argument("--project", help="only this project")
    parser.add_argument("--retry", action="store_true", help="build again what failed")
    options = parser.parse_args()
    root = pathlib.Path(__file__).resolve().parent.parent
    options.binary = options.binary.resolve()
    options.work = (options.work or root / ".build/field" / options.config.stem).resolve()
    releases, skipped = FieldTest(options).run()
    report.write(options.work, releases, skipped)


main()
