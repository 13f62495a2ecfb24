"""Reads one part of a MusicXML score, element by element."""

import math
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from core.music.chord import OCTAVE, Chord
from core.music.midi import MOST_QUARTERS
from core.music.musicxml_kinds import Degree, chord_of
from core.music.score import HIGHEST, Meter, Note
from core.music.spelling import LETTERS
from core.task import DataError

UNITS = (1, 2, 4, 8, 16, 32, 64)


@dataclass
class Part:
    """What has been read of one part so far; times are in quarter notes.

    Attributes
    ----------
    time, last
        Where the next note begins, and where the latest began, with which notes of
        its chord sound.
    divisions
        Units of the file's durations in a quarter note.
    transpose
        Semitones from what is written to what sounds.
    staves
        Notes by the name of their staff.
    tied
        Staff and pitch of notes that go on -> their place in the staff's notes.
    meters, tempos, chords
        When each began.
    bars
        Where each begins.
    drums
        Whether there are notes without a pitch.
    """

    time: float = 0.0
    last: float = 0.0
    divisions: float = 1.0
    transpose: int = 0
    staves: dict[str, list[Note]] = field(default_factory=dict)
    tied: dict[tuple[str, int], int] = field(default_factory=dict)
    meters: list[tuple[float, Meter]] = field(default_factory=list)
    tempos: list[tuple[float, float]] = field(default_factory=list)
    chords: list[tuple[float, Chord | None]] = field(default_factory=list)
    bars: list[float] = field(default_factory=list)
    drums: bool = False


def read_part(element: Element) -> Part:
    """Read a <part> of a score.

    Raises
    ------
    DataError
        If it is too long.
    ValueError, KeyError
        If a value in it makes no sense.
    """
    part = Part()
    for measure in element.iterfind("measure"):
        part.bars.append(part.time)
        furthest = part.time
        for item in measure:
            _read_item(part, item)
            furthest = max(furthest, part.time)
        part.time = furthest
        if not part.time <= MOST_QUARTERS:
            raise DataError(
                f"Expected at most {MOST_QUARTERS:,} quarter notes of length, got "
                "more. Cut the piece."
            )
    return part


def _read_item(part: Part, item: Element) -> None:
    if item.tag == "note":
        _read_note(part, item)
    elif item.tag == "backup":
        part.time = max(0.0, part.time - _duration(part, item))
    elif item.tag == "forward":
        part.time += _duration(part, item)
    elif item.tag == "attributes":
        _read_attributes(part, item)
    elif item.tag == "harmony":
        _read_harmony(part, item)
    elif item.tag in ("sound", "direction"):
        sound = item if item.tag == "sound" else item.find("sound")
        if sound is not None and sound.get("tempo"):
            part.tempos.append((part.time, _number(sound.get("tempo"))))


def _read_attributes(part: Part, item: Element) -> None:
    if divisions := item.findtext("divisions"):
        part.divisions = _number(divisions)
        if part.divisions <= 0:
            raise ValueError(f"divisions {part.divisions:g}")
    time = item.find("time")
    if time is not None and time.find("beats") is not None:
        beats = sum(int(number) for number in (time.findtext("beats") or "").split("+"))
        unit = int(time.findtext("beat-type") or 4)
        if beats <= 0 or unit not in UNITS:
            raise ValueError(f"time signature {beats}/{unit}")
        if (meter := Meter(beats, unit)).fits:
            part.meters.append((part.time, meter))
    transpose = item.find("transpose")
    if transpose is not None:
        octaves = int(transpose.findtext("octave-change") or 0)
        part.transpose = int(transpose.findtext("chromatic") or 0) + OCTAVE * octaves


def _read_note(part: Part, item: Element) -> None:
    if item.find("grace") is not None:
        return
    length = _duration(part, item)
    together = item.find("chord") is not None
    start = part.last if together else part.time
    if not together:
        part.last = part.time
        part.time += length
    part.drums = part.drums or item.find("unpitched") is not None
    pitch = _pitch(part, item)
    if pitch is None or length <= 0 or item.find("cue") is not None:
        return
    staff = item.findtext("staff") or "1"
    notes = part.staves.setdefault(staff, [])
    ties = {tie.get("type") for tie in item.iterfind("tie")}
    begun = part.tied.pop((staff, pitch), None)
    if "stop" in ties and begun is not None:
        first = notes[begun]
        notes[begun] = Note(first.start, start + length - first.start, pitch)
    else:
        begun = len(notes)
        notes.append(Note(start, length, pitch))
    if "start" in ties:
        part.tied[staff, pitch] = begun


def _pitch(part: Part, item: Element) -> int | None:
    """Return the MIDI number that sounds; None for a rest."""
    found = item.find("pitch")
    if found is None:
        found = item.find("unpitched")
    if found is None:
        return None
    prefix = "display-" if found.tag == "unpitched" else ""
    letter = LETTERS[(found.findtext(f"{prefix}step") or "C").strip()]
    octave = int(found.findtext(f"{prefix}octave") or 4)
    alter = round(_number(found.findtext("alter") or "0"))
    pitch = OCTAVE * (octave + 1) + letter + alter + part.transpose
    if not 0 <= pitch <= HIGHEST:
        raise ValueError(f"pitch {pitch}")
    return pitch


def _read_harmony(part: Part, item: Element) -> None:
    kind = (item.findtext("kind") or "").strip()
    time = part.time + _number(item.findtext("offset") or "0") / part.divisions
    if kind == "none":
        part.chords.append((time, None))
        return
    root = _step(part, item, "root")
    if root is None:
        return
    chord = chord_of(root, kind, _text(item), _degrees(item))
    if chord is None:
        return  # a chord that is not known leaves the one before it
    bass = _step(part, item, "bass")
    part.chords.append((time, chord if bass is None else replace(chord, bass=bass)))


def _text(item: Element) -> str:
    kind = item.find("kind")
    return "" if kind is None else kind.get("text", "")


def _degrees(item: Element) -> list[Degree]:
    return [
        Degree(
            value=int(degree.findtext("degree-value") or 0),
            alter=round(_number(degree.findtext("degree-alter") or "0")),
            action=(degree.findtext("degree-type") or "add").strip(),
        )
        for degree in item.iterfind("degree")
    ]


def _step(part: Part, item: Element, what: str) -> int | None:
    letter = item.findtext(f"{what}/{what}-step")
    if letter is None:
        return None
    alter = round(_number(item.findtext(f"{what}/{what}-alter") or "0"))
    return (LETTERS[letter.strip()] + alter + part.transpose) % OCTAVE


def _duration(part: Part, item: Element) -> float:
    length = _number(item.findtext("duration") or "0") / part.divisions
    if length < 0:
        raise ValueError(f"duration {length:g}")
    return length


def _number(text: str | None) -> float:
    value = float(text or "nan")
    if not math.isfinite(value):
        raise ValueError(f"number {text}")
    return value
