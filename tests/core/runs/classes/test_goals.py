"""When a task of a class is done."""

import math

import pytest

from core.registry import TASKS, get_task
from core.runs.classes import Goal, goals_for
from core.runs.classes.goals import applies
from core.runs.classes.links import task_of
from core.task import UserError

LEARNING = "{0}_step=Learning&{0}_task={1}"
FINISHED = "run finished"


def choices(page, query):
    return [each.measure or each.event for each in goals_for(page, query)]


def test_available_goals_depend_on_the_link():
    question = "question lstm Backward"
    assert choices("lstm", "lstm_step=Backward") == [question, "mistake lstm"]
    assert choices("rnn", "rnn_step=Forward") == ["question rnn Forward"]
    assert choices("rnn", LEARNING.format("rnn", "adding")) == [
        FINISHED, "rnn_mse", "lstm_mse", "question rnn Learning",
    ]  # fmt: skip
    assert choices("lstm", LEARNING.format("lstm", "text")) == [
        FINISHED, "val_loss", "loss", "question lstm Learning",
    ]  # fmt: skip
    assert choices("gru", LEARNING.format("gru", "adding")) == [
        FINISHED, "gru_mse", "lstm_mse", "rnn_mse", "mingru_mse",
        "question gru Learning",
    ]  # fmt: skip
    two = LEARNING.format("gru", "adding") + "&gru_cells=rnn%2Clstm"
    assert choices("gru", two) == [
        FINISHED, "lstm_mse", "rnn_mse", "question gru Learning",
    ]  # fmt: skip
    preset = "&lstm_recipe_adding=Four+networks%2C+equal+parameters"
    assert "gru_mse" in choices("lstm", LEARNING.format("lstm", "adding") + preset)
    assert choices("stock", "")[:2] == [FINISHED, "rel_rmse"]


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("lstm", LEARNING.format("lstm", "text")),
        ("lstm", LEARNING.format("lstm", "adding")),
        ("gru", LEARNING.format("gru", "text") + "&gru_cell=mingru"),
    ],
)
def test_each_figure_that_can_be_checked_is_in_the_summary(page, query):
    module = get_task(task_of(page, query))
    config, data = module.tiny()
    training = module.train(config, data)
    try:
        while True:
            next(training)
    except StopIteration as end:
        summary = end.value.summary()
    for each in goals_for(page, query):
        if each.measure:
            assert each.measure in summary


def test_a_link_to_the_page_of_the_gru_is_to_the_cell_that_it_chooses():
    assert choices("gru", "gru_step=Forward") == ["question gru Forward"]
    minimal = "gru_step=Backward&gru_cell=mingru"
    assert choices("gru", minimal) == ["question mingru Backward", "mistake mingru"]
    assert choices("gru", "gru_step=Forward&gru_cell=x") == ["question gru Forward"]
    chosen = LEARNING.format("gru", "adding") + "&gru_cell=mingru"
    assert choices("gru", chosen)[1] == "mingru_mse"


def test_a_goal_is_a_sentence():
    adding = {
        each.measure: each
        for each in goals_for("lstm", LEARNING.format("lstm", "adding"))
    }
    assert adding["lstm_mse"].goal(0.02).sentence == "Squared error, LSTM: below 0.02"
    emoji = {each.measure: each for each in goals_for("emoji", "")}
    assert emoji["accuracy"].percent
    assert emoji["accuracy"].goal(0.85).sentence == "Accuracy: above 85%"
    events = goals_for("lstm", "lstm_step=Backward")
    assert [each.goal().sentence for each in events] == [each.title for each in events]
    assert events[1].title == "The mistake is found"
    assert Goal(event=FINISHED).sentence == "A run has finished"


def test_every_figure_has_one_title_whatever_the_task():
    keys = [measure.key for task in TASKS for measure in get_task(task).GOALS]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("goal", "value", "reached"),
    [
        (Goal(measure="a", most=0.02), 0.019, True),
        (Goal(measure="a", most=0.02), 0.02, False),
        (Goal(measure="a", least=0.8), 0.81, True),
        (Goal(measure="a", least=0.8), 0.8, False),
        (Goal(measure="a", least=0), math.nan, False),
        (Goal(measure="a", most=1), None, False),
        (Goal(measure="a", most=1), "0", False),
        (Goal(measure="b", most=1), 0, False),
        (Goal(event=FINISHED), None, True),
        (Goal(event="mistake lstm"), 0, False),
    ],
)
def test_a_run_reaches_a_goal_by_a_figure_of_its_summary(goal, value, reached):
    assert goal.reached({"a": value}) is reached
    assert Goal.from_json(goal.to_json()) == goal


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"measure": "a"},
        {"measure": "a", "most": 1.0, "least": 0.0},
        {"measure": "a", "most": 1.0, "event": "x"},
        {"event": "x", "most": 1.0},
        {"measure": "a", "most": math.inf},
        {"measure": "a", "least": math.nan},
    ],
)
def test_a_goal_is_one_measure_with_one_number_or_one_event(wrong):
    with pytest.raises(UserError, match="check: expected"):
        Goal(**wrong)


def test_a_run_counts_on_the_page_of_its_network():
    writing = LEARNING.format("lstm", "text")
    assert applies("lstm", writing, "text", {"cell": "lstm"})
    assert not applies("rnn", LEARNING.format("rnn", "text"), "text", {"cell": "lstm"})
    assert applies("rnn", LEARNING.format("rnn", "adding"), "adding", {"units": 8})
    assert not applies("lstm", "lstm_step=Forward", "text", {"cell": "lstm"})
    assert not applies("stock", "", "emoji", {})
    minimal = LEARNING.format("gru", "text") + "&gru_cell=mingru"
    assert applies("gru", minimal, "text", {"cell": "mingru"})
    assert not applies("gru", minimal, "text", {"cell": "gru"})
