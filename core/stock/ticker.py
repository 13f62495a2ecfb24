"""A security by its ticker: from Yahoo, or from the last good copy on disk."""

import datetime
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from core.stock.copies import Copy, keep_copy, read_copy
from core.stock.importing import Imported, Report
from core.stock.importing.survey import survey
from core.stock.request import Request
from core.stock.series import PriceSeries
from core.stock.yahoo import INSTEAD, Daily, YahooError, daily

FRESH = datetime.timedelta(hours=4)
# Prices in a hundredth of a currency are a hundred times larger than people expect.
HUNDREDTHS = {
    "GBp": "pence (GBp), hundredths of a pound",
    "ZAc": "cents (ZAc), hundredths of a rand",
    "ILA": "agorot (ILA), hundredths of a shekel",
}


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long to wait for Yahoo, in seconds.

    Attributes
    ----------
    answer
        For one answer.
    between
        Before the second and last attempt.
    whole
        For all of it: yfinance asks for cookies as well, and waits long for them.
    """

    answer: float = 8.0
    between: float = 2.0
    whole: float = 25.0


PATIENT = Patience()


def fetch(
    request: Request,
    home: Path,
    now: datetime.datetime | None = None,
    patience: Patience = PATIENT,
) -> Imported:
    """Return daily prices, with where they are from and how old they are.

    Parameters
    ----------
    request
        What to ask for.
    home
        Folder of this installation, where copies are kept.
    now
        The present, with its time zone; by default that of the clock.
    patience
        How long to wait.

    Raises
    ------
    YahooError
        If Yahoo gave nothing and there is no copy of an earlier answer.
    DataError
        If the prices are too few, or cannot be prices.
    """
    now = now or datetime.datetime.now(datetime.UTC)
    path = home / "prices" / f"{request.key}.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    copy = read_copy(path)
    if copy and copy.is_fresh(now, FRESH):
        return _imported(copy.series, request)
    try:
        with FileLock(f"{path}.lock", timeout=patience.whole):
            copy = read_copy(path)  # someone else may have fetched it meanwhile
            if copy is None or not copy.is_fresh(now, FRESH):
                found = _ask(request, home / "yahoo", now, patience)
                copy = Copy(series=_series(found, request, now), fetched=now)
                keep_copy(path, copy)
            return _imported(copy.series, request)
    except (YahooError, Timeout) as error:
        refusal = error if isinstance(error, YahooError) else _too_slow()
        if copy is None:
            raise refusal from error
        return _imported(copy.series, request, _aged(copy, refusal))


def currency_words(code: str) -> str:
    """Return a currency as people know it; pence are no pounds."""
    return HUNDREDTHS.get(code, code)


def _ask(
    request: Request, folder: Path, now: datetime.datetime, patience: Patience
) -> Daily:
    """Ask in a thread of its own, which is left behind if it takes too long."""
    folder.mkdir(parents=True, exist_ok=True)
    answer: Future[Daily] = Future()

    def work() -> None:
        try:
            answer.set_result(_ask_twice(request, folder, now, patience))
        except Exception as error:  # raised where it is awaited
            answer.set_exception(error)

    threading.Thread(target=work, daemon=True, name=f"Yahoo {request.symbol}").start()
    try:
        return answer.result(timeout=patience.whole)
    except TimeoutError as error:
        raise _too_slow() from error


def _ask_twice(
    request: Request, folder: Path, now: datetime.datetime, patience: Patience
) -> Daily:
    try:
        return daily(request, folder, now, patience.answer)
    except YahooError:
        time.sleep(patience.between)
        return daily(request, folder, now, patience.answer)


def _too_slow() -> YahooError:
    return YahooError(
        "Expected an answer from Yahoo, but none came in time. Check the network and "
        f"try again. {INSTEAD}"
    )


def _series(found: Daily, request: Request, now: datetime.datetime) -> PriceSeries:
    odd = survey(found.days, found.closes)
    notes = list(found.notes)
    if found.currency in HUNDREDTHS:
        notes.append(f"Prices are in {HUNDREDTHS[found.currency]}.")
    moment = now.astimezone(datetime.UTC)
    return PriceSeries(
        name=f"{found.title} ({request.symbol})",
        dates=found.days,
        prices=found.closes,
        currency=found.currency,
        source=f"Yahoo Finance, fetched {moment:%Y-%m-%d %H:%M} UTC",
        breaks=odd.breaks,
        notes=(*odd.warnings, *notes),
    )


def _aged(copy: Copy, refusal: YahooError) -> str:
    """Say that a copy is one, and why."""
    why = str(refusal).removesuffix(INSTEAD).strip()
    return f"A copy of {copy.fetched:%Y-%m-%d}, as no newer prices came. {why}"


def _imported(series: PriceSeries, request: Request, aged: str = "") -> Imported:
    odd = survey(series.dates, series.prices).warnings
    warnings = (aged, *odd) if aged else odd
    repairs = tuple(note for note in series.notes if note not in odd)
    report = Report(
        column="Adj Close" if request.adjusted else "Close",
        repairs=repairs,
        warnings=warnings,
        stale=bool(aged),
    )
    return Imported(series=replace(series, notes=report.notes), report=report)
