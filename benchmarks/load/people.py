"""Simulated users who watch a part of a page: they poll the live route like live.js."""

import asyncio
import gzip
import itertools
import json
import random
import re
import time
from contextlib import suppress
from urllib.parse import urlencode

from pages.ui.live.part import SECONDS
from pages.ui.web.server import COOKIE

REST = 2  # an answer that took long is followed by so many times as long a rest
SLOWEST = 15.0  # seconds between two requests to a server that fails
ANSWER_SECONDS = 30.0  # an answer that takes longer is an error
ENDED = ("done", "stopped", "failed")
numbers = itertools.count()
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Watch:
    """The answers that a user has received; times are seconds since 1970."""

    def __init__(self, run=""):
        self.run = run
        self.answers = self.epoch = 0
        self.since = self.last = self.first_epoch = self.result = None
        self.longest = 0.0  # seconds between two answers
        self.epochs = []  # (epoch before, epoch, seen at)

    def see(self, at, epoch=None, status=""):
        """Note an answer; `epoch` is None if it brought nothing new."""
        if self.last is None:
            self.since, self.epoch = at, epoch or 0
        else:
            self.longest = max(self.longest, at - self.last)
            self.answers += 1
        if epoch and epoch > self.epoch:
            self.epochs.append((self.epoch, epoch, at))
            self.epoch = epoch
        if self.first_epoch is None and (epoch or status in ENDED):
            self.first_epoch = at
        if status in ENDED:
            self.result = at
        self.last = at

    def rate(self):
        """Return answers a second; 0 if there was never an answer."""
        return self.answers / (self.last - self.since) if self.answers else 0.0

    def ages(self, ended):
        """Return how old each epoch was when it was seen, if it ended meanwhile.

        `ended` tells when each epoch ended. One that was skipped came with the next.
        """
        return [
            at - ended[epoch]
            for before, last, at in self.epochs
            for epoch in range(before + 1, last + 1)
            if ended.get(epoch, 0.0) > self.since
        ]


class Person:
    """A user who watches one part of a page until its run has ended.

    Path, query and `seconds` are what a page gives to live.js; `errors` counts what
    should not happen; `seen` is called with the text of each new version and its time.
    """

    def __init__(self, port, owner, path, query, errors, seconds=SECONDS, seen=None):
        self.path, self.query, self.errors = path, {"ink": "light", **query}, errors
        self.port, self.seconds, self.seen = port, seconds, seen
        self.watch = Watch(path.partition("/")[2])
        self.headers = (
            f" HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {COOKIE}={owner}\r\n"
            "Accept-Encoding: gzip\r\n\r\n"
        )
        number = next(numbers)
        self.address = f"127.1.{number // 250}.{1 + number % 250}"  # of their own
        self._stream = None  # kept from one request to the next, as by browsers

    async def look(self):
        """Ask again and again, until the run has ended or the task is cancelled."""
        failures = 0
        try:
            await asyncio.sleep(self.seconds * random.random())
            while self.watch.result is None:
                began = time.monotonic()
                try:
                    async with asyncio.timeout(ANSWER_SECONDS):
                        await self._ask()
                    pause = max(self.seconds, REST * (time.monotonic() - began))
                    failures = 0
                except (OSError, EOFError, TimeoutError) as error:
                    self.errors[f"{self.path.partition('/')[0]}: {error!r}"] += 1
                    self._close()
                    pause = min(SLOWEST, 2.0**failures)
                    failures += 1
                await asyncio.sleep(pause * random.uniform(0.9, 1.1))
        finally:
            self._close()

    async def _ask(self):
        status, body = await self._get(f"/live/{self.path}?{urlencode(self.query)}")
        now = time.time()
        if status == 204:
            self.watch.see(now)
        elif status == 200:
            text = gzip.decompress(body).decode()
            answer = json.loads(text)
            self.query["version"] = answer["version"]
            self.watch.see(now, answer.get("epoch", 0), answer.get("status", ""))
            if self.seen:
                self.seen(text, now)
        else:
            raise OSError(f"status {status}")

    async def _get(self, address):
        if self._stream:
            with suppress(EOFError, ConnectionError):
                return await self._request(address)
            self._close()  # the server closes a connection that was idle for seconds
        own = (self.address, 0)
        self._stream = await asyncio.open_connection(
            "127.0.0.1", self.port, local_addr=own
        )
        return await self._request(address)

    async def _request(self, address):
        reader, writer = self._stream
        writer.write(f"GET {address}{self.headers}".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        body = await reader.readexactly(int(length[1])) if length else b""
        return int(head[9:12]), body

    def _close(self):
        if self._stream:
            self._stream[1].close()
            self._stream = None
