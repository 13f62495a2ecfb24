"""What the columns of price files are called."""

import re

DATE = (
    "date",
    "datetime",
    "date time",
    "trade date",
    "trading date",
    "trading day",
    "day",
    "observation date",
    "timestamp",
    "time",
    "open time",
    "opentime",
    "unix",
    "unix timestamp",
    "unix time",
    "datum",
    "fecha",
)
ADJUSTED = ("adj close", "adjusted close", "adjclose", "close adj", "close adjusted")
CLOSE = (
    "close",
    "close last",
    "close price",
    "closing price",
    "price",
    "last",
    "last price",
    "settle",
    "settlement price",
    "schlusskurs",
    "schluss",
    "kurs",
    "zuletzt",
    "cierre",
    "dernier",
)
OTHER_PRICES = ("open", "high", "low", "open price", "high price", "low price", "vwap")
NO_PRICE = re.compile(
    r"vol|volume|volume .*|.* volume|vol .*|turnover|amount|change|change .*|chg.*"
    r"|number of trades|trades|count|dividends?|stock splits|capital gains|index|id"
    r"|unnamed .*|close time|ignore|openint|taker .*|per"
)
SYMBOL = ("symbol", "ticker", "name", "stock", "code", "instrument", "asset", "coin")
TIME = ("time",)
YAHOO = ("Date", "Open", "High", "Low", "Close", "Adj Close", "Volume")
KLINE = (
    "Open time",
    "Open",
    "High",
    "Low",
    "Close",
    "Volume",
    "Close time",
    "Quote volume",
    "Number of trades",
    "Taker base volume",
    "Taker quote volume",
    "Ignore",
)


def folded(name: str) -> str:
    """Return a column's name in the form of the lists above: `<CLOSE>` is `close`."""
    plain = re.sub(r"^\d+[a-z]?\.\s", "", name.casefold())  # 4. close
    return re.sub(r"[\W_]+", " ", plain).strip()


def is_price(name: str) -> bool:
    """Whether a column may hold a price, as far as its name says."""
    return NO_PRICE.fullmatch(folded(name)) is None
