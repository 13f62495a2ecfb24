"""Yahoo as yfinance meets it: the real library and its real HTTP client, over loopback.

Only the address is another. The answers are in the form of Yahoo's chart endpoint.
"""

import datetime
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import numpy as np

RANGES = ["1d", "5d", "1mo", "3mo", "6mo", "1y", "2y", "5y", "10y", "ytd", "max"]
NOT_FOUND = {
    "chart": {
        "result": None,
        "error": {
            "code": "Not Found",
            "description": "No data found, symbol may be delisted",
        },
    }
}
EMPTY = {"chart": {"result": [], "error": None}}


def stamps(days, zone, hour=0, minute=0):
    """Seconds since 1970 of a time of day at the exchange."""
    time = datetime.time(hour, minute, tzinfo=ZoneInfo(zone))
    return [int(datetime.datetime.combine(day, time).timestamp()) for day in days]


def chart(
    days,
    closes,
    symbol="BTC-USD",
    currency="USD",
    zone="UTC",
    open_at=(0, 0),
    adjusted=None,
    kind="CRYPTOCURRENCY",
    events=None,
    name="Bitcoin USD",
):
    """An answer of /v8/finance/chart/<symbol>."""
    volumes = [None if close is None else 1000 for close in closes]
    quote = {key: list(closes) for key in ("open", "high", "low", "close")}
    meta = {
        "currency": currency,
        "symbol": symbol,
        "exchangeName": "CCC" if kind == "CRYPTOCURRENCY" else "NMS",
        "fullExchangeName": "CCC",
        "instrumentType": kind,
        "firstTradeDate": 1410912000,
        "regularMarketTime": 1764028800,
        "hasPrePostMarketData": False,
        "gmtoffset": 0,
        "timezone": "UTC",
        "exchangeTimezoneName": zone,
        "regularMarketPrice": next(filter(None, closes), None),
        "longName": name,
        "shortName": name,
        "chartPreviousClose": closes[0],
        "priceHint": 2,
        "currentTradingPeriod": {
            part: {"timezone": "UTC", "start": 0, "end": 86340, "gmtoffset": 0}
            for part in ("pre", "regular", "post")
        },
        "dataGranularity": "1d",
        "range": "",
        "validRanges": RANGES,
    }
    result = {
        "meta": meta,
        "timestamp": stamps(days, zone, *open_at),
        "indicators": {
            "quote": [{**quote, "volume": volumes}],
            "adjclose": [{"adjclose": adjusted or list(closes)}],
        },
    }
    if events:
        result["events"] = events
    return {"chart": {"result": [result], "error": None}}


def walk(rows, start=100.0):
    """Prices with two decimals that never jump."""
    steps = np.random.default_rng(3).normal(0, 0.01, rows).cumsum()
    return [float(price) for price in np.round(start * np.exp(steps), 2)]


class Yahoo:
    """A server on loopback that gives set answers, and records the queries.

    Attributes
    ----------
    answer
        What the chart endpoint says: a chart, or (status, text); "hang" for nothing.
    answers
        What it says before that, each once.
    failure
        What the HTTP client raises instead of asking, or None.
    queries
        The queries of the chart endpoint, each with its symbol as "symbol".
    """

    def __init__(self):
        yahoo = self
        self.answer, self.answers, self.failure = NOT_FOUND, [], None
        self.queries = []
        self.over = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                yahoo._respond(self)

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(
            target=self.server.serve_forever, args=[0.01], daemon=True
        ).start()

    def close(self):
        self.over.set()
        self.server.shutdown()
        self.server.server_close()

    def history(self):
        """The queries for prices, not those for the time zone alone."""
        return [query for query in self.queries if query.get("range") != "1d"]

    def _respond(self, handler):
        parts = urlsplit(handler.path)
        if "/v8/finance/chart/" in parts.path:
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            self.queries.append(query | {"symbol": parts.path.rpartition("/")[2]})
            answer = self.answers.pop(0) if self.answers else self.answer
            if answer == "hang":
                self.over.wait(60)
                return
            status, text = answer if isinstance(answer, tuple) else (200, answer)
            if answer is NOT_FOUND:
                status = 404
        elif parts.path.endswith("getcrumb"):
            status, text = 200, "crumb"
        elif "/quoteSummary/" in parts.path or "/quote" in parts.path:
            status, text = 404, {"quoteSummary": {"result": None, "error": None}}
        else:
            status, text = 200, "cookies"
        body = (text if isinstance(text, str) else json.dumps(text)).encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
