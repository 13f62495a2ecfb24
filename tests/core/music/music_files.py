"""Small music files, written as other programs would write them."""

import io

import mido

TICKS = 480


def midi(*tracks, ticks=TICKS, events=()):
    """A MIDI file. Each track: its name, channel, program, and its notes as
    (start, length, pitch) in quarter notes; events: (time, meta message)."""
    file = mido.MidiFile(ticks_per_beat=ticks)
    conductor = mido.MidiTrack()
    conductor.extend(_in_order([(round(at * ticks), event) for at, event in events]))
    file.tracks.append(conductor)
    for name, channel, program, notes in tracks:
        track = mido.MidiTrack()
        if name:
            track.append(mido.MetaMessage("track_name", name=name))
        if channel != 9:
            track.append(
                mido.Message("program_change", channel=channel, program=program)
            )
        timed = []
        for start, length, pitch in notes:
            begin, end = round(start * ticks), round((start + length) * ticks)
            on = mido.Message("note_on", channel=channel, note=pitch, velocity=90)
            off = mido.Message("note_off", channel=channel, note=pitch)
            timed += [(begin, on), (end, off)]
        track.extend(_in_order(timed))
        file.tracks.append(track)
    content = io.BytesIO()
    file.save(file=content)
    return content.getvalue()


def _in_order(timed):
    """Messages with the time since the one before; ends before beginnings."""
    before = 0
    for at, message in sorted(timed, key=lambda item: (item[0], _is_on(item[1]))):
        yield message.copy(time=at - before)
        before = at


def _is_on(message):
    return message.type == "note_on"


def tempo(quarters_a_minute):
    return mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(quarters_a_minute))


def meter(beats, unit):
    return mido.MetaMessage("time_signature", numerator=beats, denominator=unit)


def line(pitches, length=0.5, start=0.0):
    """Notes one after the other."""
    return [(start + at * length, length, pitch) for at, pitch in enumerate(pitches)]


def chords(groups, length=4.0, start=0.0):
    """Chords one after the other."""
    return [
        (start + at * length, length, pitch)
        for at, group in enumerate(groups)
        for pitch in group
    ]


TUNE = [67, 69, 71, 72, 74, 72, 71, 69, 67, 64, 62, 64, 67, 69, 67, 64]


def musicxml(measures, part_list="", before="", title="Song"):
    """A MusicXML score of one part with the given content of <part>."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<score-partwise version="3.1">'
        f"<work><work-title>{title}</work-title></work>"
        "<part-list><score-part id='P1'><part-name>Flute</part-name>"
        f"{part_list}</score-part></part-list>"
        f"<part id='P1'>{measures}</part></score-partwise>"
    ).encode()


def xml_note(step, octave, duration, more=""):
    return (
        f"<note><pitch><step>{step}</step><octave>{octave}</octave></pitch>"
        f"<duration>{duration}</duration>{more}</note>"
    )


ATTRIBUTES = (
    "<attributes><divisions>2</divisions><time><beats>4</beats>"
    "<beat-type>4</beat-type></time></attributes>"
)
EIGHT = "".join(xml_note(step, 5, 1) for step in "CDEFGABC")
