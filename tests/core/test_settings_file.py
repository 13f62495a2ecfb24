"""Settings as a file: what is written is read, and what is wrong is said."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.registry import TASKS, get_task
from core.settings_file import MAX_BYTES, read_settings, write_settings
from core.task import UserError

WRONG = {
    "no object": b"[" * 99_999,
    "pairs": b'{"task": "adding", "settings": [[1, 2]]}',
    "a list as task": b'{"task": ["adding"], "settings": {}}',
    "another task": b'{"task": "stock", "settings": {}}',
    "half a character": b'{"task": "adding", "settings": {"\\ud800": 1}}',
    "too large a number": b'{"task": "adding", "settings": {"epochs": 1%s}}'
    % (b"0" * 4000),
    "no number": b'{"task": "adding", "settings": {"epochs": NaN}}',
    "a long name": json.dumps(
        {"task": "adding", "settings": {"x" * 90_000: 1}}
    ).encode(),
    "a list": b'{"task": "adding", "settings": {"epochs": [%s1]}}' % (b"1," * 40_000),
    "too long": b" " * 100_001,
}


@pytest.mark.parametrize("task", TASKS)
def test_settings_come_back_as_they_were_written(task):
    config, _ = get_task(task).tiny()
    content = write_settings(task, config)
    assert read_settings(content, {task: type(config)}) == (task, config.values)
    assert json.loads(content)["version"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe", "expected a JSON object"),
        (b"[]", "expected a JSON object"),
        (b'{"task": "adding"}', "expected a JSON object"),
        (b'{"task": "adding", "settings": 3}', "expected a JSON object"),
        (b" " * (MAX_BYTES + 1), "at most 100 kB"),
        (b'{"task": "stock", "settings": {}}', "of adding, got those of 'stock'"),
        (b'{"task": ["adding"], "settings": {}}', "expected those of adding"),
        (b'{"task": "adding", "settings": {"depth": 3}}', "depth: no such setting"),
        (b'{"task": "adding", "settings": {"units": 999}}', "units: expected a whole"),
        (b'{"task": "adding", "settings": {"units": NaN}}', "units: expected a whole"),
        (b'{"task": "adding", "settings": {"units": [8]}}', "units: expected a whole"),
    ],
)
def test_a_file_that_is_wrong_is_refused_in_a_sentence(content, says):
    with pytest.raises(UserError, match=says):
        read_settings(content, {"adding": get_task("adding").Config})


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_a_file_holds_is_read_or_refused(content):
    with pytest.raises(UserError):
        read_settings(content, {"adding": get_task("adding").Config})


def test_a_file_may_have_some_of_the_settings_only():
    content = b'{"task": "adding", "settings": {"units": 8}}'
    kinds = {"adding": get_task("adding").Config}
    assert read_settings(content, kinds) == ("adding", {"units": 8})


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_refused_in_a_sentence_that_can_be_shown(content):
    with pytest.raises(UserError) as refused:
        read_settings(content, {"adding": get_task("adding").Config})
    assert len(str(refused.value).encode()) < 400
