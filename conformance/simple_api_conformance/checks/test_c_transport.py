"""C7 to C10: what clients ask for."""

from datetime import datetime

import pytest

from ..clients.fixtures import clients
from ..clients.scenario import Scenario
from ..clients.tools import INSTALLERS, NEWEST, READ_METADATA
from ..outcome import not_applicable, not_offered
from ..pages import version_of
from .test_m_metadata import advertised


@pytest.mark.check("C7", level="practice")
@clients(READ_METADATA)
def test_C7_metadata_file_is_read(scenario: Scenario) -> None:
    """An advertised metadata file is read, and the wheel itself is not, to resolve."""
    project = scenario.options["wheel_project"] or scenario.options["project"]
    newest = scenario.versions(project)[-1]
    files = [f for f in scenario.usable(project) if version_of(f.filename) == newest]
    wheels = [file for file in files if file.is_wheel]
    file = (wheels or files)[-1]
    if advertised(file) is None:
        not_offered(f"no metadata file of {file.filename} is advertised")
    if not wheels and scenario.tool.kind == "uv":
        not_applicable("uv reads metadata files of wheels only")
    ran = scenario.install(project, "--dry-run")
    scenario.must(ran.status == 0, "did not resolve", ran)
    read = scenario.proxy.asked(f"{file.filename}.metadata")
    scenario.must(read and read[-1].status == 200, "did not read the metadata file", ran)
    if scenario.tool.kind == "uv":
        whole = scenario.proxy.asked(file.filename)
        scenario.must(not whole, "downloaded the file all the same", ran)


@pytest.mark.check("C8", level="practice")
@clients(NEWEST)
def test_C8_broken_download_is_completed(scenario: Scenario) -> None:
    """A download that breaks off is resumed by pip, where ranges are served, or repeated."""
    project = scenario.options["wheel_project"] or scenario.options["project"]
    newest = scenario.versions(project)[-1]
    files = [f for f in scenario.usable(project) if version_of(f.filename) == newest]
    file = ([f for f in files if f.is_wheel] or files)[-1]
    scenario.proxy.cut_once(file.filename)
    ran = scenario.install(project, "--no-deps")
    asked = scenario.proxy.asked(file.filename)
    if not any(each.broken for each in asked):
        not_offered(f"{file.filename} did not come through the proxy")
    done = ran.status == 0 and scenario.installed(project) == str(newest)
    scenario.must(done, "did not complete the download", ran)
    ranges = any(each.status == 206 for each in asked)
    served = scenario.index.download(file.url).header("Accept-Ranges") == "bytes"
    if scenario.tool.is_pip and served:
        scenario.must(ranges, "repeated the download although ranges are served", ran)


@pytest.mark.check("C9", level="practice")
@clients(NEWEST)
def test_C9_newer_files_are_excluded(scenario: Scenario) -> None:
    """With a date, files uploaded later are passed over, and those before it are not."""
    project = scenario.project("many")
    times = {}
    for file in scenario.index.html_or_json(project).files:
        time = file.keys.get("upload-time")
        if time is None:
            not_offered("no upload-time")
        times[version_of(file.filename)] = datetime.fromisoformat(time)
    versions = sorted(version for version in times if version is not None)
    wanted, later = versions[len(versions) // 2], versions[len(versions) // 2 + 1]
    if not times[wanted] < times[later]:
        not_offered("upload-time does not tell the versions apart")
    date = times[later].strftime("%Y-%m-%dT%H:%M:%SZ")
    option = "--uploaded-prior-to" if scenario.tool.is_pip else "--exclude-newer"
    ran = scenario.install(project, option, date)
    found = scenario.installed(project)
    earlier = {str(v) for v in versions if times[v] < times[later]}
    scenario.must(found in earlier, f"installed {found} with {option} {date}", ran)


@pytest.mark.check("C10", level="practice")
@clients(INSTALLERS)
def test_C10_absent_project_ends_at_once(scenario: Scenario) -> None:
    """A name that is not there ends the client with its own message, without repeated requests."""
    absent = scenario.index.names.absent
    ran = scenario.install(absent, timeout=60)
    scenario.must(ran.status not in (0, None), "did not fail", ran)
    said = ran.output.lower()
    words = ("no matching distribution", "not found", "no versions")
    scenario.must(any(word in said for word in words), "said something else", ran)
    asked = scenario.proxy.asked(f"/{absent}/")
    scenario.must(len(asked) <= 2, f"asked {len(asked)} times", ran)
