"""Projects for clients that lock: uv, poetry and PDM."""

import pathlib

from .tools import Tool

UV = """
[[tool.uv.index]]
name = "tested"
url = "{url}"
default = true
"""

POETRY = """
[tool.poetry]
package-mode = false

[[tool.poetry.source]]
name = "tested"
url = "{url}"
priority = "primary"
"""

PDM = """
[tool.pdm]
distribution = false

[[tool.pdm.source]]
name = "pypi"
url = "{url}"
verify_ssl = false
"""

LOCKS = {"uv": "uv.lock", "poetry": "poetry.lock", "pdm": "pdm.lock"}


def write(tool: Tool, directory: pathlib.Path, url: str, requirement: str) -> None:
    """A pyproject.toml that takes everything from this index."""
    text = '[project]\nname = "consumer"\nversion = "1"\nrequires-python = ">=3.11"\n'
    text += f'dependencies = ["{requirement}"]\n'
    sections = {"uv": UV, "poetry": POETRY, "pdm": PDM}
    (directory / "pyproject.toml").write_text(text + sections[tool.kind].format(url=url))


def lock_arguments(tool: Tool) -> list[str]:
    arguments = {
        "uv": ["lock", "--python", tool.python],
        "poetry": ["lock", "--no-interaction"],
        "pdm": ["lock", "--no-cross-platform"],
    }
    return arguments[tool.kind]


def install_arguments(tool: Tool) -> list[str]:
    """What installs exactly what is locked."""
    arguments = {
        "uv": ["sync", "--locked", "--no-install-project", "--python", tool.python],
        "poetry": ["install", "--no-interaction", "--no-root"],
        "pdm": ["sync", "--no-self"],
    }
    return arguments[tool.kind]


def installed(directory: pathlib.Path) -> pathlib.Path | None:
    """The site-packages of the project's environment."""
    return next((directory / ".venv").glob("lib/python*/site-packages"), None)
