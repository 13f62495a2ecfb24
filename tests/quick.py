"""`make quick`: the tests of what differs from main, by a table in CONTRIBUTING.md."""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| `([\w/. ]+)` \| `(tests/[^`]+)` \|", re.MULTILINE)
SIDE_BY_SIDE = ("--numprocesses", "2", "--dist", "worksteal")


def table() -> dict[str, list[str]]:
    """Return the tests of each folder or file of the table."""
    rows = ROW.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    return {
        path: [file for pattern in tests.split() for file in _files(pattern)]
        for paths, tests in rows
        for path in paths.split()
    }


def _files(pattern: str) -> list[str]:
    """Return the paths of a pattern, or a path that does not exist as it is."""
    paths = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern))
    return paths or [pattern]


def row_of(path: str) -> str | None:
    """Return the longest path of the table above a file, or None."""
    above = [row for row in table() if f"{path}/".startswith(f"{row}/")]
    return max(above, key=len, default=None)


def selection(paths: Iterable[str]) -> list[str]:
    """Return the tests of changed files: of its row, and a test itself."""
    rows, tests = table(), set()
    for path in paths:
        if _is_test(path):
            tests.add(path)
        row = row_of(path)
        tests |= {*rows[row]} if row else set()
    return sorted(tests)


def left_out(paths: Iterable[str]) -> str:
    """Return what `make quick` leaves out, and the commands that run it."""
    paths = [path for path in paths if not _is_test(path) and not row_of(path)]
    files = f" Nothing here tests {', '.join(paths)}." if paths else ""
    return (
        f"Left out: all other tests.{files}\n"
        "Run make test when a change is done, make check before you call it finished."
    )


def changed() -> list[str]:
    """Return the files that differ from main, the new ones among them."""
    base = _git("merge-base", "HEAD", "main") or ["HEAD"]
    new = _git("ls-files", "--others", "--exclude-standard")
    return [*_git("diff", "--name-only", base[0]), *new]


def _is_test(path: str) -> bool:
    return Path(path).name.startswith("test_") and (ROOT / path).exists()


def _git(*command: str) -> list[str]:
    done = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.splitlines()


if __name__ == "__main__":
    paths = changed()
    tests = selection(paths)
    sys.stdout.write(f"Runs: {' '.join(tests) or 'nothing'}\n")
    sys.stdout.flush()
    status = pytest.main([*tests, *SIDE_BY_SIDE, "--durations=5"]) if tests else 0
    sys.stdout.write(f"{left_out(paths)}\n")
    sys.exit(status)
