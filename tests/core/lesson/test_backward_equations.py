"""The equations of a step back hold in each correct pass; a mistake breaks its own."""

import functools

import numpy as np
import pytest

from core.lesson.backward_passes import PRESETS, presets_of
from core.lesson.cells import CELLS
from core.lesson.demo import SequenceDemo, backward_demo, word_sequence

BROKEN = {  # by mistake: the left sides of the equations that do not hold
    "dropped": {"dh_prev", "dc_prev"},
    "cell path cut": {"dc_prev"},
    "overwritten": set(),  # each step is right; their sum is not
    "no slope": {"dz"},
    "transpose forgotten": {"dh_prev"},
    "new for old": {"dzf"},
    "direct path cut": {"dh_prev"},
    "reset left out": {"ds"},
    "other convention": {"dzz"},
}
PASSES = [(cell, name) for cell in CELLS for name in presets_of(cell)]


@functools.cache
def shown(cell, preset="right", every_step=False):
    """A backward pass through a small network."""
    settings = SequenceDemo(units=3)
    return backward_demo(cell, word_sequence("aba"), settings, preset, every_step)


@pytest.mark.parametrize("every_step", [False, True])
@pytest.mark.parametrize(("cell", "preset"), PASSES)
def test_only_the_equation_that_a_mistake_is_in_does_not_hold(cell, preset, every_step):
    demo = shown(cell, preset, every_step)
    broken = {one.left.symbol for one in demo.equations if not one.holds.all()}
    names = {one.left.symbol for one in demo.equations}
    wanted = BROKEN[preset] & names if PRESETS[preset].wrong else set()
    assert broken == wanted


@pytest.mark.parametrize("cell", CELLS)
def test_the_gradient_passed_back_equals_the_panel_of_the_step_before(cell):
    demo = shown(cell)
    (passed,) = [one.left for one in demo.equations if one.left.symbol == "dh_prev"]
    assert np.allclose(passed.values[:, 1:], demo.panels["dh"][:, :-1], rtol=1e-12)


@pytest.mark.parametrize("cell", CELLS)
def test_the_loss_of_each_step_is_in_an_equation_only_where_it_has_one(cell):
    symbols = [
        {f.symbol for one in demo.equations for term in one.terms for f in term}
        for demo in (shown(cell), shown(cell, every_step=True))
    ]
    assert [("dloss" in each) for each in symbols] == [False, True]


@pytest.mark.parametrize("cell", CELLS)
def test_the_factors_of_a_way_lead_from_its_first_norm_to_its_last(cell):
    for path in shown(cell).paths:
        (_, first), *_, (_, last) = path.gradients
        assert np.allclose(first * np.prod(path.ratios, axis=0), last, rtol=1e-12)


def test_a_norm_of_0_has_no_ratio():
    (path,) = shown("rnn", "dropped").paths
    assert all(np.isnan(ratio[0]) for ratio in path.ratios)
