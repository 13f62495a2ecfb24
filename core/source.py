"""The code that a page shows: always from its source, never a copy."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]


def source(module: str, name: str) -> str:
    """Return the source of a function or class without importing its module.

    Parameters
    ----------
    module
        Dotted name of a module of this project, such as "core.rnn".
    name
        Dotted name within it, such as "HonestRecipe.step".
    """
    text = (ROOT / module.replace(".", "/")).with_suffix(".py").read_text()
    node: ast.AST = ast.parse(text)
    for part in name.split("."):
        node = _child(node, part, module)
    segment = ast.get_source_segment(text, node, padded=True)
    assert segment is not None
    return _dedent(segment)


def _child(node: ast.AST, name: str, module: str) -> ast.AST:
    for child in ast.iter_child_nodes(node):
        named = isinstance(child, ast.FunctionDef | ast.ClassDef)
        if named and child.name == name:  # type: ignore[attr-defined]
            return child
    raise LookupError(f"Expected {name} to be defined in {module}; it is not.")


def _dedent(text: str) -> str:
    margin = len(text) - len(text.lstrip(" "))
    return "\n".join(line[margin:] for line in text.splitlines())
