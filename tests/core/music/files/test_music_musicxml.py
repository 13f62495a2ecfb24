"""Reading MusicXML as notation programs export it, and refusing bombs."""

import contextlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.music.files.reading import read
from core.music.score.melody_track import extract_piece
from core.music.theory.chord import Chord
from core.music.theory.notes import Meter
from core.task import DataError
from tests.core.music.music_files import ATTRIBUTES, EIGHT, musicxml, xml_note

DOCTYPE = (
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 3.1 Partwise//EN" '
    '"http://www.musicxml.org/dtds/partwise.dtd">'
)
BAR = f"<measure number='1'>{ATTRIBUTES}{EIGHT}</measure>"
BOMB = (
    "<!DOCTYPE score-partwise ["
    '<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {after} "{10 * f"&{before};"}">'
        for before, after in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
OUTSIDE = '<!DOCTYPE score-partwise [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
BY_PARAMETER = "<!DOCTYPE score-partwise [<!ENTITY % x \"<!ENTITY y 'z'>\"> %x;]>"
TYPED = "<!DOCTYPE score-partwise [<!ELEMENT note ANY>]>"


def notes_of(content):
    return [
        (note.start, note.length, note.pitch) for note in read(content).tracks[0].notes
    ]


def test_notes_meter_tempo_title_and_instrument_are_read():
    part = "<midi-instrument id='I'><midi-program>74</midi-program></midi-instrument>"
    sound = "<sound tempo='96'/>"
    score = read(musicxml(f"<measure>{ATTRIBUTES}{sound}{EIGHT}</measure>", part))
    assert (score.title, score.tempo, score.meter) == ("Song", 96, Meter(4, 4))
    assert (score.tracks[0].name, score.tracks[0].program) == ("Flute", 73)
    assert [n.pitch for n in score.tracks[0].notes] == [72, 74, 76, 77, 79, 81, 83, 72]
    assert [n.start for n in score.tracks[0].notes] == [0.5 * i for i in range(8)]


def test_names_of_other_vocabularies_need_no_declaration():
    """MusicXML's document type, which is not read, declares xlink."""
    link = '<link xlink:href="https://example.org/a.xml" xlink:type="simple"/>'
    assert notes_of(musicxml(link + BAR, before=DOCTYPE)) == notes_of(musicxml(BAR))
    declared = musicxml(BAR).replace(b"<score-partwise", b'<score-partwise xmlns="x"')
    assert notes_of(declared) == notes_of(musicxml(BAR))


def test_a_document_type_that_only_names_one_is_let_pass():
    assert notes_of(musicxml(BAR, before=DOCTYPE)) == notes_of(musicxml(BAR))


@pytest.mark.parametrize("declared", [BOMB, OUTSIDE, BY_PARAMETER, TYPED])
def test_entities_and_declarations_are_refused(declared):
    with pytest.raises(DataError, match="not safe to read"):
        read(musicxml(BAR, before=declared, title="&i;"))


def test_too_deeply_nested_xml_is_refused():
    with pytest.raises(DataError, match="deep"):
        read(musicxml("<a>" * 60 + "</a>" * 60))


@pytest.mark.parametrize("stop", ["<tie type='stop'/>", ""])
def test_ties_chords_rests_grace_notes_and_voices_are_read(stop):
    tied = xml_note("C", 5, 2, "<tie type='start'/>")
    goes_on = xml_note("C", 5, 2, stop)
    measures = (
        f"<measure>{ATTRIBUTES}"
        f"<note><grace/><pitch><step>D</step><octave>5</octave></pitch></note>"
        f"{EIGHT}</measure><measure>"
        "<note><rest/><duration>6</duration></note>"
        f"{tied}</measure><measure>"
        f"{goes_on}"
        f"{xml_note('A', 4, 2).replace('<note>', '<note><chord/>')}"
        "<backup><duration>2</duration></backup>"
        f"{xml_note('E', 4, 1)}</measure>"
    )
    found = notes_of(musicxml(measures))
    assert (7.0, 2.0, 72) in found
    assert (8.0, 1.0, 69) in found
    assert (8.0, 0.5, 64) in found
    assert len(found) == 8 + 3


def test_a_transposing_instrument_is_read_as_it_sounds():
    attributes = ATTRIBUTES.replace(
        "</attributes>", "<transpose><chromatic>-2</chromatic></transpose></attributes>"
    )
    found = notes_of(musicxml(f"<measure>{attributes}{EIGHT}</measure>"))
    assert found[0][2] == 70


def test_two_staves_are_two_tracks():
    low = EIGHT.replace("<octave>5", "<octave>3").replace(
        "</note>", "<staff>2</staff></note>"
    )
    back = "<backup><duration>8</duration></backup>"
    score = read(musicxml(f"<measure>{ATTRIBUTES}{EIGHT}{back}{low}</measure>"))
    assert [track.name for track in score.tracks] == ["Flute staff 1", "Flute staff 2"]
    assert score.tracks[1].notes[0].start == 0


def test_written_chords_and_a_pickup_are_kept():
    pickup = f"<measure number='0' implicit='yes'>{ATTRIBUTES}{xml_note('G', 4, 2)}"
    minor = (
        "<harmony><root><root-step>B</root-step><root-alter>-1</root-alter></root>"
        "<kind>minor-seventh</kind><bass><bass-step>F</bass-step></bass></harmony>"
    )
    altered = (
        "<harmony><root><root-step>E</root-step></root><kind>dominant</kind><degree>"
        "<degree-value>9</degree-value><degree-alter>-1</degree-alter>"
        "<degree-type>add</degree-type></degree></harmony>"
    )
    bars = f"{pickup}</measure><measure>{minor}{EIGHT}</measure>"
    piece = extract_piece(read(musicxml(f"{bars}<measure>{altered}{EIGHT}</measure>")))
    assert piece.pickup == 4
    assert piece.chord_at(0) is None
    assert piece.chord_at(4) == Chord(10, "m7", 5)
    assert piece.chord_at(20) == Chord(4, "7b9")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"<score-partwise>", "broken"),
        (b"<html><body>hello</body></html>", "score-partwise"),
        (b"<score-timewise/>", "by parts"),
        (b"<score-partwise/>", "none"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "broken"),
        (musicxml(BAR.replace("<divisions>2", "<divisions>0")), "wrong value"),
        (musicxml(BAR.replace("<duration>1", "<duration>nan")), "wrong value"),
        (musicxml(BAR.replace("<duration>1", "<duration>1e300")), "quarter notes"),
        (musicxml(BAR.replace("<octave>5", "<octave>99")), "wrong value"),
        (musicxml(BAR.replace("<step>C", "<step>H")), "wrong value"),
        (musicxml(BAR.replace("<beats>4", "<beats>0")), "wrong value"),
        (musicxml(BAR.replace("pitch>", "unpitched>")), "drums only"),
    ],
)
def test_unreadable_files_are_refused_in_a_sentence(content, what):
    with pytest.raises(DataError, match="Expected") as error:
        read(content)
    assert what in str(error.value)


def test_utf_16_is_read():
    text = musicxml(BAR).decode().replace("UTF-8", "UTF-16")
    assert notes_of(text.encode("utf-16")) == notes_of(musicxml(BAR))


@given(st.randoms(use_true_random=False), st.integers(1, 20))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(chance: random.Random, n):
    content = bytearray(musicxml(BAR))
    for _ in range(n):
        content[chance.randrange(len(content))] = chance.randrange(32, 127)
    with contextlib.suppress(DataError):
        read(bytes(content))
