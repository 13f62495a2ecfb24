"""The tab *How it works*: the recipe in equations and in code."""

import streamlit as st

from core.stock.recipes.faults import CLASSIC_FAULTS
from pages.ui.controls import code

RETURNS = """
**1. Returns.** Each price is the previous one times a factor near 1, so the network
reads **log returns** $r_t$, standardised by the mean and standard deviation of the
training part, and never the price level:

$$
r_t = \\log p_t - \\log p_{t-1}, \\qquad z_t = (r_t - \\bar r) / s
$$
"""
RISK = """
**2. The best classical forecast.** Large changes come in clusters. An exponentially
weighted variance (EWMA), GARCH and GJR-GARCH, in which a fall counts more than a rise,
already capture this. With $e_t = z_t - \\mu$ all three are

$$
v_{t+1} = \\omega + (\\alpha + \\gamma\\, [e_t < 0])\\, e_t^2 + \\beta\\, v_t
$$

They are fitted on earlier rows only. The base forecast of each horizon is the model
that forecast the later rows before the test part best; a constant volatility, unless
another model is better by more than a standard error.
"""
NETWORK = """
**3. Networks correct it.** They read how large each return was relative to its expected
size, how three moving variances, over about a week, a month and a quarter, differ from
the forecast, and the calendar. One LSTM corrects the variance at each horizon $h$;
untrained, it leaves the classical forecast as it is:

$$
o_h = W\\,[\\mathrm{LSTM}(x_1, \\dots, x_t),\\, x_t] + b, \\qquad
\\log \\sigma^2_{t+h} = \\log v_{t+h} + a_h\\, o_h
$$

It is trained by maximum likelihood under a **Student-t** distribution, whose heavy
tails allow for an occasional crash; how heavy they are is learned for each horizon.
The first quarter of a random window is for warming up, each later row is a target. Each
network leaves out another fifth of the rows before the test part. Its first half
decides when to stop, its second how much correction to keep.

Another LSTM corrects the mean. At best a few percent of a return can be forecast, which
gradient descent hardly finds in the noise. So its weights stay random, and its readout
is solved by ridge regression (an **echo state network**):

$$
m_h = U\\,[\\mathrm{LSTM}(x_1, \\dots, x_t),\\, x_t] + d, \\qquad
\\mu_{t+h} = \\mu^0_{t+h} + c_h\\, \\sqrt{v_{t+h}}\\, m_h
$$

The corrections of several networks with different seeds are averaged, and shrunk: by
$a_h$ for the variance, from the second halves of those fifths, and by $c_h$ for the
mean, from all rows before the test part, each fifth forecast by a readout that was
solved without it. $m_h$ is kept within $\\pm 4$. With $z$ the gain in their likelihood
divided by its standard error, the factor is $1 - 3 / z^2$, and 0 if $z$ is below 2:
without evidence of a gain the classical forecast is unchanged.
"""
EVALUATION = """
**4. Evaluated on later days.** The second half of the series is divided into parts, and
each is forecast by models fitted to all days before it (rolling origin), into one
table. The simple models of the price are the last price, the mean return, the season
of earlier years, an autoregression, a linear model and ETS; those of the risk a
constant volatility, EWMA, GARCH(1,1), GJR-GARCH(1,1) and HAR, all with Student-t
errors; ARIMA where prices have seasons. Further rivals are boosting, and the network's
inputs without the LSTM. The **Diebold-Mariano test** checks whether the mean difference
$\\bar d$ of two losses is significant. The network counts as better only if it is
better than every simple model; a farther horizon counts only if all nearer ones do:

$$
\\mathrm{DM} = \\bar d \\,/ \\sqrt{\\widehat{\\mathrm{var}}(\\bar d)}
$$

The **PIT histogram** checks the forecast distribution: for each day, note the
probability forecast for a smaller return. Good forecasts spread these evenly between 0
and 1. **Value at risk** is the distribution's lower quantile: the tests of Kupiec and
Christoffersen check whether returns fall below it as often as they should, and
independently of each other.
"""
INTERVALS = """
**5. Intervals adjusted by their misses.** The error of each past day, divided by the
risk forecast for it, is a score. The interval covers 80% or 95% of the last 500 scores;
it becomes slightly wider after a miss and slightly narrower after a hit (adaptive
conformal prediction). Beyond the next row it is used only if it was better than the
interval of the network's distribution in the validation part:

$$
\\hat p_{t+h} = p_t\\, e^{\\mu_h}, \\qquad
\\text{ends} = p_t\\, e^{\\mu_h \\pm q\\, \\sigma_{t+h}}
$$
"""
SELF_TESTS = """
**6. Two self-tests.** The **leakage self-test** replaces every price after a certain
day, fits the classical models of the base forecast again, repeats the first steps of
one network in each part, and forecasts with the finished weights: earlier forecasts
must stay the same to the last bit. The **lag detector** shifts forecast and price
against each other to find the best agreement.
"""
HONEST = (
    (RETURNS, "core.stock.data.features", "inputs"),
    (RISK, "core.stock.data.features", "VarianceModel.next_variance"),
    (NETWORK, "core.stock.recipes.network", "RiskNetwork.__call__"),
    ("", "core.stock.recipes.network", "student_t_loss"),
    ("", "core.stock.recipes.network", "MeanNetwork"),
    ("", "core.stock.models.readout", "fit_mean"),
    ("", "core.stock.models.choice", "shrinkage"),
    (EVALUATION, "core.stock.backtest", "backtest"),
    ("", "core.stock.judging.diebold_mariano", "diebold_mariano"),
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
        code(module, name)


def _classic() -> None:
    st.markdown("The classic recipe, unchanged. It has three faults.")
    for number, (fault, why) in enumerate(CLASSIC_FAULTS, start=1):
        st.markdown(f"**{number}. {fault}** {why}")
    for name in ("_scale", "_levels_after", "_train_on"):
        code("core.stock.recipes.classic", f"ClassicRecipe.{name}")
