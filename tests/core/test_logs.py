import json
import logging
import subprocess
import sys

import pytest

from core.logs import JsonLines, TextLines, log_context

SECRET = "my diary, page 3"


def line(form, message="run %s starts", *args, error=None):
    record = logging.LogRecord(
        "core.runs", logging.INFO, __file__, 1, message, args, error
    )
    return form().format(record)


def raised():
    try:
        float(SECRET)
    except ValueError as error:
        return type(error), error, error.__traceback__


def test_a_line_is_one_json_object_with_what_it_is_about():
    with log_context(run="ab" * 16, task="stock"), log_context(attempt=2, worker=""):
        entry = json.loads(line(JsonLines, "run %s\nstarts", "ab"))
    assert entry.pop("time").endswith("+00:00")
    assert entry == {
        "level": "info",
        "logger": "core.runs",
        "message": "run ab\nstarts",
        "run": "ab" * 16,
        "task": "stock",
        "attempt": 2,
    }


def test_a_line_after_a_run_is_no_longer_about_it():
    with log_context(run="ab" * 16):
        pass
    assert "run" not in json.loads(line(JsonLines, "done"))


@pytest.mark.parametrize("form", [JsonLines, TextLines])
def test_an_error_is_told_by_its_kind_and_place_but_not_by_what_it_quotes(form):
    logged = line(form, "failed", error=raised())
    assert "ValueError" in logged
    assert "test_logs.py" in logged
    assert SECRET not in logged


def test_text_is_one_line_even_of_a_message_of_several():
    with log_context(run="ab" * 16):
        logged = line(TextLines, "one\ntwo", error=raised())
    assert "\n" not in logged
    assert f"run={'ab' * 16}" in logged


def test_libraries_with_a_way_of_their_own_are_brought_to_ours():
    program = (
        "import logging, warnings\n"
        "import distributed, streamlit.runtime\n"
        "from core.logs import set_up\n"
        "set_up(); set_up()\n"
        "for name in ('distributed.worker', 'streamlit.runtime', 'core.runs', 'x'):\n"
        "    logging.getLogger(name).warning('from %s', name)\n"
        "logging.getLogger('core.runs').info('ordinary')\n"
        "logging.getLogger('x').info('not told')\n"
        "warnings.warn('careful', stacklevel=1)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "default", "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"UNROLLED_LOG": "json", "PATH": ""},
    )
    logged = [json.loads(each)["message"] for each in done.stderr.splitlines()]
    assert logged[:5] == [
        "from distributed.worker",
        "from streamlit.runtime",
        "from core.runs",
        "from x",
        "ordinary",
    ]
    assert len(logged) == 6
    assert "careful" in logged[5]
