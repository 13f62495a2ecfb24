"""Daily prices from Yahoo through yfinance, and what it means when there are none."""

import datetime
import importlib
import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.stock.request import Request
from core.task import UserError

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)

INSTEAD = "Meanwhile a bundled sample or a file of your own will do."


class YahooError(UserError):
    """Yahoo gave no prices; whose fault that is cannot always be told."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Daily:
    """Daily prices as Yahoo has them, without those that are unfinished.

    Attributes
    ----------
    days
        Days at the exchange (rows,), datetime64[D].
    closes
        Prices at the close (rows,).
    title
        The name of the security.
    currency
        Its currency as Yahoo writes it, such as USD; GBp is pence.
    notes
        What was left out, for the report.
    """

    days: np.ndarray
    closes: np.ndarray
    title: str
    currency: str
    notes: tuple[str, ...]


def daily(
    request: Request, folder: Path, now: datetime.datetime, timeout: float
) -> Daily:
    """Ask Yahoo once.

    Parameters
    ----------
    request
        What to ask for.
    folder
        Where yfinance may keep cookies and time zones.
    now
        The present, with its time zone: the bar of today is unfinished.
    timeout
        Seconds that one answer may take.

    Raises
    ------
    YahooError
        If no prices came, with what can be done.
    """
    load_client()
    # Imported here: it takes longer than a page may take to draw.
    import yfinance
    from yfinance.data import YfData
    from yfinance.exceptions import YFException

    yfinance.set_tz_cache_location(str(folder))
    yfinance.config.debug.hide_exceptions = False
    logging.getLogger("yfinance").setLevel(logging.CRITICAL)  # errors are raised
    try:
        ticker = yfinance.Ticker(request.symbol)
        bars = ticker.history(
            **_span(request),
            interval="1d",
            auto_adjust=request.adjusted,
            actions=False,
            keepna=True,  # to count them
            timeout=timeout,
        )
        facts = ticker.history_metadata
        title = facts.get("longName") or facts.get("shortName") or request.symbol
        currency = facts.get("currency") or ""
    # An answer in another form than it expects makes yfinance fail in these ways.
    except (YFException, OSError, LookupError, TypeError, ValueError) as error:
        YfData.cache_get.cache_clear()  # else a refusal is remembered, and repeated
        log.info("Yahoo, %s: %s: %s", request.symbol, type(error).__name__, error)
        raise YahooError(_explanation(request.symbol, error)) from error
    finally:
        _close_files()
    days, closes, notes = _finished(bars, now)
    if not len(days):
        raise YahooError(_no_prices(request.symbol))
    return Daily(days=days, closes=closes, title=title, currency=currency, notes=notes)


def load_client() -> None:
    """Load yfinance's HTTP client with the libcurl that it brings.

    TensorFlow brings one as well, which cannot pass for a browser. Where it was loaded
    before, its functions would answer in place of the client's own.
    """
    flags = sys.getdlopenflags()
    sys.setdlopenflags(flags | getattr(os, "RTLD_DEEPBIND", 0))
    try:
        importlib.import_module("curl_cffi")
    finally:
        sys.setdlopenflags(flags)


def _close_files() -> None:
    """Close what yfinance has opened for this thread, as no other thread can."""
    from yfinance import cache

    for kept in (cache.get_tz_cache(), cache.get_cookie_cache()):
        if (database := kept.get_db()) is not None:
            database.close()


def _span(request: Request) -> dict[str, str | datetime.date | None]:
    if not request.start:
        return {"period": request.period}
    day = datetime.timedelta(days=1)  # yfinance leaves the end out
    return {"start": request.start, "end": request.end and request.end + day}


def _finished(
    bars: "pd.DataFrame", now: datetime.datetime
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Leave out bars without a close, and the one of today."""
    import pandas as pd

    if bars.empty:
        return np.array([], "datetime64[D]"), np.array([]), ()
    index = pd.DatetimeIndex(bars.index)  # midnights at the exchange
    today = np.datetime64(now.astimezone(index.tz).date())
    days = index.tz_localize(None).to_numpy().astype("datetime64[D]")
    closes = bars["Close"].to_numpy(np.float64)
    without, unfinished = np.isnan(closes), days >= today
    notes = []
    if unfinished.any():
        notes.append(f"The bar of {today} left out: the day is not over.")
    if lacking := int((without & ~unfinished).sum()):
        rows = "1 row" if lacking == 1 else f"{lacking} rows"
        notes.append(f"{rows} without a price dropped.")
    kept = ~(without | unfinished)
    return days[kept], closes[kept], tuple(notes)


def _explanation(symbol: str, error: Exception) -> str:
    """Say what an error means, without more certainty than there is."""
    from yfinance.exceptions import YFRateLimitError, YFTickerMissingError

    status = getattr(getattr(error, "response", None), "status_code", None)
    if isinstance(error, YFRateLimitError) or status == 429:
        return (
            "Yahoo answers no more requests from here for now (rate limit). Try again "
            f"in some minutes. {INSTEAD}"
        )
    if isinstance(error, YFTickerMissingError | LookupError) or status == 404:
        return _no_prices(symbol)
    # curl_cffi derives its error about JSON from OSError as well.
    if isinstance(error, OSError) and not isinstance(error, ValueError) and not status:
        return (
            "Expected an answer from Yahoo, but it cannot be reached from here. Check "
            f"the network and try again. {INSTEAD}"
        )
    return (
        "Expected prices from Yahoo, got an answer that cannot be read: the service "
        f"may be down. Try again later. {INSTEAD}"
    )


def _no_prices(symbol: str) -> str:
    """Yahoo says "possibly delisted" of a busy moment and of a wrong name alike."""
    return (
        f"Yahoo gave no daily prices for {symbol}. It may know it by another name, or "
        "have none in that time, or refuse for the moment: look at the spelling, "
        f"choose a longer period, or try again in a minute. {INSTEAD}"
    )
