"""Names that lead out of their folder, and tickers that are none."""

import pytest

from core.music.__main__ import main as music
from core.music.shipped import load
from core.registry import get_task
from core.stock.sources.samples import load_sample
from core.stock.sources.yahoo import SYMBOL, Request
from core.task import ConfigError, UserError


@pytest.mark.parametrize("name", ["../music/folk", "/etc/passwd", "", "SP500\0"])
def test_samples_models_and_tasks_are_known_by_name_alone(name):
    for find in (load_sample, load, get_task):
        with pytest.raises(UserError, match="expected one"):
            find(name)


def test_a_corpus_that_is_no_music_ends_the_command_with_one_line(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["core.music", "--corpus", "../../etc/passwd"])
    with pytest.raises(SystemExit) as ended:
        music()
    assert ended.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


NO_TICKERS = [
    "",
    " ",
    "A" * 16,
    "../../x",
    "AAPL/../x",
    "AAPL\0",
    "AAPL\nMSFT",
    "AAPL MSFT",
    "AAPL,MSFT",
    "AAPL?x=1",
    "AAPL#x",
    "AAPL%2e",
    "AAPL&x",
    "AAPL;ls",
    "$(ls)",
    "`ls`",
    "http://a",
    "<b>A</b>",
    "ÄPFEL",
    "ＡＡＰＬ",
    "苹果",
    "\u202eAAPL",
]


@pytest.mark.parametrize("symbol", NO_TICKERS, ids=repr)
def test_hostile_tickers_are_refused(symbol):
    with pytest.raises(ConfigError, match=r"ticker: expected 1 to 15 letters.*got"):
        Request(symbol=symbol)


@pytest.mark.parametrize("symbol", ["..", ".", "^..", "-rf", "=1", "..-..=.."])
def test_the_strangest_tickers_name_a_file_of_their_own_folder(symbol, tmp_path):
    request = Request(symbol=symbol)
    assert SYMBOL.fullmatch(request.symbol)
    assert (tmp_path / f"{request.key}.npz").resolve().parent == tmp_path


@pytest.mark.parametrize(
    "change", [{"period": "../x"}, {"period": "1d"}, {"period": ""}]
)
def test_an_invalid_period_is_refused(change):
    with pytest.raises(ConfigError, match="period: expected one of"):
        Request(symbol="AAPL", **change)
