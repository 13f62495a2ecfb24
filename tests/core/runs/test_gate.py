import pytest

from core.runs import Site
from core.runs.gate import LONGEST_PAUSE, Gate, RefusedError

TOKEN = "correct horse bättery"


@pytest.fixture
def gate(clock):
    return Gate(TOKEN, clock)


def guess(gate, caller="1.2.3.4", token="wrong token"):
    with pytest.raises(RefusedError) as refused:
        gate.enter(token, caller)
    return str(refused.value)


def test_the_token_opens_the_gate(gate):
    gate.enter(TOKEN, "1.2.3.4")


@pytest.mark.parametrize("token", ["", TOKEN[:-1], TOKEN + " ", TOKEN.upper(), "ö"])
def test_anything_else_does_not(gate, token):
    assert "not the token" in guess(gate, token=token)


def test_after_a_wrong_token_even_the_right_one_has_to_wait(gate, clock):
    guess(gate)
    assert "Wait 1 s" in guess(gate, token=TOKEN)
    clock.now += 1
    gate.enter(TOKEN, "1.2.3.4")


def test_each_wrong_token_doubles_the_wait_up_to_a_minute(gate, clock):
    waits = []
    for _ in range(9):
        guess(gate)
        before = clock.now
        while "Wait" in guess(gate, token="too soon"):
            clock.now += 0.5
            if clock.now - before > 2 * LONGEST_PAUSE:
                break
        waits.append(clock.now - before)
        clock.now += LONGEST_PAUSE
    assert waits[0] == pytest.approx(1, abs=0.5)
    assert max(waits) == pytest.approx(LONGEST_PAUSE, abs=0.5)
    assert waits == sorted(waits)


def test_one_who_guesses_keeps_nobody_else_out(gate):
    guess(gate, "1.2.3.4")
    gate.enter(TOKEN, "5.6.7.8")


def test_a_wrong_token_is_logged_with_its_sender_and_without_itself(gate, caplog):
    guess(gate, token="almost-the-secret")
    assert "wrong token number 1 from 1.2.3.4" in caplog.text
    assert "almost-the-secret" not in caplog.text
    assert TOKEN not in caplog.text


def test_the_token_is_not_in_what_an_installation_says_of_itself(tmp_path):
    site = Site(home=tmp_path, database_url="", admin_token=TOKEN)
    assert TOKEN not in repr(site)
