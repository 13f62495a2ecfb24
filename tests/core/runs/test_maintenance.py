"""Which store the commands of maintenance use, and that they make none."""

import json
import sqlite3

import pytest
from sqlalchemy import create_engine, inspect, make_url

from core.runs.store import Store
from tests.core.command import call

OF_A_STORE = {
    "ready": [],
    "clean": [],
    "backup": ["FILE"],
    "erase": ["a" * 43],
    "list": [],
    "show": ["a"],
    "export": ["a", "--settings", "FILE"],
}


@pytest.fixture
def command(tmp_path, monkeypatch):
    """A function that runs a command; FILE is a file in a folder of its own."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("UNROLLED_HOME", str(tmp_path / "home"))

    def command(name, *words):
        file = str(tmp_path / f"{name}.file")
        return call("core.runs", name, *(file if w == "FILE" else w for w in words))

    return command


def refused(done, address):
    (line,) = done.stderr.splitlines()
    assert line == (
        f"core.runs: No store at {address}: set UNROLLED_HOME or DATABASE_URL as the "
        "dashboard has it."
    )
    return (done.returncode, done.stdout) == (2, "")


@pytest.mark.parametrize("name", OF_A_STORE)
def test_a_command_refuses_a_store_that_is_missing_and_makes_none(
    command, name, tmp_path
):
    address = f"sqlite:///{tmp_path / 'home' / 'runs.sqlite'}"
    assert refused(command(name, *OF_A_STORE[name]), address)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", OF_A_STORE)
def test_a_database_without_a_store_stays_so(
    command, name, postgres_url, monkeypatch, tmp_path
):
    address = postgres_url.replace("@", ":hunter2@")  # the server asks for none
    monkeypatch.setenv("DATABASE_URL", address)
    shown = make_url(address).render_as_string()
    assert ":***@" in shown
    assert refused(command(name, *OF_A_STORE[name]), shown)
    engine = create_engine(postgres_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_another_program_is_no_store(command, tmp_path, monkeypatch):
    file = tmp_path / "diary.sqlite"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE diary (page)")
    connection.close()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    assert refused(command("backup", "FILE"), f"sqlite:///{file}")
    assert not (tmp_path / "backup.file").exists()


def test_a_command_names_the_store_that_it_used_beside_its_answer(command, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    store = Store(f"sqlite:///{home / 'runs.sqlite'}")
    store.installation()
    store.close()
    for name in ("ready", "clean", "backup"):
        done = command(name, *OF_A_STORE[name])
        assert done.returncode == 0
        assert json.loads(done.stdout)
        assert done.stderr == f"Store: sqlite:///{home / 'runs.sqlite'}\n"


def test_a_store_is_named_without_its_passwords():
    options = "host=/run/db&password=b-secret&sslpassword=c-secret"
    store = Store(f"postgresql+psycopg://ann:a-secret@main/name?{options}")
    assert store.address == "postgresql+psycopg://ann:***@main/name?host=%2Frun%2Fdb"
    store.close()
