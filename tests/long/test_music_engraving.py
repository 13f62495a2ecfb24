"""What verovio draws of our MusicXML."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.notation import check, take
from core.music import Performance
from core.music.files.engraving import EngravingError, engrave
from core.music.files.musicxml_writer import write_musicxml
from core.music.improviser.origins import Origin
from core.music.playing.notation import (
    marks_legend,
    notation_alt,
    notation_data,
    sheet_music,
)
from core.music.playing.takes import take_of
from core.music.score.piece import REST, Piece
from core.music.score.score import Score, Track
from core.music.shipped import load
from core.music.theory.chord import Chord
from core.music.theory.keys import Key
from core.music.theory.notes import ChordSpan, Note

BARS = 40
NOTES = tuple(Note(time / 2, 0.5, 60 + time % 13) for time in range(8 * BARS))
SCORE = Score(
    (Track("Melody", NOTES), Track("Bass", (Note(0.0, 4.0, 40),), 32)),
    tempo=120.0,
    title="Tom & <Jerry>",
    chords=(ChordSpan(0.0, 4.0 * BARS, Chord(10, "7")),),
    pickup=1.0,
    key=Key(5),
)
MEASURE = re.compile(r'class="measure"')


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("place", [0, 3, 10, 16])
def test_two_programs_find_the_notes_of_the_midi_file(place):
    _, played, how = take(place)
    found = check(played, how)
    assert found.faults == []
    assert found.notes > 20


def test_a_phone_has_more_pages_with_the_same_bars_and_no_title():
    text = write_musicxml(SCORE)
    paper, phone = engrave(text), engrave(text, "phone")
    assert 1 < len(paper.pages) < len(phone.pages)
    for found in (paper, phone):
        assert sum(len(MEASURE.findall(page)) for page in found.pages) == BARS + 1
    assert "Tom &amp; &lt;Jerry&gt;" in paper.pages[0]
    assert "Jerry" not in phone.pages[0]


def test_the_same_score_is_the_same_drawing_in_every_thread():
    texts = [write_musicxml(SCORE), write_musicxml(SCORE, swing=2.0)]
    alone = [engrave(text) for text in texts]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(engrave, 3 * texts))
    assert together == 3 * alone


def test_signs_in_texts_have_their_font_once_beside_the_pages():
    found = engrave(write_musicxml(SCORE))
    assert found.font.startswith("data:application/font-woff2")
    assert not any("@font-face" in page for page in found.pages)


def test_the_word_swing_is_drawn_without_an_empty_bracket():
    page = engrave(write_musicxml(SCORE, swing=2.0)).pages[0]
    assert "Swing" in page
    assert "()" not in page
    assert "Swing" not in engrave(write_musicxml(SCORE)).pages[0]


def test_engraving_refuses_xml_that_is_no_score():
    with pytest.raises(EngravingError, match="open the MusicXML file"):
        engrave("<nothing/>")


def test_bars_have_their_times_and_the_drawing_its_description():
    _, played, how = take(22)  # with a pickup of a quarter
    data = notation_data(played, how)
    letters = "".join(data["pages"]).count('class="verse"')
    assert letters == sum(one != Origin.NETWORK for one in played.note_origins) > 0
    assert "with +: the network, pushed by the plan" in marks_legend(played).replace(
        "coloured ", ""
    )
    assert "lyric" not in sheet_music(played, how)
    assert data["bars"][:3] == pytest.approx([0.0, 0.6, 2.4])
    assert data["numbers"] == list(range(9))
    assert len(MEASURE.findall("".join(data["pages"]))) == 9
    assert notation_alt(played) == (
        "Staff notation of 8 bars in 6/8, F major: the melody with chord symbols, over "
        "chords and bass"
    )


def test_triplets_of_jazz_are_written_as_triplets_and_only_there():
    melody = np.full(32, REST, np.int16)
    melody[[0, 1, 2, 4, 6, 8, 12]] = [60, 62, 64, 65, 67, 69, 72]
    piece = Piece("Two bars", "", melody)
    jazz = Performance(style="jazz", swing=2.0)
    for how, notes in ((jazz, 3), (replace(jazz, swing=1.0), 0), (Performance(), 0)):
        text = sheet_music(take_of(load("ragtime"), how, piece), how)
        assert text.count("<time-modification>") == notes
