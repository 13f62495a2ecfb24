"""Check the sheet music of thirty takes: python -m benchmarks.notation.

Three models play in every style, meter and several keys. Their MusicXML is parsed by
music21 and engraved by verovio; the MIDI file of the same take, without swing, is read
by mido. Each line has what is wrong: of the key, clefs, the number of bars, notes that
are not the MIDI file's, neighbours in a beat without a beam, verovio's bars and notes.
Where MuseScore 3 is installed (Debian's musescore3) it opens both files, too.
Lengths: a melody's are the MIDI file's; an accompaniment is cut short when it sounds,
and the last column has the largest difference to what is written, in sixteenths.

With `horns`, the melodies are a tenor saxophone's and a trumpet's, which transpose.
With `music21`, the same takes are laid out and written by music21 alone: accidentals,
notes of triplets, notes shorter than a sixteenth and seconds, beside ours.
"""

import io
import itertools
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import mido

from core.music import Performance
from core.music.arranger.arranging import STRAIGHT
from core.music.config import STYLES
from core.music.files.engraving import SIZES, engrave
from core.music.files.midi_writer import TICKS, write_midi
from core.music.playing.form import JAZZ_METERS
from core.music.playing.notation import sheet_music
from core.music.playing.takes import Take, perform
from core.music.score.piece import Piece
from core.music.score.triplets import triplet_beats
from core.music.shipped import MODELS, load
from core.music.theory.keys import fifths
from core.music.theory.notes import STEPS_A_QUARTER, Meter

SETTINGS = (  # meter, key of the chords, swing
    ("2/4", "as written", 1.0),
    ("4/4", "Eb", 2.0),
    ("3/4", "A", 1.0),
    ("6/8", "F", 1.0),
)
TAKES = 30
HORNS = "Tenor sax", "Trumpet"
MIDDLE_C = 60
WITH_FLAGS = ("eighth", "16th", "32nd")  # unlike the quarter of a triplet
MINOR = "Dm | Gm | A7 | Dm"
MUSESCORE = shutil.which("musescore3")
PITCHES = re.compile(r'class="note"')
BARS = re.compile(r'class="measure"')
QUARTER = 12  # of the twelfths that music21 is given
SIGNS = (
    ("pitches", re.compile("<pitch>")),
    ("accidentals", re.compile("<accidental>")),
    ("notes of triplets", re.compile("<time-modification>")),
    ("shorter than a sixteenth", re.compile(r"<type>(32nd|64th|128th)")),
    ("rests", re.compile("<rest")),
)


@dataclass(frozen=True)
class Check:
    """What was found of a take; all but the last should be as expected or 0."""

    fifths: tuple[int, int]  # written, expected
    clefs: tuple[str, ...]
    low: bool  # whether half of the melody is below middle C
    bars: tuple[int, int]
    bars_engraved: int
    notes: int
    notes_engraved: int  # with those that are tied
    notes_written: int
    other_melody: int  # notes that are in one of MusicXML and MIDI
    other_onsets: int  # the same for the accompaniment, without lengths
    unbeamed: int
    musescore: str  # what it complains of
    longest_off: float
    pages: int
    seconds: float  # to engrave

    @property
    def faults(self) -> list[str]:
        """What is wrong, in words."""
        found = []
        if self.fifths[0] != self.fifths[1]:
            found.append(f"key of {self.fifths[0]} fifths, not {self.fifths[1]}")
        below = self.clefs[1:]
        if not (self.clefs[0] == "G" or self.low) or (below and "F" not in below):
            found.append(f"clefs {' '.join(self.clefs)}")
        if not self.bars[0] == self.bars[1] == self.bars_engraved:
            found.append(f"{self.bars[0]} bars, {self.bars_engraved} engraved")
        if self.notes_engraved != self.notes_written:
            found.append(f"{self.notes_engraved} of {self.notes_written} engraved")
        for name in ("other_melody", "other_onsets", "unbeamed"):
            if count := getattr(self, name):
                found.append(f"{count} {name.replace('_', ' ')}")
        if self.musescore:
            found.append(f"MuseScore: {self.musescore}")
        return found


def take(place: int, horns: bool = False) -> tuple[str, Take, Performance]:
    """Return one of the takes, with a name and its settings."""
    styles = (*STYLES, "none")
    meter, key, swing = SETTINGS[place // 3 % len(SETTINGS)]
    model = MODELS[place % 3]
    result = load(model)
    style = styles[place % len(styles)]
    how = Performance(
        bars=8,
        seed=place,
        style=style if style != "jazz" or meter in map(str, JAZZ_METERS) else "block",
        meter=meter,
        key=key,
        swing=swing,
        **({"instrument": HORNS[place // 3 % 2]} if horns else {}),
    )
    chords = MINOR if place % 2 and result.chords_read else ""
    primer = None
    if model == "folk" and meter == "6/8":
        primer = next(
            piece
            for piece in result.corpus.test
            if piece.pickup and str(piece.meter) == meter
        )
    name = f"{model}, {how.style}, {meter}, {key}, swing {swing:g}"
    return name, perform(result, how, chords, primer), how


def check(played: Take, how: Performance) -> Check:
    """Check the sheet music of a take."""
    from music21 import converter

    text = sheet_music(played, how)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole = converter.parse(text, format="musicxml")
        parts = list(whole.toSoundingPitch().parts)
        notes = [_notes(part.stripTies()) for part in parts]
    melody, others = _sounding(write_midi(played.straight))
    if how.style == "jazz" and how.swing != STRAIGHT:
        melody = _with_triplets(melody, played.piece)
    below = sorted(note for staff in notes[1:] for note in staff)
    start = time.perf_counter()
    engraving = engrave(text)
    seconds = time.perf_counter() - start
    engrave(text, "phone")
    clefs = [next(iter(part.recurse().getElementsByClass("Clef"))) for part in parts]
    keys = next(iter(parts[0].recurse().getElementsByClass("KeySignature")))
    expected = played.piece.key
    return Check(
        fifths=(keys.sharps, fifths(expected) if expected else keys.sharps),
        clefs=tuple(clef.sign for clef in clefs),
        low=statistics.median(pitch for _, pitch, _ in melody) < MIDDLE_C,
        bars=(len(parts[0].getElementsByClass("Measure")), played.piece.bars),
        bars_engraved=sum(len(BARS.findall(page)) for page in engraving.pages),
        notes=len(melody) + len(others),
        notes_engraved=sum(len(PITCHES.findall(page)) for page in engraving.pages),
        notes_written=text.count("<pitch>"),
        other_melody=len(set(notes[0]) ^ set(melody)),
        other_onsets=len({one[:2] for one in below} ^ {one[:2] for one in others}),
        unbeamed=sum(_unbeamed(part, played.piece.meter) for part in parts),
        musescore=_opened_by_musescore(text, write_midi(played.score)),
        longest_off=_longest_off(below, sorted(others)),
        pages=len(engraving.pages),
        seconds=seconds,
    )


def _opened_by_musescore(musicxml: str, midi: bytes) -> str:
    """Return what MuseScore says of the two files; nothing if both open whole."""
    if not MUSESCORE:
        return ""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "take.musicxml").write_text(musicxml)
        (home / "take.mid").write_bytes(midi)
        written = {}
        for name in ("take.musicxml", "take.mid"):
            copy = home / f"{name}.copy.musicxml"
            done = subprocess.run(
                [MUSESCORE, "-o", copy, home / name],
                env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
                capture_output=True,
                text=True,
            )
            if done.returncode or not copy.exists():
                return f"{name}: {done.stderr[-200:]}"
            written[name] = copy.read_text().count("<pitch>")
    notes = musicxml.count("<pitch>")
    if written["take.musicxml"] != notes or not written["take.mid"]:
        return f"{written} of {notes} written notes"
    return ""


def _notes(staff) -> list[tuple[int, int, int]]:
    """Onset in ticks, pitch and length in ticks of each note of music21's."""
    return [
        (
            round(float(item.offset) * TICKS),
            pitch.midi,
            round(float(item.quarterLength) * TICKS),
        )
        for item in staff.flatten().notes
        if "Harmony" not in item.classes
        for pitch in item.pitches
    ]


def _sounding(content: bytes):
    """Return the same of a MIDI file: of the melody, and of all other tracks."""
    tracks = []
    for track in mido.MidiFile(file=io.BytesIO(content)).tracks:
        now, begun, found = 0, {}, []
        for message in track:
            now += message.time
            if message.type == "note_on" and message.velocity:
                begun[message.note] = now
            elif message.type in ("note_on", "note_off"):
                onset = begun.pop(message.note)
                found.append((onset, message.note, now - onset))
        if found:
            tracks.append(found)
    return tracks[0], [note for track in tracks[1:] for note in track]


def _with_triplets(
    notes: list[tuple[int, int, int]], piece: Piece
) -> list[tuple[int, int, int]]:
    """Return notes with the first three sixteenths of jazz triplets as thirds."""
    triplets = triplet_beats(piece)
    before = TICKS * (-piece.pickup % STEPS_A_QUARTER) // STEPS_A_QUARTER

    def moved(time: int) -> int:
        beat, part = divmod(time + before, TICKS)
        if beat < len(triplets) and triplets[beat]:
            part = min(round(part * 4 / 3), TICKS)
        return beat * TICKS + part - before

    return [
        (moved(onset), pitch, moved(onset + length) - moved(onset))
        for onset, pitch, length in notes
    ]


def _longest_off(written, sounding) -> float:
    lengths = {note[:2]: note[2] for note in sounding}
    off = [abs(length - lengths.get(tuple(at), length)) for *at, length in written]
    return 4 * max(off, default=0) / TICKS


def _unbeamed(part, meter: Meter) -> int:
    """Count neighbours in one beat that could have a beam and have none between."""
    count = 0
    beat = 1.5 if meter.compound else 1.0
    for measure in part.getElementsByClass("Measure"):
        shift = 0.0 if measure.number else -float(measure.duration.quarterLength) % beat
        for voice in [*measure.voices] or [measure]:
            items = [
                item for item in voice.notesAndRests if "Harmony" not in item.classes
            ]
            for one, other in itertools.pairwise(items):
                short = all(
                    not item.isRest and item.duration.type in WITH_FLAGS
                    for item in (one, other)
                )
                places = [(float(item.offset) + shift) // beat for item in (one, other)]
                if short and places[0] == places[1] and not _beamed(one, other):
                    count += 1
    return count


def _beamed(one, other) -> bool:
    if not len(one.beams) or not len(other.beams):
        return False
    first, second = one.beams.getByNumber(1), other.beams.getByNumber(1)
    return first.type in ("start", "continue") and second.type in ("continue", "stop")


def main() -> int:
    """Print a line a take; return the exit status."""
    faults, seconds, off = 0, [], []
    for place in range(TAKES):
        name, played, how = take(place, "horns" in sys.argv)
        found = check(played, how)
        wrong = "; ".join(found.faults) or "as it should be"
        print(
            f"{place + 1:3} {name:44} {found.fifths[0]:+d} {' '.join(found.clefs):6}"
            f"{found.bars[0]:3} bars {found.notes:4} notes {found.pages} p. "
            f"{found.seconds:5.2f} s  {found.longest_off:4.1f}  {wrong}",
            flush=True,
        )
        faults += bool(found.faults)
        seconds.append(found.seconds)
        off.append(found.longest_off)
    print(
        f"{TAKES - faults} of {TAKES} without a fault; engraved in "
        f"{statistics.median(seconds):.2f} s (median), on pages of {SIZES['paper']}; "
        f"largest difference in length {max(off):.1f} sixteenths"
    )
    return int(faults > 0)


def by_music21(score) -> str:
    """Lay out and write a score by music21 alone, in twelfths of a quarter."""
    from music21 import chord, key, meter, stream
    from music21.musicxml.m21ToXml import GeneralObjectExporter

    found = stream.Score()
    for track in score.tracks:
        part = stream.Part()
        part.append(meter.TimeSignature(str(score.meter)))
        if score.key:
            part.append(key.KeySignature(fifths(score.key)))
        together = defaultdict(set)
        for note in track.notes:
            length = max(1, round((note.end - note.start) * QUARTER))
            together[round(note.start * QUARTER), length].add(note.pitch)
        for (start, length), pitches in together.items():
            event = chord.Chord(sorted(pitches))
            event.quarterLength = Fraction(length, QUARTER)
            part.insert(Fraction(start, QUARTER), event)
        found.insert(0, part)
    return GeneralObjectExporter(found).parse().decode()


def compare_layouts() -> None:
    """Print sums over the takes, and the median seconds, of ours and of music21."""
    sums, seconds = defaultdict(Counter), defaultdict(list)
    for place in range(TAKES):
        _, played, how = take(place)
        for name, write, given in (
            ("ours", sheet_music, (played, how)),
            ("music21", by_music21, (played.straight,)),
        ):
            start = time.perf_counter()
            text = write(*given)
            seconds[name].append(time.perf_counter() - start)
            sums[name] += Counter({what: len(p.findall(text)) for what, p in SIGNS})
    for name, found in sums.items():
        signs = ", ".join(f"{found[what]:,} {what}" for what, _ in SIGNS)
        print(f"{name:8} {signs}; {statistics.median(seconds[name]):.3f} s")


if __name__ == "__main__":
    if "music21" in sys.argv:
        compare_layouts()
    else:
        sys.exit(main())
