import math

import nbformat

from core import examples
from core.takeaway import make_notebook
from core.takeaway.repetition import compare
from core.task import Point


def test_recorded_nan_and_inf_are_read_and_compared():
    metrics = {"loss": math.nan, "val_loss": math.inf}
    points = [Point(epoch=1, metrics=metrics)]
    result = examples.load("text").result
    cells = nbformat.reads(
        make_notebook("text", result, points).content, as_version=4
    ).cells
    (recorded,) = (c["source"] for c in cells if "\nrecorded = " in c["source"])
    found = {}
    exec(recorded, found)
    again = found["recorded"], found["recorded_epochs"]
    assert compare(result.summary(), points, *again).same
    other = [Point(epoch=1, metrics=metrics | {"loss": 0.5})]
    assert compare(result.summary(), other, *again).different == ("epoch 1 loss",)
