"""What several tests of the price forecast need."""

import csv
import datetime

import numpy as np

from core.arrays import pack, unpack
from core.stock import TASK
from core.stock.data.series import PriceSeries


def made_up_series(rows=300, seed=0, name="Made up"):
    random = np.random.default_rng(seed)
    prices = 50 * np.exp(np.cumsum(0.01 * random.standard_normal(rows)))
    dates = np.datetime64("2001-01-01") + np.arange(rows)
    return PriceSeries(name=name, dates=dates, prices=prices)


def halted_series(days, place, rows=1200):
    """A random walk that stands still for days at the start, middle or end.

    Then it jumps to where it would have been.
    """
    prices = made_up_series(rows).prices
    first = {"start": 0, "middle": (rows - days) // 2, "end": rows - days}[place]
    prices[first : first + days] = prices[first]
    return series_of(prices, name="Halted")


def series_of(prices, dates=None, name="Made up"):
    """Prices on days, or on other dates."""
    if dates is None:
        dates = np.datetime64("2001-01-01") + np.arange(len(prices))
    return PriceSeries(name=name, dates=dates, prices=prices)


def run(config, series, resume=None, at_pause=lambda _: None):
    """Train to the end; return the result and the metrics of each epoch.

    `at_pause` is called with the Progress at every pause.
    """
    training = TASK.train(config, series, resume)
    metrics = []
    try:
        while True:
            progress = next(training)
            if progress.metrics:
                metrics.append((progress.epoch, dict(progress.metrics)))
            at_pause(progress)
    except StopIteration as end:
        return end.value, metrics


def run_with_states(config, series):
    """Train to the end; return also every state, as it travels."""
    states = []
    result, metrics = run(
        config, series, at_pause=lambda now: states.append(pack(now.state()))
    )
    return result, metrics, [unpack(state) for state in states]


def stop(training):
    """Ask a paused training for its result as it stands."""
    try:
        training.send(True)
        while True:
            next(training)
    except StopIteration as end:
        return end.value


def csv_text(rows=150, price="{:.2f}", header="Date,Adj Close"):
    """A CSV of a rising price, one row a day."""
    days = [datetime.date(2020, 1, 1) + datetime.timedelta(day) for day in range(rows)]
    lines = [f"{day},{price.format(10 + row)}" for row, day in enumerate(days)]
    return "\n".join(([header] if header else []) + lines) + "\n"


def read_back(text):
    """Columns of a CSV by name, as text."""
    rows = list(csv.DictReader(text.splitlines()))
    return {name: [row[name] for row in rows] for name in rows[0]}
