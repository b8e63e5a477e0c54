"""C4 to C6 and C11: clients choose the right version."""

import pytest
from packaging.version import Version

from ..clients.fixtures import clients
from ..clients.scenario import Scenario, is_yanked
from ..clients.tools import INSTALLERS, KNOW_YANKED
from ..outcome import not_applicable, not_offered
from ..pages import version_of


def newest(scenario: Scenario, project: str, **kinds: bool) -> Version:
    """The newest version with or without pre-releases."""
    found = scenario.versions(project)
    if not kinds.get("pre", False):
        found = [version for version in found if not version.is_prerelease]
    return found[-1]


@pytest.mark.check("C4", level="MUST")
@clients(KNOW_YANKED)
def test_C4_yanked_files_are_passed_over(scenario: Scenario) -> None:
    """The newest version that is not yanked is installed."""
    project = scenario.project("yanked")
    if not any(is_yanked(file) for file in scenario.usable(project)):
        not_offered("no file is marked")
    wanted = newest(scenario, project)
    ran = scenario.install(project)
    found = scenario.installed(project)
    scenario.must(found == str(wanted), f"installed {found}, not {wanted}", ran)


@pytest.mark.check("C4", level="MUST")
@clients(KNOW_YANKED)
def test_C4_yanked_file_is_installed_when_pinned(scenario: Scenario) -> None:
    """A yanked version is installed by `==`."""
    project = scenario.project("yanked")
    yanked = [version_of(f.filename) for f in scenario.usable(project) if is_yanked(f)]
    if not yanked:
        not_offered("no file is marked")
    ran = scenario.install(f"{project}=={yanked[-1]}")
    found = scenario.installed(project)
    scenario.must(found == str(yanked[-1]), f"installed {found}, not {yanked[-1]}", ran)


@pytest.mark.check("C5", level="MUST")
@clients(INSTALLERS)
def test_C5_requires_python_is_respected(scenario: Scenario) -> None:
    """A version that excludes this Python is passed over, without being downloaded."""
    project = scenario.project("python")
    files = scenario.index.html_or_json(project).files
    keys = ("requires-python", "data-requires-python")
    if not any(file.keys.get(key) for file in files for key in keys):
        not_offered("the listing has no requires-python")
    wanted = newest(scenario, project)
    excluded = [file for file in files if file not in scenario.usable(project)]
    ran = scenario.install(project)
    found = scenario.installed(project)
    scenario.must(found == str(wanted), f"installed {found}, not {wanted}", ran)
    for file in excluded:
        asked = scenario.proxy.asked(file.filename)
        scenario.must(not asked, f"downloaded {file.filename}", ran)


@pytest.mark.check("C6", level="MUST")
@clients(INSTALLERS)
@pytest.mark.parametrize("pre", [False, True], ids=["final", "pre"])
def test_C6_pre_releases_by_request_only(scenario: Scenario, pre: bool) -> None:
    """A pre-release is installed when it is asked for, and only then."""
    project = scenario.project("prerelease")
    wanted = newest(scenario, project, pre=pre)
    option = ["--pre"] if scenario.tool.is_pip else ["--prerelease", "allow"]
    ran = scenario.install(project, *(option if pre else []))
    found = scenario.installed(project)
    scenario.must(found == str(wanted), f"installed {found}, not {wanted}", ran)


@pytest.mark.check("C11", level="MUST")
@clients(INSTALLERS)
def test_C11_local_version_is_installed(scenario: Scenario) -> None:
    """A local version is found, and its file with `+` in the name comes."""
    project = scenario.project("local")
    local = [version for version in scenario.versions(project) if version.local]
    if not local:
        not_applicable(f"{project} has no local version")
    ran = scenario.install(f"{project}=={local[-1]}")
    found = scenario.installed(project)
    scenario.must(found == str(local[-1]), f"installed {found}, not {local[-1]}", ran)


@pytest.mark.check("C11", level="practice")
@clients(INSTALLERS)
def test_C11_many_versions_cost_one_page(scenario: Scenario) -> None:
    """The newest of many versions is found by one page and one file, by `<` too."""
    project = scenario.project("many")
    versions = scenario.versions(project)
    wanted = versions[len(versions) // 2 - 1]
    ran = scenario.install(f"{project}<{versions[len(versions) // 2]}")
    found = scenario.installed(project)
    scenario.must(found == str(wanted), f"installed {found}, not {wanted}", ran)
    pages = [each for each in scenario.proxy.asked(f"/{project}/") if each.status == 200]
    scenario.must(len(pages) <= 2, f"{len(pages)} pages", ran)
