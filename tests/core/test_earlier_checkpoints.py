"""A run that an earlier version began is finished by this one with the same numbers.

`tests/data/checkpoints` has two files for each case, written by commit 84b671a, the
last one in which every task had a training loop of its own:

- NAME.npz: the task's data as `encode_data` writes them, and, with "state/" before
  their names, the arrays of `Progress.state` at the first pause past the middle of the
  second of three epochs. (The lessons paused after each step for that.)
- NAME.json: the Config, the metrics of each epoch, and the summary of the result of
  that same training, which went on to its end undisturbed.

The cases are those of `tiny`; smaller ones where its state would not be small: the
sentence reader with two units and frozen vectors, the classic recipe for music with
two units and patience; and the classic recipe for prices.
"""

import json
from pathlib import Path

import pytest

from core.arrays import unpack, with_prefix
from core.registry import TASKS, get_task
from core.task import DataError

FOLDER = Path(__file__).parents[1] / "data" / "checkpoints"
CASES = sorted(file.stem for file in FOLDER.glob("*.json"))
OTHER_NETWORK = "stock"  # the honest recipe, which corrected a moving variance then


def assert_close(got, expected):
    """The numbers are the same to a millionth; there may be more, in other words."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            assert_close(got[key], value)
    elif isinstance(expected, list):
        assert len(got) == len(expected)
        for one, other in zip(got, expected, strict=True):
            assert_close(one, other)
    elif isinstance(expected, float):
        assert got == pytest.approx(expected, abs=1e-6)
    elif not isinstance(expected, str):
        assert got == expected


def test_every_task_has_an_earlier_checkpoint():
    written = [json.loads((FOLDER / f"{name}.json").read_text()) for name in CASES]
    assert {case["task"] for case in written} == set(TASKS)


def test_a_run_of_a_network_that_has_changed_says_so():
    expected = json.loads((FOLDER / f"{OTHER_NETWORK}.json").read_text())
    arrays = unpack((FOLDER / f"{OTHER_NETWORK}.npz").read_bytes())
    task = get_task(expected["task"])
    config = task.Config.from_dict(expected["config"])
    data = task.decode_data(arrays["data"].tobytes())
    with pytest.raises(DataError, match="an earlier version began with another"):
        next(task.train(config, data, with_prefix(arrays, "state/")))


@pytest.mark.parametrize("name", [name for name in CASES if name != OTHER_NETWORK])
def test_a_run_begun_by_an_earlier_version_ends_with_the_numbers_it_would_have_had(
    name,
):
    expected = json.loads((FOLDER / f"{name}.json").read_text())
    arrays = unpack((FOLDER / f"{name}.npz").read_bytes())
    task = get_task(expected["task"])
    config = task.Config.from_dict(expected["config"])
    data = task.decode_data(arrays["data"].tobytes())
    state = with_prefix(arrays, "state/")
    assert (int(state["epoch"]), config.epochs) == (1, 3)
    assert state["step"] > 0
    training, metrics = task.train(config, data, state), []
    try:
        while True:
            progress = next(training)
            if progress.metrics:
                metrics.append([progress.epoch, dict(progress.metrics)])
    except StopIteration as end:
        summary = end.value.summary()
    wanted = expected["metrics"][1:]
    if expected["task"] == "text":  # of a fixed part of the text now, after the epoch
        for _, figures in wanted:
            del figures["loss"]
    assert_close(metrics, wanted)
    if expected["task"] == "emoji":  # found by another rule now
        del expected["summary"]["threshold"]
    expected["summary"].pop("seconds", None)
    assert_close(summary, expected["summary"])
