"""The 128 instruments of General MIDI, and what people can play on them."""

from dataclasses import dataclass

FAMILIES = {
    "Piano": "Grand piano, Bright piano, Electric grand, Honky-tonk piano, "
    "Electric piano 1, Electric piano 2, Harpsichord, Clavinet",
    "Chromatic percussion": "Celesta, Glockenspiel, Music box, Vibraphone, Marimba, "
    "Xylophone, Tubular bells, Dulcimer",
    "Organ": "Drawbar organ, Percussive organ, Rock organ, Church organ, Reed organ, "
    "Accordion, Harmonica, Bandoneon",
    "Guitar": "Nylon guitar, Steel guitar, Jazz guitar, Clean guitar, Muted guitar, "
    "Overdriven guitar, Distortion guitar, Guitar harmonics",
    "Bass": "Acoustic bass, Fingered bass, Picked bass, Fretless bass, Slap bass 1, "
    "Slap bass 2, Synth bass 1, Synth bass 2",
    "Strings": "Violin, Viola, Cello, Double bass, Tremolo strings, "
    "Pizzicato strings, Harp, Timpani",
    "Ensemble": "Strings 1, Strings 2, Synth strings 1, Synth strings 2, Choir aahs, "
    "Voice oohs, Synth voice, Orchestra hit",
    "Brass": "Trumpet, Trombone, Tuba, Muted trumpet, French horn, Brass section, "
    "Synth brass 1, Synth brass 2",
    "Reed": "Soprano sax, Alto sax, Tenor sax, Baritone sax, Oboe, English horn, "
    "Bassoon, Clarinet",
    "Pipe": "Piccolo, Flute, Recorder, Pan flute, Blown bottle, Shakuhachi, Whistle, "
    "Ocarina",
    "Synth lead": "Square lead, Saw lead, Calliope lead, Chiff lead, Charang lead, "
    "Voice lead, Fifths lead, Bass and lead",
    "Synth pad": "New age pad, Warm pad, Polysynth pad, Choir pad, Bowed pad, "
    "Metallic pad, Halo pad, Sweep pad",
    "Synth effects": "Rain, Soundtrack, Crystal, Atmosphere, Brightness, Goblins, "
    "Echoes, Sci-fi",
    "Ethnic": "Sitar, Banjo, Shamisen, Koto, Kalimba, Bagpipe, Fiddle, Shanai",
    "Percussive": "Tinkle bell, Agogo, Steel drums, Woodblock, Taiko drum, "
    "Melodic tom, Synth drum, Reverse cymbal",
    "Sound effects": "Guitar fret noise, Breath noise, Seashore, Bird tweet, "
    "Telephone ring, Helicopter, Applause, Gunshot",
}
INSTRUMENTS = tuple(name for family in FAMILIES.values() for name in family.split(", "))
DRUMS = "Drums"


def _programs(names: str) -> dict[str, int]:
    return {name: INSTRUMENTS.index(name) for name in names.split(", ")}


MELODY_INSTRUMENTS = _programs(
    "Grand piano, Honky-tonk piano, Electric piano 1, Vibraphone, Accordion, Nylon "
    "guitar, Jazz guitar, Violin, Trumpet, Muted trumpet, Alto sax, Tenor sax, "
    "Clarinet, Flute, Banjo"
)
CHORD_INSTRUMENTS = _programs(
    "Grand piano, Honky-tonk piano, Electric piano 1, Drawbar organ, Accordion, "
    "Nylon guitar, Steel guitar, Jazz guitar, Harp, Strings 1, Banjo"
)


@dataclass(frozen=True)
class Instrument:
    """How an instrument is played."""

    # Sounding range, MIDI numbers
    lowest: int = 21
    highest: int = 108
    transposition: int = 0  # semitones from the written to the sounding pitch
    blown: bool = False


PLAYED = {
    "Electric piano 1": Instrument(28, 100),
    "Vibraphone": Instrument(53, 89),
    "Accordion": Instrument(53, 93),
    "Nylon guitar": Instrument(40, 83, -12),
    "Steel guitar": Instrument(40, 84, -12),
    "Jazz guitar": Instrument(40, 86, -12),
    "Acoustic bass": Instrument(28, 67, -12),
    "Violin": Instrument(55, 100),
    "Trumpet": Instrument(52, 82, -2, blown=True),
    "Muted trumpet": Instrument(52, 82, -2, blown=True),
    "Alto sax": Instrument(49, 80, -9, blown=True),
    "Tenor sax": Instrument(44, 76, -14, blown=True),
    "Clarinet": Instrument(50, 89, -2, blown=True),
    "Flute": Instrument(60, 96, blown=True),
    "Banjo": Instrument(48, 84, -12),
}


def instrument_of(name: str) -> Instrument:
    """Return how an instrument is played; a piano if nothing is known of it."""
    return PLAYED.get(name, Instrument())
