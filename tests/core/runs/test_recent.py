"""What many ask for at one moment is read once, and never older than a change."""

import threading

import pytest

from core.runs import recent
from core.runs.recent import Recent


class Reading:
    """A slow read that others wait for; it ends when the test says so."""

    def __init__(self, values, key="key"):
        self.began, self.may_end = threading.Event(), threading.Event()
        self.values, self.key, self.got, self.count = values, key, [], 0
        self.threads = []

    def read(self):
        self.count += 1
        self.began.set()
        assert self.may_end.wait(60)
        return self.outcome()

    def outcome(self):
        return f"read {self.count}"

    def ask(self):
        def get():
            try:
                self.got.append(self.values.get(self.key, self.read))
            except OSError as error:
                self.got.append(error)

        self.threads.append(threading.Thread(target=get))
        self.threads[-1].start()

    def end(self):
        self.may_end.set()
        for thread in self.threads:
            thread.join()


class Failing(Reading):
    """A read of a store that is away."""

    def outcome(self):
        raise OSError("away")


def test_simultaneous_requests_cause_one_read():
    reading = Reading(Recent(60.0))
    reading.ask()
    assert reading.began.wait(60)
    for _ in range(9):
        reading.ask()
    reading.end()
    assert reading.got == ["read 1"] * 10
    assert reading.count == 1


def test_waiting_requests_get_the_error_of_the_read():
    reading = Failing(Recent(60.0))
    reading.ask()
    assert reading.began.wait(60)
    for _ in range(3):
        reading.ask()
    reading.end()
    assert [str(error) for error in reading.got] == ["away"] * 4
    assert reading.count == 1
    reading.values.forget("key")
    assert reading.values.get("key", lambda: "back") == "back"


@pytest.mark.parametrize("change", [Recent.forget, Recent.expire])
def test_a_value_read_before_a_change_is_not_returned_after_it(change):
    values = Recent(60.0)
    reading = Reading(values)
    reading.ask()
    assert reading.began.wait(60)
    change(values, "key")
    assert values.get("key", lambda: "changed") == "changed"
    reading.end()
    assert values.get("key", lambda: "read again") == "changed"


def test_an_expired_value_is_known_until_it_is_read_anew():
    values = Recent(60.0)
    values.get("key", lambda: "before")
    values.expire("key")
    assert values.last("key") == "before"
    assert values.get("key", lambda: "after") == "after"


def test_missing_values_do_not_evict_cached_ones():
    values = Recent(60.0, most=2)
    values.get("there", lambda: 1)
    for number in range(9):
        assert values.get(number, lambda: None) is None
    assert values.get("there", lambda: 2) == 1


@pytest.mark.parametrize(("most", "kept"), [(2, 60.0), (9, 0.0)])
def test_the_oldest_values_are_evicted_by_count_and_age(monkeypatch, most, kept):
    monkeypatch.setattr(recent, "KEPT_SECONDS", kept)
    values = Recent(60.0, most)
    for number in range(3):
        values.get(number, lambda number=number: number)
    assert values.last(0) is None
    assert values.get(0, lambda: "anew") == "anew"
