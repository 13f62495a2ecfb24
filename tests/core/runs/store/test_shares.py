"""Links to runs in the store: what they lead to, until they are revoked."""

import re

import pytest
from sqlalchemy import delete, update

from core.runs import LimitError
from core.runs.store import Store, shares
from core.runs.store.readers import LinkReader
from core.runs.store.schema import runs
from core.runs.store.shares import Shares
from core.task import UserError
from tests.core.runs.counting import Config


@pytest.fixture
def links(store):
    return Shares(store)


def queue(store, owner="ann", title="t"):
    return store.create(owner, "counting", Config(), title=title, data=b"1")


def test_a_link_leads_to_its_runs_in_their_order_through_any_process(store, links, url):
    first, second, _ = (queue(store) for _ in range(3))
    token = links.create("ann", [second, first])
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
    another = Store(url)
    assert Shares(another).runs_of(token) == [second, first]
    assert another.get(LinkReader(token), first) == store.get("ann", first)
    another.close()


def test_the_same_runs_have_the_same_link_until_it_is_revoked(store, links):
    first, second = queue(store), queue(store)
    token = links.create("ann", [first])
    assert links.create("ann", [first, first]) == links.find("ann", [first]) == token
    others = {links.create("ann", ids) for ids in ([first, second], [second, first])}
    assert len(others - {token}) == 2
    assert links.find("ann", [second]) is None
    links.revoke("ann", token)
    assert links.runs_of(token) is links.find("ann", [first]) is None
    assert links.create("ann", [first]) not in (token, *others)


def test_links_are_listed_newest_first_with_their_runs(store, links):
    first, second = queue(store, title="one"), queue(store, title="two")
    tokens = [links.create("ann", ids) for ids in ([first], [second, first])]
    queue(store, "bob")
    assert [share.token for share in links.of("ann")] == tokens[::-1]
    assert [[run.title for run in share.runs] for share in links.of("ann")] == [
        ["two", "one"],
        ["one"],
    ]
    assert links.of("bob") == []


def test_a_link_to_a_deleted_run_leads_to_nothing_and_says_that_it_was_one(
    store, links
):
    first, second = queue(store), queue(store)
    both, one = links.create("ann", [first, second]), links.create("ann", [first])
    with store.engine.begin() as connection:
        connection.execute(update(runs).where(runs.c.id == first).values(deleted=1.0))
    assert links.runs_of(both) == [second]
    assert links.runs_of(one) == []
    assert store.get(LinkReader(one), first) is None
    with store.engine.begin() as connection:
        connection.execute(delete(runs).where(runs.c.id == first))
    assert links.runs_of(both) == [second]
    assert links.runs_of(one) == []
    assert [share.runs for share in links.of("ann") if share.token == one] == [()]
    with pytest.raises(UserError, match="deleted one or one of another"):
        links.create("ann", [first])


def test_links_of_an_owner_are_limited_and_links_to_deleted_runs_do_not_count(
    store, links, monkeypatch
):
    monkeypatch.setattr(shares, "MOST_SHARES", 2)
    ids = [queue(store) for _ in range(4)]
    for run_id in ids[:2]:
        links.create("ann", [run_id])
    with pytest.raises(LimitError, match="You have 2 links"):
        links.create("ann", [ids[2]])
    links.create("bob", [queue(store, "bob")])
    with store.engine.begin() as connection:
        connection.execute(delete(runs).where(runs.c.id == ids[0]))
    assert links.runs_of(links.create("ann", [ids[2]])) == [ids[2]]


@pytest.mark.parametrize("number", [0, 9])
def test_a_link_to_no_run_or_to_more_than_can_be_compared_is_refused(links, number):
    with pytest.raises(UserError, match=f"expected 1 to 8 to share, got {number}"):
        links.create("ann", [f"{n:032x}" for n in range(number)])
