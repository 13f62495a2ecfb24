"""The comparison of a repeated training with the recorded numbers."""

import pytest

from core.takeaway.repetition import compare
from core.task import Point

RECORDED = {"error": 0.5, "rows": 2_000_000.0, "best": "EWMA", "seconds": 3.0}
EPOCHS = {1: {"loss": 1.0}, 3: {"loss": 0.5}}
POINTS = [
    Point(epoch=n, metrics={"loss": v}) for n, v in ((1, 1.0), (2, 9.0), (3, 0.5))
]


def test_equal_numbers_are_the_same_however_long_it_took():
    found = compare({**RECORDED, "seconds": 99.0}, POINTS, RECORDED, EPOCHS)
    assert found.same
    assert found.numbers == 5
    assert found.largest == 0


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"error": 0.5 + 9e-7}, True),
        ({"error": 0.5 + 2e-6}, False),
        ({"rows": 2_000_001.0}, True),  # relative
        ({"rows": 2_000_003.0}, False),
        ({"best": "GARCH"}, False),
        ({"error": None}, False),
        ({"error": float("nan")}, False),
    ],
)
def test_a_millionth_is_the_largest_difference(change, same):
    found = compare({**RECORDED, **change}, POINTS, RECORDED, EPOCHS)
    assert found.same is same
    assert str(found).startswith("The same" if same else "Not the same: 1 of 5")


def test_an_epoch_that_is_missing_is_a_difference():
    found = compare(RECORDED, POINTS[:1], RECORDED, EPOCHS)
    assert found.different == ("epoch 3 loss",)


def test_lists_in_a_summary_are_compared_one_by_one():
    one, other = {"horizons": [{"p": 0.1}]}, {"horizons": [{"p": 0.2}]}
    assert compare(one, [], other, {}).different == ("summary horizons 0 p",)
