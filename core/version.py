"""Which code this is, and with which libraries: what the numbers of a run depend on."""

import functools
import hashlib
import json
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

PROJECT = Path(__file__).parents[1]
LIBRARIES = ("numpy", "scipy", "tensorflow", "keras")
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
    """Return the version of the code in words: its commit if known, and its hash."""
    code = f"code {code_version()[:SHORT]}"
    return f"commit {commit()}, {code}" if commit() else code


def libraries() -> dict[str, str]:
    """Return the versions of Python and of the libraries that compute, by name."""
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
    }
