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
        "Cost, basis points a side",
        min_value=float(bounds.low),
        max_value=float(bounds.high),
        step=1.0,
        format="%.5g",
        key=KEY,
        help="What each purchase and each sale costs, in hundredths of a percent. The "
        "same setting as among the hyperparameters.",
        on_change=_take_cost,
    )
    simulated = result.trading
    st.caption(
        f"{simulated.sentence} It buys at the close after a rise is forecast, sells at "
        f"the close after a fall is, and holds {simulated.days_in:.0%} of the days. "
        "The past of one price is no advice."
    )


def _take_cost() -> None:
    st.session_state["stock_cost"] = st.session_state[KEY]
