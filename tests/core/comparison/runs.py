"""Runs as the store returns them, for the tests of comparisons."""

import dataclasses
import json

from core import stock
from core.runs.run import Run
from core.task import Point

BLANK = {
    item.name: None
    for item in dataclasses.fields(Run)
    if item.default is dataclasses.MISSING
    and item.default_factory is dataclasses.MISSING
}


def run(run_id, *, title="Prices", status="done", created=0.0, summary=(), **settings):
    """A run of the prices; `settings` are those that are not the defaults."""
    values = {
        "id": run_id,
        "task": "stock",
        "title": title,
        "config": json.dumps(stock.Config(**settings).values),
        "status": status,
        "created": created,
        "summary": dict(summary),
    }
    return Run(**(BLANK | values))


def points(values, name="val_loss", seconds=1.0):
    return [
        Point(epoch=epoch, metrics={name: value}, at=seconds * epoch)
        for epoch, value in enumerate(values, 1)
    ]
