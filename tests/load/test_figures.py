"""What is counted, and the addresses that may be asked: no server needed."""

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.load.__main__ import LIMITS
from benchmarks.load.address import Address, ForeignHostError
from benchmarks.load.connection import Connection
from benchmarks.load.counts import Counts, Request, Watch
from benchmarks.load.figures import Figure, memory_figures, request_figures
from benchmarks.load.page import Page

OTHERS = [
    "http://192.0.2.1:8501",
    "http://example.org",
    "http://127.0.0.1.example.org:8501",
    "http://localhost.example.org",
    "http://127.0.0.1@example.org:8501",
    "http://0.0.0.0:8501",
    "https://127.0.0.1:8501",
    "http://[2001:db8::1]:8501",
    "http://",
]


@pytest.mark.parametrize("url", OTHERS)
def test_a_host_that_is_not_this_machine_is_refused_with_the_reason(url):
    with pytest.raises(ForeignHostError, match="expected http and a loopback address"):
        Address(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.8.8.8"])
def test_this_machine_is_taken(host):
    assert Address(f"http://{host}:8501").socket == f"ws://{host}:8501/_stcore/stream"


def test_an_epoch_is_as_old_as_when_it_was_first_on_the_page():
    watch = Watch("run")
    for epoch, at in ((3, 10.0), (3, 10.5), (4, 11.0), (6, 12.0)):
        watch.see(epoch, at)
    ended = {3: 9.0, 4: 10.75, 5: 11.25, 6: 11.75}
    assert watch.ages(ended) == [0.25, 0.75, 0.25]  # 5 came with 6; 3 was there before
    assert (watch.updates, watch.seconds, watch.longest) == (3, 2.0, 1.0)


def test_what_happens_while_nobody_looks_does_not_count():
    watch = Watch("run")
    watch.see(1, 10.0)
    watch.pause()
    watch.see(9, 60.0)
    watch.see(10, 61.0)
    assert watch.ages({9: 20.0, 10: 60.5}) == [0.5]
    assert (watch.updates, watch.seconds) == (1, 1.0)


def test_a_panel_that_stands_still_or_never_came_lowers_the_rate():
    still, never = Watch("run"), Watch("run")
    for at in (10.0, 11.0, 12.0):
        still.see(1, at)
    still.end(20.0)
    never.end(20.0)
    assert (still.rate, still.longest) == (0.2, 8.0)
    assert never.rate == 0.0


def test_a_limit_is_kept_or_missed_on_either_side():
    assert Figure(what="", value=1.8, limit=1.8, least=True).kept
    assert not Figure(what="", value=1.79, limit=1.8, least=True).kept
    assert Figure(what="", value=1.0, limit=1.0).kept
    missed = Figure(what="age", value=1.2, limit=1.0)
    assert not missed.kept
    assert "MISSED" in str(missed)
    assert Figure(what="", value=float("inf")).kept  # nothing was promised


def asked(run, first_epoch, result):
    request = Request(run, 100.0)
    for at, epoch, ended in ((first_epoch, 1, False), (result, None, True)):
        if at is not None:
            request.see(epoch, ended, 100.0 + at)
    return request


def test_the_last_of_those_who_train_counts_and_one_without_a_result_misses():
    limits = LIMITS["class"]
    requests = [asked("a", 1.0, 20.0), asked("b", 3.0, 30.0), Request(None, 100.0)]
    figures = {f.what: f for f in request_figures("x", requests, limits)}
    assert figures["x: refused"].value == 1
    assert figures["x: first epoch, the last, s"].value == 3.0
    assert figures["x: result, the last, s"].value == 30.0
    requests.append(asked("c", 2.0, None))
    figures = {f.what: f for f in request_figures("x", requests, limits)}
    assert figures["x: first epoch, the last, s"].kept
    assert not figures["x: result, the last, s"].kept


def test_who_joins_an_ended_training_has_its_first_epoch_with_its_result():
    request = asked("a", None, 0.5)
    assert (request.first_epoch, request.result) == (0.5, 0.5)


def test_memory_is_counted_by_session():
    figures = memory_figures(200.0, 220.0, 215.0, 221.0, 50, LIMITS["live"])
    assert [f.value for f in figures[4:]] == [0.4, 0.02]
    assert all(f.kept for f in figures)
    assert not memory_figures(200.0, 230.0, 201.0, 230.0, 50, LIMITS["live"])[4].kept


def test_memory_that_a_second_class_needs_anew_was_not_given_back():
    assert not memory_figures(200.0, 220.0, 215.0, 230.0, 50, LIMITS["live"])[5].kept


def drawn(name, fragment=""):
    message = ForwardMsg(hash=name)
    message.metadata.cacheable = True
    message.delta.fragment_id = fragment
    message.delta.new_element.text.body = name
    return message


def begun(*fragments):
    message = ForwardMsg()
    message.metadata.run.fragment_ids.extend(fragments)
    message.new_session.SetInParent()
    return message


def ended(*fragments):
    message = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)
    message.metadata.run.fragment_ids.extend(fragments)
    return message


def run(page, *fragments):
    page.receive(begun(*fragments))
    page.receive(ended(*fragments))


def test_a_run_of_a_fragment_makes_a_page_forget_only_what_that_one_drew():
    page = Page()
    for message in (
        drawn("page's"),
        drawn("panel's", "panel"),
        drawn("chart's", "chart"),
    ):
        page.receive(message)
    for _ in range(4):
        run(page, "panel")
    assert page.cached == ["page's", "chart's"]
    run(page)
    assert page.cached == []


def test_a_run_has_ended_when_the_next_one_begins_even_if_nobody_said_so():
    finished = []
    connection = Connection(None, Counts(max_requests=9), Page(), "", finished.append)
    for message in (begun(), begun("panel"), ended("panel"), begun()):
        connection._handle(message)
    assert finished == [(), ["panel"]]
