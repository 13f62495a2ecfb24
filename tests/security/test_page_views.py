"""Whom the live route answers: runs, searches, the path and the admin page."""

import json
import secrets
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from pages.ui import admin
from pages.ui.session import platform
from tests.conftest import wait_until
from tests.driver.pages.app import open_page
from tests.driver.pages.finished import finished
from tests.driver.pages.live import ask as answered
from tests.driver.pages.search import begin

TOKEN = "a token for the tests only"


@pytest.fixture
def ask():
    """Returns the status of an answer, and what it says."""
    address = secrets.token_hex(8)  # of this test: what is refused to one counts

    def ask(path, owner=None, **query):
        status, answer = answered(path, owner, urlencode(query), address)
        return status, json.dumps(answer)

    return ask


@pytest.fixture
def ann():
    return secrets.token_urlsafe(32)


@pytest.fixture
def eve():
    return secrets.token_urlsafe(32)


def test_a_list_has_the_runs_of_its_own_browser_only(ask, ann, eve):
    run_id = finished(ann, "adding")
    assert run_id in ask("runs", ann, most=20)[1]
    status, answer = ask("runs", eve, most=20)
    assert (status, run_id in answer) == (200, False)
    assert ask("runs", most=20)[0] == 404


@pytest.mark.parametrize("most", ["nan", "-1", "1e9", "x", "²", "1" * 400])
def test_a_query_that_no_page_writes_is_refused(ask, ann, most):
    assert ask("runs", ann, most=most)[0] == 404


def test_a_comparison_is_for_the_owner_of_all_its_runs(ask, ann, eve):
    hers, eves = finished(ann, "adding"), finished(eve, "adding")
    for view in ("compare", "shared"):
        assert ask(f"{view}/{hers}", ann)[0] == 200
        assert ask(f"{view}/{hers}", eve)[0] == 404
        assert ask(f"{view}/{hers}")[0] == 404
        assert ask(f"{view}/{secrets.token_hex(16)}", ann)[0] == 404
        assert ask(view, ann)[0] == 404
    assert ask(f"compare/{eves},{hers}", eve)[0] == 404
    assert ask(f"compare/{eves}", eve, further=hers)[0] == 404


def test_a_revoked_share_shows_no_comparison_any_more(ask, ann, eve):
    ids = [finished(ann, "adding") for _ in range(2)]
    paths = [f"{view}/{','.join(ids)}" for view in ("compare", "shared")]
    token = platform().shares.create(ann, ids)
    first = [ask(path, eve, share=token) for path in paths]
    assert [status for status, _ in first] == [200, 200]
    assert "?run=" not in str(first)  # nothing opens them
    other = platform().shares.create(ann, ids[:1])
    assert ask(paths[0], eve, share=other)[0] == 404
    platform().shares.revoke(ann, token)
    wait_until(
        lambda: {ask(path, eve, share=token)[0] for path in paths} == {404},
        what="the end of the share",
    )


def test_a_search_is_for_its_own_browser(ask, ann, eve):

    study_id = begin(ann, trials=2, seeds=1)
    try:
        assert ask(f"search/{study_id}", ann)[0] == 200
        assert ask(f"search/{study_id}", eve)[0] == 404
        assert ask(f"search/{study_id}")[0] == 404
        assert ask("search/", ann)[0] == 404
        assert ask(f"search/{secrets.token_hex(16)}", ann)[0] == 404
    finally:
        platform().studies.delete(ann, study_id)


def test_the_path_answers_how_far_its_own_browser_is(ask, ann, eve):
    platform().paths.go_to(ann, "vanishing")
    assert "vanishing" in ask("path/vanishing", ann)[1]
    assert "not begun" in ask("path/vanishing", eve)[1]
    assert ask("path/vanishing")[0] == 404
    assert ask("path/nowhere", ann)[0] == 404


def test_the_view_of_the_workers_has_no_addresses(ask):
    status, answer = ask("workers")
    assert status == 200
    assert "tcp://" not in answer
    assert "tls://" not in answer


def test_the_admin_view_is_for_a_browser_that_has_signed_in(ask, ann, eve, monkeypatch):
    site = replace(platform().site, admin_token=TOKEN)
    monkeypatch.setattr(platform(), "site", site)
    assert ask("admin", ann)[0] == ask("admin")[0] == 404
    page = open_page("admin")
    me = page.session_state["owner"]
    assert ask("admin", me)[0] == 404
    page.text_input(key="admin_token").set_value("a wrong token, of a guesser")
    page.button(key="admin_open").click().run()
    assert ask("admin", me)[0] == 404
    page.text_input(key="admin_token").set_value(TOKEN)
    page.button(key="admin_open").click().run()
    assert ask("admin", me)[0] == 200
    assert ask("admin", eve)[0] == ask("admin")[0] == 404
    monkeypatch.setitem(admin._signed_in, me, 0.0)  # an hour later
    assert ask("admin", me)[0] == 404
    page.run()
    assert ask("admin", me)[0] == 200
    monkeypatch.setattr(platform(), "site", replace(site, admin_token=None))
    assert ask("admin", me)[0] == 404
