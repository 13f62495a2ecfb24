"""The notebooks of the tasks that train with TensorFlow arrive at their runs' numbers.

Those of the lessons: tests/core/takeaway.
"""

import pytest

from tests.core.takeaway.notebooks import SAME, execute, tiny_notebook


@pytest.mark.parametrize("task", ["stock", "emoji", "music"])
def test_a_notebook_arrives_at_the_numbers_of_its_run(task, tmp_path, monkeypatch):
    made = tiny_notebook(task)
    printed = execute(made.content, tmp_path, monkeypatch)
    assert printed[-1].startswith(SAME)
    assert printed[3].startswith("epoch 1 of 3: ")
