"""Parses XML from uploads: without entities, own types or excessive size."""

from xml.etree.ElementTree import Element, TreeBuilder

from defusedxml.common import (  # type: ignore[import-untyped]
    DefusedXmlException,
    DTDForbidden,
)
from defusedxml.ElementTree import (  # type: ignore[import-untyped]
    DefusedXMLParser,
    ParseError,
)

from core.task import DataError

DEEPEST = 50
MOST_ELEMENTS = 300_000


class _Parser(DefusedXMLParser):  # type: ignore[misc]
    """Allows a document type that only names one, as MusicXML files do."""

    def __init__(self) -> None:
        super().__init__(target=_LimitedBuilder(), forbid_dtd=True)

    def defused_start_doctype_decl(
        self, name: str, system: str | None, public: str | None, subset: bool
    ) -> None:
        if subset:  # attribute defaults in it could make a small file large
            raise DTDForbidden(name, system, public)


class _LimitedBuilder(TreeBuilder):
    def __init__(self) -> None:
        super().__init__()
        self.depth = self.elements = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self.depth += 1
        self.elements += 1
        if self.depth > DEEPEST or self.elements > MOST_ELEMENTS:
            raise DataError(
                f"Expected at most {MOST_ELEMENTS:,} elements, {DEEPEST} deep, got "
                "more. Cut the piece, or delete parts."
            )
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)


def parse(content: bytes) -> Element:
    """Parse an XML document and return its root.

    Raises
    ------
    DataError
        If it is not well formed, declares anything, or is too deep or too large.
    """
    parser = _Parser()
    try:
        parser.feed(content)
        root: Element = parser.close()
    except DataError:
        raise
    except DefusedXmlException as error:
        raise DataError(
            "Expected plain MusicXML, got an XML file that declares entities or types "
            "of its own, which is not safe to read. Export the piece again."
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise DataError(
            f"Expected a whole MusicXML file, got a broken one ({error}). "
            "Export it again."
        ) from error
    return root
