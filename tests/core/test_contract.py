"""What every task in the registry must do, whatever it learns."""

import dataclasses
import json

import numpy as np
import pytest

from core.arrays import pack, unpack
from core.registry import TASKS, get_task, is_bundled
from core.task import ConfigError, UserError, bounds_of

STOPS_EARLY = ["stock", "emoji", "music"]
every_task = pytest.mark.parametrize("task", TASKS)


def run(task, resume=None):
    """Train the tiny case; return its result, metrics, and states with their epochs."""
    config, data = get_task(task).tiny()
    training = get_task(task).train(config, data, resume)
    metrics, states = [], []
    try:
        while True:
            progress = next(training)
            states.append((progress.epoch, pack(progress.state())))
            assert progress.total == config.epochs
            assert 0 <= progress.fraction <= 1
            if progress.metrics:
                metrics.append((progress.epoch, dict(progress.metrics)))
    except StopIteration as end:
        return end.value, metrics, states


class Ending:
    """What a training still yields after it was asked to stop, then its result."""

    def __init__(self, training):
        self.training = training
        self.result = None

    def __iter__(self):
        try:
            yield self.training.send(True)
            self.result = yield from self.training
        except StopIteration as end:  # it had nothing more to yield
            self.result = end.value


def in_second_epoch(states):
    """The place of the last state before the end of the second epoch."""
    return max(place for place, (epoch, _) in enumerate(states) if epoch == 1)


@pytest.fixture(scope="module")
def trained():
    """Each task's tiny case, trained once."""
    return {task: run(task) for task in TASKS}


def figures(result):
    """The summary without the time it took."""
    return {key: v for key, v in result.summary().items() if key != "seconds"}


def result_so_far(training):
    """Stop a training, which learns no more; return the figures of its result."""
    rest = Ending(training)
    assert not any(progress.metrics for progress in rest)
    return figures(rest.result)


def assert_close(got, expected):
    assert got.keys() == expected.keys()
    for name, value in expected.items():
        if isinstance(value, float):
            assert got[name] == pytest.approx(value, abs=1e-6), name
        else:
            assert got[name] == value, name


@every_task
def test_a_task_has_its_name_in_the_registry(task):
    assert get_task(task).name == task


@every_task
def test_a_config_travels_as_json(task):
    kind = get_task(task).Config
    config = kind()
    assert kind.from_json(config.to_json()) == config
    for name in kind.presets:
        assert kind.from_json(kind.preset(name).to_json()) == kind.preset(name)


@every_task
def test_each_setting_has_bounds_and_one_sentence_of_help(task):
    for item in dataclasses.fields(get_task(task).Config):
        bounds = bounds_of(item)
        assert bounds.options or bounds.low < bounds.high, item.name
        assert bounds.help[0].isupper(), item.name
        assert bounds.help.endswith("."), item.name
        assert bounds.help.count(". ") == 0, item.name


@every_task
def test_each_setting_takes_the_ends_of_its_bounds_and_refuses_more_by_name(task):
    kind = get_task(task).Config
    for item in dataclasses.fields(kind):
        bounds = bounds_of(item)
        for value in bounds.options or (bounds.low, bounds.high):
            kind(**{item.name: value})
        bad = (
            ["no such choice"] if bounds.options else [bounds.low - 1, bounds.high + 1]
        )
        for value in [*bad, None, [], float("nan")]:
            with pytest.raises(ConfigError, match=f"^{item.name}: expected .* got "):
                kind(**{item.name: value})


@every_task
def test_an_unknown_setting_is_refused_by_name(task):
    with pytest.raises(ConfigError, match="colour: no such setting"):
        get_task(task).Config.from_dict({"colour": 1})


@every_task
def test_the_tiny_case_trains_to_a_result_with_its_config(task, trained):
    config, _ = get_task(task).tiny()
    result, metrics, _ = trained[task]
    assert isinstance(result, get_task(task).Result)
    assert result.config == config
    assert metrics
    assert [epoch for epoch, _ in metrics] == list(range(1, len(metrics) + 1))
    assert all(np.isfinite(v) for _, point in metrics for v in point.values())
    json.dumps(result.summary(), allow_nan=False)


@every_task
def test_resuming_gives_the_numbers_of_an_uninterrupted_training(task, trained):
    whole, metrics, states = trained[task]
    resumed, rest, _ = run(task, unpack(states[in_second_epoch(states)][1]))
    assert_close(figures(resumed), figures(whole))
    assert rest
    for (epoch, got), (at, wanted) in zip(
        reversed(rest), reversed(metrics), strict=False
    ):
        assert epoch == at
        assert_close(got, wanted)


@pytest.mark.parametrize("task", sorted({*TASKS} - {*STOPS_EARLY}))
def test_the_checkpoint_after_the_last_epoch_gives_the_same_result(task, trained):
    """Those that stop early: the test of early stopping."""
    whole, _, states = trained[task]
    resumed, rest, _ = run(task, unpack(states[-1][1]))
    assert_close(figures(resumed), figures(whole))
    assert rest == []


@every_task
def test_a_stopped_training_of_another_seed_has_the_same_result_from_its_checkpoint(
    task, trained
):
    """Its numbers are others. The test of resuming has the same ones of one seed."""
    config, data = get_task(task).tiny()
    config = dataclasses.replace(config, seed=config.seed + 1)
    stopped = get_task(task).train(config, data)
    progress = next(progress for progress in stopped if progress.metrics)
    assert progress.epoch == 1
    assert (1, dict(progress.metrics)) != trained[task][1][0]
    progress = next(stopped)  # within the second epoch, unless that is short
    state = pack(progress.state())
    resumed = get_task(task).train(config, data, unpack(state))
    first = next(resumed)
    reached = (first.epoch, first.fraction, first.metrics)
    assert reached == (progress.epoch, progress.fraction, {})
    assert_close(*map(result_so_far, (stopped, resumed)))


@pytest.mark.parametrize("task", STOPS_EARLY)
def test_a_training_that_stopped_early_has_the_same_result_from_its_checkpoint(task):
    config, data = get_task(task).tiny()
    too_fast = {"epochs": 30, "learning_rate": 0.1}
    if task != "stock":  # whose patience is no setting
        too_fast["patience"] = 1
    config = dataclasses.replace(config, **too_fast)
    training, last = get_task(task).train(config, data), None
    while last is None or not last.final:
        last = next(training)
    assert last.epoch < config.epochs
    resumed = get_task(task).train(config, data, unpack(pack(last.state())))
    assert next(resumed).epoch == last.epoch
    assert_close(*map(result_so_far, (training, resumed)))


@every_task
def test_data_and_results_travel_as_bytes(task, trained):
    module, result = get_task(task), trained[task][0]
    again = module.Result.decode(result.encode())
    assert again.config == result.config
    assert again.summary() == result.summary()
    _, data = module.tiny()
    sent = module.encode_data(data)
    assert module.encode_data(module.decode_data(sent)) == sent
    assert module.title(module.decode_data(sent)) == module.title(data)


@every_task
def test_each_measure_is_a_number_of_the_result_or_missing(task, trained):
    summary = trained[task][0].summary()
    measures = get_task(task).MEASURES
    assert measures
    assert len({measure.key for measure in measures}) == len(measures)
    for measure in measures:
        assert isinstance(summary[measure.key], int | float | None), measure.key
        assert measure.better in ("low", "high")
        assert measure.part in ("validation", "test")


def test_a_key_names_one_measure_in_all_tasks():
    """A class's board lists the measures of several tasks by key."""
    by_key = {}
    for task in TASKS:
        for measure in get_task(task).GOALS:
            assert by_key.setdefault(measure.key, measure) == measure, task


@every_task
def test_a_search_may_compare_settings_by_a_metric_of_each_epoch(task, trained):
    module = get_task(task)
    assert set(module.SEARCHABLE) <= set(module.Config().values) - {"seed"}
    try:
        module.check_search(*module.tiny())
    except UserError:
        assert task == "text"  # nothing is held out of its six names
    else:
        assert all(module.OBJECTIVE in metrics for _, metrics in trained[task][1])


def test_an_unknown_task_is_an_error_that_names_the_known_ones():
    with pytest.raises(UserError, match=r"task: expected one of stock.*'weather'"):
        get_task("weather")


@every_task
def test_the_data_that_ship_are_known_from_those_of_a_person(task):
    module = get_task(task)
    for data in module.bundled():
        title, content = module.title(data), module.encode_data(data)
        assert is_bundled(task, title, content)
        assert not is_bundled(task, f"{title} 2", content)
        assert not is_bundled(task, title, content + b" ")
