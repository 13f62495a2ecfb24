"""Three machines that run compose.yaml: what one of them cannot do, another one does.

The machines are network namespaces, so this needs root. They share a folder, and for
the rest there is the network.
"""

import json
import os
import re
import shlex
import ssl
from base64 import b64encode
from unittest import mock
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import dask
import numpy as np
import psycopg
import pytest
from dask.config import collect, merge
from playwright.sync_api import expect
from prometheus_client.parser import text_string_to_metric_families

from core.registry import get_task
from core.runs import Site
from core.runs.cluster import Cluster
from core.runs.settings import PROJECT
from core.runs.store import Store
from pages.ui.web.server import COOKIE, OWNER_HEADER
from tests.browser.conftest import Page
from tests.conftest import wait_until
from tests.driver.browser.flow import begin_long_training
from tests.hosts.hosts import Installation, unable

EPOCHS = 300
SMALL = {"length": 10, "units": 8, "steps": 2, "batch": 4, "epochs": EPOCHS}
SENTENCE = "I am so hungry, where is the pizza"


@pytest.fixture(scope="module")
def installation():
    if reason := unable():
        pytest.skip(reason)
    installation = Installation(workers=2)
    installation.up()
    yield installation
    installation.close()


@pytest.fixture(scope="module")
def site(installation):
    """What a client on this machine must know, and what Dask must."""
    environment = installation.environment()
    with (
        mock.patch.dict(os.environ, environment),
        dask.config.set(merge(dask.config.config, collect([], environment))),
    ):
        yield Site.from_env()


@pytest.fixture(scope="module")
def cluster(site):
    cluster = Cluster(site)
    wait_until(lambda: seen_workers(cluster) == 2, what="two workers")
    yield cluster
    cluster.close()


@pytest.fixture(scope="module")
def store(site, cluster):
    store = Store(site.database_url)
    yield store
    store.close()


@pytest.fixture(scope="module")
def visit(installation, cluster, browser):
    """Returns a function that opens a page through the proxy, at one web process."""
    contexts = []

    def visit(path, web, owner=None):
        context = browser.new_context(ignore_https_errors=True)
        contexts.append(context)
        values = {"unrolled_web": web, "unrolled_owner": owner}
        kept = [
            {"name": name, "value": value, "url": installation.url}
            for name, value in values.items()
            if value
        ]
        context.add_cookies(kept)
        page = Page(context.new_page(), installation)
        page.open(path)
        return page

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def supervised(visit):
    """Both web processes have had a visitor: then they look after the runs."""
    for web in ("a", "b"):
        visit("", web)


@pytest.fixture(scope="module")
def undisturbed(store, supervised):
    """A run that nothing happens to."""
    return ended(store, "dan", begin(store, "dan"))


def seen_workers(cluster):
    return len(cluster.view().workers) if cluster.connect(start=False) else 0


def begin(store, owner, **settings):
    task = get_task("adding")
    config = task.Config(**{**SMALL, **settings})
    title, data = task.title(None), task.encode_data(None)
    return store.create(owner, "adding", config, title=title, data=data)


def ended(store, owner, run_id):
    wait_until(lambda: not store.get(owner, run_id).active, what="the end of a run")
    run = store.get(owner, run_id)
    assert (run.status, run.error) == ("done", None)
    return run


def host_of(cluster, run_id):
    """The address of the host that trains a run, or "" while none does."""
    worker = cluster.view().tasks.get(run_id, ("", ""))[1]
    return worker.partition("://")[2].partition(":")[0]


def cookie(page, name):
    return next(c["value"] for c in page.page.context.cookies() if c["name"] == name)


def drawn_by(page):
    """The web process whose page it is."""
    return page.page.locator(".live").first.get_attribute("data-process")


def documented(command):
    """Service and command of `docker compose run`, as docs/scaling.md has it."""
    text = (PROJECT / "docs" / "scaling.md").read_text().replace("\\\n", " ")
    (line,) = re.findall(rf"^docker compose .* run --rm (.* {command}\b.*)", text, re.M)
    return shlex.split(line)


def trusting(installation):
    return ssl.create_default_context(cafile=installation.mine / "ca.crt")


def ask(installation, path, **headers):
    """Send a request through the proxy; return status, headers and body."""
    asked = Request(f"{installation.url}{path}", headers=headers)
    try:
        with urlopen(asked, context=trusting(installation)) as answer:
            return answer.status, answer.headers, answer.read()
    except HTTPError as refused:
        return refused.code, refused.headers, refused.read()


def answers(installation, web):
    """Whether the proxy reaches a web process, and need not take the other one."""
    _, headers, _ = ask(installation, "/_stcore/health", Cookie=f"unrolled_web={web}")
    return "unrolled_web" not in str(headers.get_all("Set-Cookie"))


def test_every_service_is_ready_and_all_traffic_uses_tls(installation, cluster):
    output, status = installation.main.run(*documented("ready"))
    assert (json.loads(output)["workers"], status) == (2, 0)
    hosts = {address.rpartition(":")[0] for address in cluster.view().workers}
    assert hosts == {f"tls://{host.address}" for host in installation.workers}


def test_the_health_checks_of_all_services_succeed(installation, cluster):
    for host in (installation.main, installation.workers[0]):
        assert [name for name in host.processes if not host.is_healthy(name)] == []


def test_the_database_refuses_a_client_without_a_certificate(installation, store):
    url = installation.environment()["DATABASE_URL"]
    psycopg.connect(url).close()
    without = re.sub(r"&ssl(cert|key)=[^&]+", "", url)
    with pytest.raises(psycopg.OperationalError, match=r"valid client certificate"):
        psycopg.connect(f"{without}&sslcert=none&sslkey=none")
    plain = re.sub(r"sslmode=\S+?&", "sslmode=disable&", url)
    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba.conf entry"):
        psycopg.connect(plain)


def test_the_metrics_are_read_through_the_proxy_with_the_admin_token(
    installation, supervised
):
    token = installation.main.values["UNROLLED_ADMIN_TOKEN"]
    own = {"Authorization": f"Bearer {token}", "Cookie": "unrolled_web=a"}

    def read():
        status, _, text = ask(installation, "/metrics", **own)
        families = text_string_to_metric_families(text.decode())
        assert status == 200
        return {s.name: s.value for family in families for s in family.samples}

    wait_until(lambda: read()["unrolled_workers"] == 2, what="both workers")
    found = read()
    assert found["unrolled_store_up"] == 1
    assert found["unrolled_sessions"] >= 1
    assert ask(installation, "/_stcore/metrics", **own)[0] == 403


def test_the_proxy_replaces_the_sender_and_the_server_the_owner_that_a_client_names(
    installation, store
):
    ann = "a" * 43
    live = f"/live/run/{begin(store, ann, epochs=1)}"
    assert ask(installation, live, Cookie=f"{COOKIE}={ann}")[0] == 200
    assert ask(installation, live, **{OWNER_HEADER: ann})[0] == 404
    forged = {"X-Forwarded-For": "127.0.0.1", "Forwarded": "for=127.0.0.1"}
    wrong = {"Authorization": "Bearer wrong", "Cookie": "unrolled_web=a"}
    assert ask(installation, "/metrics", **forged, **wrong)[0] == 401
    log = installation.main.log("web-a")
    assert f"wrong admin token from {installation.network.prefix}.254" in log
    assert "wrong admin token from 127.0.0.1" not in log


def test_the_runs_of_two_people_train_on_two_hosts(store, cluster, supervised):
    runs = {owner: begin(store, owner) for owner in ("ann", "bob")}

    def hosts():
        return {host_of(cluster, run_id) for run_id in runs.values()} - {""}

    wait_until(lambda: len(hosts()) == 2, what="two hosts that train")
    for owner, run_id in runs.items():
        assert ended(store, owner, run_id).starts == 1


def test_a_run_is_seen_through_both_web_processes_and_outlives_one_of_them(
    installation, visit, store
):
    one = visit("", "a")
    begin_long_training(one, seed=105)
    owner = cookie(one, "unrolled_owner")
    path = one.page.url.removeprefix(f"{installation.url}/")
    other = visit(path, "b", owner)
    seen = other.epoch()
    wait_until(lambda: other.epoch() > seen, what="an epoch through the other one")
    installation.main.stop("web-a")
    assert not installation.main.is_healthy("web-a")
    wait_until(lambda: cookie(one, "unrolled_web") == "b", what="the move to the other")
    seen = other.epoch()
    wait_until(lambda: one.epoch() > seen + 1, what="an epoch after the move")
    wait_until(lambda: drawn_by(one) == drawn_by(other), what="the page of the other")
    installation.main.start("web-a")
    wait_until(lambda: answers(installation, "a"), what="the first web process")
    one.press("rnn_stop")
    one.sees("Stopped")
    other.sees("Stopped")
    (run,) = store.runs_of(owner)
    assert (run.status, run.starts) == ("stopped", 1)


def test_a_file_of_11_mb_goes_to_the_process_that_its_page_is_at(visit, tmp_path):
    prices = tmp_path / "mine.csv"
    lines = (PROJECT / "data" / "prices" / "KO.csv").read_text().splitlines()
    head, *rows = lines[:1200]
    note = "a note " * 1310
    prices.write_text("\n".join([f"{head},Note", *(f"{row},{note}" for row in rows)]))
    assert prices.stat().st_size > 11 * 10**6
    for web in ("a", None):
        page = visit("stock", web)
        page.choose("stock_source", "Upload")
        page.keyed("stock_upload").locator("input[type=file]").set_input_files(prices)
        page.sees("1,199 rows")
        assert cookie(page, "unrolled_web") == web or web is None


def test_the_emoji_page_answers_through_the_proxy_as_one_types(visit):
    page = visit("emoji", "a")
    page.keyed("emoji_text").locator("input").fill(SENTENCE)
    heading = page.page.get_by_role("heading", level=2)
    expect(heading.get_by_text("Food")).to_be_visible()


def test_a_page_of_another_site_opens_no_socket_through_the_proxy(installation):
    # websockets would read and write a TLS connection in two threads at once, which
    # sometimes loses the request.
    upgrade = {
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": b64encode(bytes(16)).decode(),
        "Sec-WebSocket-Protocol": "streamlit",
    }

    def status(origin):
        return ask(installation, "/_stcore/stream", Origin=origin, **upgrade)[0]

    assert status(installation.url) == 101  # Switching Protocols
    assert status("https://evil.example") == 403


def test_the_store_and_the_checkpoints_are_saved_in_one_file(
    installation, store, supervised
):
    stopped = begin(store, "eve")
    wait_until(lambda: store.get("eve", stopped).progress > 20, what="epoch 20")
    store.request_stop("eve", stopped)
    wait_until(lambda: not store.get("eve", stopped).active, what="the stop")
    output, status = installation.main.run(*documented("backup"))
    assert status == 0, installation.main.log("web-a")
    saved = json.loads(output)
    assert saved["runs"] == sum(store.counts().values())
    assert saved["checkpoints"] >= 1
    output, status = installation.main.run(*documented("restore"))
    restored, newest = output.splitlines()[:2]
    assert (status, json.loads(restored)) == (0, saved)
    assert newest.startswith(stopped[:12])


def test_a_run_goes_on_at_another_host_when_its_own_loses_the_network(
    installation, store, cluster, undisturbed
):
    run_id = begin(store, "ann")
    wait_until(lambda: store.get("ann", run_id).progress > 50, what="epoch 50")
    lost = wait_until(lambda: host_of(cluster, run_id), what="its host")
    (host,) = (h for h in installation.workers if h.address == lost)
    host.link("down")
    reached = store.get("ann", run_id).progress
    wait_until(lambda: store.get("ann", run_id).starts == 2, what="a new start")
    first = wait_until(lambda: store.get("ann", run_id).progress, what="its progress")
    assert first > reached / 2  # from the checkpoint, and not from the beginning
    run = ended(store, "ann", run_id)
    same(store, run, undisturbed)
    host.link("up")
    wait_until(lambda: seen_workers(cluster) == 2, what="the host's return")
    assert store.get("ann", run_id) == run
    same(store, run, undisturbed)


def test_a_run_goes_on_when_the_scheduler_and_the_workers_start_again(
    installation, store, cluster, undisturbed
):
    run_id = begin(store, "eve")
    wait_until(lambda: store.get("eve", run_id).progress > 50, what="epoch 50")
    installation.main.stop("scheduler")
    installation.main.start("scheduler")
    run = ended(store, "eve", run_id)
    assert run.starts <= 2  # its worker may end it before it ends itself
    same(store, run, undisturbed)
    wait_until(lambda: seen_workers(cluster) == 2, what="the workers' return")
    ended(store, "eve", begin(store, "eve", epochs=2))


def test_a_run_goes_on_at_another_host_when_its_own_loses_its_power(
    installation, store, cluster, undisturbed
):
    run_id = begin(store, "bob")
    wait_until(lambda: store.get("bob", run_id).progress > 50, what="epoch 50")
    lost = wait_until(lambda: host_of(cluster, run_id), what="its host")
    (host,) = (h for h in installation.workers if h.address == lost)
    host.kill()
    run = ended(store, "bob", run_id)
    assert run.starts == 2
    same(store, run, undisturbed)


def same(store, run, other):
    """Whether two runs left the same numbers, every epoch once."""
    ours, theirs = (store.points(r.id, most=10**6) for r in (run, other))
    assert [p.epoch for p in ours] == list(range(1, EPOCHS + 1))
    for mine, its in zip(ours, theirs, strict=True):
        for name, value in its.metrics.items():
            np.testing.assert_allclose(mine.metrics[name], value, rtol=0, atol=1e-6)
