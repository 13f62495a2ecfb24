"""Parses XML from uploads: without entities, own types or excessive size."""

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import (  # type: ignore[import-untyped]
    DefusedXmlException,
    DTDForbidden,
)
from defusedxml.expatreader import (  # type: ignore[import-untyped]
    DefusedExpatParser,
)

from core.task import DataError

DEEPEST = 50
MOST_ELEMENTS = 300_000


class _Parser(DefusedExpatParser):  # type: ignore[misc]
    """Allows a document type that only names one, as MusicXML files do.

    Without namespaces: MusicXML's document type, which is not read, declares xlink.
    """

    def reset(self) -> None:
        super().reset()
        # What a document type refers to is not looked at.
        self._parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def defused_start_doctype_decl(
        self, name: str, system: str | None, public: str | None, subset: bool
    ) -> None:
        if subset:  # attribute defaults in it could make a small file large
            raise DTDForbidden(name, system, public)


class _LimitedBuilder(ContentHandler):
    """Builds the tree of a document that is not too large."""

    def __init__(self) -> None:
        super().__init__()
        self.tree = TreeBuilder()
        self.depth = self.elements = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        self.depth += 1
        self.elements += 1
        if self.depth > DEEPEST or self.elements > MOST_ELEMENTS:
            raise DataError(
                f"Expected at most {MOST_ELEMENTS:,} elements, {DEEPEST} deep, got "
                "more. Cut the piece, or delete parts."
            )
        self.tree.start(name, dict(attrs.items()))

    def endElement(self, name: str) -> None:  # noqa: N802
        self.depth -= 1
        self.tree.end(name)

    def characters(self, content: str) -> None:
        self.tree.data(content)


def parse(content: bytes) -> Element:
    """Parse an XML document and return its root.

    Raises
    ------
    DataError
        If it is not well formed, declares anything, or is too deep or too large.
    """
    parser, builder = _Parser(forbid_dtd=True), _LimitedBuilder()
    parser.setContentHandler(builder)
    try:
        parser.feed(content)
        parser.close()
        root = builder.tree.close()
    except DataError:
        raise
    except DefusedXmlException as error:
        raise DataError(
            "Expected plain MusicXML, got an XML file that declares entities or types "
            "of its own, which is not safe to read. Export the piece again."
        ) from error
    except (SAXException, ValueError, LookupError) as error:
        raise DataError(
            f"Expected a whole MusicXML file, got a broken one ({error}). "
            "Export it again."
        ) from error
    return root
