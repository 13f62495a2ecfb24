"""What is counted while the load runs."""

import time
from collections import Counter, defaultdict

SESSION_SECONDS = 120.0  # that Streamlit keeps the session of a closed tab


class TooManyRequestsError(RuntimeError):
    """More requests than the load should need: it ends here."""


class Watch:
    """What one session has seen of a training.

    Parameters
    ----------
    run
        The id of the run whose panel it looks at.
    """

    def __init__(self, run):
        self.run = run
        self.updates, self.seconds, self.longest = 0, 0.0, 0.0
        self.new_epochs = []  # (epoch before, epoch, seen at, watching since)
        self._since = self._last = self._epoch = None

    def see(self, epoch, at):
        """Note that the panel has been drawn again."""
        if self._last is None:
            self._since, self._epoch = at, epoch
        else:
            self.updates += 1
            self.seconds += at - self._last
            self.longest = max(self.longest, at - self._last)
        if epoch > self._epoch:
            self.new_epochs.append((self._epoch, epoch, at, self._since))
            self._epoch = epoch
        self._last = at

    @property
    def since(self):
        """When the panel was first seen, since it was last away."""
        return self._since

    def pause(self):
        """Note that the panel is not shown: no update is missed until it is again."""
        self._last = None

    def end(self, at):
        """Note that the load ends, however long ago the last update was."""
        if self._last is not None:
            self.seconds += at - self._last
            self.longest = max(self.longest, at - self._last)
            self._last = None

    @property
    def rate(self):
        """Updates a second; none at all if the panel never came."""
        return self.updates / self.seconds if self.seconds else 0.0

    def ages(self, ended):
        """How old each epoch was when it was seen, of those that ended while watching.

        `ended` tells when each epoch ended. One that was skipped counts as well: it
        was on the page with the next one.
        """
        return [
            at - ended[epoch]
            for before, last, at, since in self.new_epochs
            for epoch in range(before + 1, last + 1)
            if ended.get(epoch, 0.0) > since
        ]


class Request:
    """What one session has seen of a training that it asked for.

    Parameters
    ----------
    run
        Its id, or None if it was refused.
    pressed
        When Train was pressed.
    """

    def __init__(self, run, pressed):
        self.run, self.pressed = run, pressed
        self.first_epoch = self.result = None  # seconds after the press

    def see(self, epoch, ended, at):
        """Note that the page has been drawn again."""
        if self.first_epoch is None and (epoch or ended):
            self.first_epoch = at - self.pressed
        if self.result is None and ended:
            self.result = at - self.pressed


class Counts:
    """Requests, errors, page times and what was seen, of all sessions.

    Parameters
    ----------
    max_requests
        After which the load ends.
    """

    def __init__(self, max_requests):
        self.max_requests, self.requests = max_requests, 0
        self.errors, self.actions, self.refusals = Counter(), Counter(), Counter()
        self.first_pages = []  # seconds
        self.page_times = defaultdict(list)  # of those who only visit, by path
        self.watches, self.browsers, self.tiles = [], [], []
        self.requests_for = defaultdict(list)  # trainings, by what was asked for
        self._open, self._closed = 0, []  # sessions; when each was closed

    def add_requests(self, count=1):
        """Count requests.

        Raises
        ------
        TooManyRequestsError
            If there are too many.
        """
        self.requests += count
        if self.requests > self.max_requests:
            raise TooManyRequestsError(
                f"{self.max_requests:,} requests are sent: the load ends here."
            )

    def opened(self):
        """Note that a session has begun."""
        self._open += 1

    def closed(self):
        """Note that the tab of a session is closed."""
        self._open -= 1
        self._closed.append(time.monotonic())

    def sessions_held(self):
        """How many sessions the server holds: of open tabs, and those just closed."""
        now = time.monotonic()
        return self._open + sum(
            now - closed < SESSION_SECONDS for closed in self._closed
        )

    def error(self, what):
        """Note that something failed that should not."""
        self.errors[what] += 1

    def new_watch(self, run):
        """Return a watch whose figures count."""
        self.watches.append(Watch(run))
        return self.watches[-1]

    def new_browser_watch(self, run):
        """Return a watch for what a real browser has seen."""
        self.browsers.append(Watch(run))
        return self.browsers[-1]

    def new_tile_watch(self, run):
        """Return a watch for what the board of a class has shown of a run."""
        self.tiles.append(Watch(run))
        return self.tiles[-1]

    def new_request(self, what, run, pressed):
        """Return what one session sees of a training that it has asked for."""
        self.requests_for[what].append(Request(run, pressed))
        return self.requests_for[what][-1]
