"""A shared value is made once, also for simultaneous calls."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.lesson.demo import Sequence, SequenceDemo, word_sequence
from pages.ui.once import once
from tests.conftest import at_once

PAGES = Path(__file__).parents[2] / "pages"


def test_simultaneous_sessions_compute_a_value_once():
    made = []

    @once
    def value(name):
        made.append(name)
        return object()

    found = at_once(*[lambda: value("a")] * 8)
    assert made == ["a"]
    assert len({id(each) for each in found}) == 1


def test_computing_one_value_does_not_block_other_keys():
    begun, go_on = threading.Event(), threading.Event()

    @once
    def value(name):
        if name == "slow":
            begun.set()
            assert go_on.wait(60)
        return name

    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(value, "slow")
        assert begun.wait(60)
        assert value("quick") == "quick"
        go_on.set()
        assert slow.result() == "slow"


def test_a_failure_is_tried_again():
    answers = iter([OSError("the store is away"), "there"])

    @once
    def value():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(OSError, match="away"):
        value()
    assert value() == value() == "there"


def test_the_oldest_values_are_given_up():
    made = []
    value = once(made.append, most=2)
    for name in "abac":
        value(name)
    value("b")
    assert made == ["a", "b", "c", "b"]


def test_sequences_with_the_same_content_share_what_is_made_of_them():
    value = once(lambda sequence, settings: object())
    first = value(word_sequence("banana"), SequenceDemo(units=3))
    assert value(word_sequence("banana"), SequenceDemo(units=3)) is first
    assert value(word_sequence("banane"), SequenceDemo(units=3)) is not first
    other = Sequence(word_sequence("banana").labels, word_sequence("banana").x * 2)
    assert value(other, SequenceDemo(units=3)) is not first


def test_pages_do_not_use_streamlits_clearable_caches():
    cached = re.compile(r"cache_(data|resource)\b")
    files = list(PAGES.rglob("*.py"))
    assert len(files) > 50
    assert [file.name for file in files if cached.search(file.read_text())] == []
