"""The files of a page's download buttons, made as a press makes them, and opened."""

import csv
import io
import json
import wave
import zipfile
from xml.etree import ElementTree

import mido
import nbformat
import pytest
import streamlit as st

from pages.ui import download


def _rows(content):
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows
    assert not [row for row in rows if None in row]  # as many cells as names
    return rows


def _page(content):
    text = content.decode().strip()
    assert text.lower().startswith("<!doctype html>")
    assert text.endswith("</html>")
    return text


def _archive(content):
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def _notebook(content):
    notebook = nbformat.reads(content.decode(), as_version=4)
    nbformat.validate(notebook)
    return notebook


def _seconds(content):
    with wave.open(io.BytesIO(content)) as sound:
        return sound.getnframes() / sound.getframerate()


OPEN = {
    "csv": _rows,
    "html": _page,
    "ipynb": _notebook,
    "json": json.loads,
    "mid": lambda content: mido.MidiFile(file=io.BytesIO(content)),
    "musicxml": lambda content: list(ElementTree.fromstring(content)),
    "txt": lambda content: content.decode().split(),
    "wav": _seconds,
    "zip": _archive,
}


@pytest.fixture
def files(monkeypatch):
    """Returns a function that opens what a button of a drawn page downloads.

    `files.keys` are the buttons that were drawn.
    """
    drawn, draw = {}, st.download_button

    def note(label, content, *, file_name, key, **look):
        drawn[key] = file_name, content
        return draw(label, content, file_name=file_name, key=key, **look)

    def opened(key):
        name, content = drawn[key]
        content = content() if callable(content) else content
        content = content.encode() if isinstance(content, str) else content
        return OPEN[name.rpartition(".")[2]](content)

    monkeypatch.setattr(st, "download_button", note)
    # The server keeps the file for its browser; here is none.
    monkeypatch.setattr(download, "keep_download", lambda *_: None)
    opened.keys = drawn.keys()
    return opened
