"""What a browser knows of its page from the messages that the server sends."""

import re
from urllib.parse import parse_qsl, urlencode

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetStates

from benchmarks.load.widgets import Widget, drawn_state, key_of

EPOCH = re.compile(r"Epoch (\d+) of (\d+)")
CACHED_RUNS = 2  # after so many a browser forgets a message that did not come again


class Page:
    """Widgets, fragments, address and complaints of one open page.

    Parsed is only what a browser needs to act: charts and texts are passed over.
    """

    def __init__(self):
        self.session_id = self.hash = self.query = ""
        self.pages = {}  # path -> hash of its script
        self.widgets = {}  # by key
        self.states = {}  # by id
        self.fragments = {}  # id -> seconds between two runs of its own
        self.epoch = None  # of the live panel, as the latest run has drawn it
        self.errors = []
        self.elements = 0  # drawn by the run that goes on
        self._fragment_run = ()
        self._drawn = set()
        self._cache, self._runs = {}, 0
        self._handlers = {
            "new_session": self._begin,
            "delta": self._delta,
            "auto_rerun": self._auto_rerun,
            "stop_auto_rerun": self._stop_auto_rerun,
            "navigation": self._navigation,
            "page_info_changed": self._address,
            "script_finished": self._finished,
            "session_event": self._event,
            "page_not_found": lambda _: self.errors.append("page not found"),
        }

    def take(self, message):
        """Learn from one message; return its kind."""
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            kept = self._cache.get(message.ref_hash)
            if kept is None:
                self.errors.append("a message that the server thinks is kept here")
                return kind
            kept[1] = self._runs
            message, kind = kept[0], "delta"
        elif message.metadata.cacheable:
            self._cache[message.hash] = [message, self._runs]
        if handler := self._handlers.get(kind):
            handler(message)
        return kind

    @property
    def cached(self):
        """Hashes of the messages that need not be sent again."""
        return list(self._cache)

    def all_states(self):
        """The states of all widgets, to be sent."""
        return WidgetStates(widgets=self.states.values())

    def bind(self, name, value):
        """Put a widget's value into the address, as a browser does by itself."""
        first = value[0] if isinstance(value, list) else value
        self.query = urlencode(dict(parse_qsl(self.query)) | {name: first})

    def _begin(self, message):
        told = message.new_session
        self.session_id = told.initialize.session_id
        self._fragment_run = tuple(message.metadata.run.fragment_ids)
        self.epoch, self.elements = None, 0
        if not self._fragment_run:
            self.fragments.clear()
            self._drawn = set()

    def _delta(self, message):
        delta = message.delta
        self.elements += 1
        if delta.WhichOneof("type") == "add_block":
            if delta.add_block.tab_container.id:
                self._widget(
                    "tab_container", delta.add_block.tab_container, delta.fragment_id
                )
            return
        kind = delta.new_element.WhichOneof("type")
        told = getattr(delta.new_element, kind) if kind else None
        if kind == "progress":
            if found := EPOCH.match(told.text):
                self.epoch = int(found[1])
        elif kind == "exception":
            if not told.is_warning:
                self.errors.append(f"exception on the page: {told.type} {told.message}")
        elif kind == "alert":
            if told.format == Alert.ERROR:
                self.errors.append(f"error on the page: {told.body}")
        elif kind and hasattr(told, "id"):
            self._widget(kind, told, delta.fragment_id)

    def _widget(self, kind, told, fragment):
        widget = Widget(kind, told, fragment)
        self.widgets[key_of(told.id)] = widget
        self._drawn.add(told.id)
        if told.id not in self.states or getattr(told, "set_value", False):
            drawn = drawn_state(widget)
            if drawn is not None:
                self.states[told.id] = drawn

    def _auto_rerun(self, message):
        told = message.auto_rerun
        self.fragments[told.fragment_id] = told.interval

    def _stop_auto_rerun(self, message):
        for fragment in message.stop_auto_rerun.fragment_ids:
            self.fragments.pop(fragment, None)

    def _navigation(self, message):
        told = message.navigation
        self.hash = told.page_script_hash
        self.pages = {
            page.url_pathname: page.page_script_hash for page in told.app_pages
        }

    def _address(self, message):
        self.query = message.page_info_changed.query_string

    def _event(self, message):
        if message.session_event.WhichOneof("type") == "script_compilation_exception":
            self.errors.append("a page that cannot be compiled")

    def _finished(self, message):
        if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self.errors.append("a page that cannot be compiled")
        self._forget()
        done = message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
        if done and not self._fragment_run:
            gone = self.states.keys() - self._drawn
            for state in gone:
                del self.states[state]
            for key in [k for k, w in self.widgets.items() if w.id in gone]:
                del self.widgets[key]

    def _forget(self):
        """Drop messages that did not come again; a fragment's run tells of its own."""
        self._runs += 1
        for name, (message, used) in list(self._cache.items()):
            told = not self._fragment_run or (
                message.delta.fragment_id in self._fragment_run
            )
            if told and self._runs - used > CACHED_RUNS:
                del self._cache[name]
