"""What the environment may say, and whose the home folder is."""

import os
import re
import stat
import subprocess
import sys

import pytest

from core.runs import Site
from core.runs.settings import PROJECT, VARIABLES, warn_of_unknown_variables
from core.task import UserError
from tests.core.command import call

BAD = {
    "UNROLLED_RUN_SECONDS": ("abc", "0", "-1", "nan", "inf", "1e99", "600,5"),
    "UNROLLED_IDLE_MINUTES": ("half an hour", "0", "-3", "nan"),
    "UNROLLED_QUEUED": ("many", "1.5", "0", "-7"),
    "UNROLLED_OPEN_PAGES": ("many", "1.5", "0"),
    "UNROLLED_KEEP_DAYS": ("-1", "0", "nan", "a week", "inf"),
    "UNROLLED_KEEP_MB": ("-1", "0", "2GB", "None"),
    "UNROLLED_PRIORITY": ("high",),
    "UNROLLED_LOG": ("xml",),
    "UNROLLED_ADMIN_TOKEN": ("secret",),
    "UNROLLED_SIGN_IN_SECRET": ("secret", "sixteen letters é", "a" * 20 + "$b"),
    "UNROLLED_CHECKPOINTS": ("shared", "file://here"),
    "UNROLLED_HOSTS": (
        *("https://foo.example/", "*.example.org", "foo.example/path", "a b.example"),
        *("good.example, .example.org", "bücher.example", "user@foo.example"),
    ),
    "UNROLLED_HOME": ("/dev/null/x", "/dev/null"),
    "DATABASE_URL": ("nonsense", "mysql://user@host/name"),
    "DASK_SCHEDULER_ADDRESS": ("host", "tls://host", "tcp://host:port"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_value_that_cannot_be_is_refused_by_its_name(name, monkeypatch):
    for value in BAD[name]:
        monkeypatch.setenv(name, value)
        with pytest.raises(UserError, match=rf"^{name}: expected .*got"):
            Site.from_env()


def test_the_limits_are_those_of_the_environment(monkeypatch):
    given = {
        "UNROLLED_RUN_SECONDS": "45.5",
        "UNROLLED_IDLE_MINUTES": "2",
        "UNROLLED_QUEUED": "7",
        "UNROLLED_OPEN_PAGES": "900",
        "UNROLLED_KEEP_DAYS": "0.5",
        "UNROLLED_KEEP_MB": "none",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    site = Site.from_env()
    assert (site.run_seconds, site.idle_minutes, site.queued_in_all) == (45.5, 2, 7)
    assert (site.keep_days, site.keep_mb) == (0.5, None)


def test_host_names_may_have_ports_and_addresses_may_stand_among_them(monkeypatch):
    given = "Class.Example:443, other.example.,,10.0.0.1,[fd00::1]:8501,my_host"
    monkeypatch.setenv("UNROLLED_HOSTS", given)
    names = ("class.example", "other.example", "10.0.0.1", "fd00::1", "my_host")
    assert Site.from_env().hosts == names


def test_a_misspelt_variable_is_named_beside_the_one_that_was_meant(
    monkeypatch, caplog
):
    assert not _warnings(caplog)
    monkeypatch.setenv("UNROLLED_KEEP_DAY", "30")
    monkeypatch.setenv("UNROLLED_XYZ", "1")
    first, second = _warnings(caplog)
    assert first == (
        "UNROLLED_KEEP_DAY is not a setting and has no effect. Did you mean "
        "UNROLLED_KEEP_DAYS?"
    )
    assert "UNROLLED_XYZ is not a setting" in second


def _warnings(caplog):
    caplog.clear()
    warn_of_unknown_variables()
    return caplog.messages


def test_a_command_warns_of_a_misspelt_variable(tmp_path, monkeypatch):
    monkeypatch.delenv("UNROLLED_HOME")
    monkeypatch.setenv("UNROLLED_HOMES", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'runs.sqlite'}")
    done = call("core.runs", "list")
    warning, refusal = done.stderr.splitlines()
    assert "UNROLLED_HOMES is not a setting" in warning
    assert "No store at" in refusal


def test_the_settings_are_those_of_the_document():
    text = (PROJECT / "docs" / "operating.md").read_text()
    assert set(VARIABLES) == set(
        re.findall(r"^\| `(UNROLLED_\w+)`", text, re.MULTILINE)
    )


def test_store_and_queue_are_limited_where_the_environment_says_nothing():
    site = Site.from_env()
    assert (site.keep_days, site.keep_mb, site.queued_in_all) == (None, 2000, 200)


def test_a_password_is_not_in_what_is_said_of_an_address(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "mysql://ann:hunter2@host/name")
    with pytest.raises(UserError, match="begins with 'mysql'") as error:
        Site.from_env()
    assert "hunter2" not in str(error.value)


def test_a_wrong_environment_ends_a_command_with_one_line_and_status_2(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("UNROLLED_HOME", str(tmp_path))
    monkeypatch.setenv("UNROLLED_KEEP_DAYS", "-1")
    done = call("core.runs", "clean")
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("unrolled: UNROLLED_KEEP_DAYS: expected a number above 0")


def test_a_wrong_environment_ends_the_dashboard_with_one_line_and_status_2(tmp_path):
    given = {"UNROLLED_HOME": str(tmp_path), "UNROLLED_QUEUED": "many"}
    options = ["--server.address=127.0.0.1", "--server.port=0"]
    done = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "app.py", *options],
        env=os.environ | given,
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1] == (
        "unrolled: UNROLLED_QUEUED: expected a number from 1 to 100,000, got 'many'."
    )


def modes(folder):
    return {path: stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}


def test_the_home_folder_of_an_older_version_is_closed_to_other_accounts(
    tmp_path, monkeypatch
):
    home = tmp_path / "home"
    for folder in ("", "checkpoints", "dask/worker-1"):
        (home / folder).mkdir(parents=True)
        (home / folder).chmod(0o755)
    kept = ["runs.sqlite", "runs.sqlite-wal", "cluster.log", "checkpoints/1.npz"]
    for name in kept:
        (home / name).touch()
        (home / name).chmod(0o644)
    monkeypatch.setenv("UNROLLED_HOME", str(home))
    Site.from_env()
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    found = modes(home)
    assert {found[home / name] for name in kept} == {0o600}
    assert found[home / "checkpoints"] == found[home / "dask/worker-1"] == 0o700


def test_a_new_home_folder_and_what_is_written_to_it_are_for_this_account_only(
    tmp_path, monkeypatch
):
    before = os.umask(0o022)
    try:
        monkeypatch.setenv("UNROLLED_HOME", str(tmp_path / "home"))
        home = Site.from_env().home
        (home / "file").touch()
    finally:
        os.umask(before)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert modes(home) == {home / "file": 0o600}


def test_a_folder_where_all_accounts_write_is_no_home(tmp_path, monkeypatch):
    tmp_path.chmod(0o1777)
    monkeypatch.setenv("UNROLLED_HOME", str(tmp_path))
    with pytest.raises(UserError, match="expected a folder of its own"):
        Site.from_env()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o1777
