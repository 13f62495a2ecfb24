"""The audit finds what it should, and fails for nothing else."""

import importlib.metadata
import subprocess
import sys

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.security.audit import KNOWN, REQUIREMENTS, findings_of, installed, known

CONSTRAINTS = REQUIREMENTS.with_name("constraints.txt")


def test_installed_packages_have_no_known_vulnerability():
    assert known(installed()) == []


def test_a_package_is_found_in_releases_before_the_one_that_is_free_of_it():
    lines = [
        "keras 3.8.0: CVE-2025-1550, code run by loading a .keras file. Install 3.9.0 "
        "or newer.",
        "keras 3.8.0: CVE-2025-9905, code run by loading an .h5 file. Install 3.11.3 "
        "or newer.",
    ]
    assert known({"keras": "3.8.0", "numpy": "1.0"}) == lines
    assert known({"keras": "3.9.0"}) == [lines[1].replace("3.8.0", "3.9.0")]
    assert known({"keras": "3.11.3"}) == []


def test_the_table_is_about_packages_that_are_installed():
    assert {one.package for one in KNOWN} <= set(installed())


def test_a_report_is_read_with_what_it_could_not_say():
    vulnerable = {"id": "CVE-1", "fix_versions": ["2"], "aliases": []}
    report = {
        "dependencies": [
            {"name": "a", "version": "1", "vulns": [vulnerable]},
            {"name": "b", "version": "1", "vulns": []},
            {"name": "c", "skip_reason": "not found"},
        ]
    }
    assert findings_of(report) == (["a 1: CVE-1. Fixed in: 2."], ["c"])


def test_every_requirement_is_pinned_so_that_it_can_be_audited():
    lines = REQUIREMENTS.read_text().splitlines()
    assert lines
    assert all(line.count("==") == 1 for line in lines)


def closure(names):
    """All packages that some bring with them, as far as they are installed."""
    found, waiting = {}, [Requirement(name) for name in names]
    while waiting:
        wanted = waiting.pop()
        try:
            dist = importlib.metadata.distribution(wanted.name)
        except importlib.metadata.PackageNotFoundError:
            continue  # not for this system
        known = found.setdefault(canonicalize_name(wanted.name), set())
        extras = {"", *wanted.extras} - known
        known |= extras
        for line in dist.requires or () if extras else ():
            needed = Requirement(line)
            if any(_applies(needed, extra) for extra in extras):
                waiting.append(needed)
    return found.keys()


def _applies(requirement, extra):
    return not requirement.marker or requirement.marker.evaluate({"extra": extra})


def test_every_package_that_comes_along_is_pinned_and_installed_so():
    lines = CONSTRAINTS.read_text().splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    pinned = {
        canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
        for pin in pins
        if _applies(pin, "")
    }
    files = REQUIREMENTS, REQUIREMENTS.with_name("requirements-dev.txt")
    wanted = [line for file in files for line in file.read_text().splitlines()]
    comes = closure(line for line in wanted if not line.startswith("-r")) - {"pip"}
    assert {name: pinned.get(name) for name in comes} == {
        name: importlib.metadata.version(name) for name in comes
    }


def test_the_audit_does_not_fail_for_want_of_a_network():
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.security.audit"],
        cwd=REQUIREMENTS.parent,
        env={"PATH": "/usr/bin:/bin", **nowhere},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "No advisories to be had of" in done.stderr
