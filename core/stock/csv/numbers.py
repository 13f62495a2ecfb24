"""Reading a column of numbers: thousands, currencies, 32nds, and the decimal mark.

The decimal mark of a column is decided once, from the cells that prove it; where none
does, a `Question` is raised.
"""

import functools
import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.stock.csv.question import Answers, Choice, Question, index_of_answer
from core.stock.wording import quoted
from core.task import DataError

MISSING = frozenset(
    {"", "null", "nan", "none", "n/a", "na", "n/d", "nd", "nat", "n.a.", "n.d.", "k.a."}
    | {"-", "--", "---", "–", "—", ".", "..", ":", "?", "nil", "void", "missing"}
    | {"#value!", "#ref!", "#div/0!", "#name?", "#num!", "#null!", "not available"}
)
NO_VALUE = "#n/a"  # begins the missing values of spreadsheets and of Bloomberg
FACTORS = {None: 1.0, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f", " ") | {"\u2019": "'"})
ISO_4217 = (
    "AED|AFN|ALL|AMD|ANG|AOA|ARS|AUD|AWG|AZN|BAM|BBD|BDT|BGN|BHD|BIF|BMD|BND|BOB|BRL|"
    "BSD|BTN|BWP|BYN|BZD|CAD|CDF|CHF|CLF|CLP|CNH|CNY|COP|CRC|CUP|CVE|CZK|DJF|DKK|DOP|"
    "DZD|EGP|ERN|ETB|EUR|FJD|FKP|GBP|GEL|GHS|GIP|GMD|GNF|GTQ|GYD|HKD|HNL|HTG|HUF|IDR|"
    "ILS|INR|IQD|IRR|ISK|JMD|JOD|JPY|KES|KGS|KHR|KMF|KPW|KRW|KWD|KYD|KZT|LAK|LBP|LKR|"
    "LRD|LSL|LYD|MAD|MDL|MGA|MKD|MMK|MNT|MOP|MRU|MUR|MVR|MWK|MXN|MYR|MZN|NAD|NGN|NIO|"
    "NOK|NPR|NZD|OMR|PAB|PEN|PGK|PHP|PKR|PLN|PYG|QAR|RON|RSD|RUB|RWF|SAR|SBD|SCR|SDG|"
    "SEK|SGD|SHP|SLE|SOS|SRD|SSP|STN|SVC|SYP|SZL|THB|TJS|TMT|TND|TOP|TRY|TTD|TWD|TZS|"
    "UAH|UGX|USD|UYU|UZS|VED|VES|VND|VUV|WST|XAF|XAG|XAU|XCD|XOF|XPF|YER|ZAR|ZMW|ZWG"
)
# Codes, signs with the letters before them (HK$), and abbreviations.
CURRENCY = (
    rf"[A-Za-z]{{0,3}}[$€£¥₹₽₩₺₿฿₫₱₪₴₦₡₲₵₸]|{ISO_4217}|{ISO_4217.lower()}|GBX|GBp|ZAc|ILA|BTC|ETH|USDT"
    r"|USDC|kr\.?|zł|Kč|Ft|lei|Rs\.?|RM|Rp|Fr\.|SFr\.?|TL|руб\.?|円|元|원"
)
CURRENCY_NAME = re.compile(CURRENCY)
WORD = r"[^\d\s.,'+()%-]{1,5}\.?"  # which `_is_currency` has to know
NUMBER = re.compile(
    rf"(?P<minus>-?)(?P<before>{WORD})?\s?(?P<inner>[-+]?)"
    rf"(?P<digits>\d[\d.,' ]*|[.,]\d+)(?P<power>[eE][-+]?\d+)?"
    rf"\s?(?P<factor>[KMBT](?![^\W\d_]))?\s?(?P<after>{WORD})?"
)
PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
# The end of a column's name: Close (USD), Price in EUR.
NAMED_CURRENCY = re.compile(rf".*\W(?P<code>{CURRENCY})\W*")
# Prices of bonds: 113-16, 113'16, 113-16+ (half a 32nd more), 113'165 (16.5 32nds).
IN_32NDS = re.compile(r"(\d{1,3})[-'](3[01]|[012]\d)([+0257]?)")
PARTS_OF_A_32ND = {"": 0.0, "0": 0.0, "2": 0.25, "5": 0.5, "+": 0.5, "7": 0.75}
# The same as decimals, where 113.10 may stand as 113.1 and 113.00 as 113.
POINT_32NDS = re.compile(r"(\d{1,3})(?:\.(3[01]|[012]\d|[0-3]))?")
# Certain to hold thousands: 1,234.5 or 1,234,567 or 1 234 or 1'234.
GROUPED = re.compile(r"\d[., ']\d{3}[.,]\d|\d[ ']\d{3}")
MARKS = {"point": ".", "comma": ",", "32nds": "/32"}
MIN_32NDS = 5  # different decimals of one whole number
AMBIGUOUS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")  # 1.234: a thousand, or a bit over one
MAX_LOG_CHANGE = math.log(100)  # of a price from row to row


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is no number."""
    folded = cell.casefold()
    return folded in MISSING or folded.startswith(NO_VALUE)


def is_number(cell: str) -> bool:
    """Whether a cell is a number under one decimal mark or the other, or in 32nds."""
    return any(not math.isnan(read_number(cell, mark)) for mark in MARKS.values())


def read_number(cell: str, mark: str) -> float:
    """Read a number with its thousands, currency and K, M, B, T; NaN if it is none."""
    if mark == MARKS["32nds"]:
        return _read_32nds(cell)
    if mark == "." and PLAIN.fullmatch(cell):
        return float(cell)
    match = _match_number(cell)
    if match is None:
        infinite = cell.casefold().lstrip("+-") in ("inf", "infinity")
        return math.inf if infinite else math.nan
    whole, _, part = match["digits"].rstrip().partition(mark)
    if not _is_grouped(whole, "," if mark == "." else "."):
        return math.nan
    if part and not part.isdecimal():
        return math.nan
    plain = re.sub(r"[.,' ]", "", whole)
    value = float(f"{plain or 0}.{part or 0}{match['power'] or ''}")
    negative = "-" in (match["minus"], match["inner"])
    return (-value if negative else value) * FACTORS[match["factor"]]


def _is_grouped(whole: str, mark: str) -> bool:
    """Whether the thousands separators, if there are any, are in the usual places."""
    if whole.isdecimal() or not whole:
        return True
    marks = {letter for letter in whole if not letter.isdecimal()}
    first, *groups = re.split(r"[.,' ]", whole)
    return (
        len(marks) == 1
        and marks <= {mark, "'", " "}
        and 1 <= len(first) <= 3
        and len(groups[-1]) == 3
        and all(2 <= len(group) <= 3 for group in groups)  # two in India
    )


def _match_number(cell: str) -> re.Match[str] | None:
    """Return the parts of a number, or None if it is none."""
    match = NUMBER.fullmatch(cell.translate(SPACES))
    if match and all(map(_is_currency, match.group("before", "after"))):
        return match
    return None


@functools.lru_cache(maxsize=256)
def _is_currency(word: str | None) -> bool:
    return word is None or CURRENCY_NAME.fullmatch(word) is not None


def _read_32nds(cell: str) -> float:
    """Read 113-16 or 113.16 as 113 and sixteen 32nds; NaN if it is neither."""
    if match := IN_32NDS.fullmatch(cell.translate(SPACES)):
        return int(match[1]) + (int(match[2]) + PARTS_OF_A_32ND[match[3]]) / 32
    if match := POINT_32NDS.fullmatch(cell):
        return int(match[1]) + int((match[2] or "").ljust(2, "0")) / 32
    return math.nan


def currency_of(cell: str) -> str:
    """Return the currency that a number is marked with, as it is written, or ""."""
    if PLAIN.fullmatch(cell):
        return ""
    match = _match_number(cell)
    sign = (match["before"] or match["after"] or "") if match else ""
    return sign.upper() if sign in ISO_4217.lower().split("|") else sign


def currency(cells: Sequence[str], numbers: Sequence[int]) -> str:
    """Return the currency of a column of prices, or "".

    Parameters
    ----------
    cells, numbers
        The prices as they are written, and their rows in the file.

    Raises
    ------
    DataError
        If there are several.
    """
    first: dict[str, int] = {}
    for cell, number in zip(cells, numbers, strict=True):
        if sign := currency_of(cell):
            first.setdefault(sign, number)
    check_one_currency(first)
    return next(iter(first), "")


def check_one_currency(first: Mapping[str, int]) -> None:
    """Raise a DataError if there are several currencies, each with its first row."""
    if len(first) > 1:
        named = " and ".join(f"{sign} in row {row}" for sign, row in first.items())
        raise DataError(
            f"Expected prices in one currency, got {named}. Convert them to one, or "
            "keep the rows of one."
        )


def currency_in_name(name: str) -> tuple[str, str]:
    """Divide `Close (USD)` into the name without its currency, and the currency."""
    match = NAMED_CURRENCY.fullmatch(name)
    if match is None:
        return name, ""
    rest = re.sub(r"\W+(in\W*)?$", "", name[: match.start("code")].rstrip())
    return rest, match["code"]


def notes_on_numbers(cells: Sequence[str], numbers: Sequence[int]) -> list[str]:
    """Return what was removed from the cells of these rows to read them as numbers."""
    notes = []
    if sign := currency(cells, numbers):
        notes.append(f"Currency sign {sign} taken off the prices.")
    for cell, number in zip(cells, numbers, strict=True):
        plain = cell.translate(SPACES)
        if GROUPED.search(plain) and not IN_32NDS.fullmatch(plain):
            shown = f"{cell[:20]} in row {number}"
            notes.append(f"Thousands separators taken out, such as {shown}.")
            break
    return notes


@dataclass(frozen=True, kw_only=True)
class Decimals:
    """The decimal mark of a column.

    Attributes
    ----------
    mark
        The decimal mark.
    note
        What the report says of it, or None.
    alternatives
        Both readings, if nothing in the column proves one and the usual one was taken.
    """

    mark: str
    note: str | None = None
    alternatives: tuple[Choice, ...] = ()


def decimal_mark(
    cells: Sequence[str],
    numbers: Sequence[int],
    others: Iterable[Sequence[str]],
    delimiter: str,
    answers: Answers,
) -> Decimals:
    """Decide how a column of prices is written.

    Parameters
    ----------
    cells, numbers
        The prices as they are written, and their rows in the file.
    others
        The other columns.
    delimiter
        Of the cells of a row.
    answers
        The person's answers.

    Raises
    ------
    Question
        If 1.234 may be one thousand or a little over one, or if 113.16 may be in 32nds.
    DataError
        If some cells prove one mark and some the other.
    """
    if answers.decimals is not None:
        choices = [Choice(value=name, preview="") for name in MARKS]
        name = choices[index_of_answer("decimals", answers.decimals, choices)].value
        read = "in 32nds" if name == "32nds" else f"with a decimal {name}"
        return Decimals(mark=MARKS[name], note=f"Numbers read {read}, as you chose.")
    if IN_32NDS.fullmatch(cells[0].translate(SPACES)) and _all_in_32nds(cells):
        read = f"{cells[0]} in row {numbers[0]} read as {_read_32nds(cells[0]):.10g}"
        return Decimals(mark=MARKS["32nds"], note=f"Prices in 32nds: {read}.")
    if POINT_32NDS.fullmatch(cells[0]) and _may_be_32nds(cells):
        raise _question_of_32nds(cells)
    found = _evidence(cells)
    if found.point is not None and found.comma is not None:
        raise DataError(
            f"Row {numbers[found.comma]} has {quoted(cells[found.comma])} and row "
            f"{numbers[found.point]} has {quoted(cells[found.point])}: expected one "
            "decimal mark in the whole column. Correct one of them."
        )
    if found.comma is not None:
        cell, row = cells[found.comma], numbers[found.comma]
        read = f"{read_number(cell, ','):.10g}"
        note = f"Decimal comma: {cell[:20]} in row {row} read as {read}."
        return Decimals(mark=",", note=note)
    if found.point is not None or found.ambiguous is None:
        return Decimals(mark=".")
    return _ambiguous_mark(cells, found, others, delimiter)


@dataclass(frozen=True, kw_only=True)
class _Evidence:
    """What a column tells about its decimal mark.

    Attributes
    ----------
    point, comma
        Index of the first cell that can only be read with that mark, or None.
    ambiguous
        Index of the first cell like 1.234 or 1,234, or None.
    marks
        The marks that such ambiguous cells have.
    """

    point: int | None = None
    comma: int | None = None
    ambiguous: int | None = None
    marks: frozenset[str] = frozenset()


def _evidence(cells: Sequence[str]) -> _Evidence:
    proofs: dict[str, int] = {}
    ambiguous, marks = None, set()
    for place, cell in enumerate(cells):
        whole, point, part = cell.partition(".")
        if whole.isdecimal() and (not point or (part.isdecimal() and len(part) != 3)):
            if point:
                proofs.setdefault("point", place)
            continue
        kind = _mark_of(cell)
        if kind in MARKS:
            proofs.setdefault(kind, place)
        elif kind:
            marks.add(kind)
            ambiguous = place if ambiguous is None else ambiguous
    return _Evidence(**proofs, ambiguous=ambiguous, marks=frozenset(marks))


def _mark_of(cell: str) -> str | None:
    """`point` or `comma` if a cell proves it, its mark if ambiguous, None without."""
    match = _match_number(cell.rstrip("%"))
    digits = match["digits"].strip() if match else ""
    point, comma = digits.rfind("."), digits.rfind(",")
    if max(point, comma) < 0:
        return None
    if min(point, comma) >= 0:
        return "point" if point > comma else "comma"
    mark = digits[max(point, comma)]
    name, other = ("point", "comma") if mark == "." else ("comma", "point")
    if digits.count(mark) > 1:  # only a thousands separator occurs more than once
        return other if _is_grouped(digits, mark) else None
    if AMBIGUOUS.fullmatch(digits) and not (match and match["power"]):
        return mark
    return name


def _ambiguous_mark(
    cells: Sequence[str],
    found: _Evidence,
    others: Iterable[Sequence[str]],
    delimiter: str,
) -> Decimals:
    """Read a point in a comma-separated file as the decimal mark, if nothing objects.

    Raises
    ------
    Question
        If the mark is a comma, or commas are not the delimiter, or prices would jump,
        or another column has a decimal comma.
    """
    assert found.ambiguous is not None
    cell = cells[found.ambiguous][:20]
    readings = _both_readings(cell)
    usual = delimiter == "," and found.marks == {"."}
    elsewhere = [_evidence(column) for column in others] if usual else []
    smooth = not _jumps([read_number(price, ".") for price in cells])
    if usual and smooth and all(column.comma is None for column in elsewhere):
        if any(column.point is not None for column in elsewhere):
            return Decimals(mark=".")
        note = (
            f"Prices such as {cell} read with a decimal point, as is usual in a file "
            "divided by commas; nothing else in it says so."
        )
        return Decimals(mark=".", note=note, alternatives=readings)
    raise Question(
        "decimals",
        f"Is {cell!r} one thousand or a little over one? Nothing in this file says "
        "which mark is the decimal one.",
        readings,
    )


def _all_in_32nds(cells: Sequence[str]) -> bool:
    """Whether all cells are as 113-16. 113'165 may be thousands in one, not in all."""
    return all(IN_32NDS.fullmatch(cell.translate(SPACES)) for cell in cells)


def _may_be_32nds(cells: Sequence[str]) -> bool:
    """Whether decimals never exceed 31 although the prices cross whole numbers."""
    decimals: dict[str, set[str]] = {}
    for cell in cells:
        match = POINT_32NDS.fullmatch(cell)
        if match is None:
            return False
        decimals.setdefault(match[1], set()).add(match[2] or "")
    return sum(len(found) >= MIN_32NDS for found in decimals.values()) > 1


def _question_of_32nds(cells: Sequence[str]) -> Question:
    cell = max(cells, key=lambda cell: cell.partition(".")[2])
    choices = [
        Choice(value=name, preview=f"{cell} is {read_number(cell, MARKS[name]):.10g}")
        for name in ("32nds", "point")
    ]
    text = (
        f"Is {cell!r} in 32nds, as bonds are quoted? No price in this file has "
        "decimals above 31."
    )
    return Question("decimals", text, choices)


def _both_readings(cell: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=name, preview=f"{cell} is {read_number(cell, MARKS[name]):.10g}")
        for name in ("point", "comma")
    )


def _jumps(prices: Sequence[float]) -> bool:
    logs = [math.log(price) for price in prices if 0 < price < math.inf]
    return any(abs(a - b) > MAX_LOG_CHANGE for a, b in itertools.pairwise(logs))
