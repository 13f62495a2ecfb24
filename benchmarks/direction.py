"""Coverage of the interval of right directions: python -m benchmarks.direction.

Over simulated random walks, how often the 95% interval at each horizon holds the
expected share of right directions: one half, or with a drift the chance of a rise. With
overlapping windows taken as independent rows, Wilson's interval would hold it in about
40% of the walks at 20 rows ahead.
"""

import itertools
import math
from statistics import NormalDist

import numpy as np

from core.stock.judging.metrics import directional_interval

WALKS = 600
ROWS = (500, 1_250)
HORIZONS = (1, 5, 10, 20)
DRIFT = 0.05  # a row, in standard deviations of a return
EARLIER = 120  # returns before the first row, for forecasts that look at them


def returns(random, rows, clustered):
    """Simulate returns of unit variance: normal, or GARCH(1,1) with t errors."""
    if not clustered:
        return random.standard_normal(rows)
    errors = random.standard_t(5, rows) / math.sqrt(5 / 3)
    variance, simulated = 1.0, np.empty(rows)
    for row, error in enumerate(errors):
        simulated[row] = math.sqrt(variance) * error
        variance = 0.03 + 0.08 * simulated[row] ** 2 + 0.89 * variance
    return simulated


def always_up(_, moves):
    return np.ones(len(moves))


def nearly_always_up(random, moves):
    """Up, but for times of about 15 rows in 165."""
    signs, row = np.ones(len(moves)), 0
    while row < len(moves):
        row += random.geometric(1 / 150)
        length = random.geometric(1 / 15)
        signs[row : row + length] = -1
        row += length
    return signs


def slow(random, moves):
    noise = random.standard_normal(len(moves) + 99)
    return np.sign(np.convolve(noise, np.ones(100), "valid"))


def at_random(random, moves):
    return np.where(random.random(len(moves)) < 0.05, -1.0, 1.0)


def momentum(_, moves):
    """The direction of the last 60 returns."""
    sums = np.convolve(moves, np.ones(60))[: len(moves)]
    return np.sign(np.concatenate([[1.0], sums[:-1]]))


def reversal(_, moves):
    """Against the last return."""
    return -np.sign(np.concatenate([[-1.0], moves[:-1]]))


FORECASTS = (always_up, nearly_always_up, slow, at_random, momentum, reversal)
# Name -> the forecast, a drift, and whether volatility comes in clusters.
CASES = {
    f"{forecast.__name__}{', GARCH' * clustered}": (forecast, 0.0, clustered)
    for clustered, forecast in itertools.product((False, True), FORECASTS)
} | {"always_up, drift": (always_up, DRIFT, False)}


def direction_coverage(walks=WALKS, rows=ROWS, horizons=HORIZONS, cases=tuple(CASES)):
    """Return the share of intervals with the expected share: (case, rows, horizon)."""
    covered = dict.fromkeys(itertools.product(cases, rows, horizons), 0)
    for case, length in itertools.product(cases, rows):
        forecast, drift, clustered = CASES[case]
        random = np.random.default_rng(list(CASES).index(case))
        for _ in range(walks):
            end = EARLIER + length
            moves = drift + returns(random, end, clustered)
            signs = forecast(random, moves)
            prices = np.exp(0.01 * np.concatenate([[0.0], np.cumsum(moves)]))
            for days in horizons:
                before, actual = prices[EARLIER:-days], prices[EARLIER + days :]
                said = before * np.exp(0.001 * signs[EARLIER : end - days + 1])
                low, high = directional_interval(actual, said, before, days)
                expected = NormalDist().cdf(drift * math.sqrt(days))
                covered[case, length, days] += low <= expected <= high
    return {key: count / walks for key, count in covered.items()}


def main():
    coverage = direction_coverage()
    print(f"{'coverage, %':<26}{'rows':>6}", *(f"{days:>6}" for days in HORIZONS))
    for case, rows in itertools.product(CASES, ROWS):
        shares = (100 * coverage[case, rows, days] for days in HORIZONS)
        print(f"{case:<26}{rows:>6}", *(f"{share:6.1f}" for share in shares))
    for days in HORIZONS:
        shares = [100 * share for key, share in coverage.items() if key[2] == days]
        print(f"{days:>3} ahead: {min(shares):.1f} to {max(shares):.1f}")


if __name__ == "__main__":
    main()
