import json

import pytest

from core.settings_file import read_settings
from core.task import UserError
from tests.core.runs.counting import Config

TASKS = {"counting": Config}
WRONG = {
    "no object": b"[" * 99_999,
    "pairs": b'{"task": "counting", "settings": [[1, 2]]}',
    "a list as task": b'{"task": ["counting"], "settings": {}}',
    "another task": b'{"task": "stock", "settings": {}}',
    "half a character": b'{"task": "counting", "settings": {"\\ud800": 1}}',
    "too large a number": b'{"task": "counting", "settings": {"epochs": 1%s}}'
    % (b"0" * 4000),
    "no number": b'{"task": "counting", "settings": {"epochs": NaN}}',
    "a long name": json.dumps(
        {"task": "counting", "settings": {"x" * 90_000: 1}}
    ).encode(),
    "a list": b'{"task": "counting", "settings": {"epochs": [%s1]}}' % (b"1," * 40_000),
    "too long": b" " * 100_001,
}


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_refused_in_a_sentence_that_can_be_shown(content):
    with pytest.raises(UserError) as refused:
        read_settings(content, TASKS)
    assert len(str(refused.value).encode()) < 400
