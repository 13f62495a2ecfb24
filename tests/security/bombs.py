"""Files made to cost far more than their size, or to be what they are not."""

import gzip
import io
import struct
import zipfile

MEGABYTE = 1_000_000
LIMIT = 5 * MEGABYTE


def _zip(name, content):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, content)
    return archive.getvalue()


PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50
DISGUISED = {
    "a picture": PICTURE,
    "a zip": _zip("prices.csv", "Date,Close\n" + "2020-01-01,1\n" * 900),
    "a bomb of a zip": _zip("prices.csv", b"\0" * 20 * MEGABYTE),
    "a gz": gzip.compress(b"Date,Close\n" + b"2020-01-01,1\n" * 900),
    "only zeros": b"\0" * LIMIT,
    "nothing": b"",
}
TABLE_LIMIT = 12 * MEGABYTE  # of a file of prices
TABLES = DISGUISED | {
    "200,000 columns": b"Date" + b",c" * 200_000 + b"\n2020-01-01" + b",1" * 200_000,
    "one byte too many": b"Date,Close\n".ljust(TABLE_LIMIT + 1, b"1"),
    "only commas": b"," * TABLE_LIMIT,
    "only line ends": b"x\n" * (TABLE_LIMIT // 2),
    "only quotation marks": b'"' * TABLE_LIMIT,
    "an open quotation mark": b'Date,Close\n"' + b"a" * (TABLE_LIMIT - 20),
    "line ends in quotation marks": b'Date,Close\n"' + b"\n" * (TABLE_LIMIT - 20),
    "one giant cell": b"Date,Close\n2020-01-01," + b"1" * (TABLE_LIMIT - 40),
    "one giant row of semicolons": b"Date;Close\n" + b"1;" * (TABLE_LIMIT // 2 - 20),
    "numbers of 4,000 digits": b"Date,Close\n"
    + (b"2020-01-01," + b"9" * 4000 + b"\n") * 1000,
    "half of a UTF-16 pair": b"\xff\xfe\x00\xd8" * 500,
    "separators of Unicode": b"Date,Close\n"
    + "\u2028".encode() * (TABLE_LIMIT // 3 - 9),
}
LABELLED = {  # for the reader of sentences, which looks at the labels first
    "labels of 4,000 digits": b"text,label\n" + (b"a," + b"9" * 4000 + b"\n") * 1000,
    "labels that are no numbers": b"text,label\na," + "²".encode() + b"\n",
    "50,001 sentences": b"text,label\n" + b"good,2\n" * 50_001,
    "a giant sentence": b"text,label\n" + b"a" * (LIMIT - 40) + b",1\n",
}
VECTORS = DISGUISED | {
    "one byte too many": b"a" * (LIMIT + 1),
    "one giant line": b"a" + b" 1" * (LIMIT // 2 - 1),
    "only line ends": b"\n" * LIMIT,
    "not a number": b"word" + b" nan" * 50,
    "infinity": b"word" + b" inf" * 50,
    "a number too large": b"word" + b" 1e39" * 50,
    "a row too narrow": b"one" + b" 1" * 50 + b"\ntwo" + b" 1" * 49,
    "a row without a word": b"one" + b" 1" * 50 + b"\n" + b" 1" * 50,
    "301 dimensions": b"word" + b" 1" * 301,
    "hexadecimal numbers": b"word" + b" 0x1" * 50,
}
TEXTS = DISGUISED | {
    "200,001 bytes": b"a b" * 66_667,
    "5 MB": b"a\n" * (LIMIT // 2),
    "21,000 different letters": "".join(map(chr, range(0x4E00, 0x9FFF))).encode(),
}
del TEXTS["only zeros"], TEXTS["a bomb of a zip"]
TEXTS["20,000 zeros"] = b"\0" * 20_000

END = b"\0\xff\x2f\0"
NOTE = b"\0\x90\x3c\x40\x0a\x80\x3c\x40"
LATE = b"\xff\xff\xff\x7f"  # the longest wait there is: 268,435,455 ticks


def midi(*tracks, ticks=480, kind=1):
    head = struct.pack(">HHH", kind, min(len(tracks), 65_535), ticks)
    return _chunk(b"MThd", head) + b"".join(_chunk(b"MTrk", t) for t in tracks)


def _chunk(name, content):
    return name + len(content).to_bytes(4, "big") + content


def _silent(*events):
    """A track with some events and too few notes for a melody."""
    return midi(b"".join(events) + NOTE + END)


MIDI = {
    "huge ticks": midi((LATE + NOTE[1:]) * 20 + END),
    "ticks beyond 32 bits": midi((LATE + NOTE[1:]) * 50_000 + END),
    "120,000 notes": midi(NOTE * 120_000 + END),
    "330,000 notes that never end": midi(b"\0\x90" + b"\x3c\x40\0" * 330_000),
    "notes within notes": midi(
        b"\0\x90" + b"\x3c\x40\0" * 160_000 + b"\x3c\0\0" * 160_000 + b"\x3c\0" + END
    ),
    "9,000 tracks": midi(*[NOTE * 8 + END] * 9000),
    "110,000 empty tracks": midi(*[b""] * 110_000),
    "2,048 instruments": midi(
        b"".join(
            bytes([0, 0xC0 | channel, program, 0, 0x90 | channel, 60, 64])
            + bytes([9, 0x80 | channel, 60, 64])
            for channel in range(16)
            for program in range(128)
        )
        + END
    ),
    "cut off": midi(NOTE * 100 + END)[:-50],
    "a length beyond its end": b"MThd\xff\xff\xff\xff" + b"a" * 100,
    "a track beyond its end": midi(NOTE * 9)[:14] + b"MTrk\x7f\xff\xff\xff" + NOTE * 9,
    "no ticks": midi(NOTE * 100 + END, ticks=0),
    "ticks of a second": midi(NOTE * 100 + END, ticks=0xE728),
    "an unknown kind": midi(NOTE * 100 + END, kind=9),
    "100,000 tempos of nothing": _silent(b"\0\xff\x51\3\0\0\0" * 100_000),
    "a giant message": _silent(b"\0\xf0\xb6\xf7\x20" + b"a" * 900_000),
    "data without a status": midi(b"\0\x40\x40" + END),
    "one byte too many": midi(NOTE).ljust(MEGABYTE + 1, b"\0"),
}

SOUNDS = (
    "<note><pitch><step>C</step><octave>4</octave></pitch><duration>1</duration></note>"
)


def score(measure=SOUNDS * 10, head="", name="x", before=""):
    return (
        f'<?xml version="1.0"?>{head}<score-partwise>{before}<part-list>'
        f'<score-part id="P1"><part-name>{name}</part-name></score-part></part-list>'
        f'<part id="P1"><measure number="1">{measure}</measure></part>'
        "</score-partwise>"
    ).encode()


def _declares(what):
    return f"<!DOCTYPE score-partwise [{what}]>"


LAUGHS = _declares(
    '<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
)


def with_value(old, new):
    return score(SOUNDS.replace(old, new) * 10)


MUSICXML = {
    "a billion laughs": score(head=LAUGHS, name="&a9;"),
    "a billion laughs in UTF-16": score(head=LAUGHS, name="&a9;")
    .decode()
    .removeprefix('<?xml version="1.0"?>')
    .encode("utf-16"),
    "quadratic blow-up": score(
        head=_declares(f'<!ENTITY a "{"a" * 100_000}">'), name="&a;" * 50_000
    ),
    "an external entity": score(
        head=_declares('<!ENTITY x SYSTEM "file:///etc/passwd">'), name="&x;"
    ),
    "a parameter entity": score(
        head=_declares('<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;')
    ),
    "an undeclared entity": score(name="&x;"),
    "300,000 levels": b"<score-partwise>" + b"<a>" * 300_000,
    "51 levels": score(before="<a>" * 51 + "</a>" * 51),
    "240,000 elements and no note": score("<a/>" * 230_000),
    "60,000 parts": score().replace(
        b"</score-partwise>", b"<part id='a'/>" * 60_000 + b"</score-partwise>"
    ),
    "compressed (.mxl)": _zip("score.xml", score()),
    "compressed (.gz)": gzip.compress(score()),
    "cut off": score(SOUNDS * 100)[:-100],
    "11,000 quarter notes": score(SOUNDS * 11_000),
    "an endless note": with_value(">1<", ">1e308<"),
    "a length that is no number": with_value(">1<", ">nan<"),
    "a negative length": with_value(">1<", ">-1<"),
    "an octave of 20,000 digits": with_value(">4<", f">{'9' * 20_000}<"),
    "a measure of 4,000 digits": score(
        f"<attributes><time><beats>{'9' * 4000}</beats><beat-type>1</beat-type></time>"
        f"</attributes>{SOUNDS * 10}"
    ),
    "an encoding of another kind": b"<?xml version='1.0' encoding='utf-7'?><a/>",
    "a web page": b"<html><script>alert(1)</script></html>",
    "one byte too many": score().ljust(MEGABYTE + 1),
}
