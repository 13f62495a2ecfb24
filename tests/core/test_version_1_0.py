"""What version 1.0 wrote is opened: `tests/core/version_1_0.py` wrote it, once."""

import shutil

import pytest

from core.arrays import unpack
from core.registry import get_task
from core.runs.classes import Classes
from core.runs.classes.board import Boards
from core.runs.classes.polls import Polls
from core.runs.store import Checkpoints, RunWriter, Store
from core.runs.store.backup import restore
from core.runs.store.readers import LinkReader
from core.runs.store.shares import Shares
from core.settings_file import read_settings
from core.stock.figures.training import epochs_figure
from core.takeaway import make_report
from tests.core.version_1_0 import ARCHIVE, CASES, OWNER, TEACHER, site_in

SAME = 1e-6  # of numbers that are computed from stored ones
# Of trainings, on any processor. The sums of TensorFlow in single precision differ
# there, and the likeliest GARCH is found to about 1e-4. `test_contract.py` has the
# same processor, and SAME.
TRAINED = 1e-3
LATER = {"truncate"}  # settings that are newer than the file of settings


@pytest.fixture
def site(tmp_path):
    shutil.unpack_archive(ARCHIVE, tmp_path / "home")
    return site_in(tmp_path / "home")


@pytest.fixture
def store(site):
    store = Store(site.database_url)
    yield store
    store.close()


def run_of(store, name, status):
    (found,) = [
        run for run in store.runs_of(OWNER) if (run.title, run.status) == (name, status)
    ]
    return found


def assert_same(got, expected, tolerance, key=""):
    """Every key of version 1.0 is there, with its value; there may be others."""
    if isinstance(expected, dict):
        assert got.keys() >= expected.keys(), key
        for name, value in expected.items():
            assert_same(got[name], value, tolerance, f"{key}/{name}")
    elif isinstance(expected, list):
        assert len(got) == len(expected), key
        for each, value in zip(got, expected, strict=True):
            assert_same(each, value, tolerance, key)
    elif isinstance(expected, float):
        assert got == pytest.approx(expected, abs=tolerance, rel=tolerance), key
    else:
        assert got == expected, key


@pytest.mark.parametrize("name", CASES)
def test_a_finished_run_has_its_figures_and_its_report(name, store):
    finished = run_of(store, name, "done")
    task, points = get_task(finished.task), store.points(finished.id)
    assert finished.total == len(points)
    result = task.Result.decode(store.result(OWNER, finished.id))
    assert_same(result.summary(), finished.summary, SAME)
    assert b"<figure" in make_report(finished.task, result, points)
    snapshots = {n: unpack(s) for n, s in store.snapshots(OWNER, finished.id).items()}
    if finished.task == "stock":
        assert epochs_figure(snapshots).data


@pytest.mark.parametrize("name", CASES)
def test_an_interrupted_run_comes_to_the_end_of_the_finished_one(name, site, store):
    finished, interrupted = (run_of(store, name, s) for s in ("done", "running"))
    task, points = get_task(finished.task), store.points(finished.id)
    checkpoints = Checkpoints(site.checkpoints, store.installation())
    state, epoch = checkpoints.load(interrupted.training)
    config = task.Config.from_json(interrupted.config)
    data = task.decode_data(RunWriter.claim(store, interrupted.training).data())
    training = task.train(config, data, state)
    assert next(training).epoch == epoch == len(store.points(interrupted.id)) == 1
    later = {}
    try:
        while True:
            progress = next(training)
            if progress.metrics:
                later[progress.epoch] = dict(progress.metrics)
    except StopIteration as end:
        resumed = end.value.summary()
    assert list(later) == [point.epoch for point in points[1:]]
    for point in points[1:]:
        assert_same(later[point.epoch], point.metrics, TRAINED)
    measures = {each.key: finished.summary[each.key] for each in task.MEASURES}
    assert_same(resumed, measures, TRAINED)


def test_a_link_reads_its_run(store):
    (share,) = Shares(store).of(OWNER)
    (run,) = share.runs
    assert run.title == "text"
    assert store.result(LinkReader(share.token), run.id)
    assert store.result("eve", run.id) is None


def test_a_class_has_its_task_its_student_and_the_answers_to_its_polls(store):
    reader = Classes(store)
    (school_class,) = reader.taught(TEACHER)
    code = school_class.code
    (task,) = reader.tasks(code)
    assert (task.text, task.goal.most) == ("Train an LSTM", 9.0)
    (member,) = reader.members(code)
    assert member.name == "Ann"
    state = Boards(store).state(code)
    assert state.member(OWNER) == member
    choice, guess = Polls(store).all_of(TEACHER, code)
    assert (choice.own.options, choice.own.answer) == (("forget", "input"), 0)
    assert choice.answers == (1, 0)
    assert (guess.own.answer, guess.numbers, guess.is_over) == (208, (200,), True)


def test_a_backup_is_restored_with_its_checkpoint(site, tmp_path):
    other = site_in(tmp_path)
    store = Store(other.database_url)
    counts = restore(other, store, site.home / "backup.sqlite")
    assert counts["checkpoints"] >= 1
    run = run_of(store, "text", "queued")
    state, _ = Checkpoints(other.checkpoints, store.installation()).load(run.training)
    assert state
    store.close()


def test_a_settings_file_is_read(site):
    content = (site.home / "settings.json").read_bytes()
    config, _ = get_task("text").tiny()
    kinds = {"text": type(config)}
    values = {n: each for n, each in config.values.items() if n not in LATER}
    assert read_settings(content, kinds) == ("text", values)
