"""Train on music and improvise: python -m core.music --bars 16 --midi out.mid."""

import argparse
import math
from collections.abc import Mapping
from pathlib import Path

from core.cli import (
    Parser,
    add_files,
    add_settings,
    add_training,
    given_settings,
    parse_file,
    print_summary,
    run,
    say,
    training_settings,
    write_files,
)
from core.music import TASK, Config, Performance, Result
from core.music.config import JAZZ_SWING, SWUNG
from core.music.corpora import Corpus, corpus_of
from core.music.files.midi_writer import write_midi
from core.music.files.reading import MOST_BYTES, read
from core.music.judging.melody_metrics import (
    chord_tones_strong,
    ends_on_tonic,
    rest_share,
    scale_fit,
)
from core.music.playing.form import Form, remarks, said_meter
from core.music.playing.notation import sheet_music
from core.music.playing.rewriting import parse_bars, rewrite
from core.music.playing.sound import write_wav
from core.music.playing.takes import Take, edited, perform
from core.music.result import BUNDLED
from core.music.score.melody_track import (
    describe_piece,
    describe_track,
    extract_piece,
    guess_melody,
)
from core.music.score.piece import Piece
from core.music.shipped import load
from core.music.theory.notes import FOUR_FOUR
from core.music.theory.progressions import parse_chords
from core.takeaway.command import train
from core.task import DataError, Scalar

PROGRAM = "core.music"
OUTPUTS = {
    "midi": "Write what was played as MIDI.",
    "wav": "Write what was played as sound.",
    "musicxml": "Write what was played as MusicXML.",
    "tokens": "Write what was played as a token a sixteenth.",
}
CREDITS = (
    *("by_network", "pushed_by_plan", "by_rule", "given"),
    *("accompaniment", "candidates"),
)


def main() -> None:
    """Read the arguments, train unless told not to, and play."""
    parser = _parser()
    run(parser, lambda args: _answer(parser, args))


def _parser() -> Parser:
    parser = Parser(prog=PROGRAM, description=__doc__)
    parser.add_argument(
        "--corpus",
        nargs="+",
        default=["ragtime"],
        metavar="NAME",
        help="What to learn from: ragtime, folk, or MIDI and MusicXML files.",
    )
    add_training(parser, Config)
    parser.add_argument(
        "--generate-only",
        action="store_true",
        help="Play with the model that ships instead of training one.",
    )
    _add_performance(
        parser.add_argument_group("playing", "Without --bars, --choruses is 1.")
    )
    return parser


def _add_performance(group: argparse._ArgumentGroup) -> None:
    """Add the options of playing, which share --seed with the training."""
    add_settings(group, Performance, without=("seed",))
    group.add_argument(
        "--chords",
        default="",
        metavar="TEXT",
        help='What to play over, such as "Dm7 G7 | Cmaj7" or "|: C | F :|"; bars are '
        "divided by |. Links of iReal Pro are read as well.",
    )
    group.add_argument(
        "--primer", metavar="FILE", help="A piece whose first bars are read before."
    )
    group.add_argument(
        "--rewrite",
        metavar="BARS",
        help="Bars, such as 5-8, that are sampled again, the best candidate of a few; "
        "all others are as without it.",
    )
    add_files(group, "FILE", OUTPUTS)


def _answer(parser: Parser, args: argparse.Namespace) -> None:
    for name in (*given_settings(args, Config), "settings", "notebook"):
        if args.generate_only and name not in ("model", "seed") and getattr(args, name):
            option = name.replace("_", "-")
            parser.error(f"expected no --{option} with --generate-only, got one.")
    how = _performance(given_settings(args, Performance))
    corpus = _corpus(args.corpus, args.json)
    primer = _piece(args.primer, args.json) if args.primer else None
    bars = None if args.rewrite is None else parse_bars(args.rewrite)
    if args.generate_only:
        result = load(_shipped_name(args))
    else:
        settings = training_settings(args, TASK)
        config = Config.preset(_preset(args, settings), **settings)
        # Bad ones fail before the training, not after it.
        meter = said_meter(how, args.chords)
        if args.chords.strip():
            parse_chords(args.chords, meter or FOUR_FOUR)
        result, _ = train(TASK, config, corpus, args)
    for remark in remarks(result, how, args.chords, primer):
        say(remark, args.json)
    form = Form.of(result, how, args.chords, primer)
    if args.chords.strip() and form.left_over:
        say(form.words, args.json)
    take = perform(result, how, args.chords, primer)
    if bars:
        take = _rewritten(result, how, take, bars)
    write_files(
        args,
        {
            "midi": lambda: write_midi(take.score),
            "wav": lambda: write_wav(take.score),
            "musicxml": lambda: sheet_music(take, how),
            "tokens": lambda: "\n".join([*take.words, ""]),
        },
    )
    print_summary(_figures(result, take, args.generate_only), args.json)


def _performance(given: Mapping[str, Scalar]) -> Performance:
    """Return the settings of playing: one chorus, unless bars or choruses are given."""
    usual: dict[str, Scalar] = {} if "bars" in given else {"choruses": 1}
    if given.get("style") in SWUNG:
        usual["swing"] = JAZZ_SWING
    return Performance.from_dict({**usual, **given})


def _rewritten(
    result: Result, how: Performance, take: Take, bars: tuple[int, int]
) -> Take:
    """Return a take with the best candidate for some of its bars."""
    found = rewrite(result, how, take.piece, *bars)
    if not found.candidates:
        raise DataError(
            f"rewrite: expected other melodies for bars {bars[0]}-{bars[1]} than those "
            "there, got none. Give a higher --temperature."
        )
    best = found.candidates[0]
    return edited(result, how, take, best.piece, best.origins, best.refused)


def _corpus(names: list[str], as_json: bool) -> Corpus:
    """Return a corpus that ships, or one of the files that can be read."""
    if len(names) == 1 and names[0] in BUNDLED:
        return BUNDLED[names[0]]()
    pieces, refused = [], []
    for name in names:
        try:
            pieces.append(_piece(name, as_json))
        except DataError as error:
            refused.append(error)
    if not pieces:
        raise refused[0]
    for one in refused:
        say(f"Left out: {one}", as_json)
    title = pieces[0].title if len(pieces) == 1 else f"{len(pieces)} files"
    return corpus_of(title, pieces)


def _piece(file: str, as_json: bool) -> Piece:
    """Read a file, and print a summary of it."""
    path = Path(file)

    def parse(content: bytes) -> Piece:
        score = read(content, path.stem)
        place = guess_melody(score)
        piece = extract_piece(score, place, source=path.name)
        track, what = describe_track(score, place), describe_piece(score, piece)
        say(f"{path.name}: melody in {track}. {what}", as_json)
        return piece

    return parse_file(file, MOST_BYTES, parse)


def _preset(args: argparse.Namespace, settings: Mapping[str, Scalar]) -> str:
    if settings.get("model") == "classic":
        return "classic"
    return "folk" if args.corpus == ["folk"] else "default"


def _shipped_name(args: argparse.Namespace) -> str:
    if args.model == "classic":
        if args.corpus == ["ragtime"]:
            return "classic"
        raise DataError(
            "corpus: expected ragtime with --generate-only --model classic, got "
            "another. Leave --generate-only out to train on it."
        )
    if len(args.corpus) == 1 and args.corpus[0] in BUNDLED:
        return str(args.corpus[0])
    raise DataError(
        "corpus: expected ragtime or folk with --generate-only, got files. Leave "
        "--generate-only out to train on them."
    )


def _figures(result: Result, take: Take, shipped: bool) -> dict[str, Scalar]:
    rates = take.originality.rates
    generated = take.piece.part(take.given, take.piece.steps)
    return {
        "epochs": result.epochs,
        "seconds": 0.0 if shipped else round(result.seconds, 3),
        "nats": result.judgement.nats,
        "nats_markov": result.markov.nats,
        **result.rival_nats,
        "onset_accuracy": result.judgement.onset_accuracy,
        "copy_rate_8": rates[8],
        "copy_rate_12": rates[12],
        "longest_copy": take.originality.longest_notes,
        "notes": len(take.piece.onsets),
        "bars": take.piece.bars,
        "tempo": take.score.tempo,
        "chord_tones_strong": _or_none(chord_tones_strong(generated)),
        "scale_fit": _or_none(scale_fit(generated)),
        "rest_share": _or_none(rest_share(generated)),
        "ends_on_tonic": ends_on_tonic(generated),
        **{name: getattr(take.credits, name) for name in CREDITS},
    }


def _or_none(share: float) -> float | None:
    """Return a share, or None for one of nothing."""
    return None if math.isnan(share) else share


if __name__ == "__main__":
    main()
