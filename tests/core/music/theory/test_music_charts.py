"""Chords as musicians write them: repeats, endings, sections, degrees, iReal Pro."""

import contextlib
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.music.theory.notes import Meter
from core.music.theory.progressions import chord_text, parse_chords, written_meter
from core.task import DataError

WORDS = [
    *("C", "dm7", "G7", "F#ø", "Bb^7", "C/E", "N.C.", "%", "%%", "/", "|", "||", "\n"),
    *(
        "|:",
        ":|",
        "x2",
        "x 3",
        "(x2)",
        "[A]",
        "[B]",
        "A:",
        "1.",
        "2.",
        "[1.",
        "Key: Bb",
    ),
    *("in F minor:", "ii7", "V7", "bVII7", "V7/ii", "I/3", "4/4", "T34", "T44*A{", "}"),
    *(
        "N1",
        "N2",
        "W/G",
        "Z",
        "<text>",
        "irealb://",
        "irealbook://a=b=c=d=n=",
        "D.C. al Coda",
        "D.S. al Fine",
        "To Coda",
        "Fine",
        "𝄋",
        "<D.C. al Coda>",
        "Q",
        "S",
        "=",
        "é",
    ),
]


def plain(text):
    """Return the bars of a progression, each chord by its standard name."""
    spans = parse_chords(text)
    return chord_text(
        [type(span)(span.start, span.length, bare(span.chord)) for span in spans]
    )


def bare(chord):
    return chord and type(chord)(chord.root, chord.quality, chord.bass)


@pytest.mark.parametrize(
    ("text", "bars"),
    [
        ("|: Dm7 | G7 :| C", "Dm7 | G7 | Dm7 | G7 | C"),
        ("||: Dm7 | G7 :|| C", "Dm7 | G7 | Dm7 | G7 | C"),
        ("C | F :| G", "C | F | C | F | G"),
        ("|: C | F :|: G :|", "C | F | C | F | G | G"),
        ("|: C F :| x3 | G", "C F | C F | C F | G"),
        ("C7 x 4 | F7", "C7 | C7 | C7 | C7 | F7"),
        ("C7 | F7 | x2", "C7 | F7 | F7"),
        ("|: C | F |1. G :|2. Am | Dm", "C | F | G | C | F | Am | Dm"),
        ("|: C [1. G :| [2. Am :| [3. Dm", "C | G | C | Am | C | Dm"),
        ("C | F | %% | G", "C | F | C | F | G"),
        ("3/4 | F | C7", "F | C7"),
        ("Am7 . . D7 | G . . .", "Am7 / / D7 | G"),
    ],
)
def test_repeats_and_endings_are_written_out(text, bars):
    assert parse_chords(text) == parse_chords(bars)


@pytest.mark.parametrize(
    ("text", "bars"),
    [
        ("[A] C | F | [B] G | C", "C | F | G | C"),
        ("[A] C | F | [A] [B] G | [A]", "C | F | C | F | G | C | F"),
        ("[A] C | F | [A] x2 [B] G |", "C | F | C | F | C | F | G"),
        ("A: C | F\nBridge: G\nA:", "C | F | G | C | F"),
        ("[A] C | F\n[B] G | Am\n[A] [A] [B] [A]", "C | F | C | F | G | Am | C | F"),
        ("[A] C\n[B] G\n[B] x2 [A]", "G | G | C"),
        ("[A] C\n[B] G\nx2 [A] [B]", "C | G | G | C | G | G"),
        ("[Verse 1] |: C | F :| [B] G |", "C | F | C | F | G"),
    ],
)
def test_a_section_is_played_again_by_its_name(text, bars):
    assert parse_chords(text) == parse_chords(bars)


@pytest.mark.parametrize(
    ("text", "bars"),
    [
        ("dm7 | g7 | d | bbm7 | am/g | csus4", "Dm7 | Gm7 | Dm | Bbm7 | Am/G | Csus4"),
        ("Bb^7 | C^ | F^7#11 | C-^7", "Bbmaj7 | Cmaj7 | Fmaj7#11 | Cmmaj7"),
        ("Fø | Fh7 | Fh9 | Fo7 | F-7", "Fm7b5 | Fm7b5 | Fm7b5 | Fdim7 | Fm7"),
        ("F7b9#11 | F7#9#11 | F7b13sus | F7susadd3", "F7b9#11 | F7#9#11 | "
         "F7sus4b13 | F7sus4add3"),
        ("AbMA7 | BbMI7 | CMi7 | G13sus4(b9)", "Abmaj7 | Bbm7 | Cm7 | G7sus4b9"),
        ("D7(9,13) | Am7(11) | C7(add13) | Cmaj7/9", "D13 | Am11 | C13 | Cmaj9"),
        ("Gm/maj7 | Em9b5 | Am7b5(11)", "Gmmaj7 | Em7b5 | Am7b5"),
        ("C7/b9 | C7/13 | Ab6/9 | Bb7(b9)/D", "C7b9 | C13 | Ab69 | Bb7b9/D"),
        ("Do7 | Fa7 | Sol7 | Lam | Mib", "C7 | F7 | G7 | Am | Eb"),
        ("Do7 | G7", "Ddim7 | G7"),  # as before: no other word says that it is C7
    ],
)  # fmt: skip
def test_chords_are_spelled_in_many_ways(text, bars):
    assert plain(text) == bars


@pytest.mark.parametrize(
    ("text", "bars"),
    [
        ("Key: Bb\nii7 V7 Imaj7", "Cm7 | F7 | Bbmaj7"),
        ("in F: ii7 V7 | I^7", "Gm7 C7 | Fmaj7"),
        ("Key of C | bVII7 | #ivo7 | iv6 | viiø", "Bb7 | Gbdim7 | Fm6 | Bm7b5"),
        ("Key: C Imaj7/7", "Cmaj7/B"),
        ("Key: C | vii°/5 | viio7/7 | ii7/7", "Bdim/F | Bdim7/Ab | Dm7/C"),
        ("Key: C | V7/ii | V7/V | I/3 | I/5 | V7/7", "A7 | D7 | C/E | C/G | G7/F"),
        ("Key: C minor | i | iiø | III | V7 | VI | viio7 | bVI",
         "Cm | Dm7b5 | Eb | G7 | Ab | Bdim7 | Ab"),
        ("Key: C | I | Key: D | I", "C | D"),
    ],
)  # fmt: skip
def test_degrees_are_chords_of_their_key(text, bars):
    assert plain(text) == bars


def test_a_degree_is_spelled_as_its_key_is():
    assert chord_text(parse_chords("Key: E | III7 | vi")) == "G#7 | C#m"
    assert chord_text(parse_chords("Key: Db | IV")) == "Gb | Gb"[:2]


SONG = (
    "{*AT44C-7   |F7   |Bb^7   |Eb^7   |A h7   |D7b13   |N1G-6   | x  }"
    "            |N2G-7 Gb7 |F-7,E7 ,|Ah7 W/C n|D7(A7) p p |<Latin>[*BG-6   |r|Z "
).replace("A h7", "Ah7")
PLAYED = (
    "C-7 | F7 | Bb^7 | Eb^7 | Ah7 | D7b13 | G-6 | % | "
    "C-7 | F7 | Bb^7 | Eb^7 | Ah7 | D7b13 | G-7 Gb7 | F-7 E7 | "
    "Ah7 / Am7b5/C N.C. | D7 | G-6 | D7 | G-6"
)


def scrambled(text):
    """Turn each piece of fifty letters partly round, as the app does."""
    pieces = [text[start : start + 50] for start in range(0, len(text), 50)]
    for number, piece in enumerate(pieces):
        if len(text) - (number + 1) * 50 >= 2:
            back = piece[::-1]
            pieces[number] = (
                back[:5] + piece[5:10] + back[10:24] + piece[24:26] + back[26:40]
                + piece[40:45] + back[45:]
            )  # fmt: skip
    return "".join(pieces)


def links():
    short = SONG.replace("   ", "XyQ").replace(" |", "LZ")
    yield f"irealbook://Tune=Smith John=Swing=C=n={SONG}"
    yield quote(f"irealbook://Tune=Smith John=Swing=C=n={SONG}", safe=":/")
    head, tail = "irealb://Tune=Smith John==Swing=C==1r34LbKcu7", "==120=3"
    yield head + scrambled(short) + tail
    yield quote(head + scrambled(short) + tail, safe=":/=")


@pytest.mark.parametrize("text", [SONG, *links()], ids=["text", *"bqsu"])
def test_a_song_of_ireal_pro_is_read(text):
    assert parse_chords(text) == parse_chords(PLAYED)
    assert written_meter(text) == Meter()


def test_chords_of_ireal_pro_are_on_the_beats_of_their_cells():
    spans = parse_chords("T44C^7  G7|D-7,G7,C7 |F^7   |")
    assert [span.start for span in spans] == [0, 3, 4, 5, 6, 8]
    assert written_meter("T34{F^7 |C7 }") == Meter(3, 4)
    assert written_meter("T12{F^7 |C7 }") == Meter(12, 8)
    assert written_meter("T68{F^7 |C7 }") == Meter(6, 8)


@pytest.mark.parametrize(
    ("text", "bars"),
    [
        ("C | F Fine | G7 | Am D.C. al Fine", "C | F | G7 | Am | C | F"),
        ("C | F | Fine | G7 | Am\nd.c. al fine", "C | F | G7 | Am | C | F"),
        ("Am | 𝄋 C | F 𝄌 | G7 | D.S. al 𝄌 | 𝄌 Db | Eb",
         "Am | C | F | G7 | C | F | Db | Eb"),
        ("[A] C | F | To Coda | G7 | DC al Coda | [Coda] Db | Eb",
         "C | F | G7 | C | F | Db | Eb"),
        ("Am | Segno C | F | Fine | G7 | Dal Segno", "Am | C | F | G7 | C | F"),
        ("𝄋 C | F To Coda [B] G | D.S. al Coda [Coda] Db",
         "C | F | G | C | F | Db"),
        ("C | F Fine [Coda] G | D.C. al Fine", "C | F | G | C | F"),
        ("C | F | D.C.", "C | F | C | F"),
        ("C F Fine G D.C. al Fine", "C | F | G | C | F"),
        ("Am 𝄋 C 𝄌 F D.S. al 𝄌 𝄌 Db Eb", "Am | C | F | C | Db | Eb"),
        ("C 𝄌 | F | G D.C. al Coda 𝄌 Db | Eb", "C | F | G | C | Db | Eb"),
        ("{T44C |QF }|G |<D.C. al Coda>QE-7 |A7 Z",
         "C | F | C | F | G | C | Em7 | A7"),
        ("|: C | F |1. G :|2. Am | Dm Fine | E7 | D.C. al Fine",
         "C | F | G | C | F | Am | Dm | E7 | C | F | Am | Dm"),
        ("|: C | F Fine :| G | D.C. al Fine", "C | F | C | F | G | C | F"),
        ("|: C x2 | F :| x3 | G | D.C.", "C | C | F | C | C | F | C | C | F | G | "
         "C | C | F | G"),
        ("{*AT44C |F |N1QG |A- }|N2D- |<D.C. al Coda>E- |QB |Z",
         "C | F | G | Am | C | F | Dm | Em | C | F | B"),
        ("T44A- |SC |QF |G7 <*63D.S. al Coda>|QD- |E- Z",
         "Am | C | F | G7 | C | Dm | Em"),
        ("T44C |F Q  G |E- |<D.C. al Coda> |QB Z", "C | F G | Em | C | F G | B"),
        ("{T44C |F <Fine>}|G |A- <D.C. al Fine>Z", "C | F | C | F | G | Am | C | F"),
        ("{T44C |F <3x>}|G Z", "C | F | C | F | C | F | G"),
        ("C | F Fine", "C | F"),  # nobody jumps
        ("[A] C | F\n[Coda] G\n[A] [A] [Coda]", "C | F | C | F | G"),
    ],
)  # fmt: skip
def test_jumps_are_followed_without_repeats(text, bars):
    assert plain(text) == plain(bars)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("C | D.S. al Fine", "'D.S. al Fine' at column 5 needs a segno .* before it"),
        ("𝄋 C | D.S. al Fine", "'D.S. al Fine' at column 7 needs a Fine before it"),
        (
            "C |\nF 𝄌 | D.C. al Coda | G",
            "in line 2, column 7 needs a coda sign .* after",
        ),
        ("C | Fine | F | D.C. al Fine | G", "column 16 is followed by bars that are"),
        ("C | F | D.C. | G | D.C.", "'D.C.' at column 9 is the first of several"),
        (
            "{T44C |N1F }|N2G |<D.C. al 2nd End.>Z",
            "'D.C. al 2nd End.' at column 19 is no",
        ),
    ],
)
def test_a_jump_that_cannot_be_followed_is_named_with_its_place(text, why):
    with pytest.raises(DataError, match=f"Chords: .*{why}.* Or write the bars in"):
        parse_chords(text)


def test_a_playlist_of_ireal_pro_is_refused():
    song = "A=B=Swing=C=n=T44C |F "
    with pytest.raises(DataError, match=r"one with 2\. Export the song by itself"):
        parse_chords(f"irealbook://{song}={song}")
    with pytest.raises(DataError, match="one with none"):
        parse_chords("irealb://nothing")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("Dm7 | Hm7 | G", "bar 2: expected a chord such as Dm7, G7 or Cmaj7, got 'Hm7'"
         " at column 7: a chord begins"),
        ("Dm7 |\nG7 | Cfoo", "bar 3: .* got 'Cfoo' in line 2, column 6"),
        ("C | ii7", "bar 2: .* 'ii7' at column 5: a degree needs a key"),
        ("C | Verse", "bar 2: .* 'Verse' at column 5: 'erse' is not a kind of chord"),
        ("|: | C", ""),
        (":| C", "bar 1: .* got ':|' at column 1: there are no bars"),
        ("x2 C | F", "bar 1: .* at column 1: there is nothing before it"),
        ("C | x99", "bar 2: expected x1 to x64, got x99 at column 5"),
        ("[B] C | F [C]", "bar 3: .* got 'C' at column 11: no bars follow it"),
        ("T44C |T34F |", r"bar 2: .* got '3/4' at column 7: the meter cannot change"),
        ("T44C |Gm7 |", "bar 2: .* got 'm' at column 8"),
        ("|: C :| x64 |: C :| x64 |: C :| x64 | C x64 | G", "expected at most 256"),
    ],
)  # fmt: skip
def test_chart_errors_name_the_symbol_and_its_place(text, where):
    if not where:
        assert parse_chords(text) == parse_chords("C |")
        return
    with pytest.raises(DataError, match="Chords: " + where.replace("|'", r"\|'")):
        parse_chords(text)


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=12))
def test_no_chart_raises_anything_but_our_error_and_each_is_written_again(words):
    with contextlib.suppress(DataError):
        spans = parse_chords(" ".join(words))
        assert parse_chords(chord_text(spans) + " |") == spans
