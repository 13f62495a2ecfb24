"""The panel of a run: its state, its owner's buttons, its progress or outcome."""

import time

import streamlit as st

from core.comparison.more_seeds import run_another_seed
from core.runs.search.space import Plan
from pages.ui.address import persistent
from pages.ui.cache import points_of, shared_cache
from pages.ui.charts import chart, ink, theme
from pages.ui.intents import button, once_a_press
from pages.ui.live.part import idle_part, live_part
from pages.ui.live.run import can_stop, metrics_alt, metrics_figure, page_of
from pages.ui.live.state import is_changing
from pages.ui.session import (
    is_shared,
    network_address,
    open_run,
    owner,
    platform,
    reader_query,
)
from pages.ui.shares import share_menu
from pages.ui.words import as_text, counted, date_and_time, duration, local_time

BADGES = {
    "done": ":green-badge[:material/check: Finished]",
    "stopped": ":orange-badge[:material/stop: Stopped]",
    "failed": ":red-badge[:material/error: Failed]",
}
SHORTEST_REPLAY = 2  # epochs
LOG_HELP = "A logarithmic axis shows late, small improvements as large as early ones."


def is_live(prefix: str, run) -> bool:
    """Whether a page shows the progress of a run, live or in a replay."""
    return is_changing(run) or _replay_start(prefix, run) is not None


def follow(prefix: str, run, *, log_axis: bool = True) -> str:
    """Draw the progress of a run as a live part, or the replay of a finished one.

    The page reruns at the end. Widgets are keyed by the page's prefix. `log_axis`
    offers a logarithmic axis. Returns the path of its answers, for other live parts.
    """
    log = {"name": "log", "key": f"{prefix}_log", "label": "Log axis", "help": LOG_HELP}
    switches = [log] if log_axis else []
    if is_changing(run):
        _about_trial(run)
        path = f"run/{run.id}"
        live_part(
            f"{prefix}_live",
            path,
            page_of(run, points_of(run)),
            switches=switches,
            **reader_query(),
            ink=theme(),
        )
    else:
        path = f"replay/{run.id}"
        live_part(
            f"{prefix}_replay_part",
            path,
            "replay",
            switches=switches,
            on_change=lambda: _end_replay(prefix),
            **reader_query(),
            ink=theme(),
            start=f"{_replay_start(prefix, run):.3f}",
        )
    return path


def wait_for_run(prefix: str) -> None:
    """Draw an empty part where `follow` shows the next run.

    In the same container, the browser keeps it for the run.
    """
    idle_part(f"{prefix}_live")


def _replay_start(prefix: str, run) -> float | None:
    """The start of a running replay in this session, or None."""
    run_id, start = st.session_state.get(f"{prefix}_replayed", (None, None))
    return start if run_id == run.id else None


def replay_again(prefix: str, run) -> None:
    """Show that a training was finished before its owner pressed *Train*."""
    st.session_state[f"{prefix}_known"] = run.id
    if len(points_of(run)) >= SHORTEST_REPLAY:
        _begin_replay(prefix, run.id)
        st.toast(_trained_before(run), icon=":material/history:")


def _begin_replay(prefix: str, run_id: str) -> None:
    st.session_state[f"{prefix}_replayed"] = run_id, time.monotonic()


def _end_replay(prefix: str) -> None:
    st.session_state.pop(f"{prefix}_replayed", None)


def draw_curves(prefix: str, points) -> None:
    """Draw the metrics of a run over its epochs, with a switch to a log axis."""
    log = st.toggle(
        "Log axis",
        **persistent(f"{prefix}_log"),
        help=LOG_HELP,
    )
    chart(
        shared_cache(metrics_figure, points, log, ink()),
        f"{prefix}_curves",
        metrics_alt(points),
    )


def state_line(prefix: str, run, begun=None) -> None:
    """Draw the state of a run in words, with its owner's buttons beside them.

    `begun` is called with the id of a run that a button starts.
    """
    key = "run" if _replay_start(prefix, run) is None else "replay"
    with st.container(key=key, horizontal=True, vertical_alignment="center"):
        st.markdown(_state(prefix, run), width="content")
        if is_shared():
            return
        with st.container(horizontal=True, width="content"):
            if is_changing(run):
                share_menu(prefix, [run.id])
                _stop_button(prefix, run)
            elif _replay_start(prefix, run) is not None:
                _replay_buttons(prefix, run, begun)
            else:
                _ended_buttons(prefix, run, begun)


def _state(prefix: str, run) -> str:
    """Return the state of a run as Markdown."""
    name = f"**{as_text(run.name)}**"
    is_known = _is_known(prefix, run) and not is_shared()
    if is_changing(run):
        return name
    if _replay_start(prefix, run) is not None:
        text = _trained_before(run) if is_known else f"Replaying {name}."
        return f":violet-badge[:material/replay: Replay] {text}"
    if is_known:
        effort = f"Trained before, {_when(run.finished)}."
    else:
        effort = f"{counted(run.progress, 'epoch')} in {duration(run.seconds)}"
    return f"{BADGES[run.status]} {name} · {effort}"


def _trained_before(run) -> str:
    return f"Trained before, {_when(run.finished)}. Replaying."


def _when(moment: float) -> str:
    """Say when a time (seconds since 1970) was: "at 12:47", or with its date."""
    there = local_time(moment)
    if there.date() == local_time(time.time()).date():
        return f"at {there:%H:%M}"
    return f"on {date_and_time(moment)}"


def ended(run) -> None:
    """Draw what went wrong in a run that has ended, and its place in a search."""
    if run.error:
        show = st.error if run.status == "failed" else st.info
        show(as_text(run.error), icon=":material/info:")
    _about_trial(run)


def _is_known(prefix: str, run) -> bool:
    """Whether a training had finished before its owner's latest request."""
    asked_again = st.session_state.get(f"{prefix}_known") == run.id
    return run.known_before or (asked_again and run.status == "done")


def _train_another_seed(prefix: str, run, begun) -> None:
    more = platform(), owner(), run, network_address()
    run_id = once_a_press(run_another_seed, *more)
    if begun:
        begun(run_id)
    open_run(prefix, run_id)


def _stop_button(prefix: str, run) -> None:
    button(
        "Stop",
        f"{prefix}_stop",
        platform().stop,
        owner(),
        run.id,
        icon=":material/stop:",
        disabled=not can_stop(run),
        help="Ends the training and keeps the result so far.",
    )


def _replay_buttons(prefix: str, run, begun) -> None:
    if _is_known(prefix, run):
        _another_seed_button(prefix, run, begun)
    button(
        "Skip to the result",
        f"{prefix}_end_replay",
        _end_replay,
        prefix,
        icon=":material/skip_next:",
        help="Ends the replay.",
    )


def _another_seed_button(prefix: str, run, begun) -> None:
    button(
        "Another seed",
        f"{prefix}_another_seed",
        _train_another_seed,
        prefix,
        run,
        begun,
        icon=":material/casino:",
        help="Trains the same settings on the same data with the next unused seed: "
        "the difference is due to chance.",
    )


def _replay_button(prefix: str, run) -> None:
    if len(points_of(run)) < SHORTEST_REPLAY:
        return
    button(
        "Replay",
        f"{prefix}_replay",
        _begin_replay,
        prefix,
        run.id,
        icon=":material/replay:",
        type="tertiary",
        help="Draws the curves again, at the pace of the training.",
    )


def _about_trial(run) -> None:
    """Draw a line about the owner's search to which a run belongs."""
    study = run.study and platform().studies.get(owner(), run.study)
    if not study or is_shared():
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/manage_search: {_place_in_search(run, study)}")
        st.page_link(
            "pages/search.py",
            label="Back to the search",
            icon=":material/arrow_back:",
            query_params={"study": study.id},
        )


def _place_in_search(run, study) -> str:
    trials = Plan.from_json(study.plan).extent.trials
    if run.trial >= trials:
        which = "best settings" if run.trial == trials else "default"
        return f"The {which} of a search, confirmed with a new seed."
    if not run.without_result:
        return f"Trial {run.trial} of a search."
    hint = " Press Train to see its result." if run.status == "done" else ""
    return f"Trial {run.trial} of a search, which looks at the validation part.{hint}"


def _ended_buttons(prefix: str, run, begun) -> None:
    """Draw what its owner may do with a run that has ended."""
    if run.status != "done":
        button(
            "Resume",
            f"{prefix}_resume",
            platform().resume,
            owner(),
            run.id,
            network_address(),
            icon=":material/play_arrow:",
            help="Continues from the last checkpoint, with the same settings.",
        )
    if _is_known(prefix, run):
        _another_seed_button(prefix, run, begun)
    _replay_button(prefix, run)
    share_menu(prefix, [run.id])
    button(
        "Close",
        f"{prefix}_close",
        open_run,
        prefix,
        None,
        icon=":material/close:",
        type="tertiary",
        help="Back to the example. The run stays on the Runs page.",
    )
