"""C1 to C3: clients install, check hashes, and lock."""

import hashlib
import json
import subprocess

import pytest

from ..clients import projects
from ..clients.fixtures import clients
from ..clients.scenario import Scenario
from ..clients.tools import INSTALLERS, LOCKERS
from ..outcome import not_applicable, not_offered
from ..pages import File


@pytest.mark.check("C1", level="MUST")
@clients(INSTALLERS)
def test_C1_project_and_its_dependency_are_installed(scenario: Scenario) -> None:
    """Clients install a project with its dependency, and it can be imported."""
    project = scenario.project("install")
    wanted = scenario.versions(project)[-1]
    ran = scenario.install(project)
    scenario.must(ran.status == 0, f"did not install {project}", ran)
    found = scenario.installed(project)
    scenario.must(found == str(wanted), f"installed {found}, not {wanted}", ran)
    module = project.replace("-", "_")
    code = f"import sys; sys.path.insert(0, {str(scenario.directory / 'target')!r})"
    command = [scenario.tool.python, "-c", f"{code}; import {module}"]
    imported = subprocess.run(command, capture_output=True, text=True, timeout=30)
    scenario.must(imported.returncode == 0, f"cannot import {module}: {imported.stderr}", ran)


def sha256(scenario: Scenario, file: File) -> str:
    """The hash that the listing gives, which must be there."""
    told = (file.keys.get("hashes") or {}).get("sha256")
    told = told or (file.fragment[7:] if file.fragment.startswith("sha256=") else None)
    if not told:
        not_offered(f"the listing has no sha256 of {file.filename}")
    return str(told)


@pytest.mark.check("C2", level="MUST")
@clients(INSTALLERS)
@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
def test_C2_hashes_are_required(scenario: Scenario, right: bool) -> None:
    """With --require-hashes and the listing's hash a file is taken; with another hash it is not."""
    project = scenario.options["wheel_project"] or scenario.options["project"]
    version = scenario.versions(project)[-1]
    files = [f for f in scenario.usable(project) if f"-{version}" in f.filename]
    lines = [f"{project}=={version}"]
    for file in files:
        digest = sha256(scenario, file)
        digest = digest if right else hashlib.sha256(digest.encode()).hexdigest()
        lines.append(f"    --hash=sha256:{digest}")
    requirements = scenario.directory / "requirements.txt"
    requirements.write_text(" \\\n".join(lines) + "\n")
    ran = scenario.install(str(requirements), "--require-hashes", "--no-deps", "-r")
    done = scenario.installed(project) == str(version)
    text = "did not take it" if right else "took a file with another hash"
    scenario.must((ran.status == 0 and done) == right, text, ran)


@pytest.mark.check("C3", level="MUST")
@clients(LOCKERS)
def test_C3_locked_and_installed_from_the_lock(scenario: Scenario) -> None:
    """uv, poetry and PDM lock a project with its dependency, and install what they locked."""
    project = scenario.project("install")
    wanted = scenario.versions(project)[-1]
    ran = scenario.lock(project)
    lock = scenario.directory / projects.LOCKS[scenario.tool.kind]
    scenario.must(ran.status == 0 and lock.exists(), "did not lock", ran)
    locked = lock.read_text()
    for file in scenario.usable(project):
        if f"-{wanted}" in file.filename and file.is_wheel:
            name = json.dumps(file.filename)[1:-1]
            scenario.must(name in locked, f"{name} is not in the lock", ran)
    ran = scenario.install_locked()
    place = projects.installed(scenario.directory)
    found = None if place is None else scenario.installed(project, place)
    text = f"installed {found} from its lock, not {wanted}"
    scenario.must(ran.status == 0 and found == str(wanted), text, ran)


@pytest.mark.check("C3", level="practice")
@clients(LOCKERS)
def test_C3_lock_has_hashes_of_all_files(scenario: Scenario) -> None:
    """Locking takes hashes from the listing: no file is downloaded only to hash it."""
    project = scenario.options["wheel_project"] or ""
    if not project:
        not_applicable("no --wheel-project")
    for file in scenario.usable(project):
        sha256(scenario, file)
    ran = scenario.lock(project)
    scenario.must(ran.status == 0, "did not lock", ran)
    text = (scenario.directory / projects.LOCKS[scenario.tool.kind]).read_text()
    version = scenario.versions(project)[-1]
    for file in scenario.usable(project):
        if f"-{version}" in file.filename and file.is_wheel:
            scenario.must(sha256(scenario, file) in text, f"no hash of {file.filename}", ran)
    if not any(file.is_wheel for file in scenario.usable(project)):
        return  # uv reads the metadata of source distributions inside them
    loaded = [each for each in scenario.proxy.asked(".tar.gz") if each.method == "GET"]
    whole = [each for each in loaded if not each.range]
    scenario.must(not whole, f"downloaded {len(whole)} source distributions", ran)
