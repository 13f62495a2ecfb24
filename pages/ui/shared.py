"""What all who look at one training see alike, read and drawn once for all of them.

A class looks at one run: fifty sessions would read the same points and build the same
figure fifty times in the same half second. Whoever asks has been let in before: a run
is found by its owner only. Nobody changes what is shared.
"""

import streamlit as st

from core.runs.run import Point
from pages.ui.session import platform

POINTS = 200
VERSIONS = 16  # of points, and of figures, that are kept: each is old in a second


class Points(list[Point]):
    """The points of a run at one moment; its version tells it from other moments."""

    def __init__(self, points, version: tuple[str, int]) -> None:
        super().__init__(points)
        self.version = version


@st.cache_resource(show_spinner=False, max_entries=VERSIONS)
def _read(run_id: str, beat: int) -> Points:
    return Points(platform().store.points(run_id, POINTS), (run_id, beat))


def points_of(run) -> Points:
    """The points of a run that trains: whatever its worker writes counts its beat."""
    return _read(run.id, run.beat)


def drawn(make, points, *wishes):
    """What a function makes of points and wishes, such as a figure.

    It is shared where the points are; of points that only one session has it is made
    anew. Wishes are numbers, texts, switches and settings.
    """
    version = getattr(points, "version", None)
    if version is None:
        return make(points, *wishes)
    name = f"{make.__module__}.{make.__qualname__}"
    return _make(name, version, wishes, make, points)


@st.cache_resource(show_spinner=False, max_entries=VERSIONS)
def _make(name, version, wishes, _how, _points):  # noqa: ARG001 - tell it from others
    return _how(_points, *wishes)
