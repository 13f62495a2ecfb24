"""What compose.yaml and the Dockerfile say, as Docker would understand them."""

import re
import shlex
from dataclasses import dataclass

import yaml

from core.runs.settings import PROJECT

VARIABLE = re.compile(r"\$\$|\$\{(\w+)(?::([-?])([^}]*))?\}|\$(\w+)")


@dataclass(frozen=True)
class Service:
    """One service: the words of its command, its environment, its mounts."""

    name: str
    profile: str
    entrypoint: list[str]
    command: list[str]
    environment: dict[str, str]
    volumes: list[tuple[str, str]]
    image: str
    healthcheck: list[str]


def services(values):
    """Read compose.yaml with the values of a .env file."""
    content = _fill(yaml.safe_load((PROJECT / "compose.yaml").read_text()), values)
    return {name: _service(name, raw) for name, raw in content["services"].items()}


def image_environment():
    """What the Dockerfile sets."""
    lines = (PROJECT / "Dockerfile").read_text().splitlines()
    words = [w for line in lines if line.startswith("ENV ") for w in line.split()[1:]]
    return dict(word.split("=", 1) for word in words)


def _service(name, raw):
    (profile,) = raw["profiles"]
    return Service(
        name=name,
        profile=profile,
        entrypoint=_words(raw.get("entrypoint", [])),
        command=_words(raw["command"]),
        environment=raw.get("environment", {}),
        volumes=[tuple(volume.split(":")[:2]) for volume in raw["volumes"]],
        image=raw["image"],
        healthcheck=raw["healthcheck"]["test"][1:],
    )


def _words(command):
    return shlex.split(command) if isinstance(command, str) else command


def _fill(value, values):
    """Put values in the place of variables, everywhere."""
    if isinstance(value, dict):
        return {name: _fill(inner, values) for name, inner in value.items()}
    if isinstance(value, list):
        return [_fill(inner, values) for inner in value]
    if isinstance(value, str):
        return VARIABLE.sub(lambda match: _value(match, values), value)
    return value


def _value(match, values):
    if match[0] == "$$":
        return "$"
    name = match[1] or match[4]
    if values.get(name):
        return values[name]
    if match[2] != "-":
        raise KeyError(f"{name} has no value in .env")
    return match[3]
