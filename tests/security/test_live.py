"""Attacks on the live route: others' runs, malformed requests, and floods of them."""

import http.client
import itertools
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from urllib.parse import quote, urlencode

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from core.runs.classes import Classes
from core.runs.store import Store
from core.runs.store.shares import Shares
from pages.ui.live.route import asked, refused
from pages.ui.web.server import COOKIE, OWNER_HEADER, new_owner
from tests.conftest import wait_until
from tests.driver.security.live import queued
from tests.driver.security.server import socket

FLOOD, ATTACKERS = 400, 4  # requests, sent as fast as they are answered


@pytest.fixture(scope="module")
def store(dashboard):
    store = Store(f"sqlite:///{dashboard.home / 'runs.sqlite'}")
    yield store
    store.close()


class Browser(http.client.HTTPConnection):
    """The requests of one browser, over a connection that is kept."""

    def __init__(self, port, owner, address):
        super().__init__("127.0.0.1", port, timeout=20, source_address=(address, 0))
        self.owner = owner

    def get(self, path, owner=None, **headers):
        """Return the status of an answer, and its body."""
        if owner := owner or self.owner:
            headers["Cookie"] = f"{COOKIE}={owner}"
        self.request("GET", f"/live/{path}", headers=headers)
        answer = self.getresponse()
        return answer.status, answer.read()

    def status(self, path, owner=None, **headers):
        return self.get(path, owner, **headers)[0]


addresses = (f"127.2.{place // 250}.{1 + place % 250}" for place in itertools.count())


@pytest.fixture
def browser(dashboard):
    """A function that returns a browser, at a network address of its own."""
    with ExitStack() as opened:

        def browser(owner=None, address=None):
            found = Browser(dashboard.port, owner, address or next(addresses))
            return opened.enter_context(closing(found))

        yield browser


@contextmanager
def page(dashboard, owner, run):
    """The page of a run, drawn in a browser."""
    with socket(dashboard, dashboard.url, owner) as stream:
        asked = BackMsg()
        asked.rerun_script.query_string = f"run={run}&lstm_step=Learning"
        asked.rerun_script.page_name = "lstm"
        stream.send(asked.SerializeToString())
        message = ForwardMsg()
        while message.WhichOneof("type") != "script_finished":
            message = ForwardMsg.FromString(stream.recv(timeout=60))
        yield stream


def test_a_run_is_answered_to_its_owner_and_nobody_else(browser, store):
    ann, eve = new_owner(), new_owner()
    run = queued(store, ann)
    assert browser(ann).status(f"run/{run}") == 200
    for owner in (eve, None, run, "x" * 43):
        for path in (f"run/{run}", f"replay/{run}?start=0", f"run/{run}?share={run}"):
            assert browser(owner).status(path) == 404
    forged = {OWNER_HEADER: ann}
    assert browser().status(f"run/{run}", **forged) == 404


def test_a_class_is_answered_to_its_members_until_it_has_ended(browser, store):
    teacher, ann, eve = (new_owner() for _ in range(3))
    classes = Classes(store)
    code = classes.create(teacher, "Lesson")
    classes.join(ann, code, "Ann")
    path = f"run/{queued(store, ann)}?class={code}"
    assert browser(teacher).status(path) == 200
    assert browser(eve).status(path) == 404
    assert browser().status(path) == 404
    classes.end(teacher, code)
    wait_until_refused(browser(teacher), path)


def wait_until_refused(browser, path):
    """What was read a moment ago may be answered for that moment."""
    wait_until(lambda: browser.status(path) == 404, 10, "the refusal")


TEXTS = ["", "nan", "inf", "-inf", "1e999", "-1", "0x1", "\0", "‮😀", "x" * 10_000]
PATHS = [
    "",
    "run",
    "run/",
    "run/..%2f..%2fetc%2fpasswd",
    "run/%00",
    "run/%F0%9F%98%80",
    "run/%ff%fe",
    "run/" + "a" * 32,
    "run/" + "a" * 10_000,
    "__class__/x",
    "run:run_view/x",
    "nothing/1",
]


@pytest.mark.parametrize("path", PATHS)
def test_a_malformed_path_is_refused(browser, path):
    assert browser(new_owner()).status(path) in (400, 404)


def test_malformed_parameters_neither_fail_nor_open_anything(dashboard, browser, store):
    ann, eve = new_owner(), new_owner()
    run = queued(store, ann)
    asks = [browser(owner) for owner in (ann, eve)]
    with page(dashboard, ann, run), page(dashboard, eve, queued(store, eve)):
        for text in TEXTS:
            for name in ("version", "start", "ink", "log", "share", "class", "other"):
                query = f"{name}={quote(text)}&{name}={quote(text)}"
                for view in ("run", "replay"):
                    mine, others = (ask.status(f"{view}/{run}?{query}") for ask in asks)
                    assert mine in (200, 204, 404, 429)
                    assert others in (404, 429)
        # It has asked more often than a browser may by now.
        wait_until(lambda: asks[0].status(f"run/{run}") in (200, 204))


def test_a_replay_that_begins_in_the_future_shows_its_start(browser, store):
    ann = new_owner()
    run = queued(store, ann)
    for start in ("inf", "nan", "1e300"):
        query = urlencode({"start": start})
        assert browser(ann).status(f"replay/{run}?{query}") == 200


def test_parameters_that_a_page_does_not_write_make_no_answer_anew(browser, store):
    ann = browser(owner := new_owner())
    run = queued(store, owner)
    bodies = {ann.get(f"run/{run}?other={number}")[1] for number in range(5)}
    assert len(bodies) == 1


COOKIES = {
    "one cookie": lambda: partial(str, new_owner()),
    "a new cookie each": lambda: new_owner,
    "no cookie": lambda: str,
}


@pytest.mark.parametrize(
    ("cookies", "target"),
    [
        ("one cookie", "a guessed run"),
        ("a new cookie each", "a shared run"),
        ("no cookie", "a shared run"),
    ],
)
def test_a_flood_is_refused_and_others_are_answered_as_before(
    dashboard, browser, store, cookies, target
):
    owner_of, ann, ben = COOKIES[cookies](), new_owner(), new_owner()
    runs = {owner: queued(store, owner) for owner in (ann, ben)}
    token = Shares(store).create(ann, [runs[ann]])
    guessed = target == "a guessed run"
    path = f"run/{'0' * 32}" if guessed else f"run/{runs[ann]}?share={token}"
    address = next(addresses)

    def attack(attacker):
        return [
            attacker.status(path, owner_of()) for _ in range(FLOOD // len(attackers))
        ]

    def look(person, goes_on=lambda: False):
        """Ask about as often as two tabs do; return the seconds that answers took."""
        seconds = []
        while len(seconds) < 8 or goes_on():
            began = time.monotonic()
            assert person.status(f"run/{runs[person.owner]}") == 200
            seconds.append(time.monotonic() - began)
            time.sleep(0.1)
        return statistics.quantiles(seconds, n=4)[-1]

    # Ann is elsewhere; Ben shares the attackers' address, and has his page open.
    people = [browser(ann), browser(ben, address)]
    attackers = [browser(None, address) for _ in range(ATTACKERS)]
    with page(dashboard, ben, runs[ben]), ThreadPoolExecutor() as threads:
        before = list(threads.map(look, people))
        began = time.monotonic()
        attacks = [threads.submit(attack, each) for each in attackers]
        looks = [
            threads.submit(look, person, lambda: not all(a.done() for a in attacks))
            for person in people
        ]
        statuses = [status for each in attacks for status in each.result()]
        seconds = time.monotonic() - began
        during = [each.result() for each in looks]
    answered = [status for status in statuses if status != 429]
    assert set(answered) <= ({404} if guessed else {200, 204})
    rate = refused if guessed else asked
    most = rate.burst + rate.per_second * seconds + ATTACKERS  # those under way
    assert len(answered) <= most + 1  # a part of a second more or less
    assert max(during) < max(before) + 1.0
