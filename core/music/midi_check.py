"""Makes sure that a MIDI file is whole before symusic reads it.

symusic trusts the lengths that a file states and reads on behind its end where they
are wrong, which may end the process. So each event is first shown to lie within its
track (standard MIDI file specification 1.0, RP-001).
"""

from collections.abc import Iterator

from core.task import DataError

HEADER, TRACK = b"MThd", b"MTrk"
CHUNK_HEADER = 8  # bytes: what a chunk is, and how long
FEWEST_HEADER = 6
META, SYSEX, SYSEX_MORE = 0xFF, 0xF0, 0xF7
END_OF_TRACK = b"\x00\xff\x2f\x00"
LONGEST_NUMBER = 4  # bytes of a number of variable length
# How many bytes of data follow a status byte, by its upper four bits.
DATA_BYTES = {0x8: 2, 0x9: 2, 0xA: 2, 0xB: 2, 0xC: 1, 0xD: 1, 0xE: 2}
# Bytes that meta events must have: end of track, tempo, time signature, key.
META_LENGTHS = {0x2F: 0, 0x51: 3, 0x58: 4, 0x59: 2}
BROKEN = (
    "Expected a whole MIDI file, got one that is broken or cut off. Export it again."
)


def mended(content: bytes) -> bytes:
    """Return a MIDI file's header and tracks alone, every event of them whole.

    Chunks of other kinds are left out, a track without an end mark gets one, and the
    number of tracks is put right: files that lack no more than that are common.

    Raises
    ------
    DataError
        If a chunk or an event is not whole.
    """
    try:
        (name, header), *chunks = _chunks(content)
        if name != HEADER or len(header) < FEWEST_HEADER:
            raise ValueError("no header")
        tracks = [_mended_track(track) for name, track in chunks if name == TRACK]
        count = len(tracks).to_bytes(2, "big")
    except (IndexError, KeyError, ValueError, OverflowError) as error:
        raise DataError(BROKEN) from error
    kind, division = header[0:2], header[4:6]
    start = _chunk(HEADER, kind + count + division)
    return b"".join([start, *(_chunk(TRACK, track) for track in tracks)])


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + CHUNK_HEADER <= len(content):
        name = content[at : at + 4]
        length = int.from_bytes(content[at + 4 : at + CHUNK_HEADER], "big")
        at += CHUNK_HEADER
        if at + length > len(content) and name in (HEADER, TRACK):
            raise ValueError("a chunk is cut off")
        yield name, content[at : at + length]
        at += length


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "big") + content


def _mended_track(track: bytes) -> bytes:
    """Walk through a track's events; return them up to its end mark."""
    at = running = 0
    while at < len(track):
        _, at = _number(track, at)
        status = running
        if track[at] >= 0x80:
            status, at = track[at], at + 1
        if status in (META, SYSEX, SYSEX_MORE):
            kind = track[at] if status == META else -1
            length, at = _number(track, at + (status == META))
            if length != META_LENGTHS.get(kind, length):
                raise ValueError("a meta event of a wrong length")
            if kind == END_OF_TRACK[2]:
                return track[:at]
            at += length
        else:
            running = status
            data = track[at : at + DATA_BYTES[status >> 4]]
            if len(data) < DATA_BYTES[status >> 4] or max(data) >= 0x80:
                raise ValueError("an event that is not whole")
            at += len(data)
    if at > len(track):
        raise ValueError("the last event is not whole")
    return track + END_OF_TRACK


def _number(track: bytes, at: int) -> tuple[int, int]:
    """Read a number of variable length; return it and the place after it."""
    value = 0
    for place in range(at, at + LONGEST_NUMBER):
        byte = track[place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place + 1
    raise ValueError("a number that is too long")
