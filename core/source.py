"""The source code of functions and classes, for display on pages."""

import ast
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).parents[1]


def source(module: str, name: str) -> str:
    """Return the source of a function or class without importing its module.

    Both names are dotted: "core.rnn", and "Network.gradients" within it.
    """
    text = source_file(module).read_text()
    node: ast.AST = ast.parse(text)
    for part in name.split("."):
        node = _child(node, part, module)
    segment = ast.get_source_segment(text, node, padded=True)
    assert segment is not None
    return dedent(segment)


def source_file(module: str) -> Path:
    """Return the file of a module, or of a package's code."""
    path = ROOT / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _child(node: ast.AST, name: str, module: str) -> ast.AST:
    for child in ast.iter_child_nodes(node):
        named = isinstance(child, ast.FunctionDef | ast.ClassDef)
        if named and child.name == name:  # type: ignore[attr-defined]
            return child
    raise LookupError(f"Expected {name} to be defined in {module}; it is not.")
