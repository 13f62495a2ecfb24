"""What the live parts of a page show, as the page itself sends it."""

import json


def parts_of(page):
    """The answers of the live parts by their addresses, each with `drawn_for`."""
    found = {}
    for element in page.get("bidi_component"):
        if element.proto.component_name == "live_part":
            data = json.loads(element.proto.json)
            first = json.loads(data["first"] or "{}")
            path = data["url"].removeprefix("/live/")
            found[path] = first | {"drawn_for": data["page"]}
    return found
