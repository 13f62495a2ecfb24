"""Prices of a ticker: from Yahoo, or from an earlier copy on disk."""

import datetime
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from core.arrays import pack, unpack
from core.files import replace_file
from core.stock.csv import Imported, Report
from core.stock.csv.gaps import find_gaps
from core.stock.data.series import PriceSeries
from core.stock.sources.yahoo import (
    ALTERNATIVE,
    Request,
    YahooError,
    daily_prices,
)

LIFETIME = datetime.timedelta(hours=4)  # age of a copy at which a new request is made
MAX_COPIES = 300


@dataclass(frozen=True, kw_only=True, eq=False)
class Copy:
    """A fetched series on disk, with the time of the fetch and its time zone."""

    series: PriceSeries
    fetched: datetime.datetime

    def is_valid(self, now: datetime.datetime) -> bool:
        """Whether it can be used without a request."""
        return now - self.fetched < LIFETIME


def read_copy(path: Path) -> Copy | None:
    """Return the copy in a file, or None if it is missing or damaged."""
    try:
        arrays = unpack(path.read_bytes())
        return Copy(
            series=PriceSeries.decode(arrays["series"].tobytes()),
            fetched=datetime.datetime.fromisoformat(str(arrays["fetched"])),
        )
    except (OSError, ValueError, KeyError):
        return None


def write_copy(path: Path, copy: Copy) -> None:
    """Write a copy atomically, and delete the oldest ones beyond `MAX_COPIES`."""
    arrays = {
        "series": np.frombuffer(copy.series.encode(), np.uint8),
        "fetched": np.array(copy.fetched.isoformat()),
    }
    replace_file(path, pack(arrays))
    written = sorted(path.parent.glob("*.npz"), key=lambda file: file.stat().st_mtime)
    for old in written[:-MAX_COPIES]:
        old.unlink(missing_ok=True)


@dataclass(frozen=True, kw_only=True)
class Timeouts:
    """Waiting times for Yahoo, in seconds."""

    answer: float = 8.0  # for one answer
    between: float = 2.0  # before the second and last attempt
    total: float = 25.0  # for everything, the cookies that yfinance requests included


DEFAULT_TIMEOUTS = Timeouts()


def fetch(
    request: Request,
    home: Path,
    now: datetime.datetime | None = None,
    timeouts: Timeouts = DEFAULT_TIMEOUTS,
) -> Imported:
    """Return daily prices with their report, from a valid copy or from Yahoo.

    `home` is the folder of this installation, where copies are stored; `now` has its
    time zone, and is by default that of the clock.

    Raise a YahooError if Yahoo gave nothing and there is no copy; a DataError if the
    prices are too few or not valid.
    """
    now = now or datetime.datetime.now(datetime.UTC)
    path = home / "prices" / f"{request.key}.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    copy = read_copy(path)
    if copy and copy.is_valid(now):
        return _imported(copy.series, request)
    try:
        with FileLock(f"{path}.lock", timeout=timeouts.total):
            copy = read_copy(path)  # another process may have fetched it meanwhile
            if copy is None or not copy.is_valid(now):
                series = _fetch_in_time(request, home / "yahoo", now, timeouts)
                copy = Copy(series=series, fetched=now)
                write_copy(path, copy)
            return _imported(copy.series, request)
    except (YahooError, Timeout) as error:
        failure = error if isinstance(error, YahooError) else _too_slow()
        if copy is None:
            raise failure from error
        return _imported(copy.series, request, _note_on_age(copy, failure))


def _fetch_in_time(
    request: Request, folder: Path, now: datetime.datetime, timeouts: Timeouts
) -> PriceSeries:
    """Fetch in a thread, which is abandoned after `timeouts.total`."""
    folder.mkdir(parents=True, exist_ok=True)
    answer: Future[PriceSeries] = Future()

    def work() -> None:
        try:
            answer.set_result(_fetch_twice(request, folder, now, timeouts))
        except Exception as error:  # raised where it is awaited
            answer.set_exception(error)

    threading.Thread(target=work, daemon=True, name=f"Yahoo {request.symbol}").start()
    try:
        return answer.result(timeout=timeouts.total)
    except TimeoutError as error:
        raise _too_slow() from error


def _fetch_twice(
    request: Request, folder: Path, now: datetime.datetime, timeouts: Timeouts
) -> PriceSeries:
    try:
        return daily_prices(request, folder, now, timeouts.answer)
    except YahooError:
        time.sleep(timeouts.between)
        return daily_prices(request, folder, now, timeouts.answer)


def _too_slow() -> YahooError:
    return YahooError(
        "Expected an answer from Yahoo, but none came in time. Check the network and "
        f"try again. {ALTERNATIVE}"
    )


def _note_on_age(copy: Copy, failure: YahooError) -> str:
    """Return a note with the age of a copy and the reason for its use."""
    why = str(failure).removesuffix(ALTERNATIVE).strip()
    return f"A copy of {copy.fetched:%Y-%m-%d}, as no newer prices came. {why}"


def _imported(series: PriceSeries, request: Request, age: str = "") -> Imported:
    warnings, _ = find_gaps(series.dates, series.prices, series.frequency)
    repairs = tuple(note for note in series.notes if note not in warnings)
    report = Report(
        column="Adj Close" if request.adjusted else "Close",
        repairs=repairs,
        warnings=(age, *warnings) if age else warnings,
        stale=bool(age),
    )
    return Imported(series=replace(series, notes=report.notes), report=report)
