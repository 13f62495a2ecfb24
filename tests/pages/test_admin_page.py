"""The admin page: what it shows to whom, over a real store and a real cluster."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.requests import Request

from core import stock
from core.runs.admin import Admin
from core.runs.store import RunWriter
from pages.ui import admin
from pages.ui.live.rates import Rate
from pages.ui.metrics import metrics_route
from pages.ui.session import platform
from pages.ui.web.server import Pages
from tests.conftest import wait_until
from tests.driver.pages.app import arrive, open_page, text_of
from tests.pages.answers import answer, lines, parts
from tests.rows import change

TOKEN = "a token for the tests only"


@pytest.fixture
def token(monkeypatch):
    """The installation has a token, for one test."""
    site = replace(platform().site, admin_token=TOKEN)
    monkeypatch.setattr(platform(), "site", site)
    return TOKEN


@pytest.fixture
def opened(token):
    return enter(open_page("admin"), token)


@pytest.fixture
def queued():
    """A run that waits, because its owner's other run is taken by nobody's worker."""
    store = platform().store
    _, series = stock.TASK.tiny()
    config = stock.Config.preset("classic", units=4, window=16, epochs=1000)
    data = stock.TASK.encode_data(series)
    made = [
        store.create("eve", "stock", config, title="my secret file", data=data)
        for _ in range(2)
    ]
    RunWriter.claim(store, made[0])
    yield made[1]
    for run_id in made:
        store.give_up(run_id, "stopped", "The test is over.")


def enter(page, token):
    page.text_input(key="admin_token").set_value(token)
    page.button(key="admin_open").click().run()
    assert not page.exception
    return page


def test_an_installation_without_an_admin_token_has_no_admin_page():
    assert platform().site.admin_token is None
    home = open_page("home")
    with pytest.raises(ValueError, match=r"Could not find.*admin\.py"):
        arrive(home, "admin", {})


def test_nothing_is_shown_before_the_token_is_given(token):
    page = open_page("admin")
    assert page.title[0].value == "Admin"
    assert page.text_input(key="admin_token")
    assert not parts(page)


def test_a_wrong_token_shows_nothing_and_the_right_one_may_follow(token):
    page = enter(open_page("admin"), "a token for somebody else")
    assert "not the token" in page.error[0].value
    assert not parts(page)
    assert parts(enter(page, token))


def test_tokens_cannot_be_tried_in_great_numbers(token, monkeypatch):
    monkeypatch.setattr(admin, "_wrong", Rate(per_second=0, burst=10))
    page = open_page("admin")
    says = [enter(page, f"guess {number}").error[0].value for number in range(12)]
    assert ["not the token" in each for each in says] == [True] * 10 + [False] * 2
    assert "Too many attempts" in says[-1]
    assert not parts(page)


def test_wrong_tokens_do_not_lock_the_right_one_out(token, monkeypatch):
    monkeypatch.setattr(admin, "_wrong", Rate(per_second=0, burst=1))
    page = enter(open_page("admin"), "a guess")
    assert "Too many attempts" in enter(page, "another guess").error[0].value
    assert parts(enter(page, token))


def test_a_wrong_token_is_logged_with_its_sender_and_without_itself(
    token, monkeypatch, caplog
):
    monkeypatch.setattr(admin, "_wrong", Rate(per_second=0, burst=2))
    for _ in range(5):
        assert not admin.is_admin("almost-the-secret", "192.0.2.1")
    logged = [text for text in caplog.messages if "wrong admin token" in text]
    assert logged == ["wrong admin token from 192.0.2.1"] * 2
    assert "almost-the-secret" not in caplog.text
    assert token not in caplog.text


def tables(page):
    """The rows of the tables, by what these show."""
    blocks = answer(page, "admin_live")["blocks"]
    return {each["alt"]: each["rows"] for each in blocks if each["kind"] == "table"}


def lists_every_worker(page):
    """Draw the page; whether its table has as many workers as are known then."""
    assert not page.run().exception
    view = platform().supervisor.view
    known = len(view.workers) if view else 0
    return len(tables(page)["Workers"]) == known > 0


def test_the_right_token_shows_memory_and_workers(opened):
    platform().supervisor.warm()
    wait_until(lambda: lists_every_worker(opened), what="all workers")
    (shown,) = tables(opened)["Sizes"]
    assert float(shown["Web process"].split()[0].replace(",", "")) > 50
    assert shown["Store"].endswith(" MB")
    workers = tables(opened)["Workers"]
    assert set(workers[0]) == {"Worker", "Memory", "Trains", "Since"}


def test_anybodys_run_is_listed_without_its_title_and_can_be_stopped(opened, queued):
    opened.run()
    assert queued[:8] in text_of(opened)
    shown = answer(opened, "admin_live")
    assert lines(shown)[queued].startswith("waits")
    assert "secret file" not in text_of(opened) + str(shown)
    opened.button(key=f"admin_stop_{queued}").click().run()
    assert not opened.exception
    assert platform().store.get("eve", queued).status == "stopped"


def test_a_failure_is_listed_with_its_reason(opened, queued):
    platform().store.give_up(queued, "failed", "The worker died 3 times in a row.")
    opened.run()
    failure = tables(opened)["Latest failures"][0]
    assert failure["Run"] == queued[:8]
    assert failure["Reason"] == "The worker died 3 times in a row."


def test_clean_up_now_removes_what_is_over_the_limit(opened, queued, monkeypatch):
    assert "as long as all runs fit into 2,000 MB" in text_of(opened)
    site = replace(platform().site, keep_mb=None)
    monkeypatch.setattr(platform(), "site", site)
    Admin(platform()).clean()  # what other tests have deleted more than an hour ago
    opened.run()
    assert opened.button(key="admin_clean").disabled
    assert "kept for ever" in text_of(opened)
    store = platform().store
    store.give_up(queued, "stopped", "old")
    change(store, queued, created=0.0, finished=0.0)
    site = replace(platform().site, keep_days=400)
    monkeypatch.setattr(platform(), "site", site)
    opened.run()
    assert "for 400 days after" in text_of(opened)
    opened.button(key="admin_clean").click().run()
    assert "Removed 1 runs" in opened.success[0].value
    assert store.get("eve", queued) is None


def scrape(authorization=None, client="192.0.2.9", pages=0):
    """Ask the route of the metrics; return its status, and the samples by name."""
    named = {"authorization": authorization} if authorization else {}
    headers = [(k.encode(), v.encode()) for k, v in named.items()]
    scope = {"type": "http", "method": "GET", "headers": headers}
    request = Request(scope | {"client": (client, 1)})
    with ExitStack() as browsers, ThreadPoolExecutor(1) as own:  # Playwright has ours
        opened = Pages(10)
        for _ in range(pages):
            browsers.enter_context(opened.open(client))
        answering = metrics_route(opened).endpoint(request)
        answer = own.submit(asyncio.run, answering).result()
    if answer.status_code != 200:
        return answer.status_code, {}
    found = text_string_to_metric_families(answer.body.decode())
    samples = [sample for family in found for sample in family.samples]
    return 200, {(s.name, *s.labels.values()): s.value for s in samples}


def test_the_metrics_tell_queue_workers_sessions_descriptors_disk_and_store(
    token, queued
):
    platform().supervisor.warm()
    wait_until(lambda: platform().supervisor.view, what="the scheduler")
    change(platform().store, queued, queued=1.0)
    status, found = scrape(f"Bearer {token}", pages=3)
    assert status == 200
    counts = platform().store.counts()
    assert found["unrolled_trainings", "queued"] == counts["queued"] > 0
    assert found["unrolled_trainings", "running"] == counts["running"] > 0
    assert found["unrolled_queue_seconds",] > 1e9
    known = len(platform().supervisor.view.workers)
    assert found["unrolled_workers",] == known
    assert 0 <= found["unrolled_workers_busy",] <= known
    assert found["unrolled_sessions",] == 3
    assert found["process_open_fds",] > 3
    assert found["unrolled_disk_free_bytes", "home"] > 2**20
    assert found["unrolled_store_up",] == 1
    assert 0 < found["unrolled_store_seconds",] < 10
    assert found["unrolled_store_bytes",] > 2**13
    assert ("unrolled_disk_free_bytes", "checkpoints") not in found
    site = replace(platform().site, checkpoint_url=f"file://{platform().site.home}")
    platform().site = site
    _, found = scrape(f"bearer {token}")
    assert found["unrolled_disk_free_bytes", "checkpoints"] > 2**20


def test_the_metrics_need_the_admin_token_which_cannot_be_guessed(token, monkeypatch):
    monkeypatch.setattr(admin, "_wrong", Rate(per_second=0, burst=3))
    assert scrape(f"Bearer {token}", "192.0.2.1")[0] == 200
    guesses = [None, f"Basic {token}", f"Bearer {token}x", f"Bearer {token}y"]
    assert [scrape(each)[0] for each in guesses] == [401, 401, 401, 429]
    assert scrape(f"Bearer {token}y", "192.0.2.1")[0] == 401
    assert scrape(f"Bearer {token}")[0] == 200


def test_without_an_admin_token_there_are_no_metrics():
    assert scrape("Bearer ")[0] == 404
