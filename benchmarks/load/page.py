"""The state of a page in a browser, from the messages that the server sends."""

import re
from urllib.parse import parse_qsl, urlencode

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetStates

from benchmarks.load.widgets import Widget, drawn_state, key_of

EPOCH = re.compile(r"Epoch (\d+) of (\d+)")
# What the limits of core.runs.store.limits and of a class say: no error of the page.
REFUSAL = re.compile(r"Try again |unfinished runs, the most")
CACHED_RUNS = 2  # after so many a browser forgets a message that did not come again


class Page:
    """Widgets, fragments, address and errors of one open page.

    Parsed is only what a browser needs to act: charts and texts are passed over.
    """

    def __init__(self):
        self.session_id = self.hash = self.query = ""
        self.pages = {}  # path -> hash of its script
        self.widgets = {}  # by key
        self.states = {}  # by id
        self.fragments = {}  # id -> seconds between two runs of its own
        # Of the live panel, as the latest run has drawn it: 0 before the first epoch.
        self.epoch = None
        self.errors, self.refusals = [], []
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

    def receive(self, message):
        """Update the state with one message; return its kind."""
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            cached = self._cache.get(message.ref_hash)
            if cached is None:
                self.errors.append(
                    "a message that the server expects to be cached here"
                )
                return kind
            cached[1] = self._runs
            message, kind = cached[0], "delta"
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
        proto = message.new_session
        self.session_id = proto.initialize.session_id
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
        proto = getattr(delta.new_element, kind) if kind else None
        if kind == "progress":
            found = EPOCH.match(proto.text)
            self.epoch = int(found[1]) if found else 0
        elif kind == "exception":
            if not proto.is_warning:
                self.errors.append(
                    f"exception on the page: {proto.type} {proto.message}"
                )
        elif kind == "alert":
            if proto.format == Alert.ERROR and REFUSAL.search(proto.body):
                self.refusals.append(proto.body)
            elif proto.format == Alert.ERROR:
                self.errors.append(f"error on the page: {proto.body}")
        elif kind and hasattr(proto, "id"):
            self._widget(kind, proto, delta.fragment_id)

    def _widget(self, kind, proto, fragment):
        widget = Widget(kind, proto, fragment)
        self.widgets[key_of(proto.id)] = widget
        self._drawn.add(proto.id)
        if proto.id not in self.states or getattr(proto, "set_value", False):
            drawn = drawn_state(widget)
            if drawn is not None:
                self.states[proto.id] = drawn

    def _auto_rerun(self, message):
        proto = message.auto_rerun
        self.fragments[proto.fragment_id] = proto.interval

    def _stop_auto_rerun(self, message):
        for fragment in message.stop_auto_rerun.fragment_ids:
            self.fragments.pop(fragment, None)

    def _navigation(self, message):
        proto = message.navigation
        self.hash = proto.page_script_hash
        self.pages = {
            page.url_pathname: page.page_script_hash for page in proto.app_pages
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
            for state in self.states.keys() - self._drawn:
                del self.states[state]
            for key in [k for k, w in self.widgets.items() if w.id not in self._drawn]:
                del self.widgets[key]

    def _forget(self):
        """Drop messages that did not come again; a fragment's run tells of its own."""
        self._runs += 1
        for name, (message, used) in list(self._cache.items()):
            proto = not self._fragment_run or (
                message.delta.fragment_id in self._fragment_run
            )
            if proto and self._runs - used > CACHED_RUNS:
                del self._cache[name]
