"""What a field test found, as JSON and as tables in Markdown."""

import collections
import json

CLASSES = ["equal", "differs", "does not build", "never published"]


def write(place, releases, skipped):
    kept = [{name: value for name, value in release.items() if name not in ("entry", "file")} for release in releases]
    document = {"releases": kept, "skipped": [{"tag": tag, "reason": reason} for tag, reason in skipped]}
    (place / "report.json").write_text(json.dumps(document, indent=2) + "\n")
    text = "\n".join([summary(releases), "", others(releases), "", passed_over(skipped), ""])
    (place / "report.md").write_text(text)
    print(text)
    print(f"{place}/report.json has the differences file by file, and the logs' ends.")


def share(part, whole):
    return f"{part} ({100 * part / whole:.0f} %)" if whole else str(part)


def summary(releases):
    """A line for each project, and one for all."""
    by_project = collections.defaultdict(list)
    for release in releases:
        by_project[release["project"]].append(release)
    rows = [summary_row(name, group) for name, group in sorted(by_project.items())]
    if len(rows) > 1:
        rows.append(summary_row("all", releases))
    head = "| project | tags | with a published sdist | of these build | of these equal in content | metadata equal too |"
    return "\n".join([head, "|---|---|---|---|---|---|", *rows])


def summary_row(name, releases):
    published = [release for release in releases if release["published"]]
    built = [release for release in published if release["class"] != "does not build"]
    equal = [release for release in built if release["class"] == "equal"]
    metadata = [release for release in equal if not release["metadata"]]
    count = len(published)
    return (
        f"| {name} | {len(releases)} | {count} | {share(len(built), count)} | {share(len(equal), count)} "
        f"| {len(metadata)} |"
    )


def others(releases):
    """A line for each release that is not equal."""
    rows = [
        f"| {release['project']} {release['version']} | {release['class']} | {reason(release)} |"
        for release in sorted(releases, key=lambda release: CLASSES.index(release["class"]))
        if release["class"] != "equal"
    ]
    return "\n".join(["| release | class | why |", "|---|---|---|", *rows])


def reason(release):
    if release["class"] == "does not build":
        # The back end's last words say more than its status does.
        last = release["log"].splitlines()[-2:-1] if "exited with" in release["reason"] else []
        return " ".join([release["reason"], *(f"`{line.strip()[:200]}`" for line in last)]).replace("|", "\\|")
    groups = collections.defaultdict(list)
    for found in release.get("differences", []):
        groups[found["what"], found["cause"]].append(found["path"])
    return "; ".join(f"{what}, {cause}: {named(paths)}" for (what, cause), paths in groups.items())


def named(paths):
    shown = ", ".join(f"`{path}`" for path in paths[:4])
    return shown + (f" and {len(paths) - 4} more" if len(paths) > 4 else "")


def passed_over(skipped):
    if not skipped:
        return "No tag was passed over."
    return "\n".join(["| tag passed over | why |", "|---|---|", *(f"| {tag} | {why} |" for tag, why in skipped)])
