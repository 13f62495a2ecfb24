"""What a report and the page say of what a model owes to repetition."""

from dataclasses import replace

import pytest

from core.music import TASK, Result
from core.music.figures import compared, compared_alt
from core.music.judging.judgement import Judgement
from core.music.judging.originality import HumanRate
from core.music.model.copying import Rivals
from core.music.model.markov import MarkovFigures
from core.music.model.vocabulary import VOCABULARY
from core.music.report import beyond_copies, report_verdicts

MARKOV = MarkovFigures(
    alphabet="degrees",
    order=1,
    orders=(2.6, 2.5),
    watched=2.5,
    nats=2.4,
    onset_order=3,
    onset_accuracy=0.113,
)
RIVALS = Rivals(
    copy_nats=1.2,
    copy_fresh=2.3,
    copy_onset_accuracy=0.58,
    markov_fresh=2.38,
    fresh_share=0.44,
    plain_nats=1.9,
    plain_fresh=2.0,
    plain_onset_accuracy=0.2,
)


@pytest.fixture
def result():
    config, corpus = TASK.tiny()
    judgement = Judgement(
        train=1.0,
        validation=1.0,
        nats=0.8,
        onset_accuracy=0.6,
        without_chords=None,
        by_temperature={},
        fresh=1.7,
        fresh_unit="half bar",
    )
    return Result(
        config=config,
        corpus=corpus,
        epochs=1,
        seconds=0.0,
        fit_cpu_seconds=0.0,
        started_from="nothing",
        weights={},
        vocabulary=VOCABULARY,
        judgement=judgement,
        markov=MARKOV,
        human=HumanRate({}, ()),
        chords_read=True,
        rivals=RIVALS,
    )


def at(result, nats):
    return replace(result, judgement=replace(result.judgement, nats=nats))


def test_the_share_of_the_gain_that_needs_no_network_is_told(result):
    copies, plain, fresh = beyond_copies(result)
    assert "75% of the gain" in copies  # 2.4 - 1.2 of 2.4 - 0.8
    assert "adds is 0.40 nats per sixteenth." in copies
    assert "has 1.90" in plain
    assert "fresh half bars" in fresh
    assert "(44% of the sixteenths), the model has 1.70, the Markov chain 2.38" in fresh


def test_a_model_that_adds_little_to_repetition_or_nothing_is_told_so(result):
    assert "less than the 0.3" in beyond_copies(at(result, 1.0))[0]
    assert "no better than that" in beyond_copies(at(result, 1.25))[0]


def test_reports_leave_out_models_that_were_not_measured(result):
    without_plain = replace(result, rivals=replace(RIVALS, plain_nats=None))
    assert "Plain LSTM" not in [one.name for one in without_plain.compared]


def test_the_order_that_an_accuracy_is_of_is_named(result):
    assert any("(order 3), 11.3%" in text for text in report_verdicts(result))
    first, second, *_ = result.compared
    assert (first.name, first.nats) == ("Markov-3", None)
    assert (second.name, second.onset_accuracy) == ("Markov-1", None)


def test_the_chart_has_a_bar_for_each_model_on_all_and_on_fresh_bars(result):
    figure = compared(result.compared)
    every, fresh = figure.data
    names = ["Markov-1", "Plain LSTM", "Repeats itself", "This model"]
    assert list(every.x) == list(fresh.x) == names
    assert list(every.y) == [2.4, 1.9, 1.2, 0.8]
    assert list(fresh.y) == [2.38, 2.0, 2.3, 1.7]
    assert "Repeats itself 1.2, where nothing is repeated 2.3" in compared_alt(
        result.compared
    )
