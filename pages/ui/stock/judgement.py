"""The tab *Judgement*: the evaluation of the forecast beside its rivals."""

import streamlit as st

from core.arrays import unpack
from core.stats import three_digits
from core.stock import Config, Result
from core.stock.data.frequency import DEFAULT
from core.stock.figures.judgement import (
    coverage_of_each_year,
    coverage_of_each_year_alt,
    error_by_horizon,
    error_by_horizon_alt,
    lag_detector,
    lag_detector_alt,
    pit,
    pit_alt,
    trading,
    trading_alt,
    volatility,
    volatility_alt,
)
from core.stock.figures.training import epoch_alt, epochs_figure
from core.stock.judging.breakdown import judged_by
from core.stock.judging.calibration import MIN_EXPECTED, VAR_LEVELS, var_backtests
from core.stock.judging.horizon import HorizonForecast
from core.stock.judging.verdict import NAMES as RIVALS
from core.stock.models import LSTM
from core.stock.sources.samples import SAMPLES
from core.task import bounds_of
from pages.ui.address import bind, persistent, set_widget
from pages.ui.charts import chart as plotly_chart
from pages.ui.charts import ink, metric
from pages.ui.intents import intent
from pages.ui.live import panel
from pages.ui.session import is_shared
from pages.ui.stock.charts import chart
from pages.ui.stock.models import MODEL_NAMES, reuse, sample_verdicts
from pages.ui.words import four_decimals, percent

ON_COPIES = (
    "If price changes cannot be predicted, the best forecast is close to the last "
    "price. The forecast of the uncertainty can still be useful."
)
ON_SMALL_CHANGES = (
    "The forecast changes are small beside the actual ones. The verdict has their "
    "gain and its significance."
)
_ON_EPOCHS = {
    "honest": "Validation rows before the test part, by the first network. Move the "
    "slider: the interval's width learns to follow the size of the returns.",
    "classic": "The last training rows before the test set. Move the slider: the "
    "predicted price finds the shape of the last known one.",
}
POWER = (
    "Can this test see small effects? In series of 3,000 returns it found a strong "
    "rule (it moves the next return by about a third of its standard deviation) in 144 "
    "of 160 simulations, one half as strong in 40 of 160, and never one that was "
    "absent (200)."
)
ALONE = "each alone; p below the forecast is one-sided and counts all tests (Holm)"
ADJUSTED = (80, "conformal")  # level and kind of an interval
TRADING_COST = "stock_trading_cost"


def judgement_tab(
    result: Result, points: list, snapshots: dict[int, bytes], is_example: bool
) -> None:
    """Draw the tab; `points` and `snapshots` are those of the training."""
    _metrics(result)
    _protocol(result)
    _models(result)
    if is_example:
        _all_samples()
    horizon = _choose_horizon(result)
    forecast = result.by_horizon[horizon]
    with st.grid(2, min_column_width=320):
        with st.container():
            st.markdown("##### The price")
            _price_table(forecast, result.series.currency)
            st.caption(_direction(forecast))
            if result.distribution is not None:
                st.markdown(f"##### Error by {result.series.frequency.step}s ahead")
                alt = error_by_horizon_alt(result)
                chart("horizons", error_by_horizon, result, alt=alt, height=320)
        with st.container():
            st.markdown("##### The risk")
            _risk_tables(forecast)
    if result.distribution is not None:
        _risk_charts(result, horizon)
    with st.grid(2, min_column_width=320):
        with st.container():
            st.markdown("##### Lag detector")
            alt = lag_detector_alt(result)
            chart("lag", lag_detector, result, alt=alt, height=320)
            st.caption(f"{result.lag.sentence} {_on_copies(result)}")
        with st.container():
            _trading(result)
    with st.grid(2, min_column_width=320):
        if result.seeds:
            with st.container():
                st.markdown("##### By random seed")
                _seed_table(result)
        with st.container():
            st.markdown("##### By part of the test")
            _fold_table(result)
    st.markdown("##### Learning curves")
    panel.draw_curves("stock", points)
    if snapshots:
        st.markdown("##### Forecasts while it learned")
        st.caption(_ON_EPOCHS[result.config.recipe])
        frames = {epoch: unpack(each) for epoch, each in snapshots.items()}
        last = frames[max(frames)]
        plotly_chart(epochs_figure(frames, ink()), "stock_snapshots", epoch_alt(last))


def _models(result: Result) -> None:
    """All models side by side, the nearest horizon first."""
    frequency = result.series.frequency
    rows = []
    for each in result.by_horizon.values():
        covers = {(i.level, i.kind): i.coverage for i in each.intervals}
        for row in each.models.values():
            adjusted = covers.get(ADJUSTED) if row.model == LSTM else None
            rows.append(
                {
                    "Model": MODEL_NAMES[row.model],
                    f"{frequency.step.title()}s ahead": row.horizon * frequency.size,
                    "Error ÷ last price's": four_decimals(row.rel_rmse),
                    "NLL": four_decimals(row.nll),
                    "Coverage of 80%": percent(row.coverage_80),
                    "Adjusted": percent(adjusted),
                }
            )
    with st.expander("All models in this test", icon=":material/table:"):
        st.dataframe(
            rows,
            hide_index=True,
            height=300,
            key="stock_models",
            alt="Error, likelihood and coverage of each model at each horizon",
        )
        st.caption(
            "Boosting reads the last three returns and the calendar. "
            "“Same inputs without the LSTM” is the baseline of the LSTM's "
            "contribution. Coverage is that of each model's own distribution, the "
            "adjusted one that of the network's intervals corrected by past misses."
        )
        st.caption(POWER)


def _all_samples() -> None:
    """Draw the verdicts on each of the bundled series."""
    rows = [
        {
            "Series": SAMPLES[name].title,
            "Risk, 1 day": _against(verdicts["risk"][0]),
            "Risk, further": _unlike_rivals(verdicts["risk"][1:]),
            "Price": _unlike_rivals(verdicts["price"]),
            "LSTM adds": _added(verdicts),
        }
        for name, verdicts in sample_verdicts().items()
    ]
    with st.expander("All six bundled series, with the same settings"):
        st.table(
            rows,
            alt="Risk, price and what the LSTM adds, of each bundled series",
        )


def _unlike_rivals(outcomes) -> str:
    """The horizons at which the network was better or worse than a rival."""
    return (
        "; ".join(
            f"{DEFAULT.ahead(outcome.horizon)}: {_against(outcome)}"
            for outcome in outcomes
            if outcome.kind != "same"
        )
        or "like its rivals"
    )


def _against(outcome) -> str:
    """The comparison with the best simple model in a few words."""
    words = {"better": "better than", "worse": "worse than", "same": "like"}
    return f"{words[outcome.kind]} {RIVALS[outcome.rival]}"


def _added(verdicts) -> str:
    """Where the LSTM adds to the same inputs without it, in a few words."""
    found = (
        f"{of}, {DEFAULT.ahead(outcome.horizon)}"
        for of, outcomes in verdicts.items()
        for outcome in outcomes
        if outcome.adds == "better"
    )
    return "; ".join(found) or "nothing"


def _metrics(result: Result) -> None:
    """Four metrics of the next day's forecast, each beside its baseline."""
    forecast, row = result.by_horizon[1], result.series.frequency.row
    metrics, models = forecast.network, forecast.models
    rival = forecast.best_rival
    covers = [forecast.shown(level) for level in (80, 95)]
    shares = [percent(each and each.coverage) for each in covers]
    with st.grid(4, min_column_width=130):
        metric(
            "Error ÷ last price's",
            four_decimals(metrics.rel_rmse),
            " ÷ ".join(
                f"{three_digits(each.rmse_percent)}%"
                for each in (metrics, models["naive"])
            ),
            f"Root mean squared error (RMSE) of the next {row}'s price on the test "
            f"{row}s, in percent of the last known price, divided by that of repeating "
            "the last known price. Below 1 is better.",
        )
        metric(
            "Risk error (NLL)",
            four_decimals(metrics.nll),
            f"{RIVALS[rival]}: {four_decimals(models[rival].nll)}" if rival else "–",
            f"Negative log-likelihood per {row}: the less probable the actual returns "
            "were under the forecast, the higher. Lower is better. Below it: that of "
            "the best simple model in the test part.",
        )
        metric(
            "Coverage of 80%",
            shares[0],
            f"of 95%: {shares[1]}",
            "Share of the test prices inside the intervals; they should contain 80% "
            "and 95%.",
        )
        metric(
            "Direction",
            percent(metrics.directional_accuracy),
            "always the same: "
            f"{percent(forecast.direction and forecast.direction.majority)}",
            f"Share of the {row}s whose rise or fall was predicted correctly, and the "
            "share for always predicting the more frequent of the two.",
        )


def _on_copies(result: Result) -> str:
    """An explanation of a forecast that is close to an earlier price."""
    if not result.lag.copies:
        return ""
    return ON_SMALL_CHANGES if result.price.predicted_by == LSTM else ON_COPIES


def _protocol(result: Result) -> None:
    """Draw the test rows, and the outcome of the leakage self-test."""
    parts, config, row = result.split, result.config, result.series.frequency.row
    networks = f"{config.seeds} networks" if config.seeds > 1 else "one network"
    rows = f"Evaluated on the last {parts.rows - parts.test:,} of {parts.rows:,} rows"
    st.markdown(
        f"{rows}, in {config.folds} part{'s' if config.folds > 1 else ''}: each was "
        f"forecast by {networks} trained only on the {row}s before it."
        if config.recipe == "honest"
        else f"{rows}."
    )
    if warning := reuse(result):
        st.caption(warning)
    if (leakage := result.leakage) is not None:
        badge = (
            ":green-badge[:material/verified_user: Leakage self-test passed]"
            if leakage.passed
            else ":red-badge[:material/warning: Leakage self-test failed]"
        )
        st.markdown(f"{badge} {leakage.sentence}")


def _choose_horizon(result: Result) -> int:
    if len(result.horizons) == 1:
        return 1
    frequency = result.series.frequency
    return st.segmented_control(
        f"{frequency.step.title()}s ahead",
        result.horizons,
        format_func=lambda rows: str(rows * frequency.size),
        required=True,
        **persistent(bind("stock_days_ahead", 1, result.horizons)),
        help="Horizon of the tables and of the coverage below. The network and the "
        "baselines have a separate forecast for each horizon.",
    )


def _price_table(forecast: HorizonForecast, currency: str) -> None:
    """Errors of the network and of its rivals, the last price at the end."""
    best, naive = forecast.best_price_rival, forecast.models["naive"]
    rivals = [forecast.models[name] for name in forecast.price_tests if name != "naive"]
    st.table(
        [
            {
                "Forecast": _model_name(each.model, best),
                "RMSE ratio": "1" if each is naive else four_decimals(each.rel_rmse),
                "MAE ratio": "1" if each is naive else four_decimals(each.rel_mae),
                "p": _p_value(each.p_price),
            }
            for each in (forecast.network, *rivals, naive)
            if each is naive or each.rel_rmse is not None
        ],
        alt="Errors of the price as multiples of those of the last price",
    )
    unit = f" {currency}" if currency else " in the unit of the prices"
    figures = [
        f"RMSE {three_digits(each.rmse_percent)}% of the price when the forecast was "
        f"made ({three_digits(each.rmse_currency)}{unit}), MAE "
        f"{three_digits(each.mae_percent)}% ({three_digits(each.mae_currency)})"
        for each in (naive, forecast.network)
    ]
    st.caption(
        f"Ratio: divided by the error of the last price, {figures[0]}. The network "
        f"has {figures[1]}. Errors in percent count high and low prices alike. p: "
        f"Diebold-Mariano test of the network against others, {ALONE}."
    )


def _model_name(name: str, best: str | None) -> str:
    return f"{MODEL_NAMES[name]}{' (best simple model)' if name == best else ''}"


def _direction(forecast: HorizonForecast) -> str:
    """The share of correctly predicted directions, beside its baseline."""
    if (found := forecast.direction) is None:
        return "The price did not move, so there was no direction to predict."
    return (
        f"Direction predicted correctly: {found.share:.1%}, 95% interval "
        f"{found.low:.1%} to {found.high:.1%}. Always predicting the more frequent "
        f"direction: {found.majority:.1%}."
    )


def _risk_tables(forecast: HorizonForecast) -> None:
    """Likelihoods of the network and of volatility models, and the intervals."""
    if forecast.distribution is None:
        st.markdown(
            "This recipe does not forecast the risk: it gives a single price only."
        )
        return
    st.table(
        [
            {
                "Forecast": _model_name(name, forecast.best_rival),
                "NLL": four_decimals(forecast.models[name].nll),
                "CRPS": four_decimals(forecast.models[name].crps),
                "p": _p_value(forecast.models[name].p_risk),
            }
            for name in (LSTM, *forecast.risk_tests)
        ],
        alt="Likelihood and continuous ranked probability score of each risk forecast",
    )
    st.caption(
        "NLL and CRPS: lower is better; in units of the training part's standard "
        f"deviation of {forecast.frequency.adjective} returns. p: Diebold-Mariano test "
        f"of the network's NLL against others, {ALONE}."
    )
    _interval_table(forecast)


def _interval_table(forecast: HorizonForecast) -> None:
    """Both kinds of intervals at both levels."""
    kinds = {"conformal": "adjusted", "raw": "network alone"}
    st.table(
        [
            {
                "Interval": f"{each.level}%, {kinds[each.kind]}",
                "Coverage": percent(each.coverage),
                "Mean width": f"{each.width:.2%}",
                "Winkler": three_digits(each.winkler),
            }
            for each in forecast.intervals
        ],
        alt="Share of the prices inside each interval, its width, its Winkler score",
    )
    own = [f"{level}%" for level in forecast.own_intervals]
    used = f"; at {' and '.join(own)}, the network's own" if own else ""
    st.caption(
        "Adjusted: by past misses (adaptive conformal prediction). The charts show the "
        f"adjusted interval{used}. Width: as a share of the price. Winkler: the width "
        "and a penalty for each miss, as a share of the price; lower is better."
    )


def _var_tables(forecast: HorizonForecast) -> None:
    """Backtests of the value at risk of the network and of its rivals."""
    st.markdown("##### Value at risk")
    by_level = {level: var_backtests(forecast, level) for level in VAR_LEVELS}
    with st.grid(2, min_column_width=320):
        for level, backtests in by_level.items():
            st.table(
                [
                    {
                        "Forecast": MODEL_NAMES[name],
                        f"Below {level:.0%} VaR": f"{each.share:.1%}",
                        "Kupiec p": _p_value(each.kupiec),
                        "Christoffersen p": _p_value(each.christoffersen),
                    }
                    for name, each in backtests.items()
                ],
                alt=f"Share of the returns below the {level:.0%} quantile of each "
                "forecast, and the p-values of two tests",
            )
    caption = (
        "VaR: the quantile below which 5% or 1% of the returns should fall. Kupiec "
        "tests that share; Christoffersen also whether such returns come in clusters. "
        "A p below 0.05 speaks against the forecast."
    )
    networks = [backtests[""] for backtests in by_level.values()]
    if forecast.horizon > 1:
        caption += (
            f" Windows overlap, so the tests count one row in {forecast.horizon}, "
            f"{networks[0].rows} in all."
        )
    if any(each.kupiec is None for each in networks):
        caption += f" –: fewer than {MIN_EXPECTED} are expected, too few to test."
    st.caption(caption)


def _p_value(p: float | None) -> str:
    return "–" if p is None else f"{p:.2g}"


def _risk_charts(result: Result, horizon: int) -> None:
    with st.grid(2, min_column_width=320):
        with st.container():
            period, _ = judged_by(result.by_horizon[horizon])
            st.markdown(f"##### Coverage by {period}")
            alt = coverage_of_each_year_alt(result, horizon)
            chart("years", coverage_of_each_year, result, horizon, alt=alt, height=320)
        with st.container():
            st.markdown("##### PIT histogram")
            alt = pit_alt(result, horizon)
            chart("pit", pit, result, horizon, alt=alt, height=320)
            st.caption(
                "Equal bars: right (95% of their tops lie in the grey band"
                f"{', which allows for overlapping windows' if horizon > 1 else ''}). "
                "High ends: risk too low. High middle: too high. Slope: one-sided. "
                "Rows are counted by the forecast probability of a smaller return."
            )
    _var_tables(result.by_horizon[horizon])
    st.markdown("##### Volatility, forecast and realised")
    alt = volatility_alt(result)
    chart("volatility", volatility, result, alt=alt, height=340, zoom=True)


def _trading(result: Result) -> None:
    """Draw the trading simulation, and the control of its cost."""
    st.markdown("##### Trading simulation")
    chart("trading", trading, result, alt=trading_alt(result), height=320)
    bounds = bounds_of(Config.__dataclass_fields__["cost"])
    st.session_state[TRADING_COST] = result.config.cost
    st.number_input(
        "Cost, basis points per trade",
        min_value=float(bounds.low),
        max_value=float(bounds.high),
        step=1.0,
        format="%.5g",
        key=TRADING_COST,
        help="Cost of each purchase and each sale, in hundredths of a percent: the "
        "setting *Cost* of the hyperparameters.",
        on_change=intent(TRADING_COST, _use_trading_cost),
        disabled=is_shared(),
    )
    simulated = result.trading
    st.caption(
        f"{simulated.sentence} The simulation buys at the close when a rise is "
        "forecast, sells at the close when a fall is forecast, and is invested on "
        f"{simulated.days_in:.0%} of the {result.series.frequency.row}s. Past "
        "results are no investment advice."
    )


def _use_trading_cost() -> None:
    set_widget("stock_cost", st.session_state[TRADING_COST])


def _seed_table(result: Result) -> None:
    rows = [
        (f"Seed {number}", seed.rel_rmse, seed.nll)
        for number, seed in enumerate(result.seeds, start=1)
    ]
    if len(rows) > 1:
        metrics = result.network
        rows.append(("All, averaged", metrics.rel_rmse, metrics.nll))
    st.table(
        [
            {"Networks": name, "RMSE ratio": four_decimals(error)}
            | ({} if nll is None else {"NLL": four_decimals(nll)})
            for name, error, nll in rows
        ],
        alt="Error and likelihood of each seed's networks alone, and of their average",
    )


def _fold_table(result: Result) -> None:
    rows = []
    digits = 10 if result.series.frequency.intraday else 7  # a date, or a month
    for fold in result.by_fold:
        row = {
            "Forecast": f"{str(fold.first)[:digits]} to {str(fold.last)[:digits]}",
            "Rows before": f"{fold.rows_before:,}",
            "RMSE ratio": four_decimals(fold.rel_rmse),
        }
        if fold.nll is not None:
            row |= {
                "NLL": four_decimals(fold.nll),
                RIVALS[result.by_horizon[1].best_rival]: four_decimals(fold.nll_rival),
                "Coverage, 80%": percent(fold.coverage_80),
            }
        rows.append(row)
    st.table(rows, alt="Error, likelihood and coverage in each part of the test half")
