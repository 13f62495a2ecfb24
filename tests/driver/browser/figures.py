"""Figures in a browser."""

from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"


SAVE = "Download plot"  # what Plotly calls its button


def shapes_of(content):
    """Return what an SVG of a chart draws its values with."""
    root = ElementTree.fromstring(content)
    assert root.tag == f"{SVG}svg"
    kinds = {"trace", "hm"}  # lines, points and bars; heatmaps
    return [e for e in root.iter() if kinds & set(e.get("class", "").split())]
