"""`make check`: what it says of suites that are green, red or interrupted."""

import os
import signal
import subprocess
import sys

import pytest

from tests import suites

PROGRAM = """
import sys
from tests import suites
suites.SUITES = {name: {"green": "true", "red": "false", "slow": "echo begun; sleep 60",
                        "later": "true"}[name] for name in sys.argv[1:]}
suites.TOGETHER = ("red", "later")
sys.exit(suites.main(sys.argv[1:]))
"""


def check(*names):
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *names], stdout=subprocess.PIPE, text=True
    )


def results(output):
    lines = output[output.index("suite ") :].splitlines()[1:]
    return {line[:8].strip(): line[8:21].strip() for line in lines}


def test_it_goes_on_after_a_red_suite_and_fails():
    process = check("red", "later", "green")
    output, _ = process.communicate()
    assert results(output) == {"red": "FAILED", "later": "passed", "green": "passed"}
    assert process.returncode == 1


def test_green_suites_are_a_success():
    process = check("green", "later")
    output, _ = process.communicate()
    assert results(output) == {"green": "passed", "later": "passed"}
    assert process.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_says_what_has_not_run_and_ends_what_runs(number):
    process = check("green", "slow", "later")
    lines = iter(process.stdout.readline, "")
    before = "".join(iter(lambda: next(lines), "begun\n"))
    os.kill(process.pid, number)
    output = "".join(lines)
    process.stdout.close()
    assert results(before + output) == {
        "green": "passed",
        "slow": "interrupted",
        "later": "not run",
    }
    assert process.wait() == 130


def test_a_suite_that_does_not_exist_is_refused(capsys):
    assert suites.main(["tour"]) == 2
    assert "expected suites among test lint" in capsys.readouterr().err
