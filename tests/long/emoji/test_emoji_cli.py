"""The command line, run as a person runs it."""

import functools
import json

import pytest

from tests.core import command

KEYS = ["answers", "accuracy", "macro_f1", "ece", "seconds", "fit_cpu_seconds"]
KEYS += ["labels"]
ANSWER = [
    "text",
    "label",
    "emoji",
    "confidence",
    "sure",
    "tokens",
    "unknown",
    "none",
    "second",
    "english",
]
ROWS = "text,label\n" + "".join(
    f"{text},{label}\n"
    for label, text in enumerate(("I love you", "a goal", "so happy", "I cry", "soup"))
    for _ in range(3)
)


emoji = functools.partial(command.call, "core.emoji")


@pytest.fixture
def rows(tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text(ROWS)
    return file


def test_texts_are_answered_in_words():
    texts = ("let's have pizza for dinner", "asdfghjkl", "")
    done = command.start("core.emoji", *texts)
    assert done.returncode == 0, done.stderr
    first, second, third, *_ = done.stdout.splitlines()
    assert first.startswith("🍴")
    assert "Not sure." in second
    assert "Unknown: asdfghjkl." in second
    assert "no words in it" in third


def test_json_is_all_of_standard_output():
    done = emoji("I love you", "", "--json")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 1
    report = json.loads(lines[0])
    assert list(report) == KEYS
    assert [list(answer) for answer in report["answers"]] == [ANSWER, ANSWER]
    first, empty = report["answers"]
    assert (first["label"], first["emoji"], first["sure"]) == (0, "❤️", True)
    assert (empty["label"], empty["emoji"], empty["tokens"]) == (None, "", [])
    assert report["accuracy"] is None


def test_a_file_with_labels_is_answered_and_judged(rows):
    report = json.loads(emoji("--file", rows, "--json", "--model", "v1").stdout)
    assert len(report["answers"]) == 15
    assert report["accuracy"] > 0.5
    assert report["fit_cpu_seconds"] is None


def test_answers_in_other_languages_are_refused_and_not_judged(tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text("text,label\nI love you,0\nmi piace molto il calcio,1\n")
    answers, figures = map(
        json.loads(emoji("--file", file, "--json").stdout).get, ("answers", "accuracy")
    )
    assert [answer["english"] for answer in answers] == [True, False]
    assert figures == 1.0


def test_own_classes_with_too_few_sentences_say_so_instead_of_not_sure(tmp_path):
    file = tmp_path / "few.csv"
    names = "dog man aunt boss child friend cook band cat sea hat sun tin pen cow ice"
    rows = [f"the {name},{n % 2 + 5}" for n, name in enumerate(names.split())]
    file.write_text("\n".join(["text,label", *rows]))
    done = emoji("--train", "--train-file", file, "the hat")
    assert "No answer can be sure with 8 sentences a class." in done.stdout
    assert "Not sure" not in done.stdout


def test_a_model_is_trained_and_judged_by_the_files_named(rows, tmp_path):
    judged = tmp_path / "judged.csv"
    others = "they adore us,0\nhe kicked it,1\nwhat luck,2\n"
    judged.write_text("text,label\nA goal!,1\n" + others)
    done = emoji(
        *("--train", "--model", "v2", "--units", 8, "--epochs", 2),
        *("--seed", 3),
        *("--train-file", rows, "--test-file", judged, "--json"),
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 1
    report = json.loads(lines[0])
    assert len(report["answers"]) == 3
    assert 0 <= report["accuracy"] <= 1
    assert report["fit_cpu_seconds"] > 0
    assert done.stderr == "1 learned sentences are not judged.\n"


def test_own_vectors_are_read_from_a_file(rows, tmp_path):
    vectors = tmp_path / "vectors.txt"
    numbers = " ".join(["0.25"] * 10)
    vectors.write_text("".join(f"{word} {numbers}\n" for word in ["i", "love", "you"]))
    done = emoji(
        *("--train", "--model", "v1", "--epochs", 1, "--train-file", rows),
        *("--vectors-file", vectors, "--json", "I love soup"),
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)["answers"][0]
    assert answer["unknown"] == ["soup"]


BAD_ROWS = {
    "empty": b"",
    "picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 99,
    "label 9": b"text,label\nhello,9\n",
    "few": b"text,label\nhello,1\n",
}


@pytest.mark.parametrize("case", BAD_ROWS)
def test_bad_files_end_with_status_2_and_one_line(case, tmp_path):
    file = tmp_path / "bad.csv"
    file.write_bytes(BAD_ROWS[case])
    assert_refused("--train", "--train-file", file, "--json")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--file", "nowhere.csv"],
        ["--model", "v2", "hello"],
        ["--model", "v9", "hello"],
        ["--epochs", "3", "hello"],
        ["--train", "--epochs", "0"],
        ["--train", "--epochs", "many"],
        ["--train-file", "rows.csv", "hello"],
        ["--train", "--vectors", "own"],
    ],
    ids=" ".join,
)
def test_bad_arguments_end_with_status_2_and_one_line(arguments):
    assert_refused(*arguments)


def assert_refused(*arguments):
    done = emoji(*arguments)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "xpected" in done.stderr or "invalid" in done.stderr


def test_classes_of_ones_own_are_trained_and_named(tmp_path):
    own = tmp_path / "own.csv"
    subjects = ["dog", "man", "aunt", "boss", "child", "friend", "cook", "band"]
    lines = [f"the {subject} kicked the ball,⚽" for subject in subjects]
    lines += [f"the {subject} ate soup,soup" for subject in subjects]
    own.write_text("\n".join(["text,label", *lines]))
    test = tmp_path / "test.csv"
    test.write_text("text,label\nshe eats soup,soup\na ball,⚽\n")
    done = emoji("--train", "--train-file", own, "--test-file", test, "--json", "soup")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["labels"] == ["⚽", "soup"]
    assert found["answers"][0]["emoji"] == "soup"
    assert found["accuracy"] == 1.0
    assert found["cross_validation"]["rows"] == 16
    own.write_text("\n".join(["text,label", *lines[1:]]))
    done = emoji("--train", "--train-file", own, "--json", "soup")
    assert done.returncode == 2
    assert "got 7 of ⚽" in done.stderr


def test_taught_sentences_are_learned_and_what_that_changed_is_listed(rows, tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_text("text,label\nthe train leaves at nine,food\nho hum,4\n")
    done = emoji("--teach", mine, "the train leaves at nine", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    flips = ["learned", "missed", "mended", "forgotten"]
    assert list(report) == [*flips, "taught", "seconds", "answers"]
    assert [each["text"] for each in report["learned"]] == [
        "the train leaves at nine",
        "ho hum",
    ]
    assert report["taught"] == 2
    assert report["seconds"] > 0
    assert report["answers"][0]["label"] == 4
    for flip in report["mended"] + report["forgotten"]:
        assert flip["label"] in (flip["before"], flip["after"])
    done = emoji("--teach", rows, "--model", "v1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("learned")
    assert "forgotten" in done.stdout


def test_a_file_that_cannot_be_taught_is_refused(tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("text,label\nhello,angry\n")
    for arguments, says in (
        (("--teach", bad), "expected a label"),
        (("--teach", bad, "--train"), "got both"),
    ):
        done = emoji(*arguments)
        assert done.returncode == 2
        assert says in done.stderr
