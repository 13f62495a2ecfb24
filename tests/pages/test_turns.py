"""Who may draw, and in which order."""

import threading
from contextlib import ExitStack, contextmanager

import pytest

from pages.ui.turns import Turns
from tests.conftest import wait_until

LONG = 300.0  # seconds: longer than a test takes


@contextmanager
def line(turns, *wishes):
    """Have some stand in line, one after the other, `first` or not.

    Yields the list of those who have had a turn, by place in the line.
    """
    had = []

    def take(name, first):
        with turns.turn(first):
            had.append(name)

    threads = [threading.Thread(target=take, args=who) for who in enumerate(wishes)]
    for count, thread in enumerate(threads, 1):
        thread.start()
        wait_until(lambda n=count: standing(turns) == n, 5, "the line")
    yield had
    for thread in threads:
        thread.join(5)
    assert sorted(had) == [*range(len(wishes))]


def standing(turns):
    return len(turns._first) + len(turns._others)


def test_turns_are_had_in_the_order_of_asking_but_for_those_who_go_first():
    turns = Turns(1, LONG)
    with ExitStack() as stack:
        with turns.turn():
            had = stack.enter_context(line(turns, *[False] * 20, True, True))
            assert had == []
        with turns.turn():  # behind all that stand in the line already
            assert had == [20, 21, *range(20)]


def test_as_many_as_there_are_places_have_a_turn_at_once():
    turns, both = Turns(2, LONG), threading.Barrier(2, timeout=5)

    def take():
        with turns.turn():
            both.wait()  # for the other one, who has a turn as well

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert not both.broken


def test_a_thread_that_has_a_turn_needs_no_second():
    turns = Turns(1, LONG)
    with turns.turn(first=True), turns.turn():
        assert len(turns._seated) == 1
    assert not turns._seated


def test_whoever_takes_too_long_keeps_nobody_waiting():
    turns = Turns(1, 0.05)
    with turns.turn(), line(turns, False, False, False) as had:
        wait_until(lambda: len(had) == 3, 5, "those behind")
    assert not turns._seated


def test_whoever_fails_in_a_turn_leaves_it_to_the_next():
    turns = Turns(1, LONG)
    with pytest.raises(ValueError, match="mine"), turns.turn():
        raise ValueError("mine")
    with ExitStack() as stack, turns.turn():
        stack.enter_context(line(turns, False))
        assert len(turns._seated) == 1
