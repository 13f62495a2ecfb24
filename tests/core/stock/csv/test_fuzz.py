"""Whatever the file: its series exactly, a question, or a sentence. Nothing else."""

import csv
import datetime
import io

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.stock.csv import Answers, Question, import_prices
from core.task import DataError
from tests.core.stock.csv.files import csv_of, days, prices, table

SLOWLY = settings(suppress_health_check=[HealthCheck.too_slow])
# What the dates look like, and the answer if it is asked for.
DATES = {
    "%Y-%m-%d": None,
    "%Y/%m/%d": None,
    "%Y%m%d": None,
    "%Y-%m-%d 00:00:00": None,
    "%Y-%m-%dT09:30:00-05:00": None,
    "%b %d, %Y": None,
    "%d %B %Y": None,
    "%d-%b-%y": None,
    "%d/%m/%Y": "day-first",
    "%d.%m.%Y": "day-first",
    "%d-%m-%y": "day-first",
    "%m/%d/%Y": "month-first",
    "%m/%d/%y": "month-first",
    "%y-%m-%d": "year-first",
}
HEADERS = (
    ("Date", "Close"),
    (" date ", "ADJ CLOSE"),
    ("<DATE>", "<CLOSE>"),
    ("Datum", "Schlusskurs"),
    ("", "Price"),
    ("timestamp", "close"),
    ("Trade Date", "Settle"),
    ("Date", "DEXUSEU"),
    ("Date", "Close/Last"),
    None,
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")


@st.composite
def series(draw):
    """Days in order and prices with a fixed number of decimals."""
    first = draw(st.dates(datetime.date(1942, 1, 1), datetime.date(2030, 1, 1)))
    every_day = draw(st.booleans())
    rows = draw(st.integers(100, 180))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    dates = days(2 * rows, every_day, first)
    chosen = np.sort(random.choice(len(dates), rows, replace=False))
    dates = dates[:rows] if draw(st.booleans()) else [dates[row] for row in chosen]
    digits = draw(st.integers(0, 4))
    level = 10 ** draw(st.floats(-1 if digits > 1 else 1, 5))
    walk = level * np.exp(np.cumsum(random.normal(0, 0.02, rows)))
    values = [max(round(float(price), digits), 10.0**-digits) for price in walk]
    values[0] = round(values[1] * 1.1 + 1, digits)  # so that it moves
    return dates, values, digits


@st.composite
def writing(draw):
    """How a program might write a series."""
    decimal = draw(st.sampled_from(".,"))
    thousands = draw(st.sampled_from(["", "'", " ", "\u00a0", ",", "."]))
    return {
        "decimal": decimal,
        "thousands": "" if thousands == decimal else thousands,
        "part": draw(st.sampled_from(",;\t|")),
        "date": draw(st.sampled_from(list(DATES))),
        "header": draw(st.sampled_from(HEADERS)),
        "encoding": draw(st.sampled_from(ENCODINGS)),
        "sign": draw(st.sampled_from(["{}", "{}", "${}", "{} €", "EUR {}"])),
        "order": draw(st.sampled_from(["up", "down", "mixed"])),
        "end": draw(st.sampled_from(["\n", "\r\n"])),
        "above": draw(st.sampled_from(["", "", "sep", "Quotes of a bank\n\n"])),
        "volume": draw(st.booleans()),
    }


def written(price, digits, how):
    text = f"{price:,.{digits}f}"
    marks = {",": how["thousands"], ".": how["decimal"]}
    return how["sign"].format("".join(marks.get(letter, letter) for letter in text))


def file_of(dates, values, digits, how):
    """The series as a file, and how many rows it has above the data."""
    rows = [
        [day.strftime(how["date"]), written(price, digits, how)]
        + (["12"] if how["volume"] else [])
        for day, price in zip(dates, values, strict=True)
    ]
    if how["order"] == "down":
        rows.reverse()
    elif how["order"] == "mixed":
        np.random.default_rng(0).shuffle(rows)
    if how["header"]:
        rows.insert(0, [*how["header"], *(["Volume"] if how["volume"] else [])])
    text = io.StringIO()
    if how["above"] == "sep":
        text.write(f"sep={how['part']}{how['end']}")
    elif how["header"]:
        text.write(how["above"].replace("\n", how["end"]))
    csv.writer(text, delimiter=how["part"], lineterminator=how["end"]).writerows(rows)
    return text.getvalue().encode(how["encoding"])


@SLOWLY
@given(series(), writing())
def test_a_series_comes_back_exactly_from_any_writing_or_a_question_is_asked(made, how):
    dates, values, digits = made
    content = file_of(dates, values, digits, how)
    truth = {
        "dates": DATES[how["date"]],
        "decimals": "point" if how["decimal"] == "." else "comma",
        "column": "Column 2",
        "values": "prices",
        "outliers": "keep",
    }
    answers = {}
    for _ in range(6):
        try:
            imported = import_prices(content, "x", Answers(**answers))
            break
        except Question as raised:
            question = raised
        assert question.kind not in answers  # no question is asked twice
        assert truth[question.kind] in [choice.value for choice in question.choices]
        answers[question.kind] = truth[question.kind]
    found, notes = imported.series, " ".join(imported.report.notes)
    np.testing.assert_array_equal(found.dates, np.array(dates, "M8[D]"))
    if "decimals" not in answers and "with a decimal point, as is usual" in notes:
        assert digits == (3 if how["decimal"] == "." else 0)
        values = np.array(values) / (1 if how["decimal"] == "." else 1000)
    np.testing.assert_array_equal(found.prices, values)


GOOD = [
    table(),
    table(day="{:%d/%m/%Y}", part=";", header="Datum;Kurs"),
    table(day="{:%b %d %Y}", price="${:,.2f}", header="sep=,\nDate,Close/Last"),
    csv_of(
        [f"{d},{p},{p},{p},{p},{p},9" for d, p in zip(days(), prices(), strict=True)],
        None,
    ),
    csv_of(
        [f"{d},{s},{p}" for d, p in zip(days(), prices(), strict=True) for s in "AB"],
        "Date,Symbol,Close",
    ),
    csv_of(
        [f"{d},{p},{p}" for d, p in zip(days(), prices(), strict=True)],
        "Price,Close,Close\nTicker,A,B\nDate,,",
    ),
]
BITS = [
    *(b"", b",", b";", b"\n", b"\r", b'"', b"'", b"\x00", b"\xff", b"\t", b" ", b"-"),
    *(b"null", b"nan", b"inf", b"0", b"1e999", b"1e-400", b"1,5", b"1.234", b"9" * 400),
    *(b"31/12/99", b"2020-02-30", b"99/99/9999", b"00/00/0000", b"sep=", b"Date"),
    *(b"Ticker", b"Price", b"12345678901234567890", b"-99999999999", b"20201399"),
    *("\u0661\u0662".encode(), "²".encode(), "\u2028".encode(), b"0000-00-00", b"$"),
]


@st.composite
def damaged(draw):
    """A good file with a few places written over."""
    content = bytearray(draw(st.sampled_from(GOOD)))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(content)))
        length = draw(st.sampled_from([0, 0, 1, 3, 12, 200, 5000]))
        content[at : at + length] = draw(
            st.sampled_from(BITS) | st.binary(max_size=6)
        ) * draw(st.sampled_from([1, 1, 1, 150]))
    return bytes(content)


@SLOWLY
@given(
    damaged(),
    st.builds(
        Answers,
        symbol=st.none() | st.sampled_from(["A", "B", ""]),
        column=st.none() | st.sampled_from(["Close", "Column 2", "x"]),
        dates=st.none() | st.sampled_from(["day-first", "year-first", "x"]),
        decimals=st.none() | st.sampled_from(["point", "comma", "x"]),
    ),
)
def test_a_damaged_file_is_read_or_refused_in_a_sentence(content, answers):
    refusal, found = "", None
    try:
        found = import_prices(content, "x", answers).series
    except DataError as error:
        refusal = str(error)
    if found is None:
        assert refusal.endswith(".")
        assert len(refusal) < 1500
        return
    assert (np.diff(found.dates) > np.timedelta64(0)).all()
    assert (np.isfinite(found.prices) & (found.prices > 0)).all()


def test_a_refusal_names_a_long_column_by_its_beginning():
    quotes = zip(days(), prices(), strict=True)
    rows = "".join(f"{day},{price},{price}\n" for day, price in quotes)
    content = f"Date,{'9' * 60_000}Close,Other\n{rows}".encode()
    with pytest.raises(DataError, match=r"expected one of 9{39}…, Other, got 'Close'"):
        import_prices(content, "x", Answers(column="Close"))
    with pytest.raises(Question) as raised:
        import_prices(content, "x")
    assert len(str(raised.value)) < 500


@SLOWLY
@given(st.binary(max_size=3000) | st.text(max_size=1500).map(str.encode))
def test_whatever_the_bytes_the_answer_is_a_sentence(content):
    """So few bytes hold no series, so each is refused, and never otherwise."""
    with pytest.raises(DataError, match=r"\.$"):
        import_prices(content, "x")
