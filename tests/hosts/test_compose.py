"""compose.yaml, Dockerfile, proxy and document say the same."""

import os
import re
import tomllib
from unittest import mock

import yaml

from core.runs import local
from core.runs.settings import PROJECT, Site
from tests.hosts.compose import VARIABLE, services

COMPOSE = PROJECT / "compose.yaml"
DOCUMENT = PROJECT / "docs" / "scaling.md"
# Of the Compose specification, what may be in a service of ours.
KEYS = {"build", "command", "entrypoint", "environment", "image", "network_mode"}
KEYS |= {"healthcheck", "logging", "profiles", "restart", "volumes"}
VALUES = {"MAIN": "main.example", "HOST": "10.0.0.1", "COOKIE_SECRET": "c"}
VALUES |= {"DATABASE_PASSWORD": "p"}


def test_each_service_has_the_shape_that_compose_expects():
    content = yaml.safe_load(COMPOSE.read_text())
    assert {key for key in content if not key.startswith("x-")} == {"services"}
    for name, service in content["services"].items():
        assert set(service) <= KEYS, name
        assert service["restart"] == "always"
        assert service["network_mode"] == "host"
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}
        check = service["healthcheck"]
        assert check["test"][0] == "CMD"
        assert all(isinstance(word, str) for word in check["test"])
        assert re.fullmatch(r"\d+s", check["interval"])
        for value in service.get("environment", {}).values():
            assert isinstance(
                value, str
            )  # true and 1 would be refused, or mean another
        for volume in service["volumes"]:
            assert re.fullmatch(r"(\$\{\w+:-)?\./[\w./]+\}?:/srv/[\w./]+(:ro)?", volume)


def test_every_value_that_compose_wants_is_explained():
    text = COMPOSE.read_text()
    wanted = {m[1] for m in VARIABLE.finditer(text) if m[1] and m[2] == "?"}
    assert wanted == set(VALUES)
    for name in wanted:
        assert re.search(rf"^#   {name}\b", text, re.MULTILINE)
        assert re.search(rf"^{name}=", DOCUMENT.read_text(), re.MULTILINE)


def test_the_proxy_knows_the_web_processes_where_they_are():
    text = (PROJECT / "ops" / "nginx.conf").read_text()
    known = set(re.findall(r"server (127\.0\.0\.1):(\d+)", text))
    there = set()
    for name, service in services(VALUES).items():
        if name.startswith("web-"):
            given = dict(w.split("=") for w in service.command if "=" in w)
            there.add((given["--server.address"], given["--server.port"]))
    assert known == there


def test_the_proxy_passes_on_all_uploads_that_the_pages_accept():
    config = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text())
    for name in ("nginx.conf", "nginx-one.conf", "Caddyfile"):
        text = (PROJECT / "ops" / name).read_text()
        (most,) = re.findall(r"(?:client_max_body_size|max_size) (\d+)M?i?", text, re.I)
        # with the form around it
        assert int(most) == config["server"]["maxUploadSize"] + 1, name


def test_the_ports_of_the_document_are_those_of_the_commands():
    rows = re.findall(r"^\| ([\d, -]+) \| (?:main|workers)", DOCUMENT.read_text(), re.M)
    found = services(VALUES)
    worker, scheduler = found["worker"].command, found["scheduler"].command
    ports = [worker[worker.index(f"--{who}-port") + 1] for who in ("worker", "nanny")]
    assert {p.replace(":", "-") for p in ports} <= set(rows)
    assert scheduler[scheduler.index("--port") + 1] in rows
    assert worker[2] == f"tls://{VALUES['MAIN']}:8786"


def test_workers_of_an_installation_are_set_as_those_of_a_local_cluster():
    for name in ("scheduler", "worker"):
        given = services(VALUES)[name].environment
        for variable, value in local.ENVIRONMENT.items():
            assert variable == "PYTHONPATH" or given[variable] == value


def test_the_image_has_all_that_runs():
    copied = re.findall(r"^COPY (\S+) ", (PROJECT / "Dockerfile").read_text(), re.M)
    let_in = (PROJECT / ".dockerignore").read_text().splitlines()
    assert {"app.py", "core", "pages", "data", ".streamlit"} <= set(copied)
    for name in copied:
        assert (PROJECT / name).exists()
        assert f"!{name}" in let_in


def test_every_variable_of_ours_that_is_read_is_documented():
    text = (PROJECT / "docs" / "operating.md").read_text()
    named = set(re.findall(r"`(UNROLLED_\w+)`", text))
    files = [*(PROJECT / "core").rglob("*.py"), *(PROJECT / "pages").rglob("*.py")]
    read = {
        name
        for file in files
        for name in re.findall(r'"(UNROLLED_[A-Z_]+)"', file.read_text())
    }
    assert read
    assert read <= named


# Settings that compose.yaml decides itself, and those of the local cluster.
OWN = {"UNROLLED_HOME", "DATABASE_URL", "DASK_SCHEDULER_ADDRESS"}
LOCAL = {"UNROLLED_PRIORITY", "UNROLLED_IDLE_MINUTES"}


def test_every_documented_setting_reaches_its_process_from_the_file_of_settings():
    text = (PROJECT / "docs" / "operating.md").read_text()
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE))
    assert documented > OWN | LOCAL
    values = {name: f"the {name}" for name in documented - OWN - LOCAL}
    values |= {"FORWARDED_ALLOW_IPS": "the FORWARDED_ALLOW_IPS"}
    found, plain = services(VALUES | values), services(VALUES)
    web, worker = (found[name].environment for name in ("web-b", "worker"))
    for name, value in values.items():
        assert web[name].removeprefix("main.example,") == value
    for name in ("UNROLLED_CHECKPOINTS", "UNROLLED_RUN_SECONDS", "UNROLLED_LOG"):
        assert worker[name] == values[name]
    assert plain["web-a"].environment["UNROLLED_HOSTS"] == "main.example,"
    given = plain["web-a"].environment  # an empty value is none
    before = os.umask(0o022)  # which `Site.from_env` changes
    try:
        with mock.patch.dict(os.environ, {n: given[n] for n in values}):
            site = Site.from_env()
    finally:
        os.umask(before)
    assert (site.keep_mb, site.queued_in_all) == (Site.keep_mb, Site.queued_in_all)


def test_workers_have_no_secret_of_the_web_processes():
    own = {"UNROLLED_ADMIN_TOKEN": "the token of the admin"}
    own |= {"UNROLLED_SIGN_IN_SECRET": "thesecretoftheproxy"}
    found = services(VALUES | own)
    assert own.items() <= found["web-a"].environment.items()
    for name in ("worker", "scheduler"):
        assert not [n for n in found[name].environment if n.startswith(local.WEB_ONLY)]


def test_images_may_be_named_by_digest():
    names = {"DATABASE_IMAGE": "postgres:17", "PROXY_IMAGE": "nginx:1.28"}
    names |= {"PYTHON_IMAGE": "python:3.13-slim"}
    text, guide = COMPOSE.read_text(), DOCUMENT.read_text()
    for name, tag in names.items():
        assert f"${{{name}:-{tag}}}" in text
        assert f"{name}={tag}" in guide
    pinned = services(VALUES | {"PROXY_IMAGE": "nginx@sha256:0"})
    assert pinned["proxy"].image == "nginx@sha256:0"
    assert (
        f"ARG PYTHON_IMAGE={names['PYTHON_IMAGE']}\nFROM ${{PYTHON_IMAGE}}"
        in (PROJECT / "Dockerfile").read_text()
    )
