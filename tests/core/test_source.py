import pytest

from core.source import source


def test_a_function_is_shown_as_it_is_written():
    shown = source("core.arrays", "unpack")
    assert shown.startswith("def unpack(content: bytes) -> State:")
    assert "BadZipFile" in shown
    assert "def pack" not in shown


def test_a_method_is_shown_without_the_indentation_of_its_class():
    shown = source("core.runs.store.checkpoints", "Checkpoints.discard")
    assert shown.startswith("def discard(self")
    assert shown.splitlines()[1].startswith("    ")


def test_a_missing_function_is_named():
    with pytest.raises(LookupError, match=r"nowhere.*core\.arrays"):
        source("core.arrays", "nowhere")
