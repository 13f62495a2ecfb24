"""How it works: from prices to a forecast, in equations and in code."""

import streamlit as st

from core.source import source
from core.stock.notes import SEED_FAULTS

RETURNS = """
**1. Returns.** A price is its predecessor times a small factor, so the network looks at
**log returns** $r_t$, in standard units of the training part, and never at the level of
the price:

$$
r_t = \\log p_t - \\log p_{t-1}, \\qquad z_t = (r_t - \\bar r) / s
$$
"""
RISK = """
**2. A moving risk.** Big days come in clusters. Three moving averages of the squares,
with a memory of about a week, a month and a quarter, know that already. A fall counts
more than a rise, and every storm returns to the usual variance:

$$
v_t^{(k)} = \\lambda_k v_{t-1}^{(k)} + (1 - \\lambda_k)\\,
(1 - \\tfrac{1}{4}\\,\\mathrm{sign}\\, z_t)\\, z_t^2, \\qquad
b_t = 0.05 + 0.95 \\sum_k w_k v_t^{(k)}
$$
"""
NETWORK = """
**3. The network corrects it.** An LSTM reads how surprising each day was, and how the
three averages differ. For each horizon $h$ it gives a small mean and a correction of
the variance; untrained it repeats the last price and the moving risk:

$$
(\\mu_h, o_h) = W\\,\\mathrm{LSTM}(x_1, \\dots, x_t) + b, \\qquad
\\log \\sigma^2_{t+h} = \\log (h\\, b_t) + o_h
$$

It learns by the likelihood of the returns under a **Student-t** distribution, whose
heavy tails expect a crash now and then. Every day of a random stretch of the past is a
target. A network rests when days it does not learn from are no longer foretold better;
several of them, started differently, are averaged.
"""
JUDGED = """
**4. Judged by days it never saw.** The second half of the series is cut into parts, and
each is forecast by networks that learned from all days before it (rolling origin).
Beside the forecast stand the last price, the mean return, a linear model, and for the
risk EWMA, GARCH(1,1) and GJR-GARCH(1,1) with Student-t errors. The **Diebold-Mariano
test** says whether the difference $d_t$ of two losses is more than chance:

$$
\\mathrm{DM} = \\bar d \\,/ \\sqrt{\\widehat{\\mathrm{var}}(\\bar d)}
$$
"""
INTERVALS = """
**5. Intervals that learn from their misses.** The error of each past day, divided by
the risk that was forecast for it, is a score. The interval reaches as far as 80% or 95%
of the last 500 scores did, a little farther after a miss and a little less far after a
hit (adaptive conformal prediction):

$$
\\hat p_{t+h} = p_t\\, e^{\\mu_h}, \\qquad
\\text{ends} = p_t\\, e^{\\mu_h \\pm q\\, \\sigma_{t+h}}
$$
"""
LEAKS = """
**6. Two tests of itself.** The **leakage self-test** replaces every price after a day
and does all again: forecasts made until then must stay the same to the last bit. The
**lag detector** shifts forecast and price against each other and sees where they agree.
"""
HONEST = (
    (RETURNS, "core.stock.features", "features"),
    (RISK, "core.stock.features", "moving_variance"),
    (NETWORK, "core.stock.risk_network", "RiskNetwork.__call__"),
    ("", "core.stock.risk_network", "student_t_loss"),
    (JUDGED, "core.stock.diebold", "diebold_mariano"),
    (INTERVALS, "core.stock.conformal", "interval_factors"),
    (LEAKS, "core.stock.leakage", "compare"),
    ("", "core.stock.lag", "detect_lag"),
)


def how_it_works(recipe: str) -> None:
    """Draw the recipe that is chosen on the left, in equations and in code."""
    if recipe == "seed":
        _classic()
        return
    for text, module, name in HONEST:
        if text:
            st.markdown(text)
        _code(module, name)


def _classic() -> None:
    st.markdown("This is the classic recipe, kept exactly. It has three faults.")
    for number, (fault, why) in enumerate(SEED_FAULTS, start=1):
        st.markdown(f"**{number}. {fault}** {why}")
    for name in ("_scale", "_levels_after", "_train_on"):
        _code("core.stock.seed_recipe", f"SeedRecipe.{name}")


def _code(module: str, name: str) -> None:
    path = f"{module.replace('.', '/')}.py"
    with st.expander(f"`{name.split('.')[-1]}` from `{path}`", icon=":material/code:"):
        st.code(source(module, name), "python")
