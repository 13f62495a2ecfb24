"""Searches: those of others, and how many a person or an address may have."""

import time

import pytest
from sqlalchemy import update

from core.lesson import adding
from core.runs import LimitError
from core.runs.search.space import Plan
from core.runs.store.limits import MOST_SEARCHES_HERE
from core.runs.store.schema import studies
from core.runs.store.studies import Studies
from tests.driver.security.runs import GUESSES
from tests.security.conftest import both_databases


def begin(found, owner="ann", address=None):
    return found.create(
        owner,
        "adding",
        adding.Config(),
        title="t",
        data=b"hers",
        plan=Plan(space=()).to_json(),
        minutes=600,
        address=address,
    )


@both_databases
def test_another_owner_neither_sees_nor_changes_a_search(store):
    found = Studies(store)
    study_id = begin(found)
    for guess in (study_id, *GUESSES.values()):
        assert found.get("bob", guess) is found.data("bob", guess) is None
        for change in (found.stop, found.resume, found.delete):
            change("bob", guess)
    assert found.of_owner("bob") == []
    assert found.get("ann", study_id).active
    found.stop("ann", study_id)
    for guess in (study_id, *GUESSES.values()):
        found.resume("bob", guess)
    assert not found.get("ann", study_id).active


def test_new_cookies_do_not_take_all_places_of_searches(store):
    found, here = Studies(store), "192.0.2.1"
    for number in range(MOST_SEARCHES_HERE):
        begin(found, f"cookie {number}", here)
    with store.engine.begin() as connection:  # hours ago, and they go on
        long_ago = update(studies).values(created=time.time() - 10_000)
        connection.execute(long_ago)
    for owner in ("eve", "mallory"):
        with pytest.raises(LimitError, match="from your network address"):
            begin(found, owner, here)
    begin(found, "ann", "192.0.2.2")
    with pytest.raises(LimitError, match="from your network address"):
        begin(found, "eve", here)
    found.stop("cookie 0", found.of_owner("cookie 0")[0].id)
    begin(found, "eve", here)
