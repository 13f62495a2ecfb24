"""False differences of the tests of forecasts: python -m benchmarks.size.

Pairs of forecasts that are equally wrong, of sums of Student-t returns with a constant
variance or GARCH: how often each test finds a difference at 5%, by number of rows and
by horizon. The forecasts move slowly, so that losses depend on each other beyond the
overlap of their windows. Errors are compared by Diebold-Mariano, likelihoods of two
variances, both wrong about the true one, by the same test, and a useless forecast with
zero by Clark-West.
"""

import numpy as np

from core.stock.distribution import student_t_nll
from core.stock.judging.diebold_mariano import SIGNIFICANT, clark_west, diebold_mariano

SERIES = 2_000
ROWS = (250, 500, 1_250, 2_500)
HORIZONS = (1, 5, 10, 20)
MEMORY = 0.97  # of the variance, a row
SLOW = 50  # rows over which a forecast's noise is averaged
FREEDOM = 5.0  # of the Student-t errors, and of the likelihood
SHARE = 0.1  # standard deviation of a forecast, of that of the actual values


def simulate(random, series, rows, garch):
    """Return Student-t returns, and the variance of each (series, rows)."""
    errors = random.standard_t(FREEDOM, (series, rows)) * np.sqrt(1 - 2 / FREEDOM)
    variances = np.ones((series, rows))
    for row in range(1, rows if garch else 0):
        last = variances[:, row - 1]
        squares = last * errors[:, row - 1] ** 2
        variances[:, row] = 1 - MEMORY + 0.08 * squares + (MEMORY - 0.08) * last
    return np.sqrt(variances) * errors, variances


def slow(random, rows):
    """Noise with a standard deviation of one that changes slowly."""
    noise = np.cumsum(random.standard_normal(rows + SLOW))
    return (noise[SLOW:] - noise[:-SLOW]) / np.sqrt(SLOW)


def price(random, actual, _, horizon):
    """Compare two forecasts of zero information."""
    forecasts = [SHARE * horizon**0.5 * slow(random, len(actual)) for _ in range(2)]
    return diebold_mariano(*(np.square(actual - each) for each in forecasts), horizon)


def risk(random, actual, variance, horizon):
    """Compare two variances that are wrong by as much."""
    logs = [np.log(variance) + SHARE * slow(random, len(actual)) for _ in range(2)]
    losses = [student_t_nll(actual, 0 * actual, each, FREEDOM) for each in logs]
    return diebold_mariano(*losses, horizon)


def useless(random, actual, _, horizon):
    """Compare a forecast of zero information with zero."""
    forecast = SHARE * horizon**0.5 * slow(random, len(actual))
    changes = (1 + each / 100 for each in (actual, 0 * actual, forecast))
    return clark_west(*changes, horizon)


def false_differences(series=SERIES, rows=ROWS, horizons=HORIZONS, test=price, garch=1):
    """Return the share of series with a difference, by rows and horizon."""
    found = {}
    for count in rows:
        random = np.random.default_rng(count)
        steps, variances = simulate(random, series, count + max(horizons) + 1, garch)
        for horizon in horizons:
            total = np.cumsum(steps[:, : count + horizon + 1], axis=1)
            actual = total[:, horizon:-1] - total[:, : -horizon - 1]
            # Of the sum of the returns ahead: each is nearer to 1 than the one before.
            excess = variances[:, 1 : actual.shape[1] + 1] - 1
            variance = horizon + excess * np.sum(MEMORY ** np.arange(horizon))
            pairs = zip(actual, variance, strict=True)
            p_values = [test(random, *each, horizon).p for each in pairs]
            found[count, horizon] = float(np.mean(np.array(p_values) < SIGNIFICANT))
    return found


if __name__ == "__main__":
    for test in (price, risk, useless):
        for garch in (0, 1):
            shares = false_differences(test=test, garch=garch)
            kind = "GARCH" if garch else "constant variance"
            print(f"\n{test.__name__}, {kind}: % of {SERIES:,} series, by rows ahead")
            print(f"{'rows':>6}" + "".join(f"{days:>8}" for days in HORIZONS))
            for rows in ROWS:
                cells = (f"{100 * shares[rows, days]:>8.1f}" for days in HORIZONS)
                print(f"{rows:>6}" + "".join(cells), flush=True)
