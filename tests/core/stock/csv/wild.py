"""Files as programs, exchanges and banks write them, each with the truth in it."""

import datetime
from dataclasses import dataclass, field

import numpy as np

from core.stock.csv import Answers, Question, import_prices
from core.task import DataError
from tests.core.stock.csv.files import START, comma, csv_of, days, paired, prices, table

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
GERMAN_DAYS = [f"{d:%d.%m.%Y}" for d in days(ROWS)]
GAS = [round(1.234 * 1.045**k, 3) for k in range(ROWS)]  # up to 870
BONDS = [113 + k % 64 / 32 for k in range(ROWS)]
QUARTERS = [datetime.date(1950 + k // 4, 3 * (k % 4) + 1, 1) for k in range(ROWS)]
WEEKS = [datetime.date(2019, 1, 18) + datetime.timedelta(7 * k) for k in range(ROWS)]
EVERY_13 = [START + datetime.timedelta(13 * k) for k in range(ROWS)]
FORTNIGHTS = [START + datetime.timedelta(14 * k) for k in range(ROWS)]
YEARS = [datetime.date(1700 + k, 1, 1) for k in range(ROWS)]
MONTHLY = list(zip(MONTHS, prices(ROWS), strict=True))
OLD = list(zip(days(ROWS, start=datetime.date(1969, 9, 1)), prices(ROWS), strict=True))
OUTLIER = 70  # a row
LONG = paired(900)
SHUFFLED = [LONG[k] for k in np.random.default_rng(3).permutation(len(LONG))]
HOLIDAYS = range(20, 140, 15)  # rows
GERMAN = ("Mo", "Di", "Mi", "Do", "Fr")
FRENCH = ("lun", "mar", "mer", "jeu", "ven")
# Below the low of each day; a dividend in the middle.
ADJUSTED = [round(p * (0.6 if k < 75 else 0.61), 6) for k, (_, p) in enumerate(PAIRS)]


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
    series
        Its name, if the file has it.
    """

    content: bytes
    outcome: str = "right"
    says: str = ""
    days: list = field(default_factory=lambda: days(ROWS))
    prices: list = field(default_factory=lambda: prices(ROWS))
    answers: dict = field(default_factory=dict)
    currency: str = ""
    series: str = ""


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
    """Whether a series has the days and prices of the file, its currency and name."""
    found = series.dates.astype("datetime64[D]")
    last = np.append(found[1:] != found[:-1], True)
    return (
        np.array_equal(found[last], np.array(file.days, "M8[D]"))
        and np.allclose(series.prices[last], file.prices, rtol=1e-12)
        and series.currency == file.currency
        and file.series in ("", series.name)
    )


def _lines(form, pairs=PAIRS):
    """A line for each day, from a form with the day `d`, price `p` and row `k`."""
    return [form.format(d=d, p=p, k=k) for k, (d, p) in enumerate(pairs)]


def _european(form, pairs=PAIRS):
    """The same with a decimal comma."""
    return [form.format(d=d, p=comma(p)) for d, p in pairs]


def _open_to_close(after, before="{d}"):
    """Lines of open, high, low and close, with volumes `v` and adjusted closes `a`."""
    volumes = np.random.default_rng(5).lognormal(13, 0.4, ROWS)
    return [
        f"{before},{p},{p + 1:.2f},{p - 1:.2f},{p},{after}".format(
            d=d, t=_unix_of(d), k=k, v=round(volumes[k]), a=ADJUSTED[k]
        )
        for k, (d, p) in enumerate(PAIRS)
    ]


def _of(values, form):
    """A line for each day, with a number written in this form."""
    return [f"{d},{form(v)}" for d, v in zip(days(ROWS), values, strict=True)]


def _compounded(returns):
    return 100 * np.cumprod(1 + returns)


def _quarters(form):
    pairs = zip(QUARTERS, prices(ROWS), strict=True)
    return [form.format(y=d.year, q=d.month // 3 + 1, p=p) for d, p in pairs]


def _yearly(form):
    pairs = zip(YEARS, prices(ROWS), strict=True)
    return [form.format(y=d.year, p=p) for d, p in pairs]


def _weeks(form, two_months=None, two_years=None, part=","):
    """Lines of weeks from `a` to `b`, with other forms for those in two months."""
    lines = []
    for last, price in zip(WEEKS, prices(ROWS), strict=True):
        first = last - datetime.timedelta(6)
        written = form
        if first.month != last.month:
            written = two_months or form
        if first.year != last.year:
            written = two_years or form
        lines.append(f"{written.format(a=first, b=last)}{part}{price}")
    return lines


def _swapped(day):
    """A day as a spreadsheet leaves it that takes the day for the month."""
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else day


def _filled(dates):
    """A line for every day, with the price of the last of these dates."""
    known = dict(zip(dates, prices(len(dates)), strict=True))
    last, lines = None, []
    for k in range((dates[-1] - dates[0]).days + 1):
        day = dates[0] + datetime.timedelta(k)
        last = known.get(day, last)
        lines.append(f"{day},{last}")
    return lines


def _is_weekday(line):
    return datetime.date.fromisoformat(line[:10]).weekday() < 5


def _last_weekdays(months):
    """The last weekday of each month, and the last month's first."""
    ends = [month - datetime.timedelta(1) for month in months[1:]]
    return [day - datetime.timedelta(max(0, day.weekday() - 4)) for day in ends] + [
        months[-1]
    ]


def _with_outlier(factor, row=OUTLIER):
    values = [p * (factor if k == row else 1) for k, p in enumerate(prices(ROWS))]
    return csv_of(_of(values, "{:.10g}".format))


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


def _zero_weekends(form="{},{}"):
    known = dict(PAIRS)
    every = days(2 * ROWS, every_day=True)
    last = every.index(PAIRS[-1][0])
    return [form.format(day, known.get(day, 0)) for day in every[: last + 1]]


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


def _unix_of(day):
    return int(np.datetime64(day, "s").astype(int))


def _unix(unit):
    return [_unix_of(d) * unit for d in EVERY_DAY]


EVERY_DAY = days(ROWS, every_day=True)
SALES = [
    round(p * (2 if d.weekday() == 5 else 1), 2)
    for d, p in zip(EVERY_DAY, prices(ROWS), strict=True)
]
BINANCE = [
    f"{t},{p},{p + 1},{p - 1},{p},9,{t + 86_399_999},9,9,9,9,0"
    for t, p in zip(_unix(1000), prices(ROWS), strict=True)
]
MISTYPED = 74  # a row


def _mistyped(year, row=MISTYPED, rows=1, pairs=PAIRS):
    return csv_of(
        [
            f"{d.replace(year=year) if row <= k < row + rows else d},{p}"
            for k, (d, p) in enumerate(pairs)
        ],
        "Date,Close",
    )


def _without(row, values, rows=1):
    return [*values[:row], *values[row + rows :]]


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
        csv_of(_open_to_close("{v}", "{d:%Y.%m.%d},00:00"), None),
        says="Date, Column 2, Open",
    ),
    "A turnover of a thousand closes, no header": File(
        csv_of(
            [f"{d},{p},{p + 1:.2f},{p - 1:.2f},{p},{1000 * p:.0f}" for d, p in PAIRS],
            None,
        ),
        says="Close, Column 6",
    ),
    "Kraken, no header": File(
        csv_of(_open_to_close("{v},{k}", "{t}"), None), says="Close, Column 6, Column 7"
    ),
    "AmiBroker, no header": File(csv_of(_open_to_close("{v},0"), None)),
    "AmiBroker, the ticker first": File(
        csv_of(_open_to_close("{v}", "AAPL,{d:%Y%m%d}"), None)
    ),
    "Yahoo before 2017, no header": File(
        csv_of(_open_to_close("{v},{a}"), None),
        says="Close, Column 6, Adj Close",
        prices=ADJUSTED,
    ),
    "Three contracts a day, by number": File(
        csv_of(
            [f"{d},{n},{p + n}" for d, p in PAIRS for n in (1, 2, 3)],
            "Date,Contract,Settle",
        ),
        outcome="asked",
        says="prices of 3 securities",
        prices=[p + 2 for p in prices(ROWS)],
        answers={"symbol": "2"},
    ),
    "Three contracts by month, sorted": File(
        csv_of(
            [
                f"{d},{month} 2020,{p}"
                for month in ("Mar", "Jun", "Sep")
                for d, p in PAIRS
            ],
            "Date,Expiry,Value",
        ),
        outcome="asked",
        says="Mar 2020 (150 rows); Jun 2020",
        answers={"symbol": "Jun 2020"},
    ),
    "Three contracts by day of expiry, first": File(
        csv_of(
            [f"2021-0{month}-19,{d},{p}" for d, p in PAIRS for month in (3, 6, 9)],
            "Expires,Traded,Settle",
        ),
        outcome="asked",
        says="2021-03-19 (150 rows)",
        answers={"symbol": "2021-06-19"},
    ),
    "Bloomberg, with a period": File(
        csv_of(
            [
                *("Start Date,1/1/2020", "Period,Daily", "Currency,USD", ""),
                *("Date,PX_LAST", *_lines("{d:%m/%d/%Y},{p}")),
            ],
            "Security,SPX Index",
        ),
        says="Text above the header left out (rows 1, 2, 3 and 4)",
    ),
    "Bloomberg, tickers above the fields": File(
        csv_of(
            [
                *("End Date,7/28/2020,,", ",AAPL US Equity,,MSFT US Equity,"),
                "Dates,PX_OPEN,PX_LAST,PX_OPEN,PX_LAST",
                *_lines("{d:%m/%d/%Y},1,9,1,{p}"),
            ],
            "Start Date,1/1/2020,,",
        ),
        outcome="asked",
        says="AAPL US Equity (2 columns); MSFT US Equity (2 columns)",
        answers={"symbol": "MSFT US Equity"},
        series="file MSFT US Equity",
    ),
    "Bloomberg, tickers above columns without names": File(
        csv_of(
            ["Dates,,", *_lines("{d:%d.%m.%Y},9,{p}")],
            ",ADS GY Equity,BMW GY Equity",
        ),
        outcome="asked",
        says="ADS GY Equity (1 column); BMW GY Equity (1 column)",
        answers={"symbol": "BMW GY Equity"},
        series="file BMW GY Equity",
    ),
    "Bloomberg, one ticker": File(
        csv_of(["Date,PX_LAST", *_lines("{d:%m/%d/%Y},{p}")], "Security,SPX Index"),
        series="file SPX Index",
    ),
    "Bloomberg, dates of their own": File(
        csv_of(
            [
                "Date,PX_LAST,,Date,PX_LAST",
                *_lines("{d:%m/%d/%Y},9,,{d:%m/%d/%Y},{p}")[:-15],
                *_lines(",,,{d:%m/%d/%Y},{p}")[-15:],
            ],
            "AAPL US Equity,,,MSFT US Equity,",
        ),
        outcome="asked",
        says="MSFT US Equity (2 columns)",
        answers={"symbol": "MSFT US Equity"},
        series="file MSFT US Equity",
    ),
    "Refinitiv, names above the fields": File(
        csv_of(
            ["Date;Schluss;Schluss", *_european("{d:%d.%m.%Y};9,00;{p}")],
            "RIC;ADSGn.DE;BMWG.DE",
        ),
        outcome="asked",
        says="ADSGn.DE (1 column); BMWG.DE (1 column)",
        answers={"symbol": "BMWG.DE"},
        series="file BMWG.DE",
    ),
    "Groups of columns above their names": File(
        csv_of(["Date,Open,Close,Shares", *_lines("{d},1,{p},9")], ",Price,,Volume"),
        says="Text above the header left out (row 1)",
        series="file",
    ),
    "A head of twenty lines": File(
        csv_of(
            [*(f"Key {k},words" for k in range(20)), "Date,PX_LAST", *_lines("{d},{p}")]
        ),
        says="Text above the header left out",
    ),
    "CRSP, returns": File(
        csv_of(
            [f"10107,{line}" for line in _of(RETURNS, "{:.6f}".format)],
            "PERMNO,date,RET",
        ),
        outcome="asked",
        says="What are the numbers in 'RET'",
        prices=_compounded(RETURNS.round(6)),
        answers={"values": "returns"},
    ),
    "CRSP, a code for a missing return": File(
        csv_of(["10107,2019-12-31,C", *_lines("10107,{d},{p}")], "PERMNO,date,RET"),
        outcome="refused",
        says="Row 2: expected a positive price, got 'C'. Correct or empty such cells",
    ),
    "Shiller, 1871.1 for October": File(
        csv_of(
            [f"{float(f'{d:%Y.%m}')},{p}" for d, p in MONTHLY],
            "Date,P",
        ),
        says="2000.1 read as October",
        days=MONTHS,
    ),
    "Oil in April 2020": File(
        csv_of([*_lines("{d},{p}"), "2020-04-20,-37.63"], "Date,Close"),
        outcome="refused",
        says="leave such rows out, or use a series above zero",
    ),
    "German weekdays": File(
        csv_of(
            [f"{GERMAN[d.weekday()]}, {d:%d.%m.%Y};{comma(p)}" for d, p in PAIRS],
            "Datum;Schluss",
        ),
        says="row 10 has 13.01.2020",
    ),
    "French weekdays": File(
        csv_of(
            [f"{FRENCH[d.weekday()]}. {d:%d/%m/%Y};{comma(p)}" for d, p in PAIRS],
            "Date;Clôture",
        ),
    ),
    "London, 1,502.00p": File(
        csv_of([f'{d},"{p:,.2f}p"' for d, p in zip(days(ROWS), HIGH, strict=True)]),
        prices=HIGH,
        currency="GBp",
    ),
    "Years by months": File(
        csv_of(
            [
                ",".join(map(str, [2000 + year, *prices(156)[12 * year :][:12], "x"]))
                for year in range(13)
            ],
            "Year,Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec,Annual",
        ),
        says="A table of years by months",
        days=[datetime.date(2000 + k // 12, k % 12 + 1, 1) for k in range(156)],
        prices=prices(156),
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
    "Cairo, CP1256": File(
        _text("التاريخ;سعر الإغلاق", _lines("{d};{p:.2f}"), "cp1256"),
        says="سعر الإغلاق taken",
    ),
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
    "A year mistyped as 2051": File(
        _mistyped(2051),
        outcome="asked",
        says="1 date far off: 2051-04-14, next to 2020-04-13",
        days=_without(MISTYPED, days(ROWS)),
        prices=_without(MISTYPED, prices(ROWS)),
        answers={"years": "drop"},
    ),
    "The last year mistyped as 2051": File(
        _mistyped(2051, ROWS - 1),
        outcome="asked",
        says="2051-07-28, next to 2020-07-27",
        days=days(ROWS)[:-1],
        prices=prices(ROWS)[:-1],
        answers={"years": "drop"},
    ),
    "The newest first, and its year mistyped as 2012": File(
        _mistyped(2012, 0, pairs=NEWEST_FIRST),
        outcome="asked",
        says="2012-07-28, next to 2020-07-27",
        days=days(ROWS)[:-1],
        prices=prices(ROWS)[:-1],
        answers={"years": "drop"},
    ),
    "A mistyped year that the series has": File(
        _mistyped(2021, row=30, rows=8, pairs=LONG),
        outcome="asked",
        says="8 dates far off: 2021-02-12, next to 2020-02-11",
        days=_without(30, [d for d, _ in LONG], 8),
        prices=_without(30, [p for _, p in LONG], 8),
        answers={"years": "drop"},
    ),
    "A mistyped year in a file without order": File(
        _mistyped(2051, row=0, pairs=SHUFFLED),
        outcome="asked",
        says="1 date far off: 2051-",
        days=[d for d, _ in LONG if d != SHUFFLED[0][0]],
        prices=[p for d, p in LONG if d != SHUFFLED[0][0]],
        answers={"years": "drop"},
    ),
    "A day years after the others": File(
        _mistyped(2024, ROWS - 1),
        outcome="asked",
        days=[*days(ROWS)[:-1], datetime.date(2024, 7, 28)],
        answers={"years": "keep"},
    ),
    "Two years without prices": File(
        csv_of(
            [
                f"{d + datetime.timedelta(728 * (k > 75))},{p}"
                for k, (d, p) in enumerate(PAIRS)
            ]
        ),
        says="1 long gap",
        days=[d + datetime.timedelta(728 * (k > 75)) for k, d in enumerate(days(ROWS))],
    ),
    "Weekends of zeros": File(
        csv_of(_zero_weekends(), "Date,Close"),
        outcome="asked",
        says="60 of 210 prices are zero, all of them on Saturdays and Sundays",
        answers={"zeros": "drop"},
    ),
    "Weekends of zeros, open to close": File(
        csv_of(
            _zero_weekends("{0:%d.%m.%Y};0;{1};0;{1:.2f};0")[::-1],
            "Datum;Eröffnung;Hoch;Tief;Schluss;Volumen",
        ),
        outcome="asked",
        says="Are the zeros times without trading?",
        answers={"zeros": "drop"},
    ),
    "Holidays of zeros": File(
        csv_of(
            [f"{d},{0 if k in HOLIDAYS else p}" for k, (d, p) in enumerate(PAIRS)],
            "Date,Close",
        ),
        outcome="asked",
        says="8 of them on weekdays, such as 2020-01-29",
        days=[d for k, (d, _) in enumerate(PAIRS) if k not in HOLIDAYS],
        prices=[p for k, (_, p) in enumerate(PAIRS) if k not in HOLIDAYS],
        answers={"zeros": "drop"},
    ),
    "Nights of zeros": File(
        csv_of(
            [
                f"{d} {h:02}:00,{p - 17 + h if 9 <= h < 18 else 0}"
                for d, p in PAIRS
                for h in range(24)
            ],
            "Datetime,Close",
        ),
        outcome="asked",
        says="2,250 of 3,600 prices are zero, 2,250 of them on weekdays",
        answers={"zeros": "drop"},
    ),
    "Mostly zeros": File(
        csv_of(
            [f"{d},{p if k % 3 else 0}" for k, (d, p) in enumerate(PAIRS[:50])]
            + [f"{d},0" for d, _ in PAIRS[50:]],
            "Date,Rain",
        ),
        outcome="refused",
        says="seems not to hold prices",
    ),
    "Daily sales, with a day of each week that sells twice": File(
        csv_of(
            [f"{d},{p}" for d, p in zip(EVERY_DAY, SALES, strict=True)], "Date,Sales"
        ),
        says="Sales taken as the price: no other column can be.",
        days=EVERY_DAY,
        prices=SALES,
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
        csv_of(_of(BONDS, lambda p: f"{int(p)}-{round(p % 1 * 32):02d}"), "Date,Price"),
        outcome="refused",
        says="32nds",
    ),
    "Bonds, 113.16": File(
        csv_of(_of(BONDS, lambda p: f"{int(p)}.{round(p % 1 * 32):02d}"), "Date,Price"),
        outcome="refused",
        says="--decimals point",
    ),
    "Bonds, 113.1 for 113.10": File(
        csv_of(
            _of(BONDS, lambda p: f"{float(f'{int(p)}.{round(p % 1 * 32):02d}'):g}"),
            "Date,Price",
        ),
        outcome="refused",
        says="--decimals point",
    ),
    "Bonds, 113'165": File(
        csv_of(_of(BONDS, lambda p: f"{int(p)}'{int(p % 1 * 32):02d}5"), "Date,Price"),
        outcome="refused",
        says="32nds",
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
        csv_of(_of(RETURNS, "{:.6f}".format), "Date,Return"),
        outcome="asked",
        says="look like returns",
        prices=_compounded(RETURNS.round(6)),
        answers={"values": "returns"},
    ),
    "Returns in percent": File(
        csv_of(_of(100 * RETURNS, "{:.2f}%".format), "Date,Change %"),
        outcome="asked",
        says="look like returns: percentages",
        prices=_compounded((100 * RETURNS).round(2) / 100),
        answers={"values": "returns"},
    ),
    "Gross returns": File(
        csv_of(_of(1 + RETURNS, "{:.6f}".format), "Date,Returns"),
        outcome="asked",
        says="near one",
        prices=_compounded(RETURNS.round(6)),
        answers={"values": "gross-returns"},
    ),
    "Gross returns named Close": File(
        csv_of(_of(1 + RETURNS, "{:.4f}".format), "Date,Close"),
        outcome="asked",
        says="near one",
        prices=_compounded(RETURNS.round(4)),
        answers={"values": "gross-returns"},
    ),
    "Returns named like a security": File(
        csv_of(_of(RETURNS, "{:.6f}".format), "Date,SPX"),
        outcome="asked",
        says="look like returns",
        prices=100 * np.exp(np.cumsum(RETURNS.round(6))),
        answers={"values": "log-returns"},
    ),
    "Factor returns by month": File(
        csv_of(
            [f"{d:%Y%m},{100 * r:.2f}" for d, r in zip(MONTHS, RETURNS, strict=True)],
            "Date,Mkt-RF",
        ),
        outcome="asked",
        says="look like returns",
        days=MONTHS,
        prices=_compounded((100 * RETURNS).round(2) / 100),
        answers={"values": "percent"},
    ),
    "Factors in percent, by month": File(
        csv_of(
            [
                ",Mkt-RF,SMB,RF",
                *(
                    f"{d:%Y%m},{100 * r:.2f},{r:.2f},0.01"
                    for d, r in zip(MONTHS, RETURNS, strict=True)
                ),
            ],
            "This file was created from a database",
        ),
        outcome="asked",
        days=MONTHS,
        prices=_compounded((100 * RETURNS).round(2) / 100),
        answers={"column": "Mkt-RF", "values": "percent"},
    ),
    "Factors in percent, by day": File(
        csv_of(
            [
                f"{d:%Y%m%d},{100 * r:.2f},{r:.2f},0.01"
                for d, r in zip(days(ROWS), RETURNS, strict=True)
            ],
            ",Mkt-RF,SMB,RF",
        ),
        outcome="asked",
        prices=_compounded((100 * RETURNS).round(2) / 100),
        answers={"column": "Mkt-RF", "values": "percent"},
    ),
    "Logarithms of prices": File(
        csv_of(_of(np.log(prices(ROWS)), "{:.6f}".format)),
        outcome="asked",
        says="logarithms",
        prices=np.exp(np.log(prices(ROWS)).round(6)),
        answers={"values": "log-prices"},
    ),
    "Logarithms in four decimals": File(
        csv_of(_of(np.log(prices(ROWS)), "{:.4f}".format), "Date,Close"),
        outcome="asked",
        says="logarithms",
        prices=np.exp(np.log(prices(ROWS)).round(4)),
        answers={"values": "log-prices"},
    ),
    "Logarithms, some below zero": File(
        csv_of(_of(np.log(prices(ROWS, start=1.0)), "{:.8f}".format), "Date,Close"),
        outcome="asked",
        says="logarithms of prices, below zero",
        prices=np.exp(np.log(prices(ROWS, start=1.0)).round(8)),
        answers={"values": "log-prices"},
    ),
    "Yields in percent": File(
        csv_of(_of([p / 30 for p in prices(ROWS)], "{:.2f}%".format), "Date,Yield"),
        outcome="asked",
        says="percentages",
        prices=[round(p / 30, 2) for p in prices(ROWS)],
        answers={"values": "prices"},
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
            [f"{d};{p:.3f}" for d, p in zip(GERMAN_DAYS, THOUSANDS, strict=True)],
            "Date;Close",
        ),
        outcome="asked",
        says="point (1.000 is 1); comma (1.000 is 1000)",
        prices=THOUSANDS,
        answers={"decimals": "point"},
    ),
    "Nikkei, German": File(
        csv_of(
            [f"{d};{comma(30_169 + k, 0)}" for k, d in enumerate(GERMAN_DAYS)],
            "Datum;Schluss",
        ),
        outcome="asked",
        says="point (30.169 lies between 30 and 31); comma (30.169 is 30169)",
        prices=[30_169 + k for k in range(ROWS)],
        answers={"decimals": "comma"},
    ),
    "Nikkei, with volumes in thousands": File(
        csv_of(
            [
                f"{d};{comma(30_169 + k, 0)};{comma(950 + k, 0)}"
                for k, d in enumerate(days(ROWS))
            ],
            "Date;Close;Volume",
        ),
        outcome="asked",
        says="Does the point in '30.169' divide decimals or thousands?",
        prices=[30_169 + k for k in range(ROWS)],
        answers={"decimals": "comma"},
    ),
    "Whole numbers that cross a thousand": File(
        csv_of(
            [f"{d};{comma(950 + k, 0)}" for k, d in enumerate(days(ROWS))],
            "Date;Close",
        ),
        outcome="asked",
        says="Does the point in '1.000' divide decimals or thousands?",
        prices=[950 + k for k in range(ROWS)],
        answers={"decimals": "comma"},
    ),
    "Millions, 1.234.567": File(
        csv_of(
            [f"{d};{comma(1_234_567 + k, 0)}" for k, d in enumerate(days(ROWS))],
            "Date;Close",
        ),
        says="Decimal comma: 1.234.567 in row 2 read as 1234567",
        prices=[1_234_567 + k for k in range(ROWS)],
    ),
    "English thousands between semicolons": File(
        csv_of([f"{d};{30_169 + k:,}" for k, d in enumerate(days(ROWS))], "Date;Close"),
        outcome="asked",
        says="point (30,169 is 30169); comma (30,169 lies between 30 and 31)",
        prices=[30_169 + k for k in range(ROWS)],
        answers={"decimals": "point"},
    ),
    "Three decimals between semicolons": File(
        csv_of(
            [f"{d};{p:.3f}" for d, p in zip(days(ROWS), GAS, strict=True)],
            "Date;Close",
        ),
        says="as is usual where each price has three decimals",
        prices=GAS,
    ),
    "Three decimals, open to close, between tabs": File(
        csv_of(
            [
                f"{d}\t{p:.3f}\t{'null' if k == 5 else f'{p:.3f}'}\t{p:.3f}\t{p:.3f}\t9"
                for k, (d, p) in enumerate(zip(days(ROWS), GAS, strict=True))
            ],
            "Date\tOpen\tHigh\tLow\tClose\tVolume",
        ),
        says="as is usual where each price has three decimals",
        prices=GAS,
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
    "Close in two currencies": File(
        csv_of(_lines("{d},{p},9"), "Date,Close (USD),Close (EUR)"),
        outcome="asked",
        says="Close (EUR)",
        answers={"column": "Close (USD)"},
        currency="USD",
    ),
    "A price and no other": File(
        csv_of(_lines("{d},{p},9"), "Date,VWAP,Volume"), says="VWAP taken as the price"
    ),
    "Quarters, 1959Q1": File(
        csv_of(_quarters("{y}Q{q},{p}"), "Quarter,realgdp"),
        says="Quarters without a day",
        days=QUARTERS,
    ),
    "Quarters, 1959-Q1": File(
        csv_of(_quarters("{y}-Q{q},{p}"), "Date,GDP"), days=QUARTERS
    ),
    "Quarters, Q1 1950": File(
        csv_of(_quarters("Q{q} {y},{p}"), "Period,GDP"), days=QUARTERS
    ),
    "Weeks, 2019-W03": File(
        csv_of(
            [f"{d:%G-W%V},{p}" for d, p in zip(WEEKS, prices(ROWS), strict=True)],
            "Week,Price",
        ),
        says="Weeks without a day",
        days=[d - datetime.timedelta(d.weekday()) for d in WEEKS],
    ),
    "Years": File(
        csv_of(_yearly("{y},{p}"), "YEAR,SUNACTIVITY"), says="Years", days=YEARS
    ),
    "Years as numbers": File(csv_of(_yearly("{y}.0;{p}"), "year;value"), days=YEARS),
    "Years, some without spots": File(
        csv_of([*_yearly("{y},{p}")[:-9], *_yearly("{y},0.0")[-9:]], "YEAR,SPOTS"),
        outcome="refused",
        says="seems not to hold prices. Choose another column",
    ),
    "Year and month in two columns": File(
        csv_of([f"{d.year},{d.month},{p}" for d, p in MONTHLY], "Year,Month,Close"),
        days=MONTHS,
    ),
    "The same, months by name": File(
        csv_of([f"{d:%B},{p},{d.year}" for d, p in MONTHLY], "Month,Close,Year"),
        days=MONTHS,
    ),
    "Years that recur": File(
        csv_of([f"{d.year},{p}" for d, p in MONTHLY], "Year,Close"),
        outcome="refused",
        says="which recur",
    ),
    "Year and month, the prices named Value": File(
        csv_of([f"{d.year}.0,{d.month}.0,{p}" for d, p in MONTHLY], "Year,Mo,Value"),
        days=MONTHS,
    ),
    "Bureau of Labor Statistics, M01": File(
        csv_of(
            [f"CUUR0000SA0,{d:%Y},M{d:%m},{p}" for d, p in MONTHLY],
            "Series ID,Year,Period,Value",
        ),
        days=MONTHS,
    ),
    "Year and quarter in two columns": File(
        csv_of(_quarters("{y},{q},{p}"), "Year,Quarter,Value"), days=QUARTERS
    ),
    "The same, quarters as Q1": File(
        csv_of(_quarters("Q{q},{y},{p}"), "Qtr,Year,GDP"), days=QUARTERS
    ),
    "Year and week in two columns": File(
        csv_of(
            [f"{d:%G},{d:%V},{p}" for d, p in zip(WEEKS, prices(ROWS), strict=True)],
            "Year,Week,Sales",
        ),
        days=[d - datetime.timedelta(d.weekday()) for d in WEEKS],
    ),
    "Google Trends before 2016, ranges of a week": File(
        csv_of(
            [
                *("Worldwide; 2004 - present", "", "Interest over time", "Week,gold"),
                *_weeks("{a} - {b}"),
                *("", "Top regions for gold", "Region,gold", "Ghana,100"),
            ],
            "Web Search interest: gold",
        ),
        says="Date ranges such as '2019-01-12 - 2019-01-18'",
        days=WEEKS,
    ),
    "Ranges, Jan 12 – 18, 2019": File(
        csv_of(
            _weeks(
                '"{a:%b} {a.day} – {b.day}, {b.year}"',
                '"{a:%b} {a.day} – {b:%b} {b.day}, {b.year}"',
                '"{a:%b} {a.day}, {a.year} – {b:%b} {b.day}, {b.year}"',
            ),
            "Week,gold",
        ),
        says="is dated as the end of its range",
        days=WEEKS,
    ),
    "Ranges, Jan 12 - Jan 18, 2019 without quotes": File(
        csv_of(
            _weeks("{a:%b} {a.day} - {b:%b} {b.day}, {b.year}"),
            "Week,gold",
        ),
        says="is dated as the end of its range",
        days=WEEKS,
    ),
    "Ranges, 12.01. - 18.01.2019": File(
        csv_of(_weeks("{a:%d.%m.}-{b:%d.%m.%Y}", part=";"), "Woche;Preis"),
        says="is dated as the end of its range",
        days=WEEKS,
    ),
    "Ranges, 2019-01-12/2019-01-18": File(
        csv_of(_weeks("{a}/{b}")[::-1], ",Close"),
        says="is dated as the end of its range",
        days=WEEKS,
    ),
    "Ranges, du 12/01/2019 au 18/01/2019": File(
        csv_of(_weeks("du {a:%d/%m/%Y} au {b:%d/%m/%Y}", part=";"), "Semaine;Cours"),
        says="is dated as the end of its range",
        days=WEEKS,
    ),
    "ENTSO-E, hours": File(
        csv_of(
            [
                f"{d:%d.%m.%Y} {h:02}:00 - {d:%d.%m.%Y} {h + 1:02}:00,{p - 22 + h:.2f}"
                for d, p in zip(EVERY_DAY, prices(ROWS), strict=True)
                for h in range(23)
            ],
            "MTU (CET/CEST),Day-ahead Price [EUR/MWh]",
        ),
        says="is dated as the end of its range",
        days=EVERY_DAY,
    ),
    "Ranges and days": File(
        csv_of([*_weeks("{a} - {b}")[:99], *_weeks("{b}")[99:]], "Week,gold"),
        outcome="refused",
        says="Row 2 has '2019-01-12 - 2019-01-18' and row 101 has '2020-12-11'",
    ),
    "A row every 13 days": File(
        csv_of([f"{d},{p}" for d, p in zip(EVERY_13, prices(ROWS), strict=True)]),
        days=EVERY_13,
    ),
    "Every 14 days, filled forward to days": File(
        csv_of(_filled(FORTNIGHTS)),
        outcome="asked",
        says="Is this a 14-day series filled forward",
        days=FORTNIGHTS,
        answers={"frequency": "14-day"},
    ),
    "Lines in quotes": File(
        csv_of([f'"{d},{p}"' for d, p in PAIRS], '"Date,Close"'),
        says="Quotation marks around whole lines",
    ),
    "Lines and cells in quotes": File(
        csv_of([f'"""{d}"";""{p}"""' for d, p in PAIRS], '"""Date"";""Close"""'),
        says="Quotation marks around whole lines",
    ),
    "Day and month swapped up to 12 in the second half": File(
        csv_of(
            [
                f"{_swapped(d) if n >= len(PAIRS) // 2 else d},{p}"
                for n, (d, p) in enumerate(PAIRS)
            ]
        ),
        outcome="asked",
        says="Are day and month swapped",
        answers={"dates": "swapped"},
    ),
    "Day and month swapped up to 12": File(
        csv_of([f"{_swapped(d)},{p}" for d, p in PAIRS]),
        outcome="asked",
        says="Are day and month swapped",
        answers={"dates": "swapped"},
    ),
    "The same, newest first": File(
        csv_of([f"{_swapped(d):%d.%m.%Y};{p}" for d, p in NEWEST_FIRST], "Date;Close"),
        outcome="asked",
        says="Are day and month swapped",
        answers={"dates": "swapped"},
    ),
    "Weeks filled forward to days": File(
        csv_of(_filled(WEEKS)),
        outcome="asked",
        says="Is this a weekly series filled forward",
        days=[d + datetime.timedelta(6 - d.weekday()) for d in WEEKS[:-1]] + WEEKS[-1:],
        answers={"frequency": "weekly"},
    ),
    "Months filled forward to weekdays": File(
        csv_of([row for row in _filled(MONTHS) if _is_weekday(row)]),
        outcome="asked",
        says="Is this a monthly series filled forward",
        days=_last_weekdays(MONTHS),
        answers={"frequency": "monthly"},
    ),
    "A price ten times too high": File(
        _with_outlier(10),
        outcome="asked",
        says="Is a price wrong",
        days=[d for k, d in enumerate(days(ROWS)) if k != OUTLIER],
        prices=[p for k, p in enumerate(prices(ROWS)) if k != OUTLIER],
        answers={"outliers": "drop"},
    ),
    "The last price ten times too high": File(
        _with_outlier(10, row=ROWS - 1),
        outcome="asked",
        says="Is a price wrong",
        days=days(ROWS)[:-1],
        prices=prices(ROWS)[:-1],
        answers={"outliers": "drop"},
    ),
    "A price in a hundredth": File(
        _with_outlier(0.01),
        outcome="asked",
        says="Is a price wrong",
        prices=[p * (0.01 if k == OUTLIER else 1) for k, p in enumerate(prices(ROWS))],
        answers={"outliers": "keep"},
    ),
    "Yahoo, no header": File(
        csv_of(["2019-12-31" + ",null" * 6, *_open_to_close("{a},{v}")], None),
        says="Close, Adj Close, Column 7",
        prices=ADJUSTED,
    ),
    "yfinance, the ticker first": File(
        csv_of(["Price,Open,Adj Close", "Date,,", *_lines("{d},1,{p}")], "Ticker,A,A")
    ),
    "Two tickers by columns": File(
        csv_of(["Ticker,A,B", *_lines("{d},{p},9")], "Price,Close,Close"),
        outcome="asked",
        answers={"symbol": "A"},
    ),
    "One ticker": File(csv_of(_lines("{d},AAPL,{p}"), "Date,Symbol,Close")),
    "An empty adjusted close": File(
        csv_of(_lines("{d},{p},null"), "Date,Close,Adj Close")
    ),
    "Names of columns as tags": File(csv_of(_lines("{d},{p}"), "<DATE> , CLOSE* ")),
    "An index without a name": File(csv_of(_lines("{k},{d},{p}"), ",Date,Close")),
    "An index of R, and the date last": File(
        csv_of(_lines("{k},{p},{d}"), "Close,Date")
    ),
    "An index of R": File(csv_of(_lines("{k},{d},{p}"), "Date,Close")),
    "Dates in words": File(csv_of(_lines('"{d:%B %d, %Y}",{p}'))),
    "Dates with weekdays": File(csv_of(_lines("{d:%a %d-%b-%Y},{p}"))),
    "Dates with slashes, year first": File(csv_of(_lines("{d:%Y/%m/%d},{p}"))),
    "Offsets of summer and winter": File(
        csv_of(
            [f"{d} 00:00:00-0{4 if 3 < d.month < 11 else 5}:00,{p}" for d, p in PAIRS]
        )
    ),
    "Midnight in Paris, in UTC": File(
        csv_of(
            [f"{d - datetime.timedelta(1)}T23:00:00Z,{p}" for d, p in PAIRS],
        ),
        says="midnight at the exchange",
    ),
    "Seconds before 1970": File(
        csv_of(
            [f"{np.datetime64(d, 's').astype(int)},{p}" for d, p in OLD],
            "timestamp,close",
        ),
        days=[d for d, _ in OLD],
    ),
    "Binance, milliseconds, then microseconds": File(
        csv_of(
            BINANCE[:75] + [row.replace(",", "000,", 1) for row in BINANCE[75:]], None
        ),
        says="milliseconds and microseconds",
        days=EVERY_DAY,
    ),
    "Decimal commas between commas": File(
        csv_of(_european("{d},{p}"), "Date,Close"),
        outcome="refused",
        says="Row 2: expected 2 cells",
    ),
    "Two decimal marks": File(
        csv_of([*_lines("{d};{p:.2f}")[:75], *_european("{d};{p}")[75:]], "Date;Close"),
        outcome="refused",
        says="expected one decimal mark",
    ),
    "Two ways to write dates": File(
        csv_of([*_lines("{d:%d/%m/%Y},{p}")[:75], *_lines("{d},{p}")[75:]]),
        outcome="refused",
        says="all written in one way",
    ),
    "Days without a year": File(
        table(day="{:%b-%d}"), outcome="refused", says="Expected dates with a year"
    ),
    "A hundred years in two digits": File(
        table(days(26_500, start=datetime.date(1916, 1, 3)), day="{:%d-%m-%y}"),
        outcome="refused",
        says="four digits",
    ),
    "Day numbers of a spreadsheet": File(
        table(day="45{:%j}"), outcome="refused", says="spreadsheet's day number"
    ),
    "A price that never moves": File(
        table(values=[7.0] * ROWS), outcome="refused", says="prices that move"
    ),
    "99 rows": File(
        table(days(99)),
        outcome="refused",
        says="at least 100 rows with a price, found 99",
    ),
    "A header alone": File(b"Date,Close\n", outcome="refused", says="found 0"),
    "Words": File(
        b"dear all,\nplease find attached\n",
        outcome="refused",
        says="no column of dates",
    ),
    "Nothing": File(b"\xef\xbb\xbf\n", outcome="refused", says="empty file"),
    "Delimiters": File(b",,,\n,,,\n", outcome="refused", says="got no rows"),
    "A web page": File(b"<!DOCTYPE html><html>", outcome="refused", says="web page"),
    "A workbook": File(b"PK\x03\x04" + bytes(99), outcome="refused", says="Excel"),
    "An old workbook": File(
        b"\xd0\xcf\x11\xe0" + bytes(99), outcome="refused", says="Excel"
    ),
    "A PDF": File(b"%PDF-1.7", outcome="refused", says="a PDF"),
    "Bytes": File(bytes(range(256)), outcome="refused", says="not text"),
    "JSON": File(b'{"chart": null}', outcome="refused", says="JSON"),
}
