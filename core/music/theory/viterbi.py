"""Viterbi's algorithm: the best sequence of states."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]


def best_path(scores: Table, costs: Iterable[Table]) -> list[int]:
    """Return the states of the sequence with the highest total score.

    Of equally good ways to a state, that of staying in it counts.

    `scores` are of each state at each time, (times, states), `costs` of each change
    between neighbouring times, (from, to) for each.
    """
    best, came_from = scores[0], []
    for row, cost in zip(scores[1:], costs, strict=False):
        ways = best[:, None] - cost
        most = ways.max(axis=0)
        stays = ways.diagonal() >= most
        came_from.append(np.where(stays, np.arange(len(row)), ways.argmax(axis=0)))
        best = most + row
    path = [int(best.argmax())]
    for came in reversed(came_from):
        path.append(int(came[path[-1]]))
    return path[::-1]
