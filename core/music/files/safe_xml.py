"""Parses XML from uploads: without entities, own types or excessive depth."""

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from core.task import DataError

DEEPEST = 50


def parse(content: bytes) -> Element:
    """Parse an XML document and return its root.

    A document type may only name one, as MusicXML files do; it is not read. Names have
    no namespaces, because that document type declares xlink. Raise a DataError if the
    document is not well formed, declares anything, or is too deep.
    """
    parser, builder, depth = expat.ParserCreate(), TreeBuilder(), 0

    def start_doctype(*declared: str | bool | None) -> None:
        if declared[-1]:  # declarations, which can make a small file large
            raise DataError(
                "Expected plain MusicXML, got an XML file that declares entities or "
                "types of its own, which is not safe to read. Export the piece again."
            )

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise DataError(
                f"Expected at most {DEEPEST} elements within each other, got more: the "
                "file is too deep. Export the piece again."
            )
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartDoctypeDeclHandler = start_doctype
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(
            f"Expected a whole MusicXML file, got a broken one ({error}). "
            "Export it again."
        ) from error
    return builder.close()
