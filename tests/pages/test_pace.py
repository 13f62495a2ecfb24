"""Live panels: slower the more there are."""

import statistics

import pytest

from pages.ui.pace import FORGET, LATE, NEAR, Pace

LEAST, EACH, BETWEEN = 0.5, 0.01, 0.2  # fifty panels are just not too many
MOST = 1 / EACH + 1e-9  # drawings a second


class Clock:
    """One that a test moves."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pace(clock):
    return Pace(EACH, BETWEEN, clock)


def join(pace, count):
    return {panel: pace.join(panel, LEAST) for panel in range(count)}


def asked(seconds):
    """Drawings a second that are asked for."""
    return sum(1 / every for every in seconds.values())


def settle(pace, clock, seconds):
    """Have all drawn until nobody's page changes any more; return how many did."""
    changed, quiet = 0, False
    while not quiet:
        quiet = True
        for panel, every in seconds.items():
            clock.now += EACH / 10
            if pace.should_change(panel, LEAST, every):
                seconds[panel] = pace.join(panel, LEAST)
                changed, quiet = changed + 1, False
        clock.now += 1.1 * BETWEEN
    return changed


@pytest.mark.parametrize("count", [1, 2, 49, 50])
def test_a_class_that_fits_is_never_slowed_down(pace, clock, count):
    seconds = join(pace, count)
    assert settle(pace, clock, seconds) == 0
    assert set(seconds.values()) == {LEAST}


@pytest.mark.parametrize("count", [51, 60, 200])
def test_many_who_come_at_once_hardly_ask_for_more_than_can_be_drawn(pace, count):
    assert asked(join(pace, count)) < 2 * MOST


@pytest.mark.parametrize("count", [51, 60, 200])
def test_they_come_to_have_alike_and_no_more_than_can_be_drawn(pace, clock, count):
    seconds = join(pace, count)
    settle(pace, clock, seconds)
    share = max(LEAST, count * EACH)
    assert asked(seconds) <= 1.15 * MOST
    assert min(seconds.values()) * NEAR >= share
    assert max(seconds.values()) <= LATE * share
    assert statistics.median(seconds.values()) <= NEAR * share


@pytest.mark.parametrize("count", [1, 50, 51, 200])
def test_a_page_just_drawn_need_not_be_drawn_anew(pace, clock, count):
    join(pace, count - 1)
    every = pace.join("last", LEAST)
    clock.now += BETWEEN
    assert not pace.should_change("last", LEAST, every)
    assert pace.join("last", LEAST) == every


def test_pages_change_one_at_a_time(pace, clock):
    seconds = join(pace, 100)
    clock.now += BETWEEN
    assert [
        panel for panel in range(100) if pace.should_change(panel, LEAST, LEAST)
    ] == [0]
    clock.now += 0.5 * BETWEEN
    assert not pace.should_change(1, LEAST, seconds[1])
    clock.now += 0.6 * BETWEEN
    assert pace.should_change(1, LEAST, seconds[1])


def test_those_who_stay_are_quick_again_when_the_others_have_left(pace, clock):
    seconds = join(pace, 200)
    settle(pace, clock, seconds)
    stay = {panel: seconds[panel] for panel in range(190, 200)}
    for _ in range(2 * FORGET):
        clock.now += max(seconds.values())
        settle(pace, clock, stay)
    assert max(stay.values()) <= NEAR * LEAST


def test_whoever_wants_little_leaves_the_rest_to_the_others(pace):
    assert [pace.join(("slow", n), 10.0) for n in range(200)] == [10.0] * 200
    assert [pace.join(("quick", n), LEAST) for n in range(40)] == [LEAST] * 40
    assert pace.join("one too many", LEAST) > LEAST
