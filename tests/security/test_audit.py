"""The audit finds what it should, and fails for nothing else."""

import subprocess
import sys

from packaging.version import Version

from tests.security.audit import KNOWN, REQUIREMENTS, installed, known, told


def test_what_is_installed_has_none_of_the_vulnerabilities_that_we_know_of():
    assert known(installed()) == []


def test_every_line_of_the_table_finds_the_release_before():
    for one in KNOWN:
        old = {one.package: f"{one.fixed}.dev0"}
        assert any(one.name in line for line in known(old))
        assert not any(one.name in line for line in known({one.package: one.fixed}))
        assert Version(one.fixed)


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
    assert told(report) == (["a 1: CVE-1. Fixed in: 2."], ["c"])


def test_every_requirement_is_pinned_so_that_it_can_be_audited():
    lines = REQUIREMENTS.read_text().splitlines()
    assert lines
    assert all(line.count("==") == 1 for line in lines)


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
