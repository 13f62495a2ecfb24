"""The forecast beside its rivals, in tables."""

import streamlit as st

from core.stock import Result
from core.stock.view import View
from pages.ui.words import four_decimals, percent, three_digits


def price_table(result: Result, horizon: int) -> None:
    """Errors of the price: the network, the last price, the mean return, a line."""
    figures = result.views[horizon].figures
    rivals = {"Network": "", "Mean return": "_drift", "Linear model": "_linear"}
    rows = [
        {
            "Forecast": name,
            "RMSE ratio": four_decimals(figures[f"rel_rmse{ending}"]),
            "MAE ratio": four_decimals(figures[f"rel_mae{ending}"]),
        }
        for name, ending in rivals.items()
        if figures[f"rel_rmse{ending}"] is not None
    ]
    rows.append({"Forecast": "Last price", "RMSE ratio": "1", "MAE ratio": "1"})
    st.table(rows, alt="Errors of the price as multiples of those of the last price")
    unit = f" {result.series.currency}" if result.series.currency else ""
    st.caption(
        f"Ratio: divided by the error of the last price, whose RMSE is "
        f"{three_digits(figures['rmse_naive'])}{unit}, MAE "
        f"{three_digits(figures['mae_naive'])}{unit}, MAPE "
        f"{three_digits(figures['mape_naive'])}%. The network has "
        f"{three_digits(figures['rmse'])}, {three_digits(figures['mae'])} and "
        f"{three_digits(figures['mape'])}%. Diebold-Mariano test of the difference: "
        f"{_p(figures['dm_p'])}."
    )


def risk_table(result: Result, horizon: int) -> None:
    """Likelihoods beside those of volatility models, and the intervals."""
    figures = result.views[horizon].figures
    if figures["nll"] is None:
        st.markdown(
            "This recipe does not forecast the risk: it gives a single price only."
        )
        return
    rivals = {
        "Network": "",
        "GJR-GARCH(1,1), t": "_gjr",
        "GARCH(1,1), t": "_garch",
        "EWMA 0.94": "_ewma",
    }
    st.table(
        [
            {
                "Forecast": name,
                "NLL": four_decimals(figures.get(f"nll{ending}")),
                "CRPS": four_decimals(figures.get(f"crps{ending}")),
            }
            for name, ending in rivals.items()
        ],
        alt="Likelihood and continuous ranked probability score of each risk forecast",
    )
    st.table(
        [
            {
                "Interval": f"{level}%",
                "Coverage": percent(figures[f"coverage_{level}"]),
                "Network alone": percent(figures[f"coverage_{level}_raw"]),
                "Mean width": f"{figures[f'width_{level}']:.2%}",
                "Winkler": three_digits(figures[f"winkler_{level}"]),
            }
            for level in (80, 95)
        ],
        alt="Share of the prices inside each interval, its width, its Winkler score",
    )
    st.caption(
        "NLL and CRPS: lower is better; in units of the training part's standard "
        "deviation of daily returns. Diebold-Mariano test of the network against "
        f"GARCH: {_p(figures['dm_p_risk'])}. The intervals are adjusted by their past "
        "misses (adaptive conformal prediction); *Network alone* is without that."
    )


def direction_words(view: View) -> str:
    """How often the direction was right, and what that is worth."""
    figures = view.figures
    if figures["directional_accuracy"] is None:
        return "The price did not move, so there was no direction to predict."
    return (
        f"Direction predicted correctly: {figures['directional_accuracy']:.1%}, 95% "
        f"interval {figures['directional_low']:.1%} to "
        f"{figures['directional_high']:.1%}. Always predicting the more frequent "
        f"direction: {figures['majority_class']:.1%}."
    )


def _p(p: float | None) -> str:
    if p is None:
        return "no p-value"
    return "p < 0.0001" if p < 0.0001 else f"p = {p:.2g}"
