"""The socket of one page: what the browser's own code says and hears on it."""

import asyncio
import contextlib
import re
import time

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

COOKIE = "unrolled_owner"
PATIENCE = 60.0  # seconds for an answer


def cookie(owner):
    """The header that tells the server whose page it is."""
    return {"Cookie": f"{COOKIE}={owner}"} if owner else {}


def owner_in(headers):
    """The token that an answer gives to a browser, or None."""
    found = re.search(rf"{COOKIE}=([^;]+)", " ".join(headers.get_all("Set-Cookie", [])))
    return found[1] if found else None


class Wire:
    """A connection, with the clocks of the fragments that run by themselves.

    Parameters
    ----------
    address
        The dashboard.
    tally
        Where requests and errors are noted.
    page
        What learns from each message.
    path
        The page's path, as in the browser's address line.
    finished
        Called after each run with its fragments; () is the whole page.
    """

    def __init__(self, address, tally, page, path, finished):
        self.address, self.tally, self.page, self.path = address, tally, page, path
        self._finished = finished
        self._noted = 0  # errors of the page
        self._socket = self._reader = None
        self._clocks, self._waiting = {}, {}
        self._running = set()  # fragments, and "" for the page, that are waited for
        self._begun = None  # fragments of the run whose end is not told yet

    async def connect(self, owner):
        """Open the socket as a page of the dashboard does."""
        self._socket = await connect(
            self.address.socket,
            origin=self.address.url,
            subprotocols=["streamlit"],
            additional_headers=cookie(owner),
            compression=None,
            max_size=None,
            proxy=None,
        )
        self._reader = asyncio.create_task(self._read())

    async def close(self):
        """Stop the clocks and leave."""
        self._sync_clocks({})
        if self._reader:
            self._reader.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reader
        if self._socket:
            await self._socket.close()

    async def run(self, fragment="", page="", pressed=None):
        """Have a fragment or the whole page run; wait until it has."""
        self._running.add(fragment)
        done = self._waiting.get(fragment) or self.expect(fragment)
        await self._send(fragment, page=page, pressed=pressed)
        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.shield(done)
        except TimeoutError:
            what = f"fragment {fragment}" if fragment else "the page"
            raise TimeoutError(f"no answer from {what} at /{self.path}") from None

    async def _send(self, fragment, *, page="", pressed=None, by_itself=False):
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = self.page.query
        asked.widget_states.widgets.extend(self.page.states.values())
        if pressed is not None:
            asked.widget_states.widgets.append(pressed)
        asked.page_script_hash = page or self.page.hash
        if not asked.page_script_hash:
            asked.page_name = self.path
        asked.fragment_id, asked.is_auto_rerun = fragment, by_itself
        asked.cached_message_hashes.extend(self.page.cached)
        asked.context_info.url = f"{self.address.url}/{self.path}"
        asked.context_info.timezone, asked.context_info.locale = "UTC", "en-GB"
        asked.context_info.color_scheme = "light"
        await self.send(message)

    async def send(self, message):
        """Send one message of any kind."""
        self.tally.spend()
        await self._socket.send(message.SerializeToString())

    async def _read(self):
        end = ConnectionError("the socket is closed")
        try:
            async for raw in self._socket:
                self._take(ForwardMsg.FromString(raw))
            self.tally.error("socket closed by the server")
        except ConnectionClosed as error:
            self.tally.error(f"socket broken: {error}")
        except Exception as error:  # ours: whoever waits is told
            end = error
        for done in self._waiting.values():
            done.set_exception(end)
        self._waiting.clear()

    def _take(self, message):
        if message.WhichOneof("type") == "new_session":
            self._begin(tuple(message.metadata.run.fragment_ids))
        kind = self.page.take(message)
        for error in self.page.errors[self._noted :]:
            self.tally.error(f"/{self.path}: {error}")
        self._noted = len(self.page.errors)
        if kind in ("new_session", "auto_rerun", "stop_auto_rerun"):
            self._sync_clocks(self.page.fragments)
        elif kind == "script_finished":
            self._begun = None
            if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self._settle(message.metadata.run.fragment_ids)
        elif kind == "file_urls_response":
            self._resolve(message.file_urls_response.response_id, message)

    def _begin(self, fragments):
        """Note that a run begins: the one before has ended, told or not.

        Streamlit does not tell it when the next request comes at that very moment.
        """
        if self._begun is not None:
            self._settle(self._begun)
        self._begun = fragments

    def _settle(self, fragments):
        """Note the end of a run; that of the whole page ends every fragment's too."""
        self._finished(fragments)
        for name in [*(fragments or self._running)]:
            self._resolve(name, None)

    def expect(self, name):
        """Return what will hold the answer to a request of that name."""
        self._waiting[name] = asyncio.get_running_loop().create_future()
        return self._waiting[name]

    def _resolve(self, name, value):
        self._running.discard(name)
        if done := self._waiting.pop(name, None):
            done.set_result(value)

    def _sync_clocks(self, fragments):
        for name in self._clocks.keys() - fragments.keys():
            self._clocks.pop(name).cancel()
        for name in fragments.keys() - self._clocks.keys():
            clock = self._keep_running(name, fragments[name])
            self._clocks[name] = asyncio.create_task(clock)

    async def _keep_running(self, fragment, interval):
        due = time.monotonic()
        while True:
            due += interval
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            with contextlib.suppress(ConnectionClosed):  # noted where it is read
                await self._send(fragment, by_itself=True)
