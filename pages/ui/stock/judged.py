"""How good the forecast is: beside its rivals, by horizon, by year, day by day."""

import streamlit as st

from core.stock import Result
from core.stock.alts import (
    coverage_of_years_alt,
    error_by_horizon_alt,
    lag_detector_alt,
    volatility_alt,
)
from core.stock.judgement_figures import (
    coverage_of_years,
    error_by_horizon,
    lag_detector,
    volatility,
)
from pages.ui import live
from pages.ui.address import hold
from pages.ui.stock.drawn import chart
from pages.ui.stock.models import Shown
from pages.ui.stock.rivals import direction_words, price_table, risk_table
from pages.ui.stock.spread import spread_view
from pages.ui.stock.traded import trading_view

NETS = (
    "Where price changes cannot be predicted, the best forecast is close to the last "
    "price. What can be useful is the forecast of its uncertainty."
)


def judgement_view(found: Shown, result: Result) -> None:
    """Draw all of it."""
    _protocol(result)
    horizon = _horizon(result)
    with st.grid(2, min_column_width=320):
        with st.container():
            st.markdown("##### The price")
            price_table(result, horizon)
            st.caption(direction_words(result.views[horizon]))
        with st.container():
            st.markdown("##### The risk")
            risk_table(result, horizon)
    if result.outlook is not None:
        _risk_charts(result, horizon)
    with st.grid(2, min_column_width=320):
        with st.container():
            st.markdown("##### Lag detector")
            alt = lag_detector_alt(result)
            chart("lag", lag_detector, result, alt=alt, height=320)
            st.caption(f"{result.lag.sentence} {NETS if result.lag.copies else ''}")
        with st.container():
            trading_view(result)
    spread_view(result)
    st.markdown("##### Learning curves")
    live.draw_curves("stock", found.points)


def _protocol(result: Result) -> None:
    """On what it is judged, and whether that can be believed."""
    parts, config = result.split, result.config
    networks = f"{config.seeds} networks" if config.seeds > 1 else "one network"
    rows = f"Evaluated on the last {parts.rows - parts.test:,} of {parts.rows:,} rows"
    st.markdown(
        f"{rows}, in {config.folds} part{'s' if config.folds > 1 else ''}: each was "
        f"forecast by {networks} trained only on the days before it."
        if config.recipe == "honest"
        else f"{rows}."
    )
    if (leak := result.leakage) is not None:
        badge = (
            ":green-badge[:material/verified_user: Leakage self-test passed]"
            if leak.passed
            else ":red-badge[:material/warning: Leakage self-test failed]"
        )
        st.markdown(f"{badge} {leak.sentence}")


def _horizon(result: Result) -> int:
    if len(result.horizons) == 1:
        return 1
    key = hold("stock_days_ahead", 1, result.horizons)
    if st.session_state[key] not in result.horizons:
        st.session_state[key] = 1
    return st.segmented_control(
        "Days ahead",
        result.horizons,
        required=True,
        key=key,
        help="Horizon of the tables and of the coverage below. The network and the "
        "baselines have a separate forecast for each horizon.",
        persist_state="session",
    )


def _risk_charts(result: Result, horizon: int) -> None:
    with st.grid(2, min_column_width=320):
        with st.container():
            st.markdown("##### Error by days ahead")
            alt = error_by_horizon_alt(result)
            chart("horizons", error_by_horizon, result, alt=alt, height=320)
        with st.container():
            st.markdown("##### Coverage by year")
            alt = coverage_of_years_alt(result, horizon)
            chart("years", coverage_of_years, result, horizon, alt=alt, height=320)
    st.markdown("##### Volatility, forecast and realised")
    alt = volatility_alt(result)
    chart("volatility", volatility, result, alt=alt, height=340, zoom=True)
