"""The command line, run as a person runs it."""

import functools
import io
import json
import wave

import mido
import numpy as np
import pytest

from core.music.corpora import RAGTIME
from tests.core import command
from tests.core.music.music_files import line, midi

KEYS = [
    *("epochs", "seconds", "nats", "nats_markov", "nats_copy", "nats_plain"),
    *("nats_fresh", "nats_fresh_markov", "onset_accuracy", "copy_rate_8"),
    *("copy_rate_12", "longest_copy", "notes", "bars", "tempo"),
    *("chord_tones_strong", "scale_fit", "rest_share", "ends_on_tonic"),
    *("by_network", "pushed_by_plan", "by_rule", "given"),
    *("accompaniment", "candidates"),
]


music = functools.partial(command.call, "core.music")


def report(done):
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 1
    return json.loads(lines[0])


def test_the_shipped_model_plays_into_every_kind_of_file(tmp_path):
    files = {
        name: tmp_path / f"out.{name}" for name in ("midi", "wav", "musicxml", "tokens")
    }
    named = [part for name, file in files.items() for part in (f"--{name}", file)]
    done = music(
        *("--generate-only", "--bars", 8, "--tempo", 90, "--seed", 4, "--json"),
        *("--chords", "Dm7 G7 | Cmaj7 | Dm7 G7 | C6", "--temperature", 0.8, *named),
    )
    figures = report(done)
    assert list(figures) == KEYS
    assert figures["bars"] == 8
    assert figures["tempo"] == 90
    assert figures["nats"] < figures["nats_markov"]
    file = mido.MidiFile(file=io.BytesIO(files["midi"].read_bytes()))
    struck = [
        message.velocity
        for message in file.tracks[1]
        if message.type == "note_on" and message.velocity
    ]
    assert len(struck) == figures["notes"] > 0
    others = [
        message
        for track in file.tracks[2:]
        for message in track
        if message.type == "note_on" and message.velocity
    ]
    assert len(others) == figures["accompaniment"] > 0
    of_melody = ("by_network", "pushed_by_plan", "by_rule", "given")
    assert sum(figures[name] for name in of_melody) == figures["notes"]
    assert figures["candidates"] == 6
    with wave.open(str(files["wav"])) as sound:
        assert sound.getnframes() / sound.getframerate() > 8 * 4 * 60 / 90
    assert files["musicxml"].read_text().startswith("<?xml")
    assert len(files["tokens"].read_text().splitlines()) == 8 * 16


BLUES = "|: C7 | F7 | C7 | % :| F7 | % | C7 | G7"


@pytest.mark.parametrize(
    ("arguments", "bars"),
    [
        (["--chords", BLUES], 12),
        (["--chords", BLUES, "--bars", 8], 8),
        (["--choruses", 2], 32),
    ],
)
def test_choruses_are_counted_unless_bars_are_given(arguments, bars):
    done = music("--generate-only", "--json", *arguments)
    assert report(done)["bars"] == bars
    assert done.stderr == ""


def test_a_form_that_is_cut_and_chords_that_are_not_used_are_told():
    done = music("--generate-only", "--chords", BLUES, "--bars", 16)
    assert done.returncode == 0
    assert "the first 4 of the form's 12" in done.stderr
    assert "Choruses" not in music("--generate-only", "--chords", BLUES).stderr


def test_jazz_swings_two_to_one(tmp_path):
    file = tmp_path / "jazz.mid"
    chords = ("--style", "jazz", "--chords", "Dm7 | G7 | C6")
    done = music("--generate-only", "--json", *chords, "--midi", file)
    assert report(done)["bars"] == 3
    read = mido.MidiFile(file=io.BytesIO(file.read_bytes()))
    times = np.cumsum([message.time for message in read.tracks[4]]) % 480
    assert 320 in times  # two thirds of a beat


def test_ones_own_files_are_learned_from(tmp_path):
    rag = RAGTIME / "maple-leaf-rag.mid"
    done = music(
        *("--corpus", rag, "--epochs", 2, "--units", 8),
        *("--start", "nothing"),
        *("--bars", 4, "--json", "--primer", rag, "--primer-bars", 2),
    )
    figures = report(done)
    assert list(figures) == KEYS
    assert figures["epochs"] == 2
    assert figures["bars"] == 4
    assert done.stderr == ""


def test_the_classic_recipe_is_trained_and_plays():
    arguments = ("--epochs", 3, "--bars", 4, "--temperature", 0, "--json")
    figures = report(music("--model", "classic", *arguments))
    assert figures["epochs"] == 3
    assert figures["nats"] > 0


def test_without_json_there_is_a_line_for_each_figure():
    done = command.start("core.music", "--generate-only", "--bars", 2)
    assert done.returncode == 0, done.stderr
    assert [text.split()[0] for text in done.stdout.splitlines()] == KEYS


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--bars", "0"], "bars: expected a whole number from 1 to 64"),
        (["--corpus", "no-such.mid"], "no-such.mid: expected a file"),
        (["--generate-only", "--epochs", "3"], "expected no --epochs with"),
        (["--generate-only", "--corpus", "a.mid", "b.mid"], "a.mid: expected a file"),
        (
            ["--generate-only", "--model", "classic", "--corpus", "folk"],
            "expected ragtime with --generate-only --model classic",
        ),
        (["--generate-only", "--chords", "C | Hm"], "bar 2: expected a chord"),
        (["--chords", "C | Hm"], "bar 2: expected a chord"),
        (
            ["--style", "jazz", "--meter", "6/8"],
            "expected the meter 4/4 or 3/4 for jazz, got 6/8",
        ),
        (["--model", "polka"], "invalid choice"),
        (["--generate-only", "--rewrite", "8-5"], "bars from 1 to 16"),
        (["--generate-only", "--rewrite", "five"], "bars such as 5-8, got 'five'"),
        (["--generate-only", "--midi", "/no/such/folder/x.mid"], "can be written"),
        # Before a training, which would print a line of its own.
        (
            ["--model", "classic", "--epochs", "1", "--midi", "/no/such/folder/x.mid"],
            "can be written",
        ),
    ],
)
def test_bad_input_is_one_line_and_status_2(arguments, why):
    done = music(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert why in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_too_large_leaves_only_itself_out(tmp_path):
    large, rag = tmp_path / "large.mid", RAGTIME / "maple-leaf-rag.mid"
    large.write_bytes(bytes(1_000_001))
    shared = ("--epochs", 1, "--units", 4, "--start", "nothing", "--bars", 4)
    done = music("--corpus", large, rag, *shared)
    assert done.returncode == 0, done.stderr
    assert f"Left out: {large}: Expected a file of at most 1 MB" in done.stderr
    assert "maple-leaf-rag.mid: melody in track 1 of 2" in done.stderr
    assert "Key: Ab major" in done.stderr
    assert "large.mid" in music("--corpus", large, *shared).stderr


def test_a_file_without_a_melody_is_refused_by_its_name(tmp_path):
    file = tmp_path / "short.mid"
    file.write_bytes(midi(("Lead", 0, 0, line([60, 62, 64]))))
    done = music("--corpus", file)
    assert done.returncode == 2
    assert "short.mid: Expected a track of at least 8 notes" in done.stderr
