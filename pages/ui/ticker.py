"""Prices by ticker: asked for once, and never at the cost of what was chosen before."""

import datetime

import streamlit as st

from core.stock.importing import Imported
from core.stock.request import PERIODS, SUGGESTIONS, Request
from core.stock.ticker import fetch
from core.task import UserError
from pages.ui.address import hold
from pages.ui.imported import tell
from pages.ui.session import platform
from pages.ui.words import as_text, refusal

DATES = "dates"
FIRST = datetime.date(1950, 1, 1)
MOST = 100  # characters of a ticker in an address


def ticker_prices():
    """The series of a ticker, or None while there is none."""
    symbol = st.text_input(
        "Ticker",
        placeholder="AAPL, BTC-USD, ^GSPC",
        icon=":material/search:",
        key=hold("stock_ticker", "", high=MOST),
        help="A stock, index, fund, currency or coin, as Yahoo Finance writes it.",
        persist_state="session",
    )
    st.pills(
        "Suggestions",
        list(SUGGESTIONS),
        format_func=SUGGESTIONS.get,
        label_visibility="collapsed",
        wrap=True,
        key="stock_suggestion",
        on_change=_take_suggestion,
    )
    periods = {**PERIODS, DATES: "From one date to another"}
    period = st.selectbox(
        "Period",
        list(periods),
        format_func=periods.get,
        key=hold("stock_period", Request.period, periods),
        help="How much history to train and to evaluate on.",
        persist_state="session",
    )
    span = _dates() if period == DATES else {"period": period}
    adjusted = st.toggle(
        "Adjusted for dividends",
        key=hold("stock_adjusted", True),
        help="Otherwise a dividend appears as a fall of the price. Splits are always "
        "adjusted for.",
        persist_state="session",
    )
    if not symbol.strip():
        st.caption(
            "Daily prices from Yahoo Finance: stocks, indices, currencies and crypto. "
            "Prices within the day are not supported."
        )
        return None
    try:
        request = Request(symbol=symbol, adjusted=adjusted, **span)
    except UserError as error:
        st.error(refusal("a ticker", error), icon=":material/error:")
        return None
    return _told(request)


def _take_suggestion() -> None:
    if suggestion := st.session_state.stock_suggestion:
        st.session_state.stock_ticker = suggestion
        st.session_state.stock_suggestion = None  # a button, not a state


def _dates():
    today = datetime.date.today()
    ends = {
        "start": ("From", today.replace(year=today.year - 10, day=1)),
        "end": ("To, included", today),
    }
    with st.grid(2, min_column_width=120):
        return {
            name: st.date_input(
                label,
                min_value=FIRST,
                max_value=today,
                key=hold(f"stock_{name}", day, low=FIRST, high=today),
                help="The first day." if name == "start" else "The last day.",
                persist_state="session",
            )
            for name, (label, day) in ends.items()
        }


def _told(request):
    """Fetch once a day and session; say what came, or why nothing did."""
    known = request, datetime.date.today()
    kept = st.session_state.get("stock_fetched")
    if kept is None or kept[0] != known:
        with st.spinner(f"Asking Yahoo for {request.symbol}"):
            kept = known, _fetched(request)
        st.session_state["stock_fetched"] = kept
    outcome = kept[1]
    if isinstance(outcome, Imported):
        tell(outcome, "About these prices")
    else:
        st.warning(as_text(str(outcome)), icon=":material/cloud_off:")
    if not isinstance(outcome, Imported) or outcome.report.stale:
        st.button(
            "Try again",
            icon=":material/refresh:",
            key="stock_retry",
            on_click=lambda: st.session_state.pop("stock_fetched", None),
            help="Asks Yahoo once more.",
        )
    return outcome.series if isinstance(outcome, Imported) else None


def _fetched(request):
    try:
        return fetch(request, platform().site.home)
    except UserError as error:
        return error
