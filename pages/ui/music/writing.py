"""Editing a take: rewrite, lock and repeat bars; move notes; undo."""

from collections.abc import Callable

import streamlit as st

from core.music.playing.piano_roll import pitch_names, step_times
from core.music.playing.rewriting import (
    CANDIDATES,
    Candidate,
    bar_range,
    move_note,
    repeat_bars,
    rewrite,
)
from core.music.playing.takes import Take, edited
from core.music.score.piece import Piece
from core.task import DataError
from pages.ui.address import set_widgets
from pages.ui.intents import button
from pages.ui.music.generate import NowPlaying, Sheet, sheet_of
from pages.ui.music.models import Model
from pages.ui.music.player import begin_sound
from pages.ui.music.roll import Writing

# What is clicked before the page is drawn anew still calls a function with what was
# drawn: each of them works on the sheet, which has the present take, and changes it
# after its last use of the session's state, so that a repetition begins from the same.

ALIKE = 0.02  # nats per sixteenth: losses that differ by less count as equal
MARKED = "music_marked"  # the numbers of two bars, or None


def heard(model: Model, now: NowPlaying) -> Take:
    """Return the playing take: the take itself, or with a candidate in some bars."""
    sheet = sheet_of(model)
    if sheet.rewriting is None:
        return now.take
    return _with(model, now, sheet.rewriting.candidates[sheet.heard])


def _with(model: Model, now: NowPlaying, candidate: Candidate) -> Take:
    return edited(
        model.result,
        now.how,
        now.take,
        candidate.piece,
        candidate.origins,
        candidate.refused,
    )


def writing(model: Model, now: NowPlaying, shown: Take) -> Writing:
    """Return the data with which the roll of a take is editable."""
    sheet = sheet_of(model)
    return Writing(
        data={
            "grid": step_times(shown.piece, now.how),
            "names": pitch_names(shown.score),
            "locked": sorted(now.locked),
            "marked": _marked(now),
            "moves": sheet.moves,
        },
        mark=lambda bars: st.session_state.update({MARKED: bars}),
        move=lambda moved: _move(sheet, model, **moved),
    )


def _marked(now: NowPlaying) -> tuple[int, int] | None:
    """The first and the last marked bar, if the take has such bars."""
    if not (bars := st.session_state.get(MARKED)):
        return None
    first, last = bars
    piece = now.take.piece
    lowest = int(piece.pickup == 0)
    return (first, last) if lowest <= first <= last <= piece.full_bars else None


def _named(bars: tuple[int, int]) -> str:
    """Bars in words: "bar 5" or "bars 5 to 8"."""
    first, last = bars
    if first == last:
        return f"bar {first}" if first else "the pickup"
    return f"bars {first} to {last}" if first else f"the pickup to bar {last}"


def writing_panel(model: Model, now: NowPlaying) -> None:
    """Draw the actions on the marked bars, undo and redo, and the candidates."""
    sheet, bars = sheet_of(model), _marked(now)
    marked = range(bars[0], bars[1] + 1) if bars else range(0)
    unlock = bool(bars) and now.locked.issuperset(marked)

    def action(name: str, label: str, act, about: str, possible, icon="") -> None:
        button(
            label,
            f"music_{name}",
            act,
            sheet,
            model,
            bars,
            icon=f":material/{icon or name}:",
            help=about,
            disabled=not possible,
        )

    with st.container(horizontal=True, gap="small"):
        action(
            "rewrite",
            f"Rewrite {_named(bars)}" if bars else "Rewrite",
            _rewrite,
            f"The model samples up to {CANDIDATES} other melodies for the marked bars. "
            "All other bars of the melody stay.",
            bars and not unlock,
            "refresh",
        )
        if unlock:
            about = "Lets the marked bars change again."
            action("lock", "Unlock", _lock, about, True, "lock_open")
        else:
            about = "Keeps the marked bars as they are: nothing changes them."
            action("lock", "Lock", _lock, about, bars)
        about = (
            "Copies the marked bars to the bars after them. A rule, not the model: "
            "each note moves with its chord."
        )
        action("repeat", "Repeat", _repeat, about, bars)
        action("undo", "Undo", _undo, "Back to before.", sheet.place > 0)
        is_undone = sheet.place + 1 < len(sheet.history)
        action("redo", "Redo", _redo, "What was undone.", is_undone)
    if sheet.rewriting:
        _candidates(model, sheet)
    elif not bars:
        st.caption(
            "To change some bars, mark them below the notes: click on a bar's number, "
            "or drag over several."
        )


def _candidates(model: Model, sheet: Sheet) -> None:
    """Draw the candidates, the best one first."""
    found = sheet.rewriting
    with st.container(border=True):
        st.markdown(f"**Candidates for {_named(sheet.bars)}**")
        st.caption(
            f"Sampled by the model. {_order(found.present)} The player plays one of "
            "them; the take changes only when you use one."
        )
        for place, one in enumerate(found.candidates):
            with st.container(
                horizontal=True, wrap=False, vertical_alignment="center", gap="small"
            ):
                playing = " :material/volume_up:" if place == sheet.heard else ""
                st.markdown(
                    f"**{place + 1}**{playing} · {_fit(one, found.present)}",
                    width="stretch",
                    help="The loss of the bars themselves, in nats per sixteenth: "
                    f"{one.filling:#.3g}, now {found.present.filling:#.3g}.",
                )
                for label, act in (("Listen", _listen), ("Use", _use)):
                    key = f"music_{label.lower()}_{place + 1}"
                    button(label, key, act, sheet, model, place)
        icon = ":material/close:"
        button("Keep as it was", "music_keep", _keep, sheet, icon=icon)


def _order(present: Candidate) -> str:
    """The order of the candidates, in words."""
    if present.follows is None:
        return "The likeliest comes first. In brackets its loss, in nats per sixteenth."
    return (
        "The first one leads best into the bars that follow. In brackets the model's "
        "loss on those, in nats per sixteenth."
    )


def _fit(one: Candidate, present: Candidate) -> str:
    """How a candidate fits beside the present bars, in words and by its loss."""
    if one.follows is None or present.follows is None:
        loss, now = one.filling, present.filling
        better, same, worse = "likelier", "as likely", "less likely"
    else:
        loss, now = one.follows, present.follows
        ways = "better", "as well", "less well"
        better, same, worse = (f"leads on {way}" for way in ways)
    words = same if abs(loss - now) < ALIKE else better if loss < now else worse
    return f"**{words}** ({loss:#.3g}, now {now:#.3g})"


def _rewrite(sheet: Sheet, model: Model, bars: tuple[int, int]) -> None:
    now = sheet.current
    again = sheet.again if sheet.bars == bars else 0
    found = rewrite(
        model.result,
        now.how,
        now.take.piece,
        *bars,
        locked=now.locked,
        again=again,
    )
    if not found.candidates:
        raise DataError(
            "At this temperature the model plays these bars the same again. Generate "
            "with a higher one to have others."
        )
    _begin_before(now, bars)
    sheet.rewriting, sheet.bars, sheet.again, sheet.heard = found, bars, again + 1, 0


def _listen(sheet: Sheet, model: Model, place: int) -> None:  # noqa: ARG001
    """Play a candidate, from a bar before its bars."""
    if sheet.rewriting is None:
        return
    sheet.heard = place
    _begin_before(sheet.current, sheet.bars)


def _begin_before(now: NowPlaying, bars: tuple[int, int]) -> None:
    piece = now.take.piece
    first = max(bars[0] - 1, int(piece.pickup == 0))
    begin_sound(step_times(piece, now.how)[bar_range(piece, first, first)[0]])


def _use(sheet: Sheet, model: Model, place: int) -> None:
    if sheet.rewriting is None:
        return
    now = sheet.current
    take = _with(model, now, sheet.rewriting.candidates[place])
    first, last = sheet.bars
    options = None
    untouched = not now.locked.intersection(range(first, last + 1))
    if now.options == () and place == 0 and sheet.again == 1 and untouched:
        options = ("--rewrite", f"{first}-{last}")
    sheet.put(now._replace(take=take, options=options))


def _keep(sheet: Sheet) -> None:
    sheet.rewriting = None


def _lock(sheet: Sheet, model: Model, bars: tuple[int, int]) -> None:  # noqa: ARG001
    now, marked = sheet.current, frozenset(range(bars[0], bars[1] + 1))
    unlock = now.locked >= marked
    locked = now.locked - marked if unlock else now.locked | marked
    sheet.history[sheet.place] = now._replace(locked=locked)
    sheet.show(sheet.place)


def _repeat(sheet: Sheet, model: Model, bars: tuple[int, int]) -> None:
    locked = sheet.current.locked
    _edit(sheet, model, lambda piece: repeat_bars(piece, *bars, locked))


def _move(sheet: Sheet, model: Model, note: int, step: int, pitch: int) -> None:
    sheet.moves += 1
    if sheet.rewriting is not None:
        raise DataError("Use a candidate or keep it as it was; then move notes.")
    locked = sheet.current.locked
    _edit(sheet, model, lambda piece: move_note(piece, note, step, pitch, locked))


def _edit(sheet: Sheet, model: Model, change: Callable[[Piece], Piece]) -> None:
    """Change the melody by hand."""
    now = sheet.current
    take = now.take
    changed = edited(model.result, now.how, take, change(take.piece))
    sheet.put(now._replace(take=changed, options=None))


def _undo(sheet: Sheet, *_: object) -> None:
    _go_to(sheet, sheet.place - 1)


def _redo(sheet: Sheet, *_: object) -> None:
    _go_to(sheet, sheet.place + 1)


def _go_to(sheet: Sheet, place: int) -> None:
    """Show another take, and set the settings in which the two differ."""
    if 0 <= place < len(sheet.history):
        former, found = (
            vars(each.how) | {"chords": each.chords}
            for each in (sheet.current, sheet.history[place])
        )
        changed = {name: v for name, v in found.items() if v != former[name]}
        set_widgets("music", changed)
        sheet.show(place)
