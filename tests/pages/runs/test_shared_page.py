"""The shared page: each task's run by its link, and the menu that makes and revokes."""

import secrets
import time
from urllib.parse import parse_qs

import pytest
from sqlalchemy import delete, update
from streamlit.testing.v1 import AppTest

from core.runs.store.schema import files, runs
from core.task import UserError
from pages.ui.live.view import view_of
from pages.ui.session import platform
from tests.conftest import wait_until
from tests.driver.pages.app import open_page, text_of
from tests.driver.pages.finished import RESULTS, finished
from tests.pages.answers import parts
from tests.rows import change

PREFIX = {"text": "lstm", "adding": "lstm"}  # of the widgets of the others: the task
TABS = {
    "stock": ["Result", "Judgement", "Take away", "How it works"],
    "text": [
        "Vanishing gradient",
        "Fed or running free",
        "Curves",
        "Take away",
        "How it works",
    ],
    "adding": ["Vanishing gradient", "Curves", "Take away", "How it works"],
    "emoji": ["Judgement", "Take away", "How it works"],
    "music": [
        "Training",
        "Result",
        "Judgement",
        "Human or model?",
        "Take away",
        "How it works",
    ],
}
# Buttons for visitors: they change nothing but what is seen.
HARMLESS = {
    "music_another",
    "music_generate",
    "music_quiz_human",
    "music_quiz_model",
    "stock_guess",
}


@pytest.fixture
def owner():
    return secrets.token_urlsafe(32)


@pytest.fixture(scope="module", params=RESULTS)
def shared(request):
    """A task, and the page of a run of it that somebody else has shared."""
    owner, task = secrets.token_urlsafe(32), request.param
    token = platform().shares.create(owner, [finished(owner, task)])
    return task, open_page("shared", share=token)


def test_a_link_shows_all_of_a_run_to_look_at_and_nothing_to_change_it(shared):
    task, page = shared
    assert "Shared with you" in text_of(page)
    assert "epochs 7" in text_of(page)
    assert [tab.label for tab in page.tabs] == TABS[task]
    for name in TABS[task]:
        page.session_state["shared_tabs"] = name
        assert not page.run().exception
        assert [tab.label for tab in page.tabs if len(tab.children)] == [name]
        assert {button.key for button in page.button} <= HARMLESS
    assert platform().store.runs_of(page.session_state["owner"]) == []


def test_a_viewer_can_set_back_what_another_setting_has_changed(owner):
    token = platform().shares.create(owner, [finished(owner, "music")])
    page = open_page("shared", share=token)
    page.number_input(key="music_bars").set_value(40).run()
    assert page.number_input(key="music_choruses").value == 0
    page.number_input(key="music_choruses").set_value(1).run()
    assert page.number_input(key="music_choruses").value == 1


@pytest.mark.parametrize("task", RESULTS)
def test_a_shared_run_without_a_result_is_shown_to_look_at_too(owner, task):
    run_id = finished(owner, task)
    with platform().store.engine.begin() as connection:
        connection.execute(delete(files).where(files.c.training == run_id))
    change(platform().store, run_id, status="stopped")
    page = open_page("shared", share=platform().shares.create(owner, [run_id]))
    assert "Stopped" in text_of(page)
    assert {button.key for button in page.button} <= HARMLESS


def test_a_viewer_of_a_shared_run_can_train_with_its_settings(shared):
    task, page = shared
    prefix = PREFIX.get(task, task)
    page.session_state["shared_tabs"] = TABS[task][0]
    page.run()
    link = page.get("page_link")[0].proto
    assert link.page == prefix
    settings = parse_qs(link.query_string)
    page = open_page(prefix, **{name: value for name, (value,) in settings.items()})
    assert page.number_input(key=f"{prefix}_epochs").value == 7
    assert page.button(key=f"{prefix}_train")


def test_a_link_to_several_runs_shows_them_side_by_side(owner):
    ids = [finished(owner, "adding") for _ in range(2)]
    store = platform().store
    with store.engine.begin() as connection:
        notes = update(runs).where(runs.c.id.in_(ids)).values(note="a private note")
        connection.execute(notes)
    mine = open_page("compare", owner, runs=",".join(ids), compare_chosen="B")
    mine.button(key="share_create_compare").click().run()
    (share,) = platform().shares.of(owner)
    assert [run.id for run in share.runs] == ids
    page = open_page("shared", share=share.token)
    page.session_state["compare_chosen"] = "B"
    shown = text_of(page.run())
    assert "Shared with all" in shown
    assert page.title[0].value == "Runs side by side"
    assert "a private note" in text_of(mine)
    assert "a private note" not in shown
    assert not page.button
    assert not page.get("page_link")
    assert not any(run_id in shown for run_id in ids)  # nothing opens them
    assert platform().store.runs_of(page.session_state["owner"]) == []


def test_a_link_is_made_in_the_menu_and_gone_when_it_is_revoked(owner):
    run_id = finished(owner, "adding")
    page = open_page("lstm", owner, run=run_id, lstm_step="Learning")
    assert "including the training data" in text_of(page)
    assert platform().shares.of(owner) == []
    page.button(key="share_create_lstm").click().run()
    (share,) = platform().shares.of(owner)
    looks = open_page("shared", share=share.token)
    assert "Adding problem" in looks.title[0].value
    path = f"shared/{run_id}"
    assert parts(looks)["shared_watch"]["url"] == f"/live/{path}"
    assert view_of(path, None, {"share": share.token})
    page.button(key="share_revoke_lstm").click().run()
    assert platform().shares.of(owner) == []
    wait_until(lambda: not view_of(path, None, {"share": share.token}), what="the end")
    assert "This link is invalid" in text_of(looks.run())
    assert page.button(key="share_create_lstm")


def test_the_runs_page_lists_the_links_and_revokes_them(owner, monkeypatch):
    ids = [finished(owner, "adding") for _ in range(2)]
    tokens = [f"{start}{secrets.token_hex(20)}" for start in ("_a_", "b__")]
    with monkeypatch.context() as patch:
        patch.setattr(secrets, "token_urlsafe", lambda _: tokens.pop(0))
        kept, revoked = (platform().shares.create(owner, [run_id]) for run_id in ids)
    page = open_page("runs", owner)
    page.session_state["share_list"] = True
    page.run().button(key=_revoke_key(revoked)).click().run()
    assert not page.exception
    assert [share.token for share in platform().shares.of(owner)] == [kept]
    assert page.button(key=_revoke_key(kept))


def _revoke_key(token):
    return f"share_revoke_{token[:8].replace('_', '-')}"


def test_a_page_left_open_gives_no_more_files_once_its_link_is_revoked(owner):
    ids = [finished(owner, "adding") for _ in range(2)]
    token = platform().shares.create(owner, ids)
    page = AppTest.from_function(_offer_a_file, args=(token, ids)).run()
    make = page.session_state["make"]
    assert make() == b"content"
    platform().shares.revoke(owner, token)
    with pytest.raises(UserError, match="revoked"):
        make()


def _offer_a_file(token, run_ids):
    import streamlit as st

    from core.runs.store.readers import LinkReader
    from pages.ui.session import open_share
    from pages.ui.takeaway import while_readable

    open_share(LinkReader(token))
    st.session_state["make"] = while_readable(lambda: b"content", *run_ids)


def test_a_link_to_a_run_that_was_deleted_says_so(owner):
    run_id = finished(owner, "adding")
    page = open_page("shared", share=platform().shares.create(owner, [run_id]))
    with platform().store.engine.begin() as connection:
        connection.execute(update(runs).where(runs.c.id == run_id).values(deleted=1.0))
    assert "owner has deleted the runs" in text_of(page.run())


def test_a_page_is_drawn_anew_when_a_shared_run_has_changed(owner):
    ids = [finished(owner, "adding") for _ in range(2)]
    query = {"share": platform().shares.create(owner, ids)}
    page = open_page("shared", **query)
    path = f"shared/{','.join(ids)}"
    assert view_of(path, None, query).page == parts(page)["shared_watch"]["page"]
    change(platform().store, ids[1], status="stopped", finished=time.time())
    wait_until(
        lambda: view_of(path, None, query).page != parts(page)["shared_watch"]["page"],
        what="another page",
    )
