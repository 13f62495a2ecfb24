"""The downloaded networks write and add as they did here, with NumPy alone."""

import re

import numpy as np
import pytest

from core.arrays import unpack
from core.lesson import adding, writing
from core.lesson.adding import problem
from core.lesson.download import model_archive
from core.lesson.writing.corpus import SENTENCE, Corpus
from tests.core.downloads import run_alone, unpack_into
from tests.core.lesson.networks import every_cell
from tests.driver.core.lesson_results import train, train_tiny


@every_cell
def test_the_script_writes_the_same_names(cell, tmp_path):
    result, _, _ = train_tiny(writing, cell=cell, sample=5, epochs=1)
    files = unpack_into(tmp_path, model_archive(result))
    assert files == {"model.npz", "write.py", "README.txt"}
    same = run_alone(tmp_path, "write.py")
    assert same.splitlines() == result.samples()
    assert len(run_alone(tmp_path, "write.py", "7").splitlines()) == 5


def test_the_script_continues_a_passage_in_the_same_way(tmp_path):
    config = writing.Config(units=6, epochs=1, steps=5, sample=2)
    result, _, _ = train(writing, config, Corpus.from_text(SENTENCE))
    unpack_into(tmp_path, model_archive(result))
    printed = run_alone(tmp_path, "write.py")
    assert printed == "\n".join([*result.samples(), ""])


def test_the_model_of_a_text_has_the_weights_by_their_symbols(tmp_path):
    result, _, _ = train_tiny(writing, epochs=1)
    archive = model_archive(result)
    assert archive == model_archive(writing.Result.decode(result.encode()))
    unpack_into(tmp_path, archive)
    model = unpack((tmp_path / "model.npz").read_bytes())
    for name in ["Wf", "Wi", "Wc", "Wo", "bf", "bi", "bc", "bo", "Wy", "by"]:
        np.testing.assert_array_equal(model[name], result.network.parameters[name])
    assert str(model["characters"]) == result.corpus.characters


@pytest.mark.parametrize("cells", ["rnn,lstm", problem.ALL_CELLS])
def test_the_script_answers_sequences_as_the_networks_did(cells, tmp_path):
    result, _, _ = train_tiny(adding, epochs=1, cells=cells)
    files = unpack_into(tmp_path, model_archive(result))
    assert files == {
        *(f"{cell}.npz" for cell in cells.split(",")),
        "sequence.csv",
        "add.py",
        "README.txt",
    }
    x, targets = problem.test_data(result.config)
    np.savetxt(tmp_path / "third.csv", x[:, :, 2], delimiter=",", header="number,mark")
    printed = run_alone(tmp_path, "add.py", "sequence.csv", "third.csv")
    sums = re.findall(r"sum is (\S+)", printed)
    assert [float(each) for each in sums] == pytest.approx(targets[[0, 2]], abs=1e-6)
    for cell in result.config.networks:
        answers = re.findall(rf"\b{cell} answers (\S+)", printed)
        ours = problem.predictions(result.networks[cell], x[:, :, [0, 2]])
        assert [float(each) for each in answers] == pytest.approx(ours, abs=1e-6)
