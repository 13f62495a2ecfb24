"""The music that ships: where it is from, and how it is split."""

import hashlib
import re
from dataclasses import replace

import numpy as np
import pytest

from core.music.corpora import (
    DATA,
    FOLK,
    LEAKED,
    RAGS,
    RAGTIME,
    RUN,
    SPLITS,
    corpus_of,
    folk,
    pack_corpus,
    ragtime,
    same_tunes,
    splits,
    unpack_corpus,
    without_leaks,
)
from core.music.score.piece import HOLD, REST, Piece
from core.task import DataError

README = (DATA / "README.md").read_text()
TUNE = [0, 2, 4, 5, 7, 5, 4, 2, 9, 7, 5, 4, 2, 0, 11, 12, 7, 5, 7, 9, 4, 2]


def tune(pitches, low=60, length=2, title=""):
    melody = [step for p in pitches for step in [low + p] + [HOLD] * (length - 1)]
    return Piece(title, "", np.array(melody))


@pytest.mark.parametrize("path", [FOLK, *sorted(RAGTIME.glob("*.mid"))], ids=str)
def test_every_file_is_the_one_that_its_readme_names(path):
    name = path.relative_to(DATA).as_posix()
    row = next(line for line in README.splitlines() if line.startswith(f"| `{name}`"))
    assert hashlib.sha256(path.read_bytes()).hexdigest() in row


def test_every_rag_that_ships_is_in_a_part_and_named_so():
    assert {path.stem for path in RAGTIME.glob("*.mid")} == set(RAGS)
    named = {"train": "training"}
    for name, part in RAGS.items():
        row = next(line for line in README.splitlines() if f"{name}.mid" in line)
        assert row.split("|")[3].strip() == named.get(part, part)


def test_the_readme_counts_the_tunes():
    corpus = folk()
    text = " ".join(README.split())
    for name in ("training", "validation", "test"):
        part = getattr(corpus, name.replace("training", "train"))
        assert f"{len(part):,} for {name}" in text
        assert f"{sum(piece.steps for piece in part):,}" in text
    for source in {piece.source for piece in corpus.pieces}:
        count = sum(piece.source == source for piece in corpus.pieces)
        assert re.search(rf"\| {count:,} \|", README)
    assert f"{len(corpus.pieces):,} melodies" in README


def test_the_folk_cache_is_small():
    assert FOLK.stat().st_size <= 1_500_000


def test_every_tune_is_whole():
    for piece in folk().pieces:
        assert piece.title
        assert 32 <= piece.steps <= 1024
        assert len(piece.onsets) >= 16
        assert piece.melody[piece.onsets].min() >= 36
        assert piece.melody.max() <= 100
        assert 0 <= piece.pickup < piece.meter.steps


def runs(piece):
    intervals = np.diff(piece.melody[piece.onsets]).tolist()
    return {tuple(intervals[i : i + RUN]) for i in range(len(intervals) - RUN + 1)}


def test_no_tune_is_in_two_parts_of_the_folk_corpus():
    corpus = folk()
    found = np.array(same_tunes(corpus.pieces))
    sizes = [len(corpus.train), len(corpus.validation), len(corpus.test)]
    parts = np.repeat(np.arange(3), sizes)
    for first in set(found):
        assert len({int(p) for p in parts[found == first]}) == 1


def test_no_test_tune_shares_a_fifth_of_its_runs_with_another_tune():
    for corpus in (folk(), ragtime()):
        known = [runs(piece) for piece in (*corpus.train, *corpus.validation)]
        for piece in corpus.test[::6]:
            mine = runs(piece)
            assert max(len(mine & other) for other in known) < LEAKED * len(mine)
    piece = folk().train[0]
    leaky = replace(folk(), test=(piece, piece.transposed(3), *folk().test[:3]))
    assert without_leaks(leaky).test == folk().test[:3]


def test_the_same_tune_in_another_key_and_rhythm_is_one_tune():
    other = [(5 * p + 3) % 13 for p in TUNE]
    pieces = [
        tune(TUNE),
        tune(other),
        tune(TUNE[2:], low=65, length=1),
        tune([*TUNE[:18], 0, 0, 0]),
    ]
    assert same_tunes(pieces) == [0, 1, 0, 0]
    dealt = splits(pieces)
    assert dealt[0] == dealt[2] == dealt[3]


def test_where_a_tune_goes_does_not_depend_on_its_place():
    pieces = list(folk().train[:20]) + list(folk().test[:20])
    found = same_tunes(pieces)
    alone = [piece for at, piece in enumerate(pieces) if found.count(found[at]) == 1]
    forth, back = splits(alone), splits(alone[::-1])
    assert len(alone) > 30
    assert forth == back[::-1]
    assert set(forth) <= set(SPLITS)


def test_rags_are_the_right_hand_over_chords_in_two_four():
    for piece in ragtime().pieces:
        assert piece.meter.steps == (12 if piece.title == "Bethena" else 8)
        assert np.median(piece.melody[piece.onsets]) > 65
        assert (piece.harmony >= 0).all()
        assert len(piece.chords) >= 8
        assert (piece.melody == REST).mean() < 0.1


def test_whole_rags_are_held_out():
    corpus = ragtime()
    assert [piece.title for piece in corpus.validation] == ["The Easy Winners"]
    assert [piece.title for piece in corpus.test] == [
        "Peacherine Rag", "The Entertainer",
    ]  # fmt: skip
    assert len(corpus.train) == 5


def test_few_pieces_are_cut_at_bar_lines():
    piece = ragtime().test[0]
    corpus = corpus_of("Own", [piece])
    parts = [corpus.train[0], corpus.validation[0], corpus.test[0]]
    assert sum(part.steps for part in parts) == piece.steps
    assert [part.positions[0] for part in parts] == [piece.positions[0], 0, 0]
    assert 0.78 < parts[0].steps / piece.steps < 0.82


def test_many_pieces_are_dealt_whole():
    pieces = list(folk().train[:12])
    corpus = corpus_of("Own", [*pieces, pieces[-1].transposed(2)])
    assert len(corpus.pieces) == 13
    assert len(corpus.validation) >= 1
    assert len(corpus.test) == 2  # one tune in two keys


def test_too_little_music_is_refused():
    with pytest.raises(DataError, match="at least 20 bars"):
        corpus_of("Own", [tune(TUNE)])


def test_a_corpus_is_unpacked_as_it_was_packed():
    corpus = unpack_corpus(pack_corpus(ragtime()))
    assert corpus.title == "Rags"
    for part in ("train", "validation", "test"):
        before, after = getattr(ragtime(), part), getattr(corpus, part)
        assert [piece.title for piece in after] == [piece.title for piece in before]
        assert (after[0].melody == before[0].melody).all()
        assert after[0].chords == before[0].chords
