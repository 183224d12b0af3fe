"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
import statistics
import tomllib
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from config.env import BASE_DIR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHAIN = ["engagements", "qa", "readouts", "config"]
LONGEST_FILE = 400
LONGEST_FUNCTION = 80
MODULES = [
    path
    for app in CHAIN
    for path in sorted((BASE_DIR / app).rglob("*.py"))
    if "migrations" not in path.parts
]
SOURCES = [
    *MODULES,
    *sorted((BASE_DIR / "tests").rglob("*.py")),
    *(path for app in CHAIN for path in sorted((BASE_DIR / app / "static").rglob("*.*s"))),
]
TEMPLATES = sorted((BASE_DIR / "templates").rglob("*.html"))

# Doors and readers: they call actions.
READ_ONLY = ["access", "forms", "live", "management", "queries", "rules", "tasks", "views"]
WRITES = {
    "save", "create", "delete", "update", "bulk_create", "bulk_update",
    "get_or_create", "update_or_create",
}  # fmt: skip
WRITES |= {f"a{name}" for name in WRITES}
NO_ROWS = re.compile(r"session|cache|headers|digest|hash|context|cookies|self\.fields|attrs")
"""What `update` or `delete` may be said of without touching a row."""

TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
INLINE = {
    "script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "address": re.compile(r"""(?:href|src|action)\s*=\s*["']?\s*javascript:""", re.IGNORECASE),
}


def named(path: Path) -> str:
    return str(path.relative_to(BASE_DIR))


def functions() -> Iterator[tuple[str, int]]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                yield f"{named(path)}:{node.name}", node.end_lineno - node.lineno + 1


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_a_file_is_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text().splitlines()) < LONGEST_FILE


def test_functions_are_short() -> None:
    lengths = dict(functions())

    assert statistics.median(lengths.values()) <= 10
    assert statistics.quantiles(lengths.values(), n=20)[-1] < 40
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_foreign_keys_point_down_the_chain() -> None:
    upward = [
        f"{field} -> {field.related_model.__name__}"
        for app in CHAIN
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields(include_parents=False)
        if field.is_relation and not field.auto_created and field.related_model is not None
        if field.related_model._meta.app_label in CHAIN[CHAIN.index(app) + 1 :]
    ]

    assert upward == []


def markup(path: Path) -> str:
    return TAGS.sub("", path.read_text())


@pytest.mark.parametrize("kind", INLINE)
def test_templates_have_nothing_inline(kind: str) -> None:
    assert [named(path) for path in TEMPLATES if INLINE[kind].search(markup(path))] == []


def writes(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    actions = set(imported_actions(tree))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        said_of = ast.unparse(node.func.value)
        if node.func.attr in WRITES and said_of not in actions and not NO_ROWS.search(said_of):
            yield f"{named(path)}:{node.lineno}: {ast.unparse(node)}"


def imported_actions(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and str(node.module).endswith(".actions"):
            yield from (name.asname or name.name for name in node.names)


def test_only_actions_write() -> None:
    readers = [
        path
        for path in MODULES
        if set(path.relative_to(BASE_DIR).with_suffix("").parts[1:2]) & set(READ_ONLY)
    ]

    assert [found for path in readers for found in writes(path)] == []


def test_every_dependency_is_locked_with_its_hash() -> None:
    project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())
    runtime = project["project"]["dependencies"]
    extras = project["project"]["optional-dependencies"]
    groups = project["dependency-groups"]

    assert missing(runtime, "runtime.txt") == []
    assert missing([*runtime, *extras["semantic"]], "semantic.txt") == []
    assert missing([*runtime, *extras["languages"]], "languages.txt") == []
    assert missing([*runtime, *groups["test"], *groups["check"]], "development.txt") == []


def missing(dependencies: list[str], locked: str) -> list[str]:
    """The dependencies that are not locked, or in a version that they do not allow."""
    text = (BASE_DIR / "requirements" / locked).read_text()
    pins = re.findall(r"^([\w.-]+)==([^\s;]+)[^\n]*\\\n\s+--hash=", text, re.MULTILINE)
    assert len(pins) == len(re.findall(r"^[\w.-]+==", text, re.MULTILINE))
    versions: dict[str, list[str]] = {}
    for name, version in pins:
        versions.setdefault(canonicalize_name(name), []).append(version)
    return [
        str(wanted)
        for wanted in map(Requirement, dependencies)
        if not all(
            wanted.specifier.contains(version)
            for version in versions.get(canonicalize_name(wanted.name), ["0"])
        )
        or canonicalize_name(wanted.name) not in versions
    ]
