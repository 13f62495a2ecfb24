"""Time the importer of price files: python -m benchmarks.importing.

Seconds to read the largest file that is allowed, and to refuse files that are larger
or wider or hold no prices at all, beside pandas reading the same bytes unchecked.
"""

import contextlib
import functools
import io
import statistics
import time

import numpy as np
import pandas as pd

from core.stock.csv import import_prices
from core.task import DataError

ROUNDS = 3
DAYS = np.datetime64("1750-01-01") + np.arange(100_000)
FILES = {
    "100,000 rows": "".join(
        f"{day},1,2,3,4,{5 + row % 7},6\n" for row, day in enumerate(DAYS)
    ),
    "100,000 rows, with words": "Date;Schlusskurs\n"
    + "".join(
        f"{day:%d %b %Y} 16:00 EST;SEK 1 {100 + row % 800},{row % 100:02d}\n"
        for row, day in enumerate(DAYS.tolist())
    ),
    "120,000 rows": "2020-01-01,1\n" * 120_000,
    "13 MB": "2020-01-01,1.0000\n" * 700_000,
    "200,000 columns": ",".join(f"c{n}" for n in range(200_000))
    + "\n"
    + "1," * 199_999,
    "a binary file": "\x89PNG\r\n\x1a\n" + "\x00\x01\x02\x03" * 1280,
}


def seconds(read):
    """Median seconds of a few goes; a file that is refused counts as read."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        with contextlib.suppress(DataError, ValueError):
            read()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def main():
    """Print a line for each file."""
    print(f"{'seconds (limit 2.0)':<26}{'ours':>8}{'pandas':>8}")
    for name, text in FILES.items():
        content = text.encode("latin-1")
        ours = seconds(functools.partial(import_prices, content, name))
        theirs = seconds(lambda content=content: pd.read_csv(io.BytesIO(content)))
        print(f"{name:<26}{ours:>8.3f}{theirs:>8.3f}", flush=True)


if __name__ == "__main__":
    main()
