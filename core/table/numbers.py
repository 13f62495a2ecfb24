"""Reading a column of numbers: thousands, currencies, and the decimal mark.

The decimal mark of a column is decided once, from unambiguous cells; without any, a
`Question` is raised.
"""

import functools
import math
import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from core.table.question import Choice, Question, read_answer
from core.task import DataError

MISSING = frozenset(
    {"", "null", "nan", "none", "n/a", "na", "n/d", "nd", "nat", "n.a.", "n.d.", "k.a."}
    | {"-", "--", "---", "–", "—", ".", "..", ":", "?", "nil", "void", "missing"}
    | {"#value!", "#ref!", "#div/0!", "#name?", "#num!", "#null!", "not available"}
)
NO_VALUE = "#n/a"  # begins the missing values of spreadsheets and of Bloomberg
FACTORS = {None: 1.0, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f", " ") | {"\u2019": "'"})
AROUND_SIGNS = "0123456789.,+-' \u00a0\u2007\u2009\u202f\u2019"
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
SMALL_CODES = frozenset(ISO_4217.lower().split("|"))
# Codes, signs with the letters before them (HK$), and abbreviations.
CURRENCY = (
    rf"[A-Za-z]{{0,3}}[$€£¥₹₽₩₺₿฿₫₱₪₴₦₡₲₵₸]|{ISO_4217}|{ISO_4217.lower()}"
    r"|GBX|GBp|p|ZAc|ILA|BTC|ETH|USDT|USDC|kr\.?|zł|Kč"
    r"|Ft|lei|Rs\.?|RM|Rp|Fr\.|SFr\.?|TL|руб\.?|円|元|원"
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
# Prices of bonds, in whole numbers and 32nds: 113-16, 113'16, 113-16+.
IN_32NDS = re.compile(r"\d{1,3}[-'](3[01]|[012]\d)[+0257]?")
# Certain to hold thousands: 1,234.5 or 1,234,567 or 1 234 or 1'234.
GROUPED = re.compile(r"\d[., ']\d{3}[.,]\d|\d[ ']\d{3}")
THREE_DECIMALS = re.compile(r"[^\d.,]*\d{1,3}\.\d{3}[^\d.,]*")
DAY_WITH_POINTS = re.compile(r"\b\d{1,2}\.\s?\d{1,2}\.")
MARKS = {"point": ".", "comma": ","}
MAX_LOG_CHANGE = math.log(100)  # from row to row


def is_missing(cell: str) -> bool:
    """Whether a cell marks a missing value."""
    folded = cell.casefold()
    return folded in MISSING or folded.startswith(NO_VALUE)


def is_number(cell: str) -> bool:
    """Whether a cell is a number under one decimal mark or the other."""
    return any(not math.isnan(read_number(cell, mark)) for mark in MARKS.values())


def are_percent(cells: Sequence[str]) -> bool:
    """Whether most cells end with a percent sign."""
    return 2 * sum(cell.endswith("%") for cell in cells) > len(cells)


def are_32nds(cells: Sequence[str]) -> bool:
    """Whether all cells are as 113-16. 113'165 may be thousands in one, not in all."""
    return all(IN_32NDS.fullmatch(cell.translate(SPACES)) for cell in cells)


def read_number(cell: str, mark: str) -> float:
    """Read a number with its thousands, currency and K, M, B, T; NaN if it is none."""
    if PLAIN.fullmatch(cell):
        if mark == ".":
            return float(cell)
        if "." in cell and len(cell.partition(".")[2]) != 3:
            return math.nan
    match = _match_number(cell)
    if match is None:
        infinite = cell.casefold().lstrip("+-") in ("inf", "infinity")
        return math.inf if infinite else math.nan
    whole, _, part = match["digits"].rstrip().partition(mark)
    if not _is_grouped(whole, "," if mark == "." else "."):
        return math.nan
    if (part and not part.isdecimal()) or (match["power"] and not whole.isdecimal()):
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
        and first[0] != "0"
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


def currency_of(cell: str) -> str:
    """Return the currency that a number is marked with, as it is written, or ""."""
    sign = cell.strip(AROUND_SIGNS)
    if not sign:
        return ""
    if not _is_currency(sign):  # $1.2M, or not a number at all
        match = _match_number(cell)
        sign = (match["before"] or match["after"] or "") if match else ""
    return _code(sign)


def _code(sign: str) -> str:
    """Return a currency as Yahoo writes it: GBp for pence, USD for usd."""
    if sign == "p":
        return "GBp"
    return sign.upper() if sign in SMALL_CODES else sign


def currency(cells: Sequence[str], numbers: Sequence[int]) -> str:
    """Return the one currency of a column of numbers in these rows of a file, or ""."""
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
    return rest, _code(match["code"])


def notes_on_numbers(cells: Sequence[str], numbers: Sequence[int]) -> list[str]:
    """Return notes on currency signs and separators that were removed."""
    notes = []
    if sign := currency(cells, numbers):
        notes.append(f"Currency sign {sign} taken off the prices.")
    for cell, number in zip(cells, numbers, strict=True):
        if GROUPED.search(cell.translate(SPACES)):
            shown = f"{cell[:20]} in row {number}"
            notes.append(f"Thousands separators taken out, such as {shown}.")
            break
    return notes


def decimal_mark(
    cells: Sequence[str],
    numbers: Sequence[int],
    others: Iterable[Sequence[str]],
    dates: Sequence[str],
    delimiter: str,
    answer: str | None,
    notes: list[str],
) -> tuple[str, tuple[Choice, ...]]:
    """Return the decimal mark of a column, and both readings if it has no proof.

    The cells, in rows of a file with these numbers, are proof, and so are those of the
    other columns and of the dates. A Question is raised if 1.234 may be one thousand or
    a little over one; its answer is a key of `MARKS`. Sentences for the report are
    appended to the notes.
    """
    if answer is not None:
        name = read_answer("decimals", answer, list(MARKS))
        notes.append(f"Numbers read with a decimal {name}, as you chose.")
        return MARKS[name], ()
    point, comma, either = _proofs(cells)
    if point is not None and comma is not None:
        raise DataError(
            f"Row {numbers[comma]} has {cells[comma][:40]!r} and row {numbers[point]} "
            f"has {cells[point][:40]!r}: expected one decimal mark in the whole "
            "column. Correct one of them."
        )
    if comma is not None:
        cell, read = cells[comma], f"{read_number(cells[comma], ','):.10g}"
        row = numbers[comma]
        notes.append(f"Decimal comma: {cell[:20]} in row {row} read as {read}.")
        return ",", ()
    if point is not None or either is None:
        return ".", ()
    return ".", _readings(cells, cells[either][:20], others, dates, delimiter, notes)


def _proofs(cells: Sequence[str]) -> list[int | None]:
    """Return the first cell that is a number only with a point, or only with a comma.

    The third is the first cell that is a different number with each, such as 1.234.
    """
    plain = [cell.rstrip("% ") for cell in cells]
    point, comma = (
        np.array([read_number(cell, mark) for cell in plain]) for mark in MARKS.values()
    )
    is_point, is_comma = ~np.isnan(point), ~np.isnan(comma)
    proofs = (is_point & ~is_comma, is_comma & ~is_point)
    both = is_point & is_comma & (point != comma)
    return [int(found.argmax()) if found.any() else None for found in (*proofs, both)]


def _readings(
    cells: Sequence[str],
    cell: str,
    others: Iterable[Sequence[str]],
    dates: Sequence[str],
    delimiter: str,
    notes: list[str],
) -> tuple[Choice, ...]:
    """Return both readings of an ambiguous point, none if another column decides.

    It is read as a decimal point where that is usual: in a file divided by commas, and
    in a column whose cells all have three digits after it. A Question is raised if the
    numbers would jump, or if something in the file speaks for a decimal comma.
    """
    readings = tuple(
        Choice(value=name, preview=_preview(cell, read_number(cell, mark)))
        for name, mark in MARKS.items()
    )
    columns = list(others)
    proofs = [_proofs(column) for column in columns]
    has_comma = any(comma is not None for _, comma, _ in proofs)
    if delimiter == "," and not any("," in each for each in cells):
        reason = "in a file divided by commas" if not has_comma else ""
    else:
        # Days such as 31.12.2024 are written where the decimal mark is a comma.
        speaks_for_comma = (
            has_comma
            or DAY_WITH_POINTS.search(dates[0])
            or any(
                point is None and either is not None and not _has_three_decimals(column)
                for column, (point, _, either) in zip(columns, proofs, strict=True)
            )
        )
        is_decimal = _has_three_decimals(cells) and not speaks_for_comma
        reason = "where each price has three decimals" if is_decimal else ""
    values = np.array([read_number(one, ".") for one in cells])
    logs = np.log(values[(values > 0) & np.isfinite(values)])
    smooth = not (np.abs(np.diff(logs)) > MAX_LOG_CHANGE).any()
    if reason and smooth:
        if any(point is not None for point, *_ in proofs):
            return ()
        notes.append(
            f"Prices such as {cell} read with a decimal point, as is usual {reason}; "
            "the file has no proof of it."
        )
        return readings
    mark = "comma" if "," in cell else "point"
    raise Question(
        "decimals",
        f"Does the {mark} in {cell!r} divide decimals or thousands? This file fits "
        "both.",
        readings,
    )


def _has_three_decimals(cells: Sequence[str]) -> bool:
    """Whether all cells are as 12.345; thousands also come as 987, without a point."""
    return all(THREE_DECIMALS.fullmatch(cell) or is_missing(cell) for cell in cells)


def _preview(cell: str, value: float) -> str:
    if value.is_integer():
        return f"{cell} is {value:.0f}"
    return f"{cell} lies between {math.floor(value)} and {math.ceil(value)}"
