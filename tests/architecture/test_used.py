"""What is written is used: a name at the top of a module that stands nowhere else is dead."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import EVERYTHING, PRODUCT, ROOT, modules, parsed, text

WORD = re.compile(r"\w+")
# Where names of Python stand beside modules: templates, and commands that load by name.
OTHERS = ("*.html", "*.toml", "*.yml", "*.yaml", "*.txt")


def written(path: Path) -> Iterator[str]:
    """Functions, classes and constants at the top of a module, but for what a decorator hands on."""
    for node in parsed(path).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.decorator_list:
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (one.id for one in targets if isinstance(one, ast.Name))


def test_no_name_stands_only_where_it_is_made():
    places = [
        *modules(*EVERYTHING),
        *(path for folder in PRODUCT for kind in OTHERS for path in (ROOT / folder).rglob(kind)),
    ]
    count = Counter(word for path in places for word in WORD.findall(text(path)))
    dead = [f"{path.relative_to(ROOT)}: {name}" for path in modules(*PRODUCT) for name in written(path)
            if count[name] == 1 and not name.startswith("__")]  # fmt: skip
    assert dead == []
