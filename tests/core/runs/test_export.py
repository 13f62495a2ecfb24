"""The runs of an installation in the terminal: list, show, export."""

import json
import os
import signal
import subprocess
import sys
import zipfile
from unittest import mock

import pytest

from core import examples
from core.lesson.adding import NO_DATA, Config
from core.runs.store import RunWriter, Store
from core.runs.store.all_owners import find_run
from core.task import UserError
from tests.core.command import call
from tests.core.takeaway.notebooks import SAME, execute, tiny_run
from tests.rows import add_finished, change


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """A home folder with a finished run of Ann and a queued one of Bob: their ids."""
    home = tmp_path_factory.mktemp("installation")
    store = Store(f"sqlite:///{home / 'runs.sqlite'}")
    result, points = tiny_run("adding")
    ann, bob = (
        store.create(owner, "adding", result.config, title="Adding", data=NO_DATA)
        for owner in ("ann", "bob")
    )
    writer = RunWriter.claim(store, ann)
    writer.record(points, progress=3, total=3, seconds=1.0)
    writer.finish("done", summary=result.summary(), result=result.encode())
    store.close()
    return home, ann, bob


def command(home, *words):
    with mock.patch.dict(os.environ, {"UNROLLED_HOME": str(home)}):
        return call("core.runs", *words)


def test_the_runs_of_all_owners_are_listed_and_shown(installation):
    home, ann, bob = installation
    lines = command(home, "list", "--json").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [bob, ann]
    (newest,) = command(home, "list", "--most", 1).stdout.splitlines()
    assert newest.startswith(bob[:12])
    for wrong in (0, 100_001):
        done = command(home, "list", "--most", wrong)
        assert (done.returncode, done.stdout) == (2, "")
        assert "--most: expected 1 to 100,000 runs" in done.stderr
    shown = json.loads(command(home, "show", ann[:8], "--json").stdout)
    assert shown["id"] == ann
    assert (shown["status"], shown["follows"]) == ("done", None)
    assert shown["settings"]["length"] == 6
    assert shown["summary"]["epochs"] == 3


def test_a_run_is_exported_as_files(installation, tmp_path, monkeypatch):
    home, ann, _ = installation
    names = {
        "notebook": "run.ipynb",
        "model": "m.zip",
        "report": "r.html",
        "settings": "s.json",
    }
    files = {option: str(tmp_path / name) for option, name in names.items()}
    options = [word for option, file in files.items() for word in (f"--{option}", file)]
    done = command(home, "export", ann[:8], *options)
    assert json.loads(done.stdout) == files
    notebook = (tmp_path / "run.ipynb").read_bytes()
    assert execute(notebook, tmp_path, monkeypatch)[-1].startswith(SAME)
    assert zipfile.ZipFile(tmp_path / "m.zip").namelist()
    assert b"The adding problem" in (tmp_path / "r.html").read_bytes()
    assert json.loads((tmp_path / "s.json").read_text())["settings"]["length"] == 6


# SIGTERM arrives when the back-up is complete, and is about to be renamed.
KILLED = """
import os, runpy, signal, sys

def kill(event, _):
    if event == "os.rename":
        os.kill(os.getpid(), signal.SIGTERM)

sys.addaudithook(kill)
runpy.run_module("core.runs", run_name="__main__", alter_sys=True)
"""


def test_a_killed_back_up_leaves_no_temporary_folder(installation, tmp_path):
    words = [sys.executable, "-c", KILLED, "backup", str(tmp_path / "kept")]
    environment = os.environ | {"UNROLLED_HOME": str(installation[0])}
    done = subprocess.run(words, env=environment, check=False)
    assert done.returncode == 128 + signal.SIGTERM
    assert not list(tmp_path.iterdir())


def test_a_run_without_a_result_is_refused_in_one_line(installation, tmp_path):
    home, _, bob = installation
    done = command(home, "export", bob, "--report", str(tmp_path / "r.html"))
    assert done.returncode == 2
    assert "expected a run with a result" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_model_of_a_recipe_that_saves_none_is_refused(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    result = examples.load("stock-classic").result
    values = {"task": "stock", "title": "S&P 500", "config": result.config.to_json()}
    run_id = add_finished(store, "ann", result=result.encode(), **values)
    store.close()
    file = tmp_path / "m.zip"
    done = command(tmp_path, "export", run_id, "--model", str(file))
    assert done.returncode == 2
    assert "Train with the honest recipe" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not file.exists()


@pytest.mark.parametrize(
    ("prefix", "says"),
    [
        ("", "beginning of a run's id"),
        ("x%", "beginning"),
        ("0" * 32, "the id of a run"),
    ],
)
def test_export_refuses_an_unknown_run(installation, prefix, says):
    store = Store(f"sqlite:///{installation[0] / 'runs.sqlite'}")
    with pytest.raises(UserError, match=says):
        find_run(store, prefix)
    store.close()


def test_a_prefix_of_several_runs_is_refused(store, monkeypatch):
    store.counts()  # the store is made, with an id of its own
    ids = iter(["a1" + "0" * 30, "a2" + "0" * 30])
    monkeypatch.setattr("secrets.token_hex", lambda _: next(ids))
    for _ in range(2):
        store.create("ann", "adding", Config(), title="Adding", data=NO_DATA)
    assert find_run(store, "a2").id.startswith("a2")
    with pytest.raises(UserError, match="beginning of several ids"):
        find_run(store, "a")


def test_a_trial_of_a_search_has_no_result_to_wait_for(installation, tmp_path):
    home, _, bob = installation
    store = Store(f"sqlite:///{home / 'runs.sqlite'}")
    change(store, bob, study="s" * 32)
    store.close()
    done = command(home, "export", bob, "--report", str(tmp_path / "r.html"))
    assert done.returncode == 2
    assert "got a trial of a search, which has none" in done.stderr
    assert "Wait" not in done.stderr
