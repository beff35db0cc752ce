"""Words: shared speaks no business, modules are named by nouns and say what they are for, exceptions have reasons."""

import ast
import io
import re
import tokenize
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.tree import EVERYTHING, PRODUCT, modules, parsed, shown, text

BUSINESS = re.compile(
    r"municipal|school|kindergarten|rating|ranking|\bscore|indicator|methodolog|procedure|\bpoints\b|inbox_item"
    r"|ministry|expert|oktmo|\bresults?\b.{0,12}(revis|accept|submit)|regional_operator|assessor",
    re.IGNORECASE,
)
# The word "inbox" of the inbox pattern and "integrating" are not business.
INNOCENT = re.compile(r"integrat|generat|operat|iterat|migrat|separat|corporat|narrat", re.IGNORECASE)
BANNED = {"utils", "util", "helpers", "helper", "common", "base", "manager", "impl", "misc", "types"}
NOQA = re.compile(r"#\s*noqa(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*\s*[#(–—-]\s*\S+)?")
IGNORE = re.compile(r"#\s*type:\s*ignore(?:\[[a-z, -]+\]\s*[#(–—-]\s*\S+)?")


@pytest.mark.parametrize("path", modules("shared"), ids=shown)
def test_shared_speaks_no_business(path: Path):
    found = [
        f"{number}: {line.strip()}"
        for number, line in enumerate(text(path).splitlines(), start=1)
        if any(not INNOCENT.search(line[max(0, hit.start() - 6) : hit.end() + 3]) for hit in BUSINESS.finditer(line))
    ]
    assert found == []


def test_no_module_is_called_after_nothing():
    assert [shown(path) for path in modules(*EVERYTHING) if path.stem in BANNED] == []


def test_every_module_says_what_it_is_for():
    silent = [
        shown(path)
        for path in modules(*EVERYTHING)
        if not ast.get_docstring(parsed(path)) and text(path).strip() and path.name != "__init__.py"
    ]
    assert silent == []


def _odd(first: str) -> bool:
    starts = first[0].isupper() or first.startswith(("`", "/", "."))
    return not starts or not first.rstrip("`").endswith((".", ":", "…"))


def test_a_docstring_of_a_module_is_a_sentence_on_its_first_line():
    firsts = {path: (ast.get_docstring(parsed(path)) or ".").splitlines()[0] for path in modules(*PRODUCT)}
    assert [shown(path) for path, first in firsts.items() if _odd(first)] == []


@cache
def _comments(path: Path) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text(path)).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


def _bare(comment: str) -> bool:
    """Whether a comment silences a rule without its code or without a reason."""
    found = [rule.search(comment) for rule in (NOQA, IGNORE)]
    return any(one is not None and one.group(0).rstrip().endswith(("noqa", "ignore")) for one in found)


def test_an_exception_from_a_rule_names_the_rule_and_the_reason():
    bare = [f"{shown(path)}: {one}" for path in modules(*EVERYTHING) for one in _comments(path) if _bare(one)]
    assert bare == []


def test_no_checker_is_silenced_where_it_does_not_run():
    unseen = [path for path in modules(*EVERYTHING) if path not in modules(*PRODUCT)]
    assert [f"{shown(path)}: {one}" for path in unseen for one in _comments(path) if IGNORE.search(one)] == []


def test_nothing_is_left_for_later():
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    left = [f"{shown(path)}: {one}" for path in modules(*PRODUCT) for one in _comments(path) if later.search(one)]
    assert left == []


def test_nothing_committed_names_a_machine():
    private = re.compile("/" + r"work/|/root/|py" r"pi\.org|np" r"mjs|repo1\.ma" r"ven", re.IGNORECASE)
    assert [shown(path) for path in modules(*PRODUCT, "benchmarks") if private.search(text(path))] == []
