"""What the price page shows of a result."""

import streamlit as st

from core import examples
from core.source import source
from core.stock import Result
from core.stock.figures import forecast, residuals
from core.stock.notes import SEED_FAULTS
from core.stock.words import verdict
from pages.ui import live
from pages.ui.session import owner, platform
from pages.ui.theme import ZOOMABLE, ink
from pages.ui.words import three_digits

SPANS = ("Last year", "Whole test", "All")
TRADING_DAYS = 250  # of a year


def _days(result: Result, span: str) -> int | None:
    """How many days a span is; None stands for all, the past included."""
    return {SPANS[0]: TRADING_DAYS, SPANS[1]: len(result.dates)}.get(span)


def shown(run):
    """The result and the points to show: the run's, or the example's without one."""
    if run is None:
        example = examples.load("stock")
        st.markdown(
            f":blue-badge[:material/school: Example] **{example.result.name}**, honest "
            "recipe, default settings. Choose your data and press Train."
        )
        return example.result, example.points
    live.ended("stock", run)
    store = platform().store
    points = store.points(run.id)
    content = store.result(owner(), run.id)
    if content is None and points:
        live.draw_curves("stock", points)
    return (Result.decode(content) if content else None), points


def result_view(result: Result) -> None:
    """The verdict, the figures that carry it, and the forecast itself."""
    st.markdown(f"#### {verdict(result)}")
    metrics = result.metrics
    with st.grid(4, min_column_width=130):
        st.metric(
            "Error, model",
            three_digits(metrics["rmse"]),
            help="Root mean squared error (RMSE) on the test part, in price units.",
        )
        st.metric(
            "Error, yesterday's price",
            three_digits(metrics["rmse_naive"]),
            help="RMSE of repeating yesterday's price, on the same rows.",
        )
        st.metric(
            "Ratio",
            three_digits(metrics["rel_rmse"]),
            help="The model's error divided by that of yesterday's price. Below 1 is "
            "better than repeating it.",
        )
        st.metric(
            "Inside 80% interval",
            "–" if metrics["coverage_80"] is None else f"{metrics['coverage_80']:.1%}",
            help="Share of the test prices inside the interval that should hold 80%.",
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        span = st.segmented_control(
            "Days shown",
            SPANS,
            default=SPANS[0],
            required=True,
            label_visibility="collapsed",
            key="stock_span",
            persist_state="session",
        )
        log = st.toggle(
            "Log prices",
            key="stock_log_price",
            help="Equal steps up are then equal percentages.",
            persist_state="session",
        )
    figure = forecast(result, ink(), log, _days(result, span))
    st.plotly_chart(
        figure.update_layout(height=400),
        key="stock_forecast",
        theme=None,
        config=ZOOMABLE,
        alt=f"Predicted and actual prices of {result.name}. {verdict(result)}",
    )


def judgement(result: Result, points) -> None:
    """Errors side by side, how they are spread, and how the loss fell."""
    metrics = result.metrics
    parts = result.split
    st.markdown(
        f"Judged on the last {parts.rows - parts.test:,} of {parts.rows:,} rows, which "
        "the training never saw. Both forecasts are for the same days."
    )
    rows = {
        "Root mean squared error (RMSE)": ("rmse", "rmse_naive", "rel_rmse"),
        "Mean absolute error (MAE)": ("mae", "mae_naive", "rel_mae"),
    }
    st.table(
        [
            {
                "On the test part": label,
                "Model": three_digits(metrics[model]),
                "Yesterday's price": three_digits(metrics[naive]),
                "Ratio": three_digits(metrics[ratio]),
            }
            for label, (model, naive, ratio) in rows.items()
        ]
    )
    if metrics["coverage_95"] is not None:
        st.markdown(
            f"**Risk.** {metrics['coverage_80']:.1%} of the prices fell within the 80% "
            f"interval and {metrics['coverage_95']:.1%} within the 95% interval. The "
            f"negative log likelihood is {metrics['nll']:.3f} a day, in standard units "
            "of the training part: lower is better."
        )
    st.markdown("##### How the loss fell")
    live.draw_curves("stock", points)


def day_by_day(result: Result) -> None:
    """How far off each day was, and the rows behind the picture."""
    span = st.session_state.get("stock_span", SPANS[0])
    st.markdown(f"##### How far off each day was: {span.lower()}")
    st.plotly_chart(
        residuals(result, ink(), _days(result, span)).update_layout(height=300),
        key="stock_residuals",
        theme=None,
        config=ZOOMABLE,
        alt="Error of each day's forecast in percent of yesterday's price",
    )
    st.dataframe(
        {name: column[::-1] for name, column in result.columns.items()},
        column_config={
            name: st.column_config.NumberColumn(format="%.5g")
            for name in result.columns
        }
        | {"Date": st.column_config.DateColumn(format="YYYY-MM-DD")},
        hide_index=True,
        height=300,
        key="stock_table",
        alt="Actual, predicted and yesterday's price of each test day, newest first",
    )


def take_away(result: Result) -> None:
    """The forecasts as a file."""
    st.markdown(
        "Every day of the test part: the actual price, the forecast, yesterday's price"
        + (", and the ends of both intervals." if result.bands else ".")
    )
    st.download_button(
        "Download results (CSV)",
        result.to_csv,
        file_name="results.csv",
        mime="text/csv",
        key="stock_download",
        icon=":material/download:",
        on_click="ignore",
    )


def how_it_works(recipe: str) -> None:
    """The recipe in equations and in code."""
    explain = _explain_seed if recipe == "seed" else _explain_honest
    explain()


def _explain_honest() -> None:
    st.markdown(
        """
A price is its predecessor times a small factor, so the network looks at **log
returns** $r_t$, in standard units of the training part, and never at the price level.

$$
r_t = \\log p_t - \\log p_{t-1}, \\qquad z_t = (r_t - \\bar r) / s
$$

Big days come in clusters. A moving variance $v_t$ knows that already; the LSTM reads
how surprising each day was and corrects it:

$$
v_t = 0.94\\, v_{t-1} + 0.06\\, z_t^2
$$

$$
(\\mu_t, o_t) = W\\,\\mathrm{LSTM}(x_1, \\dots, x_t) + b, \\qquad
\\log \\sigma^2_{t+1} = \\log v_t + o_t
$$

It is trained on the likelihood of the next return under a **Student-t** distribution,
whose heavy tails expect a crash now and then. Every day of a random stretch of the
past is a target. Training ends when the last fifth of the training part is no longer
predicted better, and the best weights are kept.

The forecast is $\\hat p_{t+1} = p_t\\, e^{\\mu_t}$, its intervals come from
$\\sigma_{t+1}$.
"""
    )
    st.code(source("core.stock.risk_network", "RiskNetwork.__call__"), "python")
    st.code(source("core.stock.risk_network", "student_t_loss"), "python")


def _explain_seed() -> None:
    st.markdown("This is the classic recipe, kept exactly. It has three faults.")
    for number, (fault, why) in enumerate(SEED_FAULTS, start=1):
        st.markdown(f"**{number}. {fault}** {why}")
    for name in ("_levels_after", "_train_on"):
        st.code(source("core.stock.seed_recipe", f"SeedRecipe.{name}"), "python")
