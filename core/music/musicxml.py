"""Reads MusicXML, as notation programs export it (score-partwise)."""

from xml.etree.ElementTree import Element

from core.music.chord import Chord
from core.music.midi import MOST_NOTES, MOST_QUARTERS, lasting, middle_tempo
from core.music.musicxml_part import Part, read_part
from core.music.safe_xml import parse
from core.music.score import HIGHEST, ChordSpan, Meter, Score, Track
from core.task import DataError

DRUM_CHANNEL = 10
MOST_PARTS = 64


def read_musicxml(content: bytes) -> Score:
    """Read parts, staves, ties, written chords, tempo and meter.

    Repeats are read as they are written, once; grace notes are left out; notes of
    transposing instruments are read as they sound. A part on two staves becomes two
    tracks.

    Raises
    ------
    DataError
        If it is broken, unsafe, of another kind, or too large.
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
        part = read_part(element)
        parts.append(part)
        tracks += _tracks(part, names.get(element.get("id")))
    end = max((part.time for part in parts), default=0.0)
    if end > MOST_QUARTERS or sum(len(t.notes) for t in tracks) > MOST_NOTES:
        raise DataError(
            f"Expected at most {MOST_QUARTERS:,} quarter notes of length and "
            f"{MOST_NOTES:,} notes, got more. Cut the piece."
        )
    meter, _ = lasting(_first(parts, "meters"), end, Meter())
    title = root.findtext("work/work-title") or root.findtext("movement-title") or ""
    return Score(
        tracks=tuple(tracks),
        tempo=middle_tempo(_first(parts, "tempos"), end),
        meter=meter,
        title=" ".join(title.split())[:100],
        chords=_spans(_first(parts, "chords"), end),
        pickup=_pickup(parts, meter),
    )


def _first(parts: list[Part], what: str) -> list:  # type: ignore[type-arg]
    """Return the changes of the first part that has any."""
    return next((getattr(part, what) for part in parts if getattr(part, what)), [])


def _pickup(parts: list[Part], meter: Meter) -> float:
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


def _tracks(part: Part, described: Element | None) -> list[Track]:
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
