"""python -m core.search, on the cluster and in the store of these tests."""

import json
import os
import signal
import subprocess
import sys

import pytest

from core import search
from core.runs.settings import Site
from core.runs.store import Store
from core.runs.store.studies import Studies
from tests.conftest import wait_until

TINY = ("--base", "units=4", "length=6", "epochs=3", "steps=5", "batch=8")
SPACE = ("--space", "units=2:8", "learning_rate=1e-3:0.1:log")
LONG = ("--base", "length=200", "epochs=500", "steps=500")


def start(*args):
    return subprocess.Popen(
        [sys.executable, "-m", "core.search", *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "UNROLLED_LOG": "text", "PYTHONFAULTHANDLER": "1"},
    )


def test_a_search_prints_one_json_object():
    process = start("adding", *SPACE, *TINY, "--trials=2", "--seeds=2", "--json")
    output, _ = process.communicate(timeout=120)
    answer = json.loads(output)
    assert process.returncode == 0
    assert list(answer) == [
        "trials",
        "best",
        "default",
        "beats_default",
        "p",
        "seconds",
    ]
    assert [trial["state"] for trial in answer["trials"]] == ["complete"] * 2
    assert list(answer["trials"][0]) == ["settings", "value", "spread", "state"]
    assert answer["trials"][0]["settings"] == answer["default"]["settings"]
    assert answer["default"]["settings"] == {"units": 4, "learning_rate": 0.01}


def test_ctrl_c_stops_the_search_and_its_runs():
    store = Store(Site.from_env().database_url)
    found = Studies(store)
    before = {study.id for study in found.active()}
    process = start("adding", *SPACE, *LONG)
    new = "a search"
    (study,) = wait_until(
        lambda: [study for study in found.active() if study.id not in before], what=new
    )
    wait_until(lambda: found.runs(study.id), what="its first run")
    process.send_signal(signal.SIGINT)
    try:
        _, error = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)  # then it says what it was doing
        pytest.fail(process.communicate()[1])
    assert process.returncode == 1
    assert error.endswith("core.search: the search was stopped.\n")
    assert study.id not in {study.id for study in found.active()}
    over = "the end of its runs"
    wait_until(lambda: not any(run.active for run in found.runs(study.id)), what=over)
    store.close()


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("adding", "--space", "length=4:8"), "length: expected a setting that can be"),
        (("music", "--space", "units=4"), "units: expected two or more different"),
        (
            ("stock", *SPACE, "--base", "units"),
            "base: expected NAME=VALUE, got 'units'",
        ),
        (("emoji", "x.csv", *SPACE), "FILE: expected none for emoji, got x.csv"),
        (("text", "--sample", "KO", *SPACE), "--sample: expected none for text"),
        (("adding", *SPACE, "--trials", "1"), "trials: expected a whole number from 2"),
    ],
)
def test_an_invalid_search_ends_with_one_line_and_status_2(
    args, sentence, capsys, monkeypatch
):
    monkeypatch.setattr(sys, "argv", ["core.search", *args])
    with pytest.raises(SystemExit) as end:
        search.main()
    assert end.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith(f"core.search: {sentence}")
    assert error.count("\n") == 1
