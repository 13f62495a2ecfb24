"""False differences of the tests of forecasts: python -m benchmarks.size.

Pairs of forecasts that are equally wrong, of sums of returns that are independent or
GARCH-t: how often each test finds a difference at 5%, by number of rows and by horizon.
The forecasts move slowly, so that losses depend on each other beyond the overlap of
their windows. Errors are compared by Diebold-Mariano, likelihoods of two wrong
variances by the same test, and a useless forecast with zero by Clark-West.
"""

import numpy as np

from benchmarks.direction import returns
from core.stock.judging.diebold_mariano import SIGNIFICANT, clark_west, diebold_mariano

SERIES = 2_000
ROWS = (250, 500, 1_250, 2_500)
HORIZONS = (1, 5, 10, 20)
SLOW = 50  # rows over which a forecast's noise is averaged
SHARE = 0.1  # standard deviation of a forecast, of that of the actual values


def slow(random, rows):
    """Noise with a standard deviation of one that changes slowly."""
    noise = random.standard_normal(rows + SLOW - 1)
    return np.convolve(noise, np.full(SLOW, SLOW**-0.5), "valid")


def price(random, actual, horizon):
    forecasts = [SHARE * horizon**0.5 * slow(random, len(actual)) for _ in range(2)]
    return diebold_mariano(*(np.square(actual - each) for each in forecasts), horizon)


def risk(random, actual, horizon):
    logs = [np.log(horizon) + SHARE * slow(random, len(actual)) for _ in range(2)]
    losses = [0.5 * (each + actual**2 / np.exp(each)) for each in logs]
    return diebold_mariano(*losses, horizon)


def useless(random, actual, horizon):
    forecast = SHARE * horizon**0.5 * slow(random, len(actual))
    return clark_west(
        *(1 + each / 100 for each in (actual, 0 * actual, forecast)), horizon
    )


def false_differences(series=SERIES, rows=ROWS, horizons=HORIZONS, test=price, garch=1):
    """Return the share of series with a difference, by rows and horizon."""
    found = {}
    for count in rows:
        for horizon in horizons:
            random, false = np.random.default_rng([count, horizon]), 0
            for _ in range(series):
                total = np.cumsum(returns(random, count + horizon, garch))
                actual = total[horizon:] - total[:-horizon]
                false += test(random, actual, horizon).p < SIGNIFICANT
            found[count, horizon] = false / series
    return found


if __name__ == "__main__":
    for test in (price, risk, useless):
        for garch in (0, 1):
            shares = false_differences(test=test, garch=garch)
            kind = "GARCH-t" if garch else "independent"
            print(f"\n{test.__name__}, {kind}: % of {SERIES:,} series, by days ahead")
            print(f"{'rows':>6}" + "".join(f"{days:>8}" for days in HORIZONS))
            for rows in ROWS:
                cells = (f"{100 * shares[rows, days]:>8.1f}" for days in HORIZONS)
                print(f"{rows:>6}" + "".join(cells), flush=True)
