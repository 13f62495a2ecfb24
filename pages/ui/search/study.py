"""The page of one search, with live updates, and the list of searches."""

import logging
import statistics
from urllib.parse import urlencode

import streamlit as st

from core.registry import get_task
from core.runs.search.engine import BEST, DEFAULT
from core.runs.search.figures import (
    STATES,
    TrialResult,
    history,
    importance_figure,
    importances,
)
from core.runs.search.space import Plan
from core.stats import three_digits
from core.table.writer import write_csv
from pages.ui.address import Link, as_parameter
from pages.ui.cache import session_cache
from pages.ui.charts import chart, ink
from pages.ui.controls import setting_name
from pages.ui.download import download_button
from pages.ui.intents import button, intent
from pages.ui.live.part import live_part
from pages.ui.live.view import Query, View, digest, text_block
from pages.ui.session import network_address, owner, platform
from pages.ui.words import ago, as_text, duration, setting_text

log = logging.getLogger(__name__)

UPDATE_SECONDS = 1.0
BADGES = {
    "running": ":blue-badge[:material/manage_search: Searching]",
    "confirming": ":blue-badge[:material/verified: Confirming]",
    "stopped": ":orange-badge[:material/stop: Stopped]",
    "done": ":green-badge[:material/check: Finished]",
    "failed": ":red-badge[:material/error: Failed]",
}
SELECTION = (
    "The settings were selected by the validation part alone. Then the best settings "
    "and the default were trained with new seeds, as the best of many trials is partly "
    "luck. The test part was used once, after the selection."
)


def search_list() -> None:
    """List the owner's searches, newest first."""
    st.title("Searches")
    st.markdown("Your searches for better settings in this browser, newest first.")
    found = platform().studies.of_owner(owner())
    if not found:
        st.info(
            "No searches yet. Open *Search these settings* below the settings "
            "of a network.",
            icon=":material/manage_search:",
        )
        st.page_link(
            "pages/stock.py", label="Search on prices", icon=":material/arrow_forward:"
        )
    for study in found:
        with st.container(border=True, key=f"search_{study.id}"):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"{_heading(study)} · {_outcome(study)}", width="stretch")
                button(
                    "Open",
                    f"search_open_{study.id}",
                    _show,
                    study.id,
                    icon=":material/open_in_full:",
                )
            st.caption(f"{ago(study.created)} · {_space_in_words(_plan(study))}")


def search_view(study_id: str) -> None:
    """Draw the page of one search."""
    st.title("Search")
    study = platform().studies.get(owner(), study_id)
    if study is None:
        log.warning("refused the search %.40r: not this browser's", study_id)
        st.warning(
            "The search of this link is not yours or was deleted. A search can be seen "
            "in the browser that started it.",
            icon=":material/link_off:",
        )
        _all_searches()
        return
    plan = _plan(study)
    trials = _trials(study)
    _head(study, plan)
    if study.active:
        live_part(
            "search_live", f"search/{study_id}", _page_of(study), seconds=UPDATE_SECONDS
        )
    elif study.status == "stopped":
        st.progress(_share(study, plan), text=_tried(study, plan))
    if study.error:
        st.error(as_text(study.error), icon=":material/error:")
    if study.status == "done":
        _verdict(study, trials)
    if trials:
        _figures(study, plan, trials)
        _table(study, plan, trials)


def _plan(study) -> Plan:
    return Plan.from_json(study.plan)


def _trials(study) -> list[TrialResult]:
    return [TrialResult(**trial) for trial in study.summary.get("trials", [])]


def _ended(study) -> list[TrialResult]:
    return [trial for trial in _trials(study) if trial.state != "running"]


def _heading(study) -> str:
    names = get_task(study.task).TITLE, as_text(study.title)
    parts = dict.fromkeys(names)  # one name if both are equal
    return f"{BADGES[study.status]} **{' · '.join(parts)}**"


def _outcome(study) -> str:
    """The outcome of a search in a few words."""
    if study.status == "done":
        if study.summary["beats_default"]:
            return "better than the default"
        return "not significantly better than the default"
    return _tried(study, _plan(study))


def _space_in_words(plan: Plan) -> str:
    return ", ".join(
        f"{each.name.replace('_', ' ')} "
        + (
            ", ".join(map(str, each.options))
            if each.options
            else f"{setting_text(each.low)} to {setting_text(each.high)}"
        )
        for each in plan.space
    )


def _head(study, plan: Plan) -> None:
    """Draw the heading of a search, with its buttons."""
    with st.container(horizontal=True, vertical_alignment="center"):
        _all_searches()  # first, so that other buttons do not move it
        st.markdown(_heading(study), width="stretch")
        if study.active:
            button(
                "Stop",
                "search_stop",
                platform().stop_search,
                owner(),
                study.id,
                icon=":material/stop:",
                help="Stops the search and its trainings; you can resume it.",
            )
        if study.status == "stopped":
            button(
                "Resume",
                "search_resume",
                platform().resume_search,
                owner(),
                study.id,
                network_address(),
                icon=":material/play_arrow:",
                help="Continues the search; the outcome is that of an undisturbed one.",
            )
        with st.popover(
            "Delete", icon=":material/delete:", type="tertiary", key="search_delete"
        ):
            st.markdown("Delete this search, with all its trainings?")
            button("Delete for good", "search_delete_confirmed", _delete, study.id)
    extent = plan.extent
    st.caption(
        f"{_space_in_words(plan)} · {extent.trials} trials with "
        f"{extent.seeds} {'seeds' if extent.seeds > 1 else 'seed'} each · at most "
        f"{extent.minutes:g} minutes · random seed {extent.seed}. Objective to "
        f"minimise: {_objective(study)}."
    )


def _all_searches() -> None:
    button(
        "All searches",
        "search_all",
        _show,
        None,
        icon=":material/arrow_back:",
        type="tertiary",
    )


def _show(study_id: str | None) -> None:
    """Show a search, or the list of them."""
    if study_id:
        st.query_params["study"] = study_id
    else:
        st.query_params.pop("study", None)


def _delete(study_id: str) -> None:
    platform().studies.delete(owner(), study_id)
    _show(None)


def study_view(owner: str | None, study_id: str, _query: Query) -> View | None:
    """Return the progress of a search, and its current trainings."""
    study = platform().studies.get(owner, study_id) if owner else None
    if study is None:
        return None
    plan = _plan(study)
    text, share = _tried(study, plan), _share(study, plan)
    now = _now(study, plan) if study.active else ""

    def make() -> dict[str, object]:
        return {"text": text, "share": share, "blocks": [text_block(now)]}

    return View(key=("search", text, share, now), page=_page_of(study), make=make)


def _page_of(study) -> str:
    """Digest of what the rest of the page shows of the search and its trials."""
    return digest(study.status, study.summary)


def _now(study, plan: Plan) -> str:
    runs = platform().studies.runs(study.id)
    training = [_training(run, plan) for run in runs if run.status == "running"]
    waiting = sum(run.status == "queued" for run in runs)
    if waiting:
        training.append(f"{waiting} waiting for a worker")
    return f"Now: {' · '.join(training) or 'preparing the next trials'}"


def _training(run, plan: Plan) -> str:
    where = f"epoch {int(run.progress)} of {run.total or '?'}"
    if run.trial < plan.extent.trials:
        return f"trial {run.trial}, {where}"
    return f"{'best' if run.trial == plan.extent.trials else 'default'}, {where}"


def _share(study, plan: Plan) -> float:
    return len(_ended(study)) / plan.extent.trials


def _tried(study, plan: Plan) -> str:
    """The progress of a search in words."""
    spent = f"{duration(study.elapsed)} of {duration(60 * plan.extent.minutes)}"
    if study.status == "confirming":
        return f"Training the best settings and the default with new seeds · {spent}"
    return f"{len(_ended(study))} of {plan.extent.trials} trials ended · {spent}"


def _verdict(study, trials) -> None:
    """Draw the verdict on the best settings, and the button to adopt them."""
    summary = study.summary
    best = trials[summary["best"]]
    with st.container(border=True, key="search_verdict"):
        for sentence in _verdict_in_words(study):
            st.markdown(sentence)
        if best.number:
            settings = " · ".join(
                f"{name.replace('_', ' ')} **{setting_text(value)}**"
                for name, value in best.settings.items()
            )
            st.markdown(f"Best settings, of trial {best.number}: {settings}")
            button(
                "Adopt these settings",
                "search_adopt",
                lambda: _settings_link(study, _confirming_run(study), best.settings),
                type="primary" if summary["beats_default"] else "secondary",
                icon=":material/check:",
                help="Opens the page with these settings, and the training that "
                "confirmed them.",
            )
        if table := _test_table(study):
            st.table(table)
            st.caption(SELECTION)
        elif any(each.part == "test" for each in get_task(study.task).MEASURES):
            st.caption(
                "No figures of the test part: a training of each of these settings "
                "failed."
            )
        else:
            st.caption(
                "This task has no test part: all values are of the validation part, "
                "those of the verdict with seeds not used for selection."
            )


def _verdict_in_words(study) -> tuple[str, str]:
    """The verdict, and the figures behind it."""
    summary, confirmed = study.summary, study.summary["confirmed"]
    default = confirmed[DEFAULT]
    if not summary["best"]:
        return (
            "#### Nothing better than the default",
            "No trial had a lower value than the initial settings: with "
            f"{len(default)} new seeds, their {_objective(study)} is {_mean(default)}.",
        )
    best, p = confirmed[BEST], summary["p"]
    figures = (
        f"With {len(best)} new seeds each, the {_objective(study)} is "
        f"{_mean(best)} with the best settings and {_mean(default)} with the default"
    )
    if p is None:
        figures += ". A training with the best settings failed."
        return "#### Not significantly better than the default", figures
    figures += f" ({_test_in_words(default, p)})."
    if summary["beats_default"]:
        return "#### Better than the default", figures
    return (
        "#### Not significantly better than the default",
        f"{figures} Such a difference may be due to the seeds. More seeds can show "
        "smaller differences.",
    )


def _test_in_words(default, p: float) -> str:
    if failed := default.count(None):
        return (
            f"{failed} of {len(default)} trainings with the default failed and count "
            f"as the worst; one-sided rank-sum test: p = {p:.2g}"
        )
    return f"one-sided Welch test: p = {p:.2g}"


def _mean(values) -> str:
    """Mean and standard deviation of runs, None for one that failed."""
    numbers = [value for value in values if value is not None]
    if len(numbers) < 2:
        return "unknown"
    mean, spread = statistics.fmean(numbers), statistics.stdev(numbers)
    return f"{three_digits(mean)} ± {spread:.2g}"


def _test_table(study):
    """The test metrics with the best settings and with the default."""
    tests = study.summary["test"]
    rows = []
    for measure in get_task(study.task).MEASURES:
        known = any(measure.key in figures for figures in tests.values())
        if measure.part == "test" and known:
            row = {"On the test part, mean": measure.title}
            for group, title in ((BEST, "Best settings"), (DEFAULT, "Default")):
                if group in tests:
                    value = tests[group].get(measure.key)
                    row[title] = (
                        f"{value:.1%}"
                        if measure.percent and value is not None
                        else three_digits(value)
                    )
            rows.append(row)
    return rows


def _confirming_run(study):
    """The first training that confirmed the best settings."""
    trial = _plan(study).extent.trials
    runs = platform().studies.runs(study.id)
    return next((run for run in runs if run.trial == trial), None)


def _settings_link(study, run, settings) -> Link:
    """Return the link to settings on the task's page, with a run if it exists."""
    task = get_task(study.task)
    page = task.page_of(study.settings)
    params = ({"run": run.id} if run else {}) | task.address_on(page)
    params |= {f"{page}_{name}": as_parameter(v) for name, v in settings.items()}
    return Link(page, urlencode(params))


def _figures(study, plan: Plan, trials) -> None:
    """Draw the history and, after the end, the importances."""
    objective, version = _objective(study), (study.id, repr(trials), ink())
    if any(trial.value is not None for trial in trials):
        title = _first_upper(objective)
        figure = session_cache(
            "search", "history", version, lambda: history(trials, title, ink())
        )
        alt = f"The {objective} of each trial, and the lowest so far"
        chart(figure, "search_history", alt)
    if study.active or len(_ended(study)) < 2:
        return
    st.markdown("##### Importance")
    shares = session_cache(
        "search", "importances", version, lambda: importances(trials, plan.space)
    )
    if shares is None:
        st.caption(
            "Needs two searched settings or more, and eight trials within their ranges."
        )
        return
    chart(
        importance_figure(shares, ink()),
        "search_importances",
        ", ".join(f"{n.replace('_', ' ')} {share:.0%}" for n, share in shares.items()),
    )
    st.caption(
        "Which setting separates good trials from bad (PED-ANOVA). Shares always add "
        "to 100%, so even a useless one can show 60%."
    )


def _table(study, plan: Plan, trials) -> None:
    """Draw the trials; a click on one opens its run."""
    st.markdown("##### Trials")
    names = [dimension.name for dimension in plan.space]
    objective = _first_upper(_objective(study))
    rows = [
        {
            "Trial": trial.number,
            objective: trial.value,
            "± over seeds": trial.spread,
            "State": STATES[trial.state],
            **{setting_name(name): trial.settings[name] for name in names},
        }
        for trial in trials
    ]
    three = st.column_config.NumberColumn(format="%.3g")
    numbers = [setting_name(each.name) for each in plan.space if not each.options]
    st.dataframe(
        rows,
        key="search_trials",
        hide_index=True,
        column_config=dict.fromkeys((*numbers, objective, "± over seeds"), three),
        on_select=intent("search_trials", _open_trial, study, trials),
        selection_mode="single-row",
        placeholder="–",
        alt="The trials with their settings, values and states",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            "Tick a trial to open its training. Trial 0 is the default: the initial "
            "settings. The value of a trial that was stopped early is the best so far.",
            width="stretch",
        )
        download_button(
            "Trials as CSV", _csv(names, trials), "trials.csv", "search_csv"
        )


def _open_trial(study, trials) -> Link | None:
    rows = st.session_state["search_trials"].selection.rows
    run = rows and platform().store.get(owner(), trials[rows[0]].run)
    return _settings_link(study, run, {}) if run else None


def _csv(names, trials) -> str:
    return write_csv(
        {"trial": [trial.number for trial in trials]}
        | {name: [trial.settings[name] for trial in trials] for name in names}
        | {
            name: [getattr(trial, name) for trial in trials]
            for name in ("value", "spread", "state")
        }
    )


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _objective(study) -> str:
    return get_task(study.task).OBJECTIVE_TITLE
