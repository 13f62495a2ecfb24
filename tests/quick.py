"""`make quick`: the tests of what differs from main, by a table in CONTRIBUTING.md."""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| `([\w/.]+)` \| `(tests/[^`]+)` \|", re.MULTILINE)


def table() -> dict[str, list[str]]:
    """Return the tests of each folder or file of the table."""
    rows = ROW.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    return {changed: tests.split() for changed, tests in rows}


def selection(paths: Iterable[str]) -> list[str]:
    """Return the tests of changed files: of the longest row, and a test itself."""
    rows, found = table(), set()
    for path in paths:
        if Path(path).name.startswith("test_") and (ROOT / path).exists():
            found.add(path)
        over = [row for row in rows if f"{path}/".startswith(f"{row}/")]
        found |= {*rows[max(over, key=len)]} if over else set()
    return sorted(found)


def changed() -> list[str]:
    """Return the files that differ from main, the new ones among them."""
    base = _git("merge-base", "HEAD", "main") or ["HEAD"]
    new = _git("ls-files", "--others", "--exclude-standard")
    return [*_git("diff", "--name-only", base[0]), *new]


def _git(*command: str) -> list[str]:
    done = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.splitlines()


if __name__ == "__main__":
    chosen = selection(changed())
    sys.exit(pytest.main([*chosen, "--durations=5"]) if chosen else 0)
