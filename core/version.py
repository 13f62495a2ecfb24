"""Which code this is, and with which libraries: what the numbers of a run depend on."""

import functools
import hashlib
import json
import platform
import re
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distributions, version
from importlib.util import find_spec
from pathlib import Path

from core import __version__

PROJECT = Path(__file__).parents[1]
# Parts of core/ that compute nothing of a result.
AROUND = ("runs", "takeaway", "comparison")
IMPORT = re.compile(rb"^ *(?:import|from) (\w+)", re.MULTILINE)
GIT_SECONDS = 5.0
SHORT = 12  # digits of a hash that are shown


@functools.cache
def code_version() -> str:
    """Return a hash of the code in core/, as it is when this is first called."""
    code = hashlib.sha256()
    for file in sorted((PROJECT / "core").rglob("*.py")):
        code.update(file.read_bytes())
    return code.hexdigest()


@functools.cache
def program_version() -> str:
    """Return a hash of the code and of the versions of what it computes with."""
    program = json.dumps([code_version(), libraries()])
    return hashlib.sha256(program.encode()).hexdigest()


@functools.cache
def commit() -> str | None:
    """Return the git commit of this project, or None where there is no repository."""
    command = ["git", "-C", str(PROJECT), "rev-parse", "--verify", "HEAD"]
    try:
        found = subprocess.run(
            command, capture_output=True, text=True, timeout=GIT_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip()[:SHORT]


def described() -> str:
    """Return the version in words: with the commit if known, and the code's hash."""
    known = f"commit {commit()}, " if commit() else ""
    return f"version {__version__}, {known}code {code_version()[:SHORT]}"


@functools.cache
def libraries() -> dict[str, str]:
    """Return the versions of Python and of the libraries that compute, by name.

    These are the libraries that the tasks' code imports, as far as they are installed.
    """
    versions = {"python": platform.python_version()}
    for name in sorted(imported_modules(PROJECT / "core")):
        if find_spec(name):
            versions.update(distributions_of(name))
    return versions


def imported_modules(folder: Path) -> set[str]:
    """Return the top-level modules that the tasks' code imports from other packages."""
    around = [folder / name for name in AROUND]
    files = [
        file
        for file in folder.rglob("*.py")
        if not any(file.is_relative_to(each) for each in around)
    ]
    found = {name for file in files for name in IMPORT.findall(file.read_bytes())}
    return {name.decode() for name in found} - sys.stdlib_module_names - {folder.name}


def distributions_of(module: str) -> Iterable[tuple[str, str]]:
    """Return name and version of the distributions that bring a module."""
    try:
        yield module, version(module)
    except PackageNotFoundError:  # distribution under another name
        brought = re.compile(rf"^{module}(?:/|\.py,)", re.MULTILINE)
        for found in distributions():
            if brought.search(found.read_text("RECORD") or ""):
                yield found.name, found.version
