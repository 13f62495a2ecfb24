"""A file that is made when its button is pressed waits for its browser."""

from functools import partial
from types import SimpleNamespace

import pytest
from streamlit.runtime import Runtime
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

import pages.ui.download
from pages.ui.web.streamlit_internals import MOST_DOWNLOADS


@pytest.fixture
def storage(monkeypatch):
    storage = MemoryMediaFileStorage("/media")
    runtime = SimpleNamespace(media_file_mgr=MediaFileManager(storage))
    monkeypatch.setattr(Runtime, "instance", lambda: runtime)
    return storage


def pressed(monkeypatch, content, name="a.csv"):
    """Press a button; return the address of its file, which is not fetched yet."""
    drawn = {}
    monkeypatch.setattr(
        pages.ui.download.st,
        "download_button",
        lambda label, data, file_name, mime, **_: drawn.update(
            data_callable=data, file_name=file_name, mimetype=mime
        ),
    )
    pages.ui.download.download_button("Download", lambda: content, name, "key")
    files = Runtime.instance().media_file_mgr
    return files.execute_deferred(files.add_deferred(**drawn, coordinates="0.0"))


def fetch(storage, address):
    return storage.get_file(address.rpartition("/")[2]).content


def others_end_runs():
    files = Runtime.instance().media_file_mgr
    for _ in range(3):
        files.clear_session_refs("another")
        files.remove_orphaned_files()


@pytest.mark.parametrize("content", ["é,1\n", b"\x00MThd"])
def test_a_file_is_there_after_other_peoples_pages_have_been_drawn(
    monkeypatch, storage, content
):
    address = pressed(monkeypatch, content)
    others_end_runs()
    expected = content.encode() if isinstance(content, str) else content
    assert fetch(storage, address) == expected


def test_newer_files_take_the_place_of_old_ones(monkeypatch, storage):
    press = partial(pressed, monkeypatch)
    addresses = [press(f"file {i}") for i in range(MOST_DOWNLOADS + 1)]
    others_end_runs()
    with pytest.raises(MediaFileStorageError):
        fetch(storage, addresses[0])
    for address in addresses[1:]:
        fetch(storage, address)
