"""Daily prices from Yahoo through yfinance, with its errors in plain words."""

import datetime
import importlib
import logging
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.stock.csv.gaps import find_gaps
from core.stock.data.frequency import FREQUENCIES, has_weekends
from core.stock.data.series import PriceSeries
from core.stock.wording import count
from core.task import ConfigError, UserError

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)

ALTERNATIVE = "Meanwhile a bundled sample or a file of your own will do."
SYMBOL = re.compile(r"[A-Z0-9.^=-]{1,15}")
PERIODS = {
    "1y": "1 year",
    "2y": "2 years",
    "5y": "5 years",
    "10y": "10 years",
    "max": "All there is",
}
SUGGESTIONS = {
    "BTC-USD": "Bitcoin",
    "ETH-USD": "Ether",
    "AAPL": "Apple",
    "MSFT": "Microsoft",
    "NVDA": "Nvidia",
    "DIS": "Disney",
    "VOD.L": "Vodafone",
    "^GSPC": "S&P 500",
    "EURUSD=X": "Euro",
    "GC=F": "Gold",
}

# Codes of a hundredth of a currency, in which prices look a hundred times too large.
HUNDREDTHS = {
    "GBp": "pence (GBp), hundredths of a pound",
    "ZAc": "cents (ZAc), hundredths of a rand",
    "ILA": "agorot (ILA), hundredths of a shekel",
}


@dataclass(frozen=True, kw_only=True)
class Request:
    """Which daily prices to fetch from Yahoo.

    Raises
    ------
    ConfigError
        If a symbol, period or date is not valid.
    """

    # The ticker as Yahoo writes it, such as AAPL or BTC-USD; made upper case
    symbol: str
    # A key of `PERIODS`, counted back from today; ignored if dates are given
    period: str = "10y"
    # First and last day, the last included; None for no limit
    start: datetime.date | None = None
    end: datetime.date | None = None
    # Whether the prices are adjusted for dividends. For splits they always are.
    adjusted: bool = True

    def __post_init__(self) -> None:
        symbol = self.symbol.strip().upper()
        if not SYMBOL.fullmatch(symbol):
            raise ConfigError(
                "ticker: expected 1 to 15 letters from A to Z, digits and . ^ = -, "
                f"such as AAPL or BTC-USD, got {self.symbol[:40]!r}."
            )
        object.__setattr__(self, "symbol", symbol)
        if self.period not in PERIODS:
            raise ConfigError(
                f"period: expected one of {', '.join(PERIODS)}, got {self.period!r}. "
                "Prices within the day are out of scope."
            )
        if self.start and self.end and self.start >= self.end:
            raise ConfigError(
                f"start: expected a day before the end, {self.end}, got {self.start}."
            )
        if self.end and not self.start:
            raise ConfigError("end: expected a start besides it, got none.")

    @property
    def key(self) -> str:
        """A file name that differs for every request."""
        span = f"{self.start}_{self.end}" if self.start else self.period
        return f"{self.symbol}_{span}_{'adjusted' if self.adjusted else 'raw'}"


class YahooError(UserError):
    """Yahoo gave no prices; the cause is often uncertain."""


def daily_prices(
    request: Request, folder: Path, now: datetime.datetime, timeout: float
) -> PriceSeries:
    """Fetch prices from Yahoo, without a second attempt.

    Parameters
    ----------
    folder
        For cookies and time zones of yfinance.
    now
        The present, with its time zone: the bar of today is unfinished.
    timeout
        Seconds that one answer may take.

    Raise a YahooError if Yahoo returns no prices, with a remedy.
    """
    bars, title, currency = _fetch(request, folder, timeout)
    days, closes, notes = _finished_days(bars, now)
    if not len(days):
        raise YahooError(_no_prices(request.symbol))
    frequency = FREQUENCIES["every-day" if has_weekends(days) else "daily"]
    warnings, breaks = find_gaps(days, closes, frequency)
    if currency in HUNDREDTHS:
        notes.append(f"Prices are in {HUNDREDTHS[currency]}.")
    moment = now.astimezone(datetime.UTC)
    return PriceSeries(
        name=f"{title} ({request.symbol})",
        dates=days,
        prices=closes,
        currency=currency,
        source=f"Yahoo Finance, fetched {moment:%Y-%m-%d %H:%M} UTC",
        breaks=breaks,
        notes=(*warnings, *notes),
        frequency_name=frequency.name,
    )


def _fetch(
    request: Request, folder: Path, timeout: float
) -> "tuple[pd.DataFrame, str, str]":
    """Return the daily bars of one request, the title and the currency."""
    load_client()
    # Imported here: it takes longer than a page may take to load.
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
            keepna=True,  # missing values, to count them
            timeout=timeout,
        )
        facts = ticker.history_metadata
        title = facts.get("longName") or facts.get("shortName") or request.symbol
        return bars, title, facts.get("currency") or ""
    # yfinance raises these on an answer in an unexpected form.
    except (YFException, OSError, LookupError, TypeError, ValueError) as error:
        YfData.cache_get.cache_clear()  # no cached failures
        log.info("Yahoo, %s: %s: %s", request.symbol, type(error).__name__, error)
        raise YahooError(_explanation(request.symbol, error)) from error
    finally:
        _close_files()


def currency_name(code: str) -> str:
    """Return a currency code, or a description of one in hundredths such as pence."""
    return HUNDREDTHS.get(code, code)


def load_client() -> None:
    """Load yfinance's HTTP client with its own libcurl.

    TensorFlow contains another one, which cannot imitate a browser; loaded first, its
    symbols would replace the client's.
    """
    flags = sys.getdlopenflags()
    sys.setdlopenflags(flags | getattr(os, "RTLD_DEEPBIND", 0))
    try:
        importlib.import_module("curl_cffi")
    finally:
        sys.setdlopenflags(flags)


def _close_files() -> None:
    """Close the databases that yfinance opened in this thread; no other thread can."""
    from yfinance import cache

    for store in (cache.get_tz_cache(), cache.get_cookie_cache()):
        if (database := store.get_db()) is not None:
            database.close()


def _span(request: Request) -> dict[str, str | datetime.date | None]:
    if not request.start:
        return {"period": request.period}
    day = datetime.timedelta(days=1)  # yfinance leaves the end out
    return {"start": request.start, "end": request.end and request.end + day}


def _finished_days(
    bars: "pd.DataFrame", now: datetime.datetime
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Drop bars without a close, and the one of today."""
    import pandas as pd

    if bars.empty:
        return np.array([], "datetime64[D]"), np.array([]), []
    index = pd.DatetimeIndex(bars.index)  # midnights at the exchange
    today = np.datetime64(now.astimezone(index.tz).date())
    days = index.tz_localize(None).to_numpy().astype("datetime64[D]")
    closes = bars["Close"].to_numpy(np.float64)
    without, unfinished = np.isnan(closes), days >= today
    notes = []
    if unfinished.any():
        notes.append(f"The bar of {today} left out: the day is not over.")
    if lacking := int((without & ~unfinished).sum()):
        notes.append(f"{count(lacking, 'row')} without a price dropped.")
    complete = ~(without | unfinished)
    return days[complete], closes[complete], notes


def _explanation(symbol: str, error: Exception) -> str:
    """Return the probable meaning of an error."""
    from yfinance.exceptions import YFRateLimitError, YFTickerMissingError

    status = getattr(getattr(error, "response", None), "status_code", None)
    if isinstance(error, YFRateLimitError) or status == 429:
        return (
            "Yahoo answers no more requests from here for now (rate limit). Try again "
            f"in some minutes. {ALTERNATIVE}"
        )
    if isinstance(error, YFTickerMissingError | LookupError) or status == 404:
        return _no_prices(symbol)
    # curl_cffi derives its error about JSON from OSError as well.
    if isinstance(error, OSError) and not isinstance(error, ValueError) and not status:
        return (
            "Expected an answer from Yahoo, but it cannot be reached from here. Check "
            f"the network and try again. {ALTERNATIVE}"
        )
    return (
        "Expected prices from Yahoo, got an answer that cannot be read: the service "
        f"may be down. Try again later. {ALTERNATIVE}"
    )


def _no_prices(symbol: str) -> str:
    """Yahoo says "possibly delisted" of a busy moment and of a wrong name alike."""
    return (
        f"Yahoo gave no daily prices for {symbol}. It may know it by another name, or "
        "have none in that time, or refuse for the moment: look at the spelling, "
        f"choose a longer period, or try again in a minute. {ALTERNATIVE}"
    )
