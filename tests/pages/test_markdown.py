"""The texts of pages and settings, as Markdown reads them."""

import ast
from itertools import chain
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]


def texts(file):
    """The texts in a file of Markdown or Python."""
    content = file.read_text(encoding="utf-8")
    if file.suffix == ".md":
        return [content]
    constants = (n for n in ast.walk(ast.parse(content)) if isinstance(n, ast.Constant))
    return [node.value for node in constants if isinstance(node.value, str)]


def test_no_1_at_the_beginning_of_a_line_cuts_a_paragraph_into_a_list():
    accidents = []
    folders = (ROOT / "core", ROOT / "pages")
    files = chain.from_iterable(folder.rglob("*.[mp][dy]") for folder in folders)
    for file in files:
        for text in texts(file):
            lines = text.splitlines()
            for token in MarkdownIt().parse(text) if "\n1" in text else ():
                first = token.map[0] if token.type == "ordered_list_open" else 0
                if first and lines[first - 1].strip():
                    accidents.append((file.name, lines[first - 1 : first + 1]))
    assert not accidents
