"""What a page in an AppTest gives its live parts to draw."""

import json


def part(page, key):
    """What the live part with a key is given."""
    (found,) = (
        json.loads(each.proto.json)
        for each in page.get("bidi_component")
        if each.proto.id.endswith(f"-{key}")
    )
    return found


def answer(page, key):
    """The first answer that the live part with a key shows."""
    return json.loads(part(page, key)["first"])


def figures(page, key):
    """The figures of a live part, by key."""
    blocks = answer(page, key).get("blocks", [])
    return {each["key"]: each for each in blocks if each["kind"] == "figure"}


def lines(shown):
    """The lines of an answer, by name."""
    blocks = shown["blocks"]
    return {each["key"]: each["text"] for each in blocks if each["kind"] == "line"}


def parts(page):
    """What the page's live parts are given, by key."""
    return {
        each.proto.id.rpartition("-")[2]: json.loads(each.proto.json)
        for each in page.get("bidi_component")
        if each.proto.component_name == "live_part"
    }
