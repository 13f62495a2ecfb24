"""What `make quick` runs, and that helpers of tests are no tests."""

import re
from pathlib import Path

from tests.conftest import LOADED
from tests.quick import ROOT, ROW, left_out, selection, table

IMPORT = re.compile(r"^\s*from tests\.(\S+ import test_|(\S+\.)?test_)", re.MULTILINE)


def test_no_test_module_is_imported_by_another_one():
    files = (
        file
        for part in ("tests", "benchmarks")
        for file in ROOT.glob(f"{part}/**/*.py")
    )
    assert [file for file in files if IMPORT.search(file.read_text("utf-8"))] == []


def test_each_folder_has_tests_and_each_row_of_the_table_exists():
    folders = [*ROOT.glob("core/*/"), *ROOT.glob("pages/ui/*/")]
    names = [str(folder.relative_to(ROOT)) for folder in folders]
    assert [name for name in names if name[-2:] != "__" and not selection([name])] == []
    paths = [path for changed, tests in table().items() for path in (changed, *tests)]
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_each_row_of_the_table_has_its_seconds_and_ends_within_a_minute():
    lines = (ROOT / "CONTRIBUTING.md").read_text("utf-8").splitlines()
    rows = [line for line in lines if ROW.match(line)]
    seconds = [int(line.split("|")[3]) for line in rows]
    assert rows
    assert max(seconds) <= 60


def test_a_change_runs_the_tests_of_its_folder_and_its_own_file():
    assert "tests/core/emoji" in selection(["core/emoji/flips.py"])
    assert "tests/core/test_contract.py" in selection(["core/emoji/flips.py"])
    assert "tests/core/stock" not in selection(["core/emoji/flips.py"])
    assert selection(["tests/core/test_stats.py"]) == ["tests/core/test_stats.py"]
    assert selection(["pages/emoji.py"]) == selection(["pages/ui/emoji/answer.py"])
    assert selection(["README.md"]) == []


def test_it_names_the_changed_files_that_nothing_tests():
    assert "tests README.md." in left_out(["README.md", "core/cli.py"])
    assert "README" not in left_out(["core/cli.py"])


def test_collection_imports_no_tensorflow_and_loads_no_model(request):
    assert request.config.stash[LOADED] == []


def test_each_benchmark_is_named_by_a_document():
    files = [*ROOT.glob("docs/*.md"), ROOT / "CONTRIBUTING.md", ROOT / "Makefile"]
    named = set(re.findall(r"benchmarks\.(\w+)", "".join(map(Path.read_text, files))))
    scripts = {file.stem for file in ROOT.glob("benchmarks/[a-z]*.py")}
    assert scripts - named == set()
