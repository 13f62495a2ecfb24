"""The results of the compared settings, with significance tests over seeds."""

import math
from functools import lru_cache

import streamlit as st

from core.comparison.more_seeds import run_more_seeds
from core.comparison.seeds import (
    ALPHA,
    LOWEST_LOSS,
    SEEDS,
    group_by_setting,
    lowest_loss,
    results_csv,
    verdicts,
)
from core.runs.run import value_of
from core.runs.store.readers import Reader
from core.runs.store.repeats import data_digest, repeats
from pages.ui.compare.curves import ALL_EPOCHS
from pages.ui.compare.link import swatch
from pages.ui.download import download_button
from pages.ui.intents import button, flash, once_a_press
from pages.ui.session import network_address, owner, platform
from pages.ui.words import as_text

ENOUGH = 3  # seeds of a setting; with fewer, further ones are offered
KNOWN = 512  # runs whose data and losses are in the cache of all sessions
EXPLANATION = f"""
The seed determines the initial weights and the order of the data. With another seed the
same settings give another result, so a difference between two runs may be luck. With
several seeds the spread is known, and **Welch's t-test** compares the means of two
settings.

- **p** is the probability of a difference at least this large if both settings are
  equally good. It is not the probability that they are. All pairs of settings count as
  tested (Holm's correction), because the best one is selected by these same results.
- **Better** means that p is below {ALPHA:.0%} against every other setting with two
  seeds or more. Without it, the settings may still differ, and more seeds may show it.
- Each row is tested separately. Of twenty rows without any difference, one may be
  marked.
- Choose settings by the **validation** rows. The best of many by a **test** row looks
  better than it is: its luck was selected, too.
- If some seeds of a setting failed, the mean of the others is biased, and no test is
  made.
- Exactly equal results of several seeds are weak evidence: shares of few rows are often
  equal.
- Included are runs that ended by themselves, each seed once, on the same data. Runs of
  a search are not, as their settings were selected by their results.
"""


def settings_with_seeds(runs, reader: Reader):
    """The different settings of the runs, with all readable seeds."""
    store = platform().store
    return group_by_setting(
        runs, repeats(store, reader, runs), lambda run_id: digest_of_run(reader, run_id)
    )


@lru_cache(KNOWN)
def digest_of_run(reader: Reader, run_id: str) -> str:
    """Return the SHA-256 of the data of a run."""
    return data_digest(platform().store, reader, run_id)


def results_view(settings, measures, may_change: bool) -> None:
    """Draw the results of each setting, and offer further seeds."""
    st.markdown("##### Results")
    judged = {measure: verdicts(settings, measure, _value) for measure in measures}
    st.table(
        [
            {"": _label(measure)}
            | {
                " ".join(map(swatch, setting.places)): _cell(setting, verdict, measure)
                for setting, verdict in zip(settings, found, strict=True)
            }
            for measure, found in judged.items()
        ],
        hide_index=True,
        border="horizontal",
        alt="Results of each setting: mean, standard deviation and number of seeds",
    )
    st.caption(_summary(settings, judged))
    with st.container(horizontal=True, vertical_alignment="center"):
        if may_change and not _on_other_data(settings):
            _more_seeds(settings)
        download_button(
            "Results as CSV",
            lambda: results_csv(settings, judged),
            "results.csv",
            "compare_results_csv",
            help="Mean, standard deviation, seeds and p of each setting and measure.",
        )
    with st.expander("How settings are compared", icon=":material/functions:"):
        st.markdown(EXPLANATION)


def _value(run, measure) -> float | None:
    if measure is LOWEST_LOSS:
        return _lowest_loss(run.task, run.id, run.finished)
    return value_of(run, measure)


@lru_cache(KNOWN)
def _lowest_loss(task: str, run_id: str, finished: float):  # noqa: ARG001 - part of the key
    return lowest_loss(task, platform().store.points(run_id, ALL_EPOCHS))


def _label(measure) -> str:
    return f"{measure.title}  \n:gray[{measure.part}, {measure.better} is better]"


def _cell(setting, verdict, measure) -> str:
    """The mean and spread of a setting, with its verdict."""
    if verdict.kind == "none":
        so_far = [_value(run, measure) for run in setting.runs if not run.active]
        shown = [_text(value, measure) for value in so_far if value is not None]
        return f"{shown[-1]}  \n:gray[stopped: not included]" if shown else "–"
    if verdict.kind == "one seed":
        return f"{_text(verdict.mean, measure)}  \n:gray[one seed: no test]"
    if verdict.kind == "failed":
        seeds = len(verdict.values) + verdict.failed
        return (
            f"{_text(verdict.mean, measure)}  \n"
            f":gray[{verdict.failed} of {seeds} seeds failed: no test]"
        )
    seeds, spread = len(verdict.values), verdict.deviation
    shown = f"{_text(verdict.mean, measure, spread)} ± {_text(spread, measure, spread)}"
    lines = [f"**{shown}**" if verdict.kind == "best" else shown]
    lines.append(f":gray[{seeds} seeds]")
    if verdict.kind == "best":
        lines.append(f":green[:material/check: better, {_p(verdict.p)}]")
    elif verdict.kind == "worse":
        lines.append(f":gray[worse, {_p(verdict.p)}]")
    elif verdict.p == 1 and spread == 0:
        lines.append(":gray[no difference]")
    elif verdict.leads:
        lines.append(":gray[best mean, may be chance]")
    elif verdict.p is not None:
        lines.append(f":gray[may be chance, {_p(verdict.p)}]")
    return "  \n".join(lines)


def _text(value: float, measure, spread: float = 0.0) -> str:
    """A value to the second digit of its spread; without one, five digits."""
    if measure.percent:
        return f"{100 * value:.{_decimals(100 * spread, 1)}f}%"
    if spread == 0:
        return f"{value:.5g}"
    return f"{value:.{_decimals(spread, 4)}f}"


def _decimals(spread: float, otherwise: int) -> int:
    return max(0, 1 - math.floor(math.log10(spread))) if spread else otherwise


def _p(p: float) -> str:
    return f"p = {p:.2g}" if p >= 0.001 else "p < 0.001"


def _summary(settings, judged) -> str:
    """A sentence about the table."""
    if len(settings) == 1:
        return (
            "These runs have the same settings and data: their results differ by the "
            "seed alone."
        )
    if _on_other_data(settings):
        return "The runs have different data: these results cannot be compared."
    better = [
        measure.title
        for measure, found in judged.items()
        if any(verdict.kind == "best" for verdict in found)
    ]
    if better:
        return f"Significantly better: {', '.join(better)}."
    counts = {len(verdict.values) for found in judged.values() for verdict in found}
    if max(counts) < SEEDS:
        return "Each setting has at most one seed: any difference may be luck."
    return "No setting is significantly better than all others."


def _on_other_data(settings) -> bool:
    """Whether there are several settings, all on different data."""
    return 1 < len(settings) == len({setting.data for setting in settings})


def _more_seeds(settings) -> None:
    """Draw the button for further seeds, and the number of unfinished runs."""
    training = sum(setting.training for setting in settings)
    few = [setting for setting in settings if setting.missing(ENOUGH)]
    if few:
        more = max(setting.missing(ENOUGH) for setting in few)
        button(
            f"Run {more} more {'seed' if more == 1 else 'seeds'} of each",
            "compare_seeds",
            _queue_seeds,
            few,
            icon=":material/casino:",
            help="Trains each setting with fewer than three seeds again, with the next "
            "seeds: then a significance test is possible.",
        )
    if training:
        st.caption(f"{training} runs of these settings are waiting or training.")


def _queue_seeds(settings) -> None:
    given = platform(), owner(), settings, ENOUGH, network_address()
    queued = once_a_press(run_more_seeds, *given)
    if not queued.left:
        flash(
            f"{queued.queued} runs are queued. Their results are added to the table.",
            "success",
        )
        return
    flash(
        f"{queued.queued} of {queued.queued + queued.left} runs are queued. "
        f"{as_text(queued.reason)} Then press again for the other {queued.left}.",
        "warning",
    )
