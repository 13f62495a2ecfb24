"""What is used of Streamlit beyond its documentation is still there.

Where one of these fails after an update, Streamlit has changed something that it never
promised: find it anew, and change pages/ui/web/streamlit_internals.py or the name.
"""

import inspect
import re
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime import Runtime, SessionClient, uploaded_file_manager
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import RerunData, RerunException, script_runner

from pages.ui.web.streamlit_internals import (
    ERROR_LOGGER,
    ERROR_MESSAGE,
    start_page,
    uninterrupted,
)
from tests.browser.conftest import ROOT

VERSION = f"Streamlit {st.__version__} has changed"
ELEMENT = re.compile(r'data-testid\^?="([\w-]+)"|\.(st[A-Z]\w+)')


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (Runtime, "instance"),
        (Runtime, "get_client"),
        (Runtime, "uploaded_file_mgr"),
        (Runtime, "media_file_mgr"),
        (SessionClient, "client_context"),
        (MemoryUploadedFileManager, "remove_file"),
        (uploaded_file_manager, "UploadedFileRec"),
        (manifest_scanner, "scan_component_manifests"),  # tests/conftest.py
    ],
)
def test_streamlit_has_what_is_used_of_it_beyond_its_documentation(owner, name):
    assert hasattr(owner, name), f"{VERSION}: {owner.__name__} has no {name}"


def test_streamlit_cleans_up_after_a_script_run_as_the_tests_assume():
    source = inspect.getsource(script_runner)  # tests/conftest.py replaces both
    for name in ("_clean_problem_modules()", "gc.collect(2)"):
        assert name in source, VERSION


def test_a_callback_that_is_cut_short_is_completed_before_the_next_click():
    done, interrupted = [], iter([RerunException(RerunData()), None])

    @uninterrupted
    def tick(step):
        if error := next(interrupted):
            raise error  # where it reads st.session_state
        done.append(step)

    with pytest.raises(RerunException):  # Streamlit goes on to the other click
        tick(2)
    assert done == [2]


def test_streamlits_page_has_scripts_that_the_security_policy_can_name():
    assert re.search(r"<script>.+?</script>", start_page(), re.DOTALL), VERSION


def test_streamlit_logs_the_error_of_a_page_with_the_line_that_is_left_out():
    from streamlit import error_util

    assert error_util.__name__ == ERROR_LOGGER, VERSION
    assert f'"{ERROR_MESSAGE}"' in inspect.getsource(error_util), VERSION


def test_only_four_files_name_elements_of_streamlit_and_streamlit_has_these():
    named = {}
    files = [*(ROOT / "pages").rglob("*.css"), *(ROOT / "pages").rglob("*.js")]
    for file in files:
        if found := ELEMENT.findall(file.read_text()):
            named[file.name] = {(by_id or by_class) for by_id, by_class in found}
    assert named.keys() <= {"contrast.css", "shape.css", "tiles.js", "frame.js"}
    static = Path(st.__file__).parent / "static" / "static" / "js"
    scripts = [file.read_text("utf-8") for file in static.glob("*.js")]
    for name in set.union(*named.values()):
        base = name.partition("-")[0]  # what follows is the kind of a button
        assert any(base in script for script in scripts), f"{VERSION}: no {name}"
