"""The tab *Recipes*: both recipes side by side, on the same prices."""

import streamlit as st

from core.stats import three_digits
from core.stock import Result
from core.stock.data.defaults import suited
from core.stock.figures.forecast import forecast, overview_alt
from core.stock.recipes.faults import measured_faults
from pages.ui.intents import button
from pages.ui.stock.charts import chart, latest
from pages.ui.stock.models import counterpart, other_recipe
from pages.ui.training import begin
from pages.ui.words import as_text, four_decimals

NAMES = {"classic": "Classic, flawed", "honest": "Honest"}
CHARTS = {"classic": "recipe_seed", "honest": "recipe_honest"}  # public keys


def recipes_tab(result: Result) -> None:
    """Draw the three faults of the classic recipe with numbers, and both results."""
    other = counterpart(result)
    both = {one.config.recipe: one for one in (result, other) if one is not None}
    st.markdown(
        f"The classic tutorial's recipe and the honest recipe, both on "
        f"**{as_text(result.name)}**. A chart of the classic forecast can look right, "
        "but the recipe has three faults:"
    )
    with st.grid(3, min_column_width=240):
        faults = measured_faults(result.series, both.get("classic"))
        for number, (title, why) in enumerate(faults, start=1):
            with st.container(border=True, height="stretch"):
                st.markdown(f"**{number}. {title}** {why}")
    st.table(
        _comparison(both), alt="Both recipes on the same prices, measure by measure"
    )
    with st.grid(2, min_column_width=320):
        for recipe, name in NAMES.items():
            with st.container():
                st.markdown(f"##### {name}")
                if recipe in both:
                    _forecast(CHARTS[recipe], both[recipe])
                else:
                    _offer(result)


def _comparison(both: dict[str, Result]) -> list[dict]:
    row = next(iter(both.values())).series.frequency.row
    measures = {
        f"Error of the next {row}'s price (RMSE)": lambda r: three_digits(
            r.network.rmse_currency
        ),
        "÷ that of the last known price": lambda r: four_decimals(r.network.rel_rmse),
        "Intervals": lambda r: "80% and 95%" if r.bands else "none",
        f"{row.title()}s ahead": lambda r: ", ".join(map(str, r.horizons)),
        "Leakage self-test": _leakage,
        "Epochs trained": lambda r: f"{r.epochs:,}",
    }
    return [
        {f"On the same {row}s": measure}
        | {
            name: show(both[recipe]) if recipe in both else "–"
            for recipe, name in NAMES.items()
        }
        for measure, show in measures.items()
    ]


def _leakage(result: Result) -> str:
    if result.leakage is None:
        return "–"
    return "passed" if result.leakage.passed else "failed"


def _forecast(name: str, result: Result) -> None:
    alt = overview_alt(result)
    rows = latest(result.series.frequency)
    chart(name, forecast, result, False, rows, alt=alt, height=340)
    st.markdown(f"**{result.price.text}**")
    st.markdown(f"**{result.risk.text}**")
    st.caption(result.lag.sentence)
    if result.leakage is not None:
        st.caption(result.leakage.sentence)


def _offer(result: Result) -> None:
    """Offer to train the other recipe on these prices."""
    st.markdown("Not trained on these prices yet.")
    button(
        "Train it on these prices",
        "stock_other",
        _train_other,
        result,
        icon=":material/play_arrow:",
        help="Uses this recipe's default settings. The current result stays on the "
        "Runs page, and both are then shown here.",
    )


def _train_other(result: Result) -> None:
    other = suited(other_recipe(result), result.series)
    begin("stock", "stock", other, result.series)
