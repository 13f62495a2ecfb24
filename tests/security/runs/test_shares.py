"""Links to runs: guessed, revoked, used as a cookie, and what else they might show."""

import os
import secrets
from unittest import mock

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from core import examples
from core.runs.store import RunWriter, Store
from core.runs.store.readers import LinkReader
from core.runs.store.repeats import data_of, repeats
from core.runs.store.shares import Shares
from core.runs.store.store import owner_key
from core.task import UserError
from tests.browser.conftest import Dashboard
from tests.driver.security.runs import GUESSES, everything, queue
from tests.driver.security.server import ANN, EVE, ask, socket
from tests.platforms import NOBODY
from tests.security.conftest import both_databases


@pytest.fixture
def links(store):
    return Shares(store)


def test_a_link_reads_what_it_was_made_for_and_nothing_else(store, links, hers):
    other = queue(store)
    token = links.create("ann", [hers])
    assert everything(store, LinkReader(token), hers) == everything(store, "ann", hers)
    assert everything(store, LinkReader(token), other) == (None, None, {})
    run = store.get(LinkReader(token), hers)
    assert {one.id for one in repeats(store, "ann", [run])} == {hers, other}
    assert repeats(store, LinkReader(token), [run]) == [run]
    assert (
        data_of(store, LinkReader(token), hers) == data_of(store, "ann", other) == b"1"
    )
    assert data_of(store, LinkReader(token), other) is None


def test_a_link_changes_nothing_also_as_the_cookie_of_an_owner(store, links, hers):
    waiting = queue(store)
    token = links.create("ann", [hers, waiting])
    before = [everything(store, "ann", run_id) for run_id in (hers, waiting)]
    store.request_stop(token, waiting)
    store.request_resume(token, hers)
    links.revoke(token, token)
    with pytest.raises(UserError, match="expected your own runs"):
        links.create(token, [hers])
    assert store.runs_of(token) == links.of(token) == []
    assert [everything(store, "ann", run_id) for run_id in (hers, waiting)] == before
    assert links.runs_of(token) == [hers, waiting]


@both_databases
def test_another_owner_neither_shares_nor_finds_nor_revokes(store, links, hers):
    token = links.create("ann", [hers])
    own = queue(store, "bob")
    for run_ids in ([hers], [own, hers], *([guess] for guess in GUESSES.values())):
        with pytest.raises(UserError, match="expected your own runs"):
            links.create("bob", run_ids)
    links.revoke("bob", token)
    assert links.of("bob") == []
    assert links.find("bob", [hers]) is None
    assert links.runs_of(token) == [hers]


def test_a_revoked_link_reads_nothing(store, links, hers):
    token, other = links.create("ann", [hers]), links.create("ann", [queue(store)])
    links.revoke("ann", token)
    assert links.runs_of(token) is None
    assert everything(store, LinkReader(token), hers) == (None, None, {})
    assert links.runs_of(other)


@both_databases
def test_a_guessed_link_reads_and_revokes_nothing(store, links, hers):
    token = links.create("ann", [hers])
    near = [token[:-1] + ("A" if token[-1] != "A" else "B"), token[:-1], token + "A"]
    for guess in (*GUESSES.values(), secrets.token_urlsafe(32), ANN, *near):
        assert links.runs_of(guess) is None
        assert everything(store, guess, hers) == (None, None, {})
        links.revoke("ann", guess)
    assert links.runs_of(token) == [hers]


SECRET = "a title of another run"


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A dashboard, its log, a link to one of Ann's runs, and this and her other run."""
    home = tmp_path_factory.mktemp("shared")
    own = {"DASK_SCHEDULER_ADDRESS": NOBODY}
    with mock.patch.dict(os.environ, own), (home / "log").open("wb") as log:
        dashboard = Dashboard(home, log)
    store = Store(f"sqlite:///{home / 'runs.sqlite'}")
    example = examples.load("text")
    ids = [
        store.create(ANN, "text", example.result.config, title=title, data=b"")
        for title in ("the shared one", SECRET)
    ]
    for run_id in ids:
        result = example.result.encode()
        RunWriter.claim(store, run_id).finish("done", result=result)
    token = Shares(store).create(ANN, ids[:1])
    yield dashboard, home / "log", token, ids
    store.close()
    dashboard.kill()


def traffic(dashboard, page, query, owner=EVE):
    """All that the server sends to a browser that opens a page."""
    asked = BackMsg()
    asked.rerun_script.page_name = page
    asked.rerun_script.query_string = query
    sent = b""
    with socket(dashboard, dashboard.url, owner) as stream:
        stream.send(asked.SerializeToString())
        while True:
            content = stream.recv(timeout=30)
            sent += content
            message = ForwardMsg.FromString(content)
            if message.WhichOneof("type") == "script_finished":
                return sent


def test_a_shared_page_has_nothing_of_its_owner_but_the_run(shared):
    dashboard, _, token, (_, other) = shared
    sent = traffic(dashboard, "shared", f"share={token}&run={other}")
    assert b"the shared one" in sent
    assert b"shared_scrubber" in sent
    for private in (ANN, owner_key(ANN), other, SECRET):
        assert private.encode() not in sent
    for action in ("_stop", "_resume", "_close", "share_menu", "share_revoke"):
        assert action.encode() not in sent


@pytest.mark.parametrize("page", ["lstm", "runs"])
def test_a_link_opens_nothing_on_other_pages(shared, page):
    dashboard, _, token, (run_id, _) = shared
    query = f"share={token}&run={run_id}&lstm_step=Learning"
    assert b"the shared one" not in traffic(dashboard, page, query)


def test_a_link_that_leads_to_nothing_says_so_whatever_it_is(shared):
    dashboard, *_ = shared
    for guess in ("", "x" * 43, "%00", "%27%20OR%201=1--", "a" * 100_000):
        assert b"This link is invalid" in traffic(dashboard, "shared", f"share={guess}")


def test_no_log_has_the_link(shared):
    dashboard, log, token, _ = shared
    for accepted in ("text/html", "*/*"):
        path, headers = f"/shared?share={token}", {"Accept": accepted}
        assert ask(dashboard, "GET", path, headers=headers)[0] == 200
    traffic(dashboard, "shared", f"share={token}")
    assert token not in log.read_text()
