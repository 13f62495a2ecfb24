"""Formatting for people: numbers, times, escaped texts and errors."""

import datetime
import logging
import re
import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

log = logging.getLogger(__name__)

# Where Markdown makes a link of bare text, even if it is escaped.
LINKS = re.compile(r"https?:(?=//)|\bwww(?=\.)|(?<=[\w.+-])@(?=\w)", re.IGNORECASE)
WORD_JOINER = "\u2060"  # no width, no line break
SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|$:~<>&])")


def as_text(text: str) -> str:
    """Escape a text for Markdown."""
    return SPECIAL.sub(r"\\\1", LINKS.sub(rf"\g<0>{WORD_JOINER}", text))


def refusal(what: str, error: Exception) -> str:
    """Log the type of an error, once for all reruns; return it escaped for Markdown.

    Its text may quote a person's input, which must not be logged.
    """
    if st.session_state.get("refused") != (what, str(error)):
        st.session_state["refused"] = what, str(error)
        log.warning("refused %s: %s", what, type(error).__name__)
    return as_text(str(error))


def counted(count: float, what: str) -> str:
    """A whole number of things: 1 epoch, 20 epochs."""
    return f"{count:.0f} {what}" + ("" if round(count) == 1 else "s")


def duration(seconds: float) -> str:
    """A length of time, short: 0.8 s, 42 s, 3 min 20 s, 2 h 5 min."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"


def roughly(seconds: float) -> str:
    """An estimate of a length of time: a few seconds, about 40 s, about 7 days."""
    if seconds < 10:
        return "a few seconds"
    if seconds < 90:
        return f"about {round(seconds, -1):.0f} s"
    if seconds < 90 * 60:
        return f"about {seconds / 60:.0f} min"
    if seconds < 48 * 3600:
        return f"about {seconds / 3600:.0f} h"
    return f"about {seconds / 86400:.0f} days"


def ago(moment: float) -> str:
    """How long ago a time (seconds since 1970) was."""
    seconds = max(0.0, time.time() - moment)
    if seconds < 60:
        return "just now"
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if (count := int(seconds // size)) >= 1:
            return f"{count} {name}{'s' if count > 1 else ''} ago"
    return "just now"


def local_time(moment: float) -> datetime.datetime:
    """A time (seconds since 1970) on this browser's clock."""
    try:
        zone = ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = datetime.UTC
    return datetime.datetime.fromtimestamp(moment, zone)


def date_and_time(moment: float) -> str:
    """A time (seconds since 1970) on this browser's clock: 26 November, 14:05."""
    there = local_time(moment)
    return f"{there.day} {there:%B, %H:%M}"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, and so on."""
    teen = 10 <= number % 100 <= 20
    ending = "th" if teen else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def large_number(value: int) -> str:
    """A count: exact below a million, then short: 4.3 million, 70 billion."""
    for size, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if value >= size:
            return f"{value / size:.3g} {name}"
    return f"{value:,}"


def four_decimals(value: float | None) -> str:
    """A number near 1, such as a ratio of errors, or a dash."""
    return "–" if value is None else f"{value:.4f}"


def megabytes(count: int) -> str:
    """A number of bytes, short: 0.3 MB, 42 MB, 1,024 MB."""
    value = count / 2**20
    return f"{value:.1f} MB" if value < 10 else f"{value:,.0f} MB"


def percent(share: float | None) -> str:
    """A share in percent, or a dash."""
    return "–" if share is None else f"{share:.1%}"


def setting_text(value) -> str:
    """A setting as a person would write it: 0.003, not 0.0030000000000000001."""
    return f"{value:g}" if isinstance(value, float) else as_text(str(value))
