"""The tree as the architecture tests see it: files, syntax trees, functions."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("services", "shared", "deploy")
EVERYTHING = (*PRODUCT, "tests", "benchmarks")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules(*folders: str) -> tuple[Path, ...]:
    """Every Python file in these folders."""
    return tuple(sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")))


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(text(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """All of a module's syntax tree, walked once for all that ask."""
    return tuple(ast.walk(parsed(path)))


def functions(path: Path) -> Iterator[Function]:
    return (node for node in nodes(path) if isinstance(node, Function))


def classes(path: Path) -> Iterator[ast.ClassDef]:
    return (node for node in nodes(path) if isinstance(node, ast.ClassDef))


def lines(node: Function | ast.ClassDef) -> int:
    """From the def to the end, without decorators."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def shown(path: Path, node: ast.AST | None = None) -> str:
    place = f":{node.lineno}" if isinstance(node, ast.stmt) else ""
    return f"{path.relative_to(ROOT)}{place}"


def room(path: Path) -> str | None:
    """`services/scoring/domain/card.py` stands in the room `domain`."""
    parts = path.relative_to(ROOT).parts
    return parts[2].removesuffix(".py") if parts[0] == "services" and len(parts) > 2 else None
