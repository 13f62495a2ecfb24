"""The websocket of one page: the messages that a browser sends and receives."""

import asyncio
import contextlib
import re
import time

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

COOKIE = "unrolled_owner"
TIMEOUT = 60.0  # seconds for an answer


def cookie(owner):
    """The header that tells the server whose page it is."""
    return {"Cookie": f"{COOKIE}={owner}"} if owner else {}


def owner_in(headers):
    """The token that an answer gives to a browser, or None."""
    found = re.search(rf"{COOKIE}=([^;]+)", " ".join(headers.get_all("Set-Cookie", [])))
    return found[1] if found else None


class Connection:
    """A websocket, with the timers of the fragments that run by themselves.

    Parameters
    ----------
    address
        The dashboard.
    counts
        Of requests and errors.
    page
        Receives each message.
    path
        The page's path, as in the browser's address line.
    finished
        Called after each run with its fragments; () is the whole page.
    """

    def __init__(self, address, counts, page, path, finished):
        self.address, self.counts, self.page, self.path = address, counts, page, path
        self._finished = finished
        self._noted = self._refused = 0  # errors and refusals of the page
        self._socket = self._reader = None
        self._timers, self._waiting = {}, {}
        self._running = set()  # fragments, and "" for the page, that are waited for
        self._begun = None  # fragments of the run whose end is not reported yet

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
        """Stop the timers and close the websocket."""
        self._sync_timers({})
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
            async with asyncio.timeout(TIMEOUT):
                await asyncio.shield(done)
        except TimeoutError:
            what = f"fragment {fragment}" if fragment else "the page"
            raise TimeoutError(f"no answer from {what} at /{self.path}") from None

    async def _send(self, fragment, *, page="", pressed=None, by_itself=False):
        message = BackMsg()
        request = message.rerun_script
        request.query_string = self.page.query
        request.widget_states.widgets.extend(self.page.states.values())
        if pressed is not None:
            request.widget_states.widgets.append(pressed)
        request.page_script_hash = page or self.page.hash
        if not request.page_script_hash:
            request.page_name = self.path
        request.fragment_id, request.is_auto_rerun = fragment, by_itself
        request.cached_message_hashes.extend(self.page.cached)
        request.context_info.url = f"{self.address.url}/{self.path}"
        request.context_info.timezone, request.context_info.locale = "UTC", "en-GB"
        request.context_info.color_scheme = "light"
        await self.send(message)

    async def send(self, message):
        """Send one message of any kind."""
        self.counts.add_requests()
        await self._socket.send(message.SerializeToString())

    async def _read(self):
        end = ConnectionError("the socket is closed")
        try:
            async for raw in self._socket:
                self._handle(ForwardMsg.FromString(raw))
            self.counts.error("socket closed by the server")
        except ConnectionClosed as error:
            self.counts.error(f"socket broken: {error}")
        except Exception as error:  # of this module: raised in all that wait
            end = error
        for done in self._waiting.values():
            done.set_exception(end)
        self._waiting.clear()

    def _handle(self, message):
        if message.WhichOneof("type") == "new_session":
            self._begin(tuple(message.metadata.run.fragment_ids))
        kind = self.page.receive(message)
        for error in self.page.errors[self._noted :]:
            self.counts.error(f"/{self.path}: {error}")
        self._noted = len(self.page.errors)
        self.counts.refusals.update(self.page.refusals[self._refused :])
        self._refused = len(self.page.refusals)
        if kind in ("new_session", "auto_rerun", "stop_auto_rerun"):
            self._sync_timers(self.page.fragments)
        elif kind == "script_finished":
            self._begun = None
            if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self._settle(message.metadata.run.fragment_ids)
        elif kind == "file_urls_response":
            self._resolve(message.file_urls_response.response_id, message)

    def _begin(self, fragments):
        """Note that a run begins: the one before has ended, reported or not.

        Streamlit does not report it when the next request comes at that very moment.
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

    def _sync_timers(self, fragments):
        for name in self._timers.keys() - fragments.keys():
            self._timers.pop(name).cancel()
        for name in fragments.keys() - self._timers.keys():
            timer = self._keep_running(name, fragments[name])
            self._timers[name] = asyncio.create_task(timer)

    async def _keep_running(self, fragment, interval):
        due = time.monotonic()
        while True:
            due += interval
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            with contextlib.suppress(ConnectionClosed):  # noted where it is read
                await self._send(fragment, by_itself=True)
