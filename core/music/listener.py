"""What the default network sees while a melody is made, step by step."""

import numpy as np

from core.music.conditions import conditions
from core.music.inputs import (
    LEAP,
    LEAPS,
    SIXTEENTHS,
    VOCABULARY,
    WAITS,
    Material,
    bar_numbers,
)
from core.music.piece import NO_CHORD, Piece
from core.music.sources import BARS_AGO, MATCHED, NOTHING, SOURCES, WINDOWS, share_of
from core.music.vocabulary import FIRST_NOTE


class Listener:
    """Follows a melody over given chords as it grows.

    It says of each step what `inputs.material` says of it afterwards.

    Parameters
    ----------
    over
        The chords, meter and key; its melody does not matter.
    """

    def __init__(self, over: Piece) -> None:
        self.over = over
        known = conditions(over)
        self._known = np.round(known.features * SIXTEENTHS).astype(np.uint8)
        self._roots = np.where(over.harmony == NO_CHORD, NOTHING, known.roots)
        self._bars = bar_numbers(over)
        self._tokens: list[int] = []
        self._moves: list[int] = []
        self._pitches: list[int] = []
        self._onsets: list[int] = []
        self._begun: list[int] = []  # notes begun before each step
        self._ends: list[dict[tuple[int, ...], int]] = [{} for _ in MATCHED]
        self._said = np.full((over.steps, SOURCES), NOTHING, np.int8)
        self._counted = np.zeros((over.steps, SOURCES), bool)
        self._right = np.zeros((over.steps, SOURCES), bool)

    def see(self) -> Material:
        """Return what is seen at the next step, (1,) of everything.

        Call it once for each step, before `hear`.
        """
        step = len(self._tokens)
        notes = len(self._pitches)
        self._begun.append(notes)
        self._said[step] = self._sources(step)
        return Material(
            tokens=np.zeros(1, np.int64),
            known=self._known[step : step + 1],
            bars=self._bars[step : step + 1],
            last=np.array([self._tokens[-1] if step else VOCABULARY.size], np.int16),
            before=np.array([self._pitches[-1] if notes else NOTHING], np.int16),
            roots=self._roots[step : step + 1],
            leaps=np.array([[self._leap(notes), self._leap(notes - 1)]], np.uint8),
            waits=np.array([[self._since(step), self._wait(notes)]], np.uint8),
            sources=self._said[step : step + 1],
            success=self._success(step)[np.newaxis],
        )

    def hear(self, token: int) -> None:
        """Take in what is played at the step."""
        step = len(self._tokens)
        said = self._said[step]
        note = token >= FIRST_NOTE
        self._counted[step] = ((said != NOTHING) & note) | (said >= FIRST_NOTE)
        self._right[step] = self._counted[step] & (said == token)
        move = token
        if note:
            pitch = VOCABULARY.lowest + token - FIRST_NOTE
            before = self._pitches[-1] if self._pitches else pitch
            move = FIRST_NOTE + 128 + pitch - before
            self._pitches.append(pitch)
            self._onsets.append(step)
        for ends, length in zip(self._ends, MATCHED, strict=True):
            if step >= length:
                ends[tuple(self._moves[-length:])] = step
        self._tokens.append(token)
        self._moves.append(move)

    def _sources(self, step: int) -> list[int]:
        said = []
        for bars in BARS_AGO:
            ago = step - bars * self.over.meter.steps
            said.append(self._tokens[ago] if ago >= 0 else NOTHING)
        for ends, length in zip(self._ends, MATCHED, strict=True):
            recent = tuple(self._moves[-length:]) if step >= length else ()
            earlier = ends.get(recent)
            said.append(NOTHING if earlier is None else self._continued(earlier))
        return said

    def _continued(self, earlier: int) -> int:
        token, then = self._tokens[earlier], self._begun[earlier]
        if token < FIRST_NOTE or not (then and self._pitches):
            return token
        moved = token + self._pitches[-1] - self._pitches[then - 1]
        return moved if FIRST_NOTE <= moved < VOCABULARY.size else NOTHING

    def _leap(self, notes: int) -> int:
        if notes < 2:
            return LEAPS - 1
        leap = self._pitches[notes - 1] - self._pitches[notes - 2]
        return min(max(leap, -LEAP), LEAP) + LEAP

    def _since(self, step: int) -> int:
        if not self._onsets:
            return len(WAITS)
        return int(np.searchsorted(WAITS, step - self._onsets[-1]))

    def _wait(self, notes: int) -> int:
        if notes < 2:
            return len(WAITS)
        return int(np.searchsorted(WAITS, self._onsets[-1] - self._onsets[-2]))

    def _success(self, step: int) -> np.ndarray:
        shares = []
        for window in WINDOWS:
            begin = max(0, step - window)
            counts = self._right[begin:step].sum(0), self._counted[begin:step].sum(0)
            shares.append(share_of(*counts))
        return np.stack(shares, axis=1)
