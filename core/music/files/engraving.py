"""Engraves MusicXML as SVG, by verovio, which is loaded with the first score."""

import re
import threading
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import fromstring, tostring

from core.task import UserError

# Width and height of a page in verovio's units, of which a staff is 72 high: of A4 at
# the size of a printed lead sheet, and of a phone.
SIZES = {"paper": (1900, 2687), "phone": (760, 1500)}
OPTIONS = {
    "adjustPageHeight": True,
    "breaks": "auto",
    "footer": "none",
    "scale": 100,
    "svgRemoveXlink": True,
    "svgViewBox": True,
    "xmlIdSeed": 1,  # the same score is the same SVG
}
FONT = re.compile(r'<style type="text/css">@font-face \{(.*?)\}</style>', re.DOTALL)
SOURCE = re.compile(r"url\((data:[^)]*)\)")
_lock = threading.Lock()  # verovio's ids and log are the whole process's


@dataclass(frozen=True)
class Engraving:
    """A score in notation."""

    pages: tuple[str, ...]  # SVG documents; a bar is an element of the class "measure"
    # A data URL of the font "Leipzig", which signs within texts are in; empty without
    # such signs
    font: str


class EngravingError(UserError):
    """verovio cannot read a score."""


def engrave(musicxml: str, size: str = "paper") -> Engraving:
    """Engrave a score on pages of one of the `SIZES`.

    Raise an EngravingError if verovio refuses it.
    """
    import verovio

    width, height = SIZES[size]
    options = {**OPTIONS, "pageWidth": width, "pageHeight": height}
    if size == "phone":
        options |= {"header": "none", "pageMarginLeft": 40, "pageMarginRight": 20}
    with _lock:
        verovio.enableLog(verovio.LOG_OFF)
        toolkit = verovio.toolkit(False)
        # Its default is known only to the thread that imported it.
        toolkit.setResourcePath(str(Path(verovio.__file__).parent / "data"))
        toolkit.setOptions(options)
        if not toolkit.loadData(_drawable(musicxml, names=size != "phone")):
            raise EngravingError(
                "Expected a score that can be engraved, got one that cannot. Choose "
                "the piano roll, or open the MusicXML file in a notation program."
            )
        count = toolkit.getPageCount()
        pages = [toolkit.renderToSVG(page) for page in range(1, count + 1)]
    fonts = [found[1] for page in pages if (found := SOURCE.search(page))]
    return Engraving(
        tuple(FONT.sub("", page) for page in pages), fonts[0] if fonts else ""
    )


def _drawable(musicxml: str, names: bool) -> str:
    """Return a score with or without the names of its parts.

    Without notes in metronome marks as well, which verovio leaves empty.
    """
    root = fromstring(musicxml)
    for measure in root.iterfind("part/measure"):
        for direction in measure.findall("direction"):
            if direction.find("direction-type/metronome/metronome-note") is not None:
                measure.remove(direction)
    for name in () if names else root.iterfind("part-list/score-part/part-name"):
        name.set("print-object", "no")
    return tostring(root, "unicode")
