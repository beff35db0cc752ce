"""Never twice: eight lines of one meaning in two services belong to shared, or to one of them."""

import ast
import re
from collections import defaultdict

from deploy.local import SERVICES
from tests.architecture.tree import modules, text

RUN = 8
# Imports and closing brackets are not meaning; the fields of a reader's own view of a foreign fact repeat on purpose.
FIELD = re.compile(r"\w+: [\w\[\], |.\"]+( = [^()]*)?")
EMPTY = {"", ")", "]", "}", "):", "],", "),", "},"}


def _meaning(source: str) -> list[str]:
    imports = {
        number
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    kept = (line.strip() for number, line in enumerate(source.splitlines(), start=1) if number not in imports)
    said = [line for line in kept if line not in EMPTY and not line.startswith(("#", '"""'))]
    return [line for line in said if not FIELD.fullmatch(line)]


def duplicates(sources: dict[str, list[str]]) -> dict[tuple[str, ...], set[str]]:
    """Runs of RUN lines that stand under more than one owner."""
    runs: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for owner, texts in sources.items():
        for source in texts:
            meaning = _meaning(source)
            for start in range(len(meaning) - RUN + 1):
                runs[tuple(meaning[start : start + RUN])].add(owner)
    return {run: owners for run, owners in runs.items() if len(owners) > 1}


def test_no_two_services_share_eight_lines():
    sources = {one: [text(path) for path in modules(f"services/{one}")] for one in SERVICES}
    assert duplicates(sources) == {}


def test_a_copied_run_would_be_found():
    copied = "\n".join(f"step_{number}()" for number in range(RUN))
    assert duplicates({"one": [copied], "two": [f"import os\n{copied}\nmore()"]})
    assert not duplicates({"one": [copied], "two": [copied.replace("step_3", "other")]})
