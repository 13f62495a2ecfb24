"""Simulated users who watch a part of a page: they poll the live route like live.js."""

import asyncio
import itertools
import json
import random
import time
from itertools import pairwise
from math import inf

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from pages.ui.live.part import SECONDS
from pages.ui.web.server import COOKIE

REST = 2  # an answer that took long is followed by so many times as long a rest
ANSWER_SECONDS = 30.0  # an answer that takes longer is an error
ENDED = ("done", "stopped", "failed")
numbers = itertools.count()


class Watch:
    """The answers that a user has received: time, epoch and status of each."""

    def __init__(self, run=""):
        self.run, self.seen = run, []

    def see(self, at, answer):
        """Note an answer; an empty one brought nothing new."""
        _, epoch, status = self.seen[-1] if self.seen else (at, 0, "")
        new = answer.get("epoch") or epoch, answer.get("status", status)
        self.seen.append((at, *new))

    def rate(self):
        """Return answers a second; 0 before the second one."""
        times = [at for at, _, _ in self.seen]
        return (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else 0.0

    def longest(self):
        """Return the longest seconds between two answers."""
        return max((b - a for (a, *_), (b, *_) in pairwise(self.seen)), default=0.0)

    def first_epoch(self):
        """Return when the first epoch, or the end, was seen: never is infinite."""
        return next((at for at, epoch, end in self.seen if epoch or end in ENDED), inf)

    def result(self):
        """Return when the end was seen: not yet is infinite."""
        at, _, status = self.seen[-1] if self.seen else (inf, 0, "")
        return at if status in ENDED else inf

    def ages(self, ended):
        """Return how old each epoch was when it was seen, if it ended meanwhile.

        `ended` tells when each epoch ended. One that was skipped came with the next.
        """
        return [
            at - ended[epoch]
            for (_, before, _), (at, last, _) in pairwise(self.seen)
            for epoch in range(before + 1, last + 1)
            if ended.get(epoch, 0.0) > self.seen[0][0]
        ]


async def look(watch, url, owner, query, errors, seconds=SECONDS, seen=lambda *_: None):
    """Ask for a part of a page again and again, until its run has ended.

    Address, query and `seconds` are what a page gives to live.js; `errors` counts what
    should not happen; `seen` is called with the text of each new version and its time.
    """
    number = next(numbers)
    own = f"127.1.{number // 250}.{1 + number % 250}"  # the network address
    query = {"ink": "light", **query}
    async with ClientSession(
        connector=TCPConnector(local_addr=(own, 0)),
        headers={"Cookie": f"{COOKIE}={owner}"},
        timeout=ClientTimeout(ANSWER_SECONDS),
        raise_for_status=True,
    ) as session:
        await asyncio.sleep(seconds * random.random())
        while watch.result() == inf:
            began = time.monotonic()
            try:
                async with session.get(url, params=query) as response:
                    text, now = await response.text(), time.time()
                answer = json.loads(text or "{}")  # empty if there is nothing new
                watch.see(now, answer)
                if answer:
                    query["version"] = answer["version"]
                    seen(text, now)
            except (ClientError, TimeoutError) as error:
                errors[repr(error)] += 1
            pause = max(seconds, REST * (time.monotonic() - began))
            await asyncio.sleep(pause * random.uniform(0.9, 1.1))
