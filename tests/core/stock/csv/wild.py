"""Files as programs, exchanges and banks write them, each with the truth in it."""

import datetime
from dataclasses import dataclass, field

import numpy as np

from core.stock.csv import Answers, Question, import_prices
from core.task import DataError
from tests.core.stock.csv.files import comma, csv_of, days, paired, prices, table

ROWS = 150
PAIRS = paired(ROWS)
NEWEST_FIRST = PAIRS[::-1]
MONTHS = [datetime.date(2000 + k // 12, k % 12 + 1, 1) for k in range(ROWS)]
HIGH = [round(price * 50, 2) for price in prices(ROWS)]  # above a thousand
RETURNS = np.diff(np.log(prices(ROWS + 1)))
EARLY = [
    datetime.date(2000 + k // 144, k // 12 % 12 + 1, k % 12 + 1) for k in range(288)
]
THOUSANDS = [1 + k / 1000 for k in range(ROWS)]
BONDS = [113 + k % 64 / 32 for k in range(ROWS)]


@dataclass(frozen=True)
class File:
    """A file, and what is in it.

    Attributes
    ----------
    content
        The file.
    outcome
        What has to come of it: `right`, `asked` or `refused`.
    says
        Part of a note, of the question, or of the refusal.
    days, prices
        What is in it; of each day the last price.
    answers
        To the questions that it raises.
    currency
        Of the series.
    """

    content: bytes
    outcome: str = "right"
    says: str = ""
    days: list = field(default_factory=lambda: days(ROWS))
    prices: list = field(default_factory=lambda: prices(ROWS))
    answers: dict = field(default_factory=dict)
    currency: str = ""


def outcome_of(file):
    """Return `right`, `asked`, `refused` or `wrong`, and what is said."""
    answers = {}
    asked = None
    while True:
        try:
            imported = import_prices(file.content, "file", Answers(**answers))
        except Question as question:
            asked = asked or str(question)
            if question.kind in answers or question.kind not in file.answers:
                return "wrong", str(question)
            answers[question.kind] = file.answers[question.kind]
            continue
        except DataError as error:
            return ("wrong" if asked else "refused"), str(error)
        break
    said = asked or " ".join(imported.report.notes)
    if file.outcome == "refused" or not _is_true(imported.series, file):
        return "wrong", said
    return ("asked" if asked else "right"), said


def _is_true(series, file):
    """Whether a series has the days and prices of the file, and its currency."""
    found = series.dates.astype("datetime64[D]")
    last = np.append(found[1:] != found[:-1], True)
    return (
        np.array_equal(found[last], np.array(file.days, "M8[D]"))
        and np.allclose(series.prices[last], file.prices, rtol=1e-12)
        and series.currency == file.currency
    )


def _lines(form, pairs=PAIRS):
    """A line for each day, from a form with the day `d`, price `p` and row `k`."""
    return [form.format(d=d, p=p, k=k) for k, (d, p) in enumerate(pairs)]


def _european(form, pairs=PAIRS):
    """The same with a decimal comma."""
    return [form.format(d=d, p=comma(p)) for d, p in pairs]


def _text(header, lines, encoding):
    return "\n".join([header, *lines, ""]).encode(encoding)


def _filled_weekends():
    known = dict(PAIRS)
    last, lines = None, []
    for day in days(2 * ROWS, every_day=True):
        last = known.get(day, last)
        lines.append(f"{day},{last}")
        if day == PAIRS[-1][0]:
            break
    return csv_of(lines, "Date,Close")


def _yahoo_web(part, day):
    lines = _lines(f"{day}{part}1{part}3{part}1{part}{{p:.2f}}{part}{{p:.2f}}{part}9")
    lines.insert(50, f"{PAIRS[50][0]:%b %d, %Y}{part}0.24 Dividend")
    lines.insert(90, f"{PAIRS[88][0]:%b %d, %Y}{part}4:1 Stock Splits")
    names = ("Date", "Open", "High", "Low", "Close", "Adj Close", "Volume")
    return csv_of(lines[::-1], part.join(names))


def _at_times(times, tail=""):
    """Prices at times of each day, the one at the close last in time."""
    return [
        f"{d} {time}{tail},{p - hour:.2f}"
        for d, p in PAIRS
        for hour, time in enumerate(times)
    ]


def _unix(unit):
    return [int(np.datetime64(d, "s").astype(int)) * unit for d in EVERY_DAY]


EVERY_DAY = days(ROWS, every_day=True)
BINANCE = [
    f"{t},1,3,1,{p},9,{t + 86_399_999},9,9,9,9,0"
    for t, p in zip(_unix(1000), prices(ROWS), strict=True)
]
FILES = {
    "Yahoo, download": File(
        csv_of(
            _lines("{d},1,3,1,{k}.25,{p},9"),
            "Date,Open,High,Low,Close,Adj Close,Volume",
        )
    ),
    "Yahoo, web table with dividends": File(
        _yahoo_web("\t", "{d:%b %d, %Y}"), says="2 rows of dividends or splits left out"
    ),
    "Yahoo, web table with commas": File(
        _yahoo_web(",", "{d:%b %d, %Y}"), says="2 rows of dividends or splits left out"
    ),
    "yfinance, three header rows": File(
        csv_of(["Ticker,AAPL,AAPL", "Date,,", *_lines("{d},{p},1")], "Price,Close,Open")
    ),
    "Nasdaq": File(
        csv_of(
            _lines("{d:%m/%d/%Y},${p:.2f},12,$1.00", NEWEST_FIRST),
            "Date,Close/Last,Volume,Open",
        ),
        currency="$",
    ),
    "Investing.com, English": File(
        csv_of(
            _lines('"{d:%m/%d/%Y}","{p:,.2f}","1.00","68.18K","-0.61%"', NEWEST_FIRST),
            '"Date","Price","Open","Vol.","Change %"',
        )
    ),
    "Investing.com, German": File(
        csv_of(
            _european('"{d:%d.%m.%Y}","{p}","1,00","68,18K","-0,61%"', NEWEST_FIRST),
            '"Datum","Zuletzt","Eröffn.","Vol.","+/- %"',
        )
    ),
    "Investing.com, Russian": File(
        _text(
            '"Дата","Цена","Откр.","Изм. %"',
            _european('"{d:%d.%m.%Y}","{p}","1,00","-0,61%"'),
            "utf-8-sig",
        )
    ),
    "Stooq, with times": File(
        csv_of(
            _lines("X.US,D,{d:%Y%m%d},000000,1,3,1,{p},9,0"),
            "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>",
        )
    ),
    "Stooq, Polish": File(
        csv_of(
            _lines("{d},1,3,1,{p},9"),
            "Data,Otwarcie,Najwyzszy,Najnizszy,Zamkniecie,Wolumen",
        )
    ),
    "FRED, daily with points": File(
        csv_of(
            [*_lines("{d},{p}")[:9], "2020-01-14,.", *_lines("{d},{p}")[10:]],
            "observation_date,SP500",
        ),
        says="1 row without a price dropped",
        days=[d for k, (d, _) in enumerate(PAIRS) if k != 9],
        prices=[p for k, (_, p) in enumerate(PAIRS) if k != 9],
    ),
    "FRED, monthly": File(
        table(MONTHS, header="observation_date,GNPC96"),
        days=MONTHS,
    ),
    "Google Finance": File(csv_of(_lines("{d:%m/%d/%Y} 16:00:00,{p}"), "Date,Close")),
    "Bloomberg": File(
        csv_of(
            [
                *("Start Date,1/1/2020", "", "Date,PX_LAST"),
                *_lines("{d:%m/%d/%Y},{p}")[:9],
                *("01/14/2020,#N/A N/A", "01/15/2020,#N/A Invalid Security"),
                *_lines("{d:%m/%d/%Y},{p}")[11:],
            ],
            "Security,SPX Index",
        ),
        says="2 rows without a price dropped",
        days=[d for k, (d, _) in enumerate(PAIRS) if k not in (9, 10)],
        prices=[p for k, (_, p) in enumerate(PAIRS) if k not in (9, 10)],
    ),
    "Refinitiv, a row of units": File(
        csv_of([",USD,", *_lines("{d:%d-%b-%Y},{p},9")], "Date,Trade Close,Volume"),
        says="Text around the prices left out",
    ),
    "Barchart, with a footer": File(
        csv_of(
            [
                *_lines("{d:%m/%d/%Y},1,{p},-0.12,-0.5%,9", NEWEST_FIRST),
                '"Downloaded from Barchart.com as of 01-05-2024 03:22pm CST"',
            ],
            "Time,Open,Last,Change,%Chg,Volume",
        ),
        says="Downloaded from Barchart.com",
    ),
    "Binance, no header": File(
        csv_of(BINANCE, None), says="milliseconds", days=EVERY_DAY
    ),
    "CoinMarketCap": File(
        csv_of(
            [
                f'"{d}T00:00:00.000Z";"{d}T23:59:59.999Z";"2781";1;3;1;{p};9;9;"{d}T23:'
                '59:59.999Z"'
                for d, p in zip(EVERY_DAY, prices(ROWS), strict=True)
            ],
            "timeOpen;timeClose;name;open;high;low;close;volume;marketCap;timestamp",
        ),
        days=EVERY_DAY,
    ),
    "CoinGecko": File(
        csv_of(
            [
                f"{d} 00:00:00 UTC,{p},123.0,456.0"
                for d, p in zip(EVERY_DAY, prices(ROWS), strict=True)
            ],
            "snapped_at,price,market_cap,total_volume",
        ),
        days=EVERY_DAY,
    ),
    "Kraken, TradingView: seconds": File(
        csv_of(
            [f"{t},1,3,1,{p},9" for t, p in zip(_unix(1), prices(ROWS), strict=True)],
            "time,open,high,low,close,volume",
        ),
        says="seconds since 1970",
        days=EVERY_DAY,
    ),
    "CryptoDataDownload": File(
        csv_of(
            [
                "unix,date,symbol,open,high,low,close,Volume BTC",
                *(
                    f"{t},{d} 00:00:00,BTC/USD,1,3,1,{p},9"
                    for t, d, p in zip(_unix(1), EVERY_DAY, prices(ROWS), strict=True)
                ),
            ],
            "https://www.CryptoDataDownload.com",
        ),
        says="Text above the header left out",
        days=EVERY_DAY,
    ),
    "Alpha Vantage": File(
        csv_of(
            _lines("{d},1,3,1,{k}.25,{p},9,0.0000,1.0", NEWEST_FIRST),
            "timestamp,open,high,low,close,adjusted_close,volume,dividend_amount,"
            "split_coefficient",
        )
    ),
    "Tiingo": File(
        csv_of(
            _lines("{d}T00:00:00.000Z,{k}.25,3,1,1,9,{p},0.0,1.0"),
            "date,close,high,low,open,volume,adjClose,divCash,splitFactor",
        )
    ),
    "Quandl, futures": File(
        csv_of(
            _lines("{d},1,3,1,,-0.2,{p},9,9"),
            "Date,Open,High,Low,Last,Change,Settle,Volume,Open Interest",
        )
    ),
    "MetaTrader 5": File(
        csv_of(
            _lines("{d:%Y.%m.%d}\t00:00:00\t1\t3\t1\t{p}\t9"),
            "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>",
        )
    ),
    "MetaTrader 4, no header": File(
        csv_of(_lines("{d:%Y.%m.%d},00:00,1,3,1,{p},9"), None),
        outcome="asked",
        says="Which column",
        answers={"column": "Column 6"},
    ),
    "Ariva, German": File(
        csv_of(
            _european("{d};1,0;3,0;1,0;{p};1.234;56.789"),
            "Datum;Erster;Hoch;Tief;Schlusskurs;Stuecke;Volumen",
        )
    ),
    "Boursorama, French": File(
        _text(
            "date\touv\thaut\tbas\tclot\tvol",
            _lines("{d:%d/%m/%Y} 00:00\t1\t3\t1\t{p:.2f}\t9"),
            "cp1252",
        )
    ),
    "Euronext": File(
        csv_of(
            [
                '"From 2020-01-01 to 2020-12-31"',
                "FR0000120271",
                "Date;Open;High;Low;Last;Close;Number of Shares",
                *_lines("{d:%d/%m/%Y};1;3;1;{p:.2f};{p:.2f};9"),
            ],
            '"Historical Data"',
        ),
        says="Text above the header left out",
    ),
    "Bolsa de Madrid, Spanish": File(
        _text(
            "Fecha;Último;% Dif.;Volumen",
            _european("{d:%d/%m/%Y};{p};-0,61;12.345"),
            "cp1252",
        )
    ),
    "Nasdaq Nordic": File(
        csv_of(
            [
                "Date;Bid;Ask;Opening price;Closing price;Average price;Total volume",
                *_european("{d};1,0;2,0;1,0;{p};1,0;9"),
            ],
            "sep=;",
        )
    ),
    "SIX, apostrophes": File(
        csv_of(
            [
                f"{d:%d.%m.%Y};{f'{p:,.2f}'.replace(',', chr(39))}"
                for d, p in zip(days(ROWS), HIGH, strict=True)
            ],
            "Date;Close",
        ),
        prices=HIGH,
    ),
    "London, pence in the header": File(
        csv_of(_lines("{d:%d %b %Y},{p}"), "Date,Close (GBp)"), currency="GBp"
    ),
    "NSE, India": File(
        csv_of(
            [
                f'{d:%d-%b-%Y},EQ,1,"{p:,.2f}",1,"{p:,.2f}","12,34,567"'
                for d, p in zip(days(ROWS), HIGH, strict=True)
            ],
            "Date ,series ,OPEN ,HIGH ,PREV. CLOSE ,close ,VOLUME ",
        ),
        prices=HIGH,
    ),
    "Tokyo, Shift-JIS": File(
        _text(
            "日付,始値,終値",
            _lines("{d.year}年{d.month}月{d.day}日,1,{p:.2f}"),
            "cp932",
        )
    ),
    "Shanghai, GB18030": File(
        _text("日期,开盘价,收盘价", _lines("{d},1,{p:.2f}"), "gb18030")
    ),
    "Securities in Shift-JIS": File(
        _text("Date,トヨタ,ソニー", _lines("{d},{p:.2f},9"), "cp932"),
        outcome="asked",
        says="ソニー",
        answers={"column": "トヨタ"},
    ),
    "Seoul, CP949": File(_text("날짜,종가,거래량", _lines("{d},{p:.2f},9"), "cp949")),
    "Warsaw, CP1250": File(
        _text("Data;Zamknięcie", _european("{d};{p}"), "cp1250"), says="Decimal comma"
    ),
    "Moscow, CP1251": File(_text("Дата;Цена", _european("{d:%d.%m.%Y};{p}"), "cp1251")),
    "Excel, German": File(
        _text(
            "Datum;Kurs",
            [
                f"{d:%d.%m.%Y};{comma(p)} €"
                for d, p in zip(days(ROWS), HIGH, strict=True)
            ],
            "utf-8-sig",
        ),
        prices=HIGH,
        currency="€",
    ),
    "Excel, French": File(
        _text(
            "Date;Dernier",
            [
                f"{d:%d/%m/%Y};{comma(p).replace('.', chr(0xA0))}"
                for d, p in zip(days(ROWS), HIGH, strict=True)
            ],
            "cp1252",
        ),
        prices=HIGH,
    ),
    "Excel, Unicode text": File(
        _text("Date\tClose", _lines("{d:%m/%d/%Y}\t{p}"), "utf-16")
    ),
    "ECB": File(
        csv_of(
            _lines("{d},{d:%d %b %Y},{p}"),
            'DATE,TIME PERIOD,"US dollar/Euro (EXR.D.USD.EUR.SP00.A)"',
        )
    ),
    "IMF, 2020M01": File(table(MONTHS, day="{:%YM%m}"), days=MONTHS, says="first day"),
    "Months, 01/2020": File(table(MONTHS, day="{:%m/%Y}"), days=MONTHS),
    "Months, 2020-01": File(table(MONTHS, day="{:%Y-%m}"), days=MONTHS),
    "Months, 202001": File(table(MONTHS, day="{:%Y%m}"), days=MONTHS),
    "Months, Jan 2020": File(table(MONTHS, day="{:%b %Y}"), days=MONTHS),
    "Months, Jan-20": File(table(MONTHS, day="{:%b-%y}"), days=MONTHS),
    "Averages below": File(
        csv_of([*_lines("{d},{p}"), "Average,101.2", "Max,120.5", "Total,"]),
        says="Text around the prices left out",
    ),
    "A date below": File(
        csv_of([*_lines("{d},{p}"), "Last updated,2024-01-05", "© A bank, all rights"]),
        says="Text around the prices left out",
    ),
    "Names of weekdays": File(csv_of(_lines("{d},{d:%A},{p}"), "Date,Name,Close")),
    "A header that recurs": File(
        csv_of([*_lines("{d},{p}")[:75], "Date,Adj Close", *_lines("{d},{p}")[75:]]),
        says="Repeated header left out (row 77)",
    ),
    "Weekends filled forward": File(
        _filled_weekends(), says="on Saturdays and Sundays that repeat the price"
    ),
    "A constant end": File(
        table(values=[*prices(100), *[99.5] * 50]),
        prices=[*prices(100), *[99.5] * 50],
        says="The last 50 prices are all 99.5",
    ),
    "Dates of the future": File(
        table(days(ROWS, start=datetime.date(2090, 1, 2))),
        days=days(ROWS, start=datetime.date(2090, 1, 2)),
        says="150 rows dated after today",
    ),
    "Times in PDT": File(
        csv_of(_at_times(["13:00", "09:30"], " PDT"), "Datetime,Close")
    ),
    "Midnight as 12:00 AM": File(
        csv_of(_at_times(["11:00 AM", "12:00 AM"]), "Datetime,Close")
    ),
    "A time in a column": File(
        csv_of(
            [f"{d},{h}:00,{p - 16 + h}" for d, p in PAIRS for h in (16, 9)],
            "Date,Time,Close",
        )
    ),
    "Bonds, 113-16": File(
        csv_of(
            [
                f"{d},{int(p)}-{round(p % 1 * 32):02d}"
                for d, p in zip(days(ROWS), BONDS, strict=True)
            ],
            "Date,Price",
        ),
        prices=BONDS,
        says="Prices in 32nds",
    ),
    "Bonds, 113.16": File(
        csv_of(
            [
                f"{d},{int(p)}.{round(p % 1 * 32):02d}"
                for d, p in zip(days(ROWS), BONDS, strict=True)
            ],
            "Date,Price",
        ),
        outcome="asked",
        prices=BONDS,
        answers={"decimals": "32nds"},
        says="in 32nds",
    ),
    "Bonds, 113.1 for 113.10": File(
        csv_of(
            [
                f"{d},{float(f'{int(p)}.{round(p % 1 * 32):02d}'):g}"
                for d, p in zip(days(ROWS), BONDS, strict=True)
            ],
            "Date,Price",
        ),
        outcome="asked",
        prices=BONDS,
        answers={"decimals": "32nds"},
        says="in 32nds",
    ),
    "Bonds, 113'165": File(
        csv_of(
            [
                f"{d},{int(p)}'{int(p % 1 * 32):02d}{'05'[k % 2]}"
                for k, (d, p) in enumerate(zip(days(ROWS), BONDS, strict=True))
            ],
            "Date,Price",
        ),
        prices=[p + k % 2 / 64 for k, p in enumerate(BONDS)],
        says="Prices in 32nds",
    ),
    "Prices named Stock": File(csv_of(_lines("{d},{p}"), "Date,Stock")),
    "Prices named Asset": File(csv_of(_lines("{d},{p}"), "Date,Asset")),
    "Labels of rows named Name": File(
        csv_of(_lines("row {k},{d},{p}"), "Name,Date,Close")
    ),
    "Numbers of rows named Code": File(
        csv_of(_lines("{d},{k},{p}"), "Date,Code,Value")
    ),
    "Two securities by number": File(
        csv_of(
            [f"{d},{c},{p + c}" for d, p in PAIRS for c in (7203, 6758)],
            "Date,Code,Close",
        ),
        outcome="asked",
        prices=[p + 7203 for p in prices(ROWS)],
        answers={"symbol": "7203"},
    ),
    "Kronor, SEK 100.13": File(csv_of(_lines("{d},SEK {p}")), currency="SEK"),
    "Kronor, 100.13 SEK": File(csv_of(_lines("{d},{p} SEK")), currency="SEK"),
    "Hong Kong, HK$": File(csv_of(_lines("{d},HK${p}")), currency="HK$"),
    "A column of the currency": File(
        csv_of(_lines("{d},{p},CHF"), "Date,Close,Currency"), currency="CHF"
    ),
    "Two currencies": File(
        csv_of([*_lines("{d},${p}")[:75], *_lines("{d},€{p}")[75:]]),
        outcome="refused",
        says="$ in row 2 and € in row 77",
    ),
    "Two currencies in a column": File(
        csv_of(
            [*_lines("{d},{p},USD")[:75], *_lines("{d},{p},EUR")[75:]],
            "Date,Close,Currency",
        ),
        outcome="refused",
        says="USD in row 2 and EUR in row 77",
    ),
    "Returns": File(
        csv_of(
            [f"{d},{r:.6f}" for d, r in zip(days(ROWS), RETURNS, strict=True)],
            "Date,Return",
        ),
        outcome="refused",
        says="looks like returns",
    ),
    "Returns in percent": File(
        csv_of(
            [f"{d},{100 * r:.2f}%" for d, r in zip(days(ROWS), RETURNS, strict=True)],
            "Date,Change %",
        ),
        outcome="refused",
        says="looks like returns",
    ),
    "Returns above zero": File(
        csv_of(
            [f"{d},{1 + r:.6f}" for d, r in zip(days(ROWS), RETURNS, strict=True)],
            "Date,Returns",
        ),
        outcome="refused",
        says="looks like returns",
    ),
    "Returns named like a security": File(
        csv_of(
            [f"{d},{r:.6f}" for d, r in zip(days(ROWS), RETURNS, strict=True)],
            "Date,SPX",
        ),
        outcome="refused",
        says="looks like returns",
    ),
    "Factor returns by month": File(
        csv_of(
            [f"{d:%Y%m},{100 * r:.2f}" for d, r in zip(MONTHS, RETURNS, strict=True)],
            "Date,Mkt-RF",
        ),
        outcome="refused",
        says="looks like returns",
    ),
    "An index of total return": File(
        csv_of(_lines("{d},{p}"), "Date,Total Return"), says="named like returns"
    ),
    "Day or month": File(
        table(EARLY, day="{:%d/%m/%Y}"),
        outcome="asked",
        days=EARLY,
        prices=prices(len(EARLY)),
        answers={"dates": "day-first"},
    ),
    "Thousands or decimals": File(
        csv_of(
            [f"{d};{p:.3f}" for d, p in zip(days(ROWS), THOUSANDS, strict=True)],
            "Date;Close",
        ),
        outcome="asked",
        prices=THOUSANDS,
        answers={"decimals": "point"},
    ),
    "Bid and ask": File(
        csv_of(_lines("{d},{p},{p}"), "Date,Bid,Ask"),
        outcome="asked",
        answers={"column": "Bid"},
    ),
    "Two tickers": File(
        csv_of(
            [f"{d},{s},{p}" for d, p in PAIRS for s in ("AAPL", "MSFT")],
            "Date,Ticker,Close",
        ),
        outcome="asked",
        answers={"symbol": "AAPL"},
    ),
    "A web page": File(b"<!DOCTYPE html><html>", outcome="refused", says="web page"),
    "A workbook": File(b"PK\x03\x04" + bytes(99), outcome="refused", says="Excel"),
    "JSON": File(b'{"chart": null}', outcome="refused", says="JSON"),
}
