"""Which prices to ask Yahoo for."""

import datetime
import re
from dataclasses import dataclass

from core.task import ConfigError

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


@dataclass(frozen=True, kw_only=True)
class Request:
    """Daily prices of one security.

    Attributes
    ----------
    symbol
        The ticker as Yahoo writes it, such as AAPL or BTC-USD; made upper case.
    period
        A key of `PERIODS`, counted back from today. It is left out of account if
        dates are given.
    start, end
        First and last day, the last included; None for no limit.
    adjusted
        Whether dividends are worked into the prices. Splits always are.

    Raises
    ------
    ConfigError
        If a symbol, period or date cannot be.
    """

    symbol: str
    period: str = "10y"
    start: datetime.date | None = None
    end: datetime.date | None = None
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
        """A name for a file, which no other request has."""
        span = f"{self.start}_{self.end}" if self.start else self.period
        return f"{self.symbol}_{span}_{'adjusted' if self.adjusted else 'raw'}"
