"""The origin of each sixteenth of a melody: network, plan, rule, or a person."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Origin(IntEnum):
    """The origin of a sixteenth of a melody.

    Attributes
    ----------
    NETWORK
        Sampled from the network's own probabilities.
    PUSHED
        Sampled by the network, with a bias of the plan on its scores.
    RULE
        A rule allows few tokens or moved it: a breath, an ending, the instrument's
        range, or a long note that clashed with its chord.
    GIVEN
        Read, not generated: a primer, or what a person has played.
    EDITED
        Changed by hand, or copied from other bars.
    """

    NETWORK = 0
    PUSHED = 1
    RULE = 2
    GIVEN = 3
    EDITED = 4

    @property
    def words(self) -> str:
        """The text of a legend."""
        return {
            Origin.NETWORK: "the network alone",
            Origin.PUSHED: "the network, pushed by the plan",
            Origin.RULE: "by a rule: breath, ending, range or chord",
            Origin.GIVEN: "given: read, not generated",
            Origin.EDITED: "changed by hand",
        }[self]


Origins = NDArray[np.int8]  # an Origin a sixteenth


@dataclass(frozen=True)
class Credits:
    """The number of notes from each origin, in the order of `Origin`."""

    by_network: int
    pushed_by_plan: int
    by_rule: int
    given: int
    edited: int
    accompaniment: int  # chords, bass and drums, which are all by rule
    candidates: int  # sampled for each phrase
    # The chosen candidate of each phrase, from 1; None after another change
    kept: tuple[int, ...] | None = ()

    @property
    def words(self) -> str:
        """The counts in a sentence or two."""
        parts = (
            (self.by_network, "chosen by the network alone"),
            (self.pushed_by_plan, "by the network with a push from the plan"),
            (self.by_rule, "by a rule (breath, ending, range, chord)"),
            (self.given, "given by the primer or a person"),
            (self.edited, "changed by hand"),
            (self.accompaniment, "accompaniment, all by rule"),
        )
        total = sum(count for count, _ in parts)
        said = [f"{count} {words}" for count, words in parts if count]
        text = f"Of {total} notes that sound: {', '.join(said)}"
        if not self.kept:
            choice = (
                ""
                if self.kept is None
                else " One melody was sampled, without a choice."
            )
            return f"{text}.{choice}"
        numbers = ", ".join(map(str, self.kept))
        return (
            f"{text}. Of {self.candidates} melodies sampled for each phrase the "
            f"arranger kept one: number {numbers}."
        )
