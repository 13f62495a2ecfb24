"""What a run is called, and how long it will take."""

import dataclasses
import json
from pathlib import Path

import pytest

from core.registry import TASKS, get_task
from core.runs.run import Run, replay_times, time_left
from core.task import Point

# When each epoch of five trainings ended on a busy machine, and its validation loss.
RECORDED = json.loads((Path(__file__).parent / "epochs.json").read_text())


def run_of(task, settings, title="Some data", **state):
    blank = {item.name: None for item in dataclasses.fields(Run)}
    known = {"task": task, "title": title, "config": settings.to_json(), "seconds": 1e6}
    return Run(**{**blank, **known, "status": "running", **state})


@pytest.mark.parametrize(
    ("task", "changes", "name"),
    [
        ("text", {}, "LSTM · Names"),
        ("text", {"cell": "rnn"}, "RNN · Names"),
        ("text", {"units": 64, "seed": 7}, "LSTM · Names · units 64, seed 7"),
        ("text", {"learning_rate": 1}, "LSTM · Names · learning rate 1"),
        ("adding", {"recurrence": "off"}, "RNN and LSTM · Names · recurrence off"),
        ("stock", {}, "Prices · Honest · Names"),
        (
            "stock",
            {"learning_rate": 2e-3},
            "Prices · Honest · Names · learning rate 0.002",
        ),
        ("emoji", {"model": "best", "seed": 3}, "Emoji · Best LSTM · Names · seed 3"),
        ("music", {"units": 8}, "Music · Default LSTM · Names · units 8"),
    ],
)
def test_a_run_is_called_by_its_model_its_data_and_what_is_unusual(task, changes, name):
    run = run_of(task, get_task(task).Config(**changes), title="Names")
    assert run.name == name


@pytest.mark.parametrize(
    ("task", "preset", "name"),
    [
        ("stock", "classic", "Prices · Classic · D · seed 1"),
        ("emoji", "v2", "Emoji · Classic v2 · D · seed 1"),
        ("music", "folk", "Music · Default LSTM · D · seed 1"),
        ("music", "classic", "Music · Classic recipe · D · seed 1"),
    ],
)
def test_run_names_leave_out_settings_of_the_preset(task, preset, name):
    settings = get_task(task).Config.preset(preset, seed=1)
    assert run_of(task, settings, title="D").name == name


@pytest.mark.parametrize("task", TASKS)
def test_runs_of_one_task_that_differ_in_a_setting_have_different_names(task):
    kind = get_task(task).Config
    names = {
        run_of(task, kind(seed=seed, epochs=epochs)).name
        for seed in (0, 1)
        for epochs in (5, 6)
    }
    assert len(names) == 4


def test_a_stored_run_whose_settings_are_no_longer_known_keeps_the_name_of_its_data():
    old = dataclasses.replace(
        run_of("text", get_task("text").Config()), config='{"momentum": 1}'
    )
    assert old.name == "Some data"


def points_of(*ended, losses=()):
    """Points of epochs that ended at these seconds."""
    values = [*losses, *[0.0] * (len(ended) - len(losses))]
    return [
        Point(epoch=epoch, at=at, metrics={"val_loss": loss})
        for epoch, (at, loss) in enumerate(zip(ended, values, strict=True), 1)
    ]


def lesson(**state):
    return run_of("text", get_task("text").Config(), **state)


def test_no_time_is_said_to_be_left_before_two_epochs_are_known():
    run = lesson(progress=1.5, total=40)
    assert time_left(run, []) is None
    assert time_left(run, points_of(9.0)) is None


def test_the_first_epoch_and_the_preparation_before_it_do_not_count():
    left = time_left(lesson(progress=3, total=13), points_of(60.0, 62.0, 64.0))
    assert left.seconds == pytest.approx(20)
    assert not left.at_least


def test_the_time_left_follows_the_latest_epochs():
    ended = [float(at) for at in range(20)] + [19.0 + 5 * n for n in range(1, 10)]
    left = time_left(lesson(progress=29, total=31), points_of(*ended))
    assert left.seconds == pytest.approx(10)


def test_a_pause_of_hours_is_no_time_of_training():
    ended = (10.0, 11.0, 12.0, 7212.0, 7213.0)
    left = time_left(lesson(progress=5, total=15, seconds=14.0), points_of(*ended))
    assert left.seconds == pytest.approx(10)
    at_once = time_left(
        lesson(progress=2, total=4, seconds=9.0), points_of(1.0, 7200.0)
    )
    assert at_once.seconds <= 18


def test_thinned_points_give_the_same_time_left():
    thin = points_of(*map(float, range(1, 101)))[4::5]
    left = time_left(lesson(progress=100, total=160), thin)
    assert left.seconds == pytest.approx(60)


@pytest.mark.parametrize("task", ["stock", "emoji", "music"])
def test_time_left_with_early_stopping_counts_to_the_earliest_stop(task):
    settings = get_task(task).Config()
    run = run_of(task, settings, progress=3, total=1000)
    losses = (3.0, 1.0, 2.0)  # the best was in epoch 2
    left = time_left(run, points_of(10.0, 11.0, 12.0, losses=losses))
    assert left.seconds == pytest.approx(2 + settings.patience - 3)
    assert left.at_least


def test_time_left_with_early_stopping_is_at_most_that_to_the_last_epoch():
    run = run_of("stock", get_task("stock").Config(), progress=3, total=5)
    left = time_left(run, points_of(10.0, 11.0, 12.0, losses=(3.0, 2.0, 1.0)))
    assert left.seconds == pytest.approx(2)
    assert not left.at_least


def test_no_time_is_left_once_it_could_have_stopped():
    run = run_of("stock", get_task("stock").Config(), progress=14, total=100)
    losses = [1.0, *[2.0] * 13]  # the mean of its networks; some still improve
    assert time_left(run, points_of(*map(float, range(14)), losses=losses)).seconds == 0


@pytest.mark.parametrize(
    "preset", [("stock", "classic"), ("emoji", "v1"), ("music", "classic")]
)
def test_a_recipe_without_early_stopping_goes_to_its_last_epoch(preset):
    task, name = preset
    run = run_of(task, get_task(task).Config.preset(name), progress=2, total=50)
    left = time_left(run, points_of(1.0, 2.0, losses=(1.0, 2.0)))
    assert left.seconds == pytest.approx(48)
    assert not left.at_least


@pytest.mark.parametrize("task", RECORDED)
def test_in_recorded_trainings_the_estimate_is_fair(task):
    rows = RECORDED[task]["rows"]
    settings = get_task(task).Config.from_dict(RECORDED[task]["changes"])
    points = [
        Point(epoch=epoch, at=at, metrics={} if loss is None else {"val_loss": loss})
        for epoch, (at, loss) in enumerate(rows, 1)
    ]
    for epoch in range(4, len(rows)):
        run = run_of(task, settings, progress=epoch, total=settings.epochs)
        left = time_left(run, points[:epoch])
        truth = rows[-1][0] - rows[epoch - 1][0]
        assert left.seconds < 1.6 * truth + 2
        assert left.at_least or left.seconds > truth / 1.6 - 2


def test_a_replay_has_the_pace_of_the_training_but_for_a_pause():
    assert replay_times(points_of(10, 11, 12, 112, 113.5)) == [0, 1, 2, 3, 4.5]


def test_a_replay_of_every_tenth_epoch_takes_as_long_as_all_of_them():
    sparse = [Point(epoch=n, metrics={}, at=2.0 * n) for n in (10, 20, 30)]
    assert replay_times(sparse) == [0, 20, 40]
