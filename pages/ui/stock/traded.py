"""The trading simulation, at any cost."""

import streamlit as st

from core.stock import Config, Result
from core.stock.alts import trading_alt
from core.stock.judgement_figures import trading
from core.task import bounds_of
from pages.ui.stock.drawn import chart

KEY = "stock_trading_cost"


def trading_view(result: Result) -> None:
    """Draw what following the forecast would have earned, and the control of costs."""
    st.markdown("##### Trading simulation")
    chart("trading", trading, result, alt=trading_alt(result), height=320)
    bounds = bounds_of(Config.__dataclass_fields__["cost"])
    st.session_state[KEY] = result.config.cost
    st.number_input(
        "Cost, basis points per trade",
        min_value=float(bounds.low),
        max_value=float(bounds.high),
        step=1.0,
        format="%.5g",
        key=KEY,
        help="Cost of each purchase and each sale, in hundredths of a percent: the "
        "setting *Cost* of the hyperparameters.",
        on_change=_take_cost,
    )
    simulated = result.trading
    st.caption(
        f"{simulated.sentence} The simulation buys at the close when a rise is "
        "forecast, sells at the close when a fall is forecast, and is invested on "
        f"{simulated.days_in:.0%} of the days. Past results are no investment advice."
    )


def _take_cost() -> None:
    st.session_state["stock_cost"] = st.session_state[KEY]
