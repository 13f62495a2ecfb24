"""The table at the end: each measured value beside its limit."""

import math
import statistics
from dataclasses import dataclass

MANY = 20  # sessions from which on memory can be measured by session


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line: what was measured, its limit, and whether it is kept."""

    what: str
    value: float
    limit: float | None = None
    least: bool = False  # whether the limit is the least that is wanted
    digits: int = 2

    @property
    def kept(self):
        """Whether the limit, if there is one, is kept."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.least else self.value <= self.limit

    def __str__(self):
        limit = "-"
        if self.limit is not None:
            limit = f"{'>=' if self.least else '<='} {self.limit:g}"
        missed = "" if self.kept else "  MISSED"
        return f"{self.what:<58}{limit:>10}{self.value:>11,.{self.digits}f}{missed}"


def p95(values):
    """The value that 95% do not exceed."""
    if len(values) < 2:
        return max(values, default=math.inf)
    return statistics.quantiles(values, n=20)[-1]


def live_figures(counts, ended, limits):
    """Updates and ages of epochs in sessions that watch; `ended` by run."""
    rates = [watch.rate for watch in counts.watches]
    if not rates:
        return []
    ages = [age for w in counts.watches for age in w.ages(ended[w.run])]
    figures = [
        Figure(what="sessions that watch a training", value=len(rates), digits=0),
        Figure(what="updates a second a session, median", value=_median(rates)),
        Figure(
            what="updates a second, the worst session",
            value=min(rates),
            limit=limits.updates,
            least=True,
        ),
        Figure(
            what="longest wait between two updates, s",
            value=max(w.longest for w in counts.watches),
            limit=limits.longest,
        ),
        Figure(what="end of an epoch -> seen, median, s", value=_median(ages)),
        Figure(
            what="end of an epoch -> seen, 95th percentile, s",
            value=p95(ages),
            limit=limits.age,
        ),
        Figure(what="epochs seen, of all sessions", value=len(ages), digits=0),
    ]
    real = [age for w in counts.browsers for age in w.ages(ended[w.run])]
    if real:
        figures.append(
            Figure(
                what=f"the same in {len(counts.browsers)} real browsers, "
                "95th percentile, s",
                value=p95(real),  # no limit: they share the cores with the server
            )
        )
    return figures


def request_figures(what, requests, limits=None):
    """How long the last one waited for a first epoch and a result, after its press."""
    trained = [request for request in requests if request.run]
    figures = [
        Figure(what=f"{what}: sessions that train", value=len(trained), digits=0),
        Figure(what=f"{what}: refused", value=len(requests) - len(trained), digits=0),
    ]
    for title, name in (("first epoch", "first_epoch"), ("result", "result")):
        times = [getattr(request, name) for request in trained]
        there = [seconds for seconds in times if seconds is not None]
        last = max(there) if there and len(there) == len(times) else math.inf
        figures += [
            Figure(what=f"{what}: {title}, median, s", value=_median(there)),
            Figure(
                what=f"{what}: {title}, the last, s",
                value=last,
                limit=limits and getattr(limits, name),
            ),
        ]
        if len(there) < len(times):
            figures.append(
                Figure(
                    what=f"{what}: {title}, sessions with one",
                    value=len(there),
                    digits=0,
                )
            )
    return figures


def board_figures(counts, ended, limits):
    """How old each epoch, and each run, was when the board showed it."""
    tiles = counts.tiles
    ages = [age for watch in tiles for age in watch.ages(ended[watch.run])]
    first_seen = {watch.run: watch.since for watch in tiles}
    new = [
        first_seen[request.run] - request.pressed
        for requests in counts.requests_for.values()
        for request in requests
        if request.run in first_seen
    ]
    return [
        Figure(what="tiles of runs on the board", value=len(tiles), digits=0),
        Figure(what="end of an epoch -> on the board, median, s", value=_median(ages)),
        Figure(
            what="end of an epoch -> on the board, 95th percentile, s",
            value=p95(ages),
            limit=limits.board,
        ),
        Figure(what="  the worst, s", value=max(ages, default=math.inf)),
        Figure(
            what="press on Train -> a tile on the board, 95th percentile, s",
            value=p95(new),
            limit=limits.board,
        ),
    ]


def first_page_figures(counts, limits):
    """The time until a new visitor has a whole page."""
    if not counts.first_pages:
        return []
    found = [
        Figure(what="first page, median, s", value=_median(counts.first_pages)),
        Figure(
            what="first page, 95th percentile, s",
            value=p95(counts.first_pages),
            limit=limits.first_page,
        ),
    ]
    return found + [
        Figure(what=f"  of visitors to /{path} ({len(times)}), worst", value=max(times))
        for path, times in counts.page_times.items()
    ]


def memory_figures(before, during, left, second, count, limits):
    """Megabytes of the web process, and what each session more that it holds adds.

    Those whose tab was closed in the last two minutes are held as well. A process
    seldom gives all its memory back to the machine, but it uses again what is free:
    what a session has not given back, a second class has to have anew.
    """
    grown = (during - before) / count
    kept = (second - during) / count
    promised = count >= MANY  # the process itself varies by some megabytes
    return [
        Figure(what="web process before, MB", value=before, digits=0),
        Figure(
            what=f"web process with {count} sessions more, MB", value=during, digits=0
        ),
        Figure(what="web process when they have left, MB", value=left, digits=0),
        Figure(what="web process with as many once more, MB", value=second, digits=0),
        Figure(
            what="MB a session",
            value=grown,
            limit=limits.session_mb if promised else None,
        ),
        Figure(
            what="MB a session that it has not given back",
            value=kept,
            limit=limits.kept_mb if promised else None,
        ),
    ]


def class_memory_figures(before, during, count, limits):
    """Megabytes of the web process, and what each session of a class adds."""
    return [
        Figure(what="web process before, MB", value=before, digits=0),
        Figure(
            what=f"web process with {count} sessions more, MB", value=during, digits=0
        ),
        Figure(
            what="MB a session",
            value=(during - before) / count,
            limit=limits.session_mb if count >= MANY else None,
        ),
    ]


def error_figures(counts, logged, share):
    """What it took, and what went wrong."""
    return [
        Figure(what="CPU of the web process, cores", value=share),
        Figure(what="requests", value=counts.requests, digits=0),
        Figure(what="actions of students", value=counts.actions.total(), digits=0),
        Figure(what="refused by limits", value=counts.refusals.total(), digits=0),
        Figure(what="errors", value=counts.errors.total(), limit=0, digits=0),
        Figure(what="errors in the web process's log", value=logged, limit=0, digits=0),
    ]


def _median(values):
    return statistics.median(values) if values else math.inf
