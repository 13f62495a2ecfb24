"""Parses XML that somebody sent: no entities, no declarations, nothing fetched."""

from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from core.task import DataError

DEEPEST = 50
MOST_ELEMENTS = 300_000


class _Builder:
    """Builds a tree and refuses what makes small files large.

    A document type is let pass if it only names one, as MusicXML files do: it is
    never fetched. Declarations inside it, which all "bombs" need, are refused.
    """

    def __init__(self) -> None:
        self.tree = TreeBuilder()
        self.depth = self.elements = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.tree.data
        self.parser.StartDoctypeDeclHandler = self.document_type
        self.parser.EntityDeclHandler = self.refuse
        self.parser.UnparsedEntityDeclHandler = self.refuse
        self.parser.ExternalEntityRefHandler = self.refuse

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > DEEPEST or self.elements > MOST_ELEMENTS:
            raise DataError(
                f"Expected at most {MOST_ELEMENTS:,} elements, {DEEPEST} deep, got "
                "more. Cut the piece, or delete parts."
            )
        self.tree.start(name, attributes)

    def end(self, name: str) -> None:
        self.depth -= 1
        self.tree.end(name)

    def document_type(
        self, name: str, system: str | None, public: str | None, subset: bool
    ) -> None:
        del name, system, public
        if subset:
            self.refuse()

    def refuse(self, *_: object) -> NoReturn:
        raise DataError(
            "Expected plain MusicXML, got an XML file that declares entities or types "
            "of its own, which is not safe to read. Export the piece again."
        )


def parse(content: bytes) -> Element:
    """Parse an XML document and return its root.

    Raises
    ------
    DataError
        If it is not well formed, declares anything, or is too deep or too large.
    """
    builder = _Builder()
    try:
        builder.parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(
            f"Expected a whole MusicXML file, got a broken one ({error}). "
            "Export it again."
        ) from error
    return builder.tree.close()
