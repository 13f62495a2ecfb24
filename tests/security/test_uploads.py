"""Hostile files: each is refused in a sentence, before it costs anything."""

import http.server
import threading

import pytest

from core.music.files.reading import read_with_timeout
from core.task import DataError
from tests.security import bombs
from tests.security.limited import Reader

ATTACKS = {
    "prices": bombs.TABLES,
    "sentences": bombs.TABLES | bombs.LABELLED,
    "vectors": bombs.VECTORS,
    "text": bombs.TEXTS,
    "music": bombs.DISGUISED | bombs.MIDI | bombs.MUSICXML,
}
LONGEST = 400  # characters of what is said


@pytest.fixture(scope="module")
def reader():
    reader = Reader()
    yield reader
    reader.close()


@pytest.mark.parametrize(
    ("kind", "attack"),
    [(kind, attack) for kind, attacks in ATTACKS.items() for attack in attacks],
)
def test_a_hostile_file_is_refused_in_a_sentence_within_its_limits(
    reader, kind, attack
):
    found = reader.read(kind, ATTACKS[kind][attack])
    assert (found.how, found.status) == ("refused", 0), found
    assert "xpected" in found.says
    assert found.says.endswith(".")
    assert len(found.says) < LONGEST
    assert found.says.isprintable()


def test_the_limits_of_these_tests_end_what_costs_too_much(reader):
    assert reader.read("vectors", b"word" + b" 1" * 50 + b"\n").how == "read"
    wide = reader.read("swallow", b"300000000")
    assert wide.how == "broken"
    assert "MemoryError" in wide.says


def test_addresses_in_a_music_file_are_never_fetched(tmp_path):
    asked = []

    class Elsewhere(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        secret = tmp_path / "secret.txt"
        secret.write_text("a secret of this server")
        include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="%s"/>'
        read = read_with_timeout(
            bombs.score(
                head=f'<!DOCTYPE score-partwise SYSTEM "{address}/score.dtd">',
                before=include % f"{address}/part.xml",
                name=include % secret.as_uri(),
            )
        )
        server.shutdown()
    assert asked == []
    assert len(read.tracks[0].notes) == 10
    assert "secret" not in str(read)


def test_a_file_that_ends_its_parser_is_refused_too():
    with pytest.raises(DataError, match=r"Export it again\.$"):
        read_with_timeout(bombs.MIDI["110,000 empty tracks"])
