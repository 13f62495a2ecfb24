"""One open browser tab, and what a person does in it."""

import asyncio
import json
import time
import uuid
from urllib.parse import parse_qsl

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import UploadedFileInfo
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.load.connection import TIMEOUT, Connection, cookie, owner_in
from benchmarks.load.page import Page
from benchmarks.load.upload import put
from benchmarks.load.widgets import state


class Session:
    """A browser tab without the browser.

    Parameters
    ----------
    address
        The dashboard.
    counts
        Of requests, errors and what is seen.
    owner
        The token in the browser's cookie; without it the first page brings one.
    """

    def __init__(self, address, counts, owner=None):
        self.address, self.counts, self.owner = address, counts, owner
        self.page, self.watch, self._connection = Page(), None, None
        self.request = None  # the training that it has asked for

    async def open(self, path="", query=""):
        """Load a page as a new visitor; return the seconds until it is whole."""
        began = time.perf_counter()
        self.counts.add_requests()
        headers = {"Accept": "text/html", **cookie(self.owner)}
        status, answer, _ = await asyncio.to_thread(
            self.address.ask, "GET", f"/{path}", headers=headers
        )
        if status != 200:
            self.counts.error(f"/{path}: HTTP status {status}")
        self.owner = self.owner or owner_in(answer)
        self.page = Page()
        self.page.query = query
        self._connection = Connection(
            self.address, self.counts, self.page, path, self._note_panel
        )
        await self._connection.connect(self.owner)
        self.counts.opened()
        await self._connection.run()
        return time.perf_counter() - began

    async def close(self):
        """Close the tab."""
        if self.watch:
            self.watch.pause()
        if self._connection:
            await self._connection.close()
            self._connection = None
            self.counts.closed()

    async def refresh(self):
        """Press the browser's reload button: a new session at the same address."""
        path, query = self._connection.path, self.page.query
        await self.close()
        return await self.open(path, query)

    async def go(self, path, query=""):
        """Follow the navigation, or a link on a page, to another page."""
        if self.watch:
            self.watch.pause()
        self._connection.path, self.page.query = path, query
        await self._connection.run(page=self.page.pages[path])

    def has(self, key):
        """Whether the page has such a widget, and it can be used."""
        widget = self.page.widgets.get(key)
        return widget is not None and not getattr(widget.proto, "disabled", False)

    async def set(self, key, value):
        """Set a widget and wait for the run of the script."""
        widget = self.page.widgets[key]
        self.page.states[widget.id] = state(widget, value)
        if bound := getattr(widget.proto, "query_param_key", ""):
            self.page.bind(bound, value)
        await self._connection.run(widget.fragment)

    def fill(self, key, value):
        """Set a widget of a form: it is sent with the form's button."""
        widget = self.page.widgets[key]
        self.page.states[widget.id] = state(widget, value)

    async def follow(self, key, path):
        """Press a button that leads to another page.

        That one comes when the browser says that it has what lies between; see
        `pages.ui.address.go_on`.
        """
        await self.press(key)
        if between := self.page.widgets.get("follow_link"):
            there = json.dumps({"there": [json.loads(between.proto.json), 0]})
            self.page.states[between.id] = WidgetState(id=between.id, json_value=there)
            await self._connection.run()
        self._connection.path = path

    async def press(self, key):
        """Press a button and wait for the run of the script."""
        widget = self.page.widgets[key]
        await self._connection.run(widget.fragment, pressed=state(widget, True))

    async def train(self, prefix, what):
        """Press Train on a page; from now on note what is seen of the training."""
        if self.watch:
            self.watch.pause()
        self.watch = self.request = None
        pressed, refusals = time.time(), len(self.page.refusals)
        await self.press(f"{prefix}_train")
        refused = len(self.page.refusals) > refusals
        run = None if refused else dict(parse_qsl(self.page.query))["run"]
        self.request = self.counts.new_request(what, run, pressed)
        if run:
            self.watch = self.counts.new_watch(run)
            self._note_panel(())

    async def upload(self, key, name, content):
        """Choose a file, as in the browser's dialogue."""
        message = BackMsg()
        request = message.file_urls_request
        request.request_id = uuid.uuid4().hex
        request.file_names.append(name)
        request.session_id = self.page.session_id
        answer = self._connection.expect(request.request_id)
        await self._connection.send(message)
        async with asyncio.timeout(TIMEOUT):
            urls = (await answer).file_urls_response.file_urls[0]
        self.counts.add_requests(2)
        status = await asyncio.to_thread(
            put, self.address, urls.upload_url, name, content, self.owner
        )
        if status != 204:
            self.counts.error(f"upload: HTTP status {status}")
        file = UploadedFileInfo(
            name=name, size=len(content), file_id=urls.file_id, file_urls=urls
        )
        await self.set(key, [file])

    def _note_panel(self, fragments):
        """Record what the live panel shows after a run."""
        if self.watch is None:
            return
        now = time.time()
        if self.page.epoch is not None:
            self.watch.see(self.page.epoch, now)
        elif not fragments:
            self.watch.pause()
        if self.request:
            self.request.see(self.page.epoch, self._has_result(), now)

    def _has_result(self):
        """Whether the page shows a run that has ended well."""
        ended = any(key.endswith("_close") for key in self.page.widgets)
        return ended and not any(k.endswith("_resume") for k in self.page.widgets)
