"""The numbers that the lessons' first step opens with, some of them changed."""

import numpy as np
import pytest

from core.lesson.demo import CellDemo, cell_numbers, edited

NUMBERS = cell_numbers("lstm", CellDemo())


def test_edits_change_their_places_and_no_others():
    found = edited(NUMBERS, "Wf.1.2.0.5~xt.2.1.-3~bo.1.1.1e-05")
    changed = {
        (name, *map(int, place))
        for name, value in found.items()
        for place in np.argwhere(value != NUMBERS[name])
    }
    assert changed == {("Wf", 0, 1), ("xt", 1, 0), ("bo", 0, 0)}
    assert (found["Wf"][0, 1], found["xt"][1, 0], found["bo"][0, 0]) == (0.5, -3, 1e-5)


@pytest.mark.parametrize(
    "edits",
    [
        *("", "~", "Wf", "Wf.1.2", "Wf.0.1.1", "Wf.-1.1.1", "Wf.9.1.1", "Wf.1.9.1"),
        *("Wf.1.1.", "Wf.1.1.nan", "Wf.1.1.-inf", "Wf.1.1.1e9", "Wf.a.1.1"),
        *("secret.1.1.1", "xt.1.2.1", "__class__.1.1.1"),
    ],
)
def test_an_edit_of_no_place_or_no_number_is_ignored(edits):
    found = edited(NUMBERS, edits)
    assert all((found[name] == value).all() for name, value in NUMBERS.items())
