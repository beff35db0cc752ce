"""What is written is used: a name at the top of a module that stands nowhere else is dead."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from services.portal.show import pictures
from tests.architecture.tree import EVERYTHING, PRODUCT, ROOT, modules, nodes, parsed, text

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


def handed_on(path: Path) -> list[str]:
    """What a package hands on from its modules."""
    lists = [one.value for one in parsed(path).body if isinstance(one, ast.Assign) and _is_list(one)]
    return [name for one in lists for name in ast.literal_eval(one)]


def _is_list(node: ast.Assign) -> bool:
    return isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__"


def said(path: Path) -> str:
    """The text of a file; of a package without what it only hands on, which is no use."""
    if path.name != "__init__.py":
        return text(path)
    passing = [one for one in parsed(path).body if isinstance(one, ast.ImportFrom)]
    passing += [one for one in parsed(path).body if isinstance(one, ast.Assign) and _is_list(one)]
    skipped = {line for one in passing for line in range(one.lineno, (one.end_lineno or one.lineno) + 1)}
    return "\n".join(line for number, line in enumerate(text(path).splitlines(), 1) if number not in skipped)


def taken(path: Path) -> Iterator[tuple[str, str]]:
    """Module and name of everything that a module imports, or reads from what it has imported."""
    names: dict[str, str] = {}
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names |= {one.asname or one.name: one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
            yield from ((node.module, one.name) for one in node.names)
    for node in nodes(path):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
            yield names[node.value.id], node.attr


def drawn() -> set[str]:
    """What templates take of the pictures."""
    templates = (ROOT / "services/portal/templates").rglob("*.html")
    return {name for path in templates for name in re.findall(r"\bpictures\.(\w+)", text(path))}


def test_templates_take_only_pictures_that_there_are():
    assert drawn() <= {*pictures.__all__}
    assert len(drawn()) > 4


def test_what_a_package_hands_on_is_taken_from_it():
    found = {one for path in modules(*EVERYTHING) for one in taken(path)}
    found |= {(pictures.__name__, name) for name in drawn()}
    packages = {
        path: ".".join(path.relative_to(ROOT).parent.parts) for path in modules(*PRODUCT) if path.stem == "__init__"
    }
    idle = [f"{package}: {name}" for path, package in packages.items() for name in handed_on(path)
            if (package, name) not in found]  # fmt: skip
    assert idle == []


def test_no_name_stands_only_where_it_is_made():
    places = [
        *modules(*EVERYTHING),
        *(path for folder in PRODUCT for kind in OTHERS for path in (ROOT / folder).rglob(kind)),
    ]
    count = Counter(word for path in places for word in WORD.findall(said(path)))
    dead = [f"{path.relative_to(ROOT)}: {name}" for path in modules(*PRODUCT) for name in written(path)
            if count[name] == 1 and not name.startswith("__")]  # fmt: skip
    assert dead == []
