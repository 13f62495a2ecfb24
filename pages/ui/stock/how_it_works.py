"""The tab *How it works*: from prices to a forecast, in equations and in code."""

import streamlit as st

from core.source import source
from core.stock.recipes.faults import CLASSIC_FAULTS

RETURNS = """
**1. Returns.** Each price is the previous one times a factor near 1, so the models
read **log returns** $r_t$, standardised by the mean and standard deviation of the
training part, and never the price level:

$$
r_t = \\log p_t - \\log p_{t-1}, \\qquad z_t = (r_t - \\bar r) / s
$$
"""
RISK = """
**2. A classical forecast.** Large changes come in clusters, and falls are followed by
larger changes than rises. GJR-GARCH describes both; with $\\gamma = 0$
it is GARCH(1,1), and EWMA is a moving average of the squares:

$$
v_{t+1} = \\omega + (\\alpha + \\gamma\\,[e_t < 0])\\, e_t^2 + \\beta\\, v_t,
\\qquad e_t = z_t - m
$$

For each horizon the one of the three that forecast the rows before the test part best
is the start.
"""
NETWORK = """
**3. The network corrects it.** An LSTM reads how large each return was relative to its
expected size, and three moving variances divided by the classical one. For each horizon
$h$ it outputs what is added to the mean and to the log-variance of the classical
forecast; untrained, it adds nothing:

$$
(\\mu_h, o_h) = W\\,[\\mathrm{LSTM}(x_1, \\dots, x_t),\\, x_t] + b, \\qquad
\\log \\sigma^2_h = \\log v_h + o_h
$$

It is trained by maximum likelihood under a **Student-t** distribution, whose heavy
tails allow for an occasional crash. Every row of a random window of the past is a
target. Training of a network stops when its validation loss no longer falls; the
corrections of several networks with different seeds are averaged. At each horizon a
correction is accepted only if it improves the likelihood of the validation rows by more
than its standard error: where there is nothing to learn, the classical forecast stays.
"""
EVALUATION = """
**4. Evaluated on later rows.** The second half of the series is divided into parts, and
each is forecast by networks trained on all rows before it (rolling origin). The price
is compared with the best of the last known price, the mean return and a linear model,
the risk with the best of EWMA, GARCH and GJR-GARCH with Student-t errors; the best is
chosen before the test part. The **Diebold-Mariano test** tells whether the mean
difference $\\bar d$ of two losses is more than chance:

$$
\\mathrm{DM} = \\bar d \\,/ \\sqrt{\\widehat{\\mathrm{var}}(\\bar d)}
$$

Its variance counts windows that overlap, and its p-values are adjusted for the number
of horizons (Holm).

The **PIT histogram** shows whether the forecast distribution is right: the forecast
probability of a return lower than the one that came is then uniform. **Value at risk**
is its lower quantile: the tests of Kupiec and Christoffersen tell whether returns fall
below it as often as they should, and independently of each other.
"""
INTERVALS = """
**5. Intervals.** The error of each past row, divided by the risk forecast for it, is a
score. The adjusted interval covers 80% or 95% of the last 500 scores; it becomes
slightly wider after a miss and slightly narrower after a hit (adaptive conformal
prediction):

$$
\\hat p_{t+h} = p_t\\, e^{\\mu_h}, \\qquad
\\text{ends} = p_t\\, e^{\\mu_h \\pm q\\, \\sigma_h}
$$

Beyond one row ahead it is used only if it has the better Winkler score in the
validation part; else $q$ is the quantile of the network's own distribution.
"""
SELF_TESTS = """
**6. Two self-tests.** The **leakage self-test** replaces every price after a certain
day and repeats the whole computation: earlier forecasts must stay the same to the last
bit. The **lag detector** shifts forecast and price against each other to find the shift
at which they agree best.
"""
HONEST = (
    (RETURNS, "core.stock.data.features", "Scaling.standardise"),
    (RISK, "core.stock.data.features", "VarianceModel.next_variance"),
    ("", "core.stock.rivals.classical", "choose"),
    (NETWORK, "core.stock.recipes.network", "CorrectionNetwork.__call__"),
    ("", "core.stock.recipes.network", "student_t_loss"),
    ("", "core.stock.recipes.correction", "accepted_shares"),
    (EVALUATION, "core.stock.judging.diebold_mariano", "diebold_mariano"),
    ("", "core.stock.judging.calibration", "backtest_var"),
    (INTERVALS, "core.stock.judging.conformal", "interval_factors"),
    (SELF_TESTS, "core.stock.judging.leakage", "compare"),
    ("", "core.stock.judging.lag", "detect_lag"),
)


def how_it_works_tab(recipe: str) -> None:
    """Draw the recipe that is selected on the left, in equations and in code."""
    if recipe == "classic":
        _classic()
        return
    for text, module, name in HONEST:
        if text:
            st.markdown(text)
        _code(module, name)


def _classic() -> None:
    st.markdown("The classic recipe, unchanged. It has three faults.")
    for number, (fault, why) in enumerate(CLASSIC_FAULTS, start=1):
        st.markdown(f"**{number}. {fault}** {why}")
    for name in ("_scale", "_levels_after", "_train_on"):
        _code("core.stock.recipes.classic", f"ClassicRecipe.{name}")


def _code(module: str, name: str) -> None:
    path = f"{module.replace('.', '/')}.py"
    with st.expander(f"`{name.split('.')[-1]}` from `{path}`", icon=":material/code:"):
        st.code(source(module, name), "python")
