"""Reads MusicXML, as notation programs export it (score-partwise)."""

import math
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from core.music.files.midi_reader import (
    MOST_NOTES,
    MOST_QUARTERS,
    longest_lasting,
    median_tempo,
    meter_changes,
)
from core.music.files.musicxml_chords import Degree, chord_of
from core.music.files.safe_xml import parse
from core.music.score.score import Score, Track, pitched
from core.music.theory.chord import LETTERS, OCTAVE, Chord
from core.music.theory.keys import Key, fifths, signed_key
from core.music.theory.notes import HIGHEST, ChordSpan, Meter, Note
from core.task import DataError

DRUM_CHANNEL = 10
MOST_PARTS = 64
UNITS = (1, 2, 4, 8, 16, 32, 64)


@dataclass
class _Part:
    """The state of reading one part; times are in quarter notes."""

    # Start of the next note, and of the latest one and its chord
    time: float = 0.0
    last: float = 0.0
    divisions: float = 1.0  # units of the file's durations in a quarter note
    transpose: int = 0  # semitones from written to sounding pitch
    # Notes by the name of their staff
    staves: dict[str, list[Note]] = field(default_factory=dict)
    # Staff and pitch of tied notes -> their index in the staff's notes
    tied: dict[tuple[str, int], int] = field(default_factory=dict)
    # Each with its start
    meters: list[tuple[float, Meter]] = field(default_factory=list)
    tempos: list[tuple[float, float]] = field(default_factory=list)
    chords: list[tuple[float, Chord | None]] = field(default_factory=list)
    # Sharps of the sounding key, and whether it is said to be minor
    signatures: list[tuple[float, tuple[int, bool]]] = field(default_factory=list)
    bars: list[float] = field(default_factory=list)  # start of each
    drums: bool = False  # whether there are notes without a pitch


def read_musicxml(content: bytes) -> Score:
    """Read parts, staves, ties, written chords, tempo and meter.

    Repeats are read once; grace notes are left out; transposing instruments are read
    as they sound. A part on two staves becomes two tracks.
    """
    root = parse(content)
    if root.tag != "score-partwise":
        raise DataError(
            "Expected a MusicXML score by parts (score-partwise), got "
            f"<{root.tag[:30]}>. Export the piece as MusicXML again."
        )
    elements = root.findall("part")
    if len(elements) > MOST_PARTS:
        raise DataError(
            f"Expected at most {MOST_PARTS} parts, got {len(elements)}. Delete some."
        )
    try:
        return _score(root, elements)
    except (ValueError, KeyError, OverflowError, ZeroDivisionError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(
            f"Expected a whole MusicXML file, got one with a wrong value ({error}). "
            "Export it again."
        ) from error


def _score(root: Element, elements: list[Element]) -> Score:
    names = {item.get("id"): item for item in root.iterfind("part-list/score-part")}
    parts, tracks = [], []
    for element in elements:
        part = _read_part(element)
        parts.append(part)
        tracks += _tracks(part, names.get(element.get("id")))
    end = max((part.time for part in parts), default=0.0)
    if end > MOST_QUARTERS or sum(len(t.notes) for t in tracks) > MOST_NOTES:
        raise DataError(
            f"Expected at most {MOST_QUARTERS:,} quarter notes of length and "
            f"{MOST_NOTES:,} notes, got more. Cut the piece."
        )
    meter, _ = longest_lasting(_first(parts, "meters"), end, Meter())
    signatures = _first(parts, "signatures")
    (sharps, minor), _ = longest_lasting(signatures, end, (0, False))
    title = root.findtext("work/work-title") or root.findtext("movement-title") or ""
    return Score(
        tracks=tuple(tracks),
        tempo=median_tempo(_first(parts, "tempos"), end),
        meter=meter,
        meters=meter_changes(_first(parts, "meters")),
        title=" ".join(title.split())[:100],
        chords=_spans(_first(parts, "chords"), end),
        key=signed_key(sharps, minor, pitched(tracks)),
        pickup=_pickup(parts, meter),
    )


def _first(parts: list[_Part], what: str) -> list:  # type: ignore[type-arg]
    """Return the changes of the first part that has any."""
    return next((getattr(part, what) for part in parts if getattr(part, what)), [])


def _pickup(parts: list[_Part], meter: Meter) -> float:
    bars = parts[0].bars if parts else []
    return (bars[1] - bars[0]) % meter.quarters if len(bars) > 1 else 0.0


def _spans(
    changes: list[tuple[float, Chord | None]], end: float
) -> tuple[ChordSpan, ...]:
    if not changes:
        return ()
    starts: dict[float, Chord | None] = {0.0: None, **dict(changes)}
    times = sorted(time for time in starts if time < end)
    return tuple(
        ChordSpan(time, until - time, starts[time])
        for time, until in zip(times, [*times[1:], end], strict=True)
    )


def _tracks(part: _Part, described: Element | None) -> list[Track]:
    name, program, drums = "", 0, part.drums
    if described is not None:
        name = " ".join((described.findtext("part-name") or "").split())[:50]
        program = int(described.findtext("midi-instrument/midi-program") or 1) - 1
        channel = described.findtext("midi-instrument/midi-channel") or ""
        drums = drums or channel.strip() == str(DRUM_CHANNEL)
    several = len(part.staves) > 1
    return [
        Track(
            name=f"{name} staff {staff}".strip() if several else name,
            notes=tuple(sorted(notes)),
            program=min(max(program, 0), HIGHEST),
            drums=drums,
        )
        for staff, notes in sorted(part.staves.items())
    ]


def _read_part(element: Element) -> _Part:
    part = _Part()
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


def _read_item(part: _Part, item: Element) -> None:
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


def _read_attributes(part: _Part, item: Element) -> None:
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
    if written := item.findtext("key/fifths"):
        minor = item.findtext("key/mode") == "minor"
        sharps = fifths(Key((7 * int(written) + part.transpose) % OCTAVE))
        part.signatures.append((part.time, (sharps, minor)))


def _read_note(part: _Part, item: Element) -> None:
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
    # Some programs write where a tie starts and not where it stops.
    if begun is not None and ("stop" in ties or math.isclose(notes[begun].end, start)):
        first = notes[begun]
        notes[begun] = Note(first.start, start + length - first.start, pitch)
    else:
        begun = len(notes)
        notes.append(Note(start, length, pitch))
    if "start" in ties:
        part.tied[staff, pitch] = begun


def _pitch(part: _Part, item: Element) -> int | None:
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


def _read_harmony(part: _Part, item: Element) -> None:
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


def _step(part: _Part, item: Element, what: str) -> int | None:
    letter = item.findtext(f"{what}/{what}-step")
    if letter is None:
        return None
    alter = round(_number(item.findtext(f"{what}/{what}-alter") or "0"))
    return (LETTERS[letter.strip()] + alter + part.transpose) % OCTAVE


def _duration(part: _Part, item: Element) -> float:
    length = _number(item.findtext("duration") or "0") / part.divisions
    if length < 0:
        raise ValueError(f"duration {length:g}")
    return length


def _number(text: str | None) -> float:
    value = float(text or "nan")
    if not math.isfinite(value):
        raise ValueError(f"number {text}")
    return value
