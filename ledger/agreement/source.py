"""A TOML file read as data, with the line every table and key stands on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any, TypeAlias

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

from ledger.errors import BadInput, Fault

Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands: table names, keys and, in a list of tables, numbers from nil."""

_AT_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")


def read(name: str, raw: bytes) -> tuple[dict[str, Any], dict[Path, int]]:
    """The file's data, and the line of each path; raises BadInput where it is not UTF-8 or not TOML."""
    try:
        text = raw.decode("utf-8-sig")
        data = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadInput(name, [Fault(line, "", "this is not UTF-8 text: save the file as UTF-8")]) from None
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        said = _AT_LINE.sub("", str(error)).replace("(at end of document)", "at the end of the file").strip()
        raise BadInput(name, [Fault(line, at[2] if at else "", f"this is not TOML: {said}")]) from None
    except RecursionError:
        raise BadInput(name, [Fault(0, "", "this is not an agreement: it is nested too deeply")]) from None
    return data, dict(_lines(text))


def _lines(text: str) -> Iterator[tuple[Path, int]]:
    root = Parser(Language(tree_sitter_toml.language())).parse(text.encode()).root_node
    counts: dict[Path, int] = {}
    for node in root.named_children:
        if node.type == "pair":
            yield from _pair(node, ())
        elif node.type in ("table", "table_array_element"):
            keys = _keys(node.named_children[0])
            path = (*_resolved(keys[:-1], counts), keys[-1])
            if node.type == "table_array_element":
                counts[path] = counts.get(path, -1) + 1
                if not counts[path]:
                    yield path, node.start_point.row + 1
                path = (*path, counts[path])
            else:
                path = _resolved(keys, counts)
            yield path, node.start_point.row + 1
            for child in node.named_children[1:]:
                if child.type == "pair":
                    yield from _pair(child, path)


def _pair(node: Node, table: Path) -> Iterator[tuple[Path, int]]:
    key, value = node.named_children[0], node.named_children[-1]
    path = table + _keys(key)
    yield path, node.start_point.row + 1
    yield from _inside(value, path)


def _inside(value: Node, path: Path) -> Iterator[tuple[Path, int]]:
    if value.type == "inline_table":
        for child in value.named_children:
            if child.type == "pair":
                yield from _pair(child, path)
    elif value.type == "array":
        items = [child for child in value.named_children if child.type != "comment"]
        for number, child in enumerate(items):
            yield (*path, number), child.start_point.row + 1
            yield from _inside(child, (*path, number))


def _keys(node: Node) -> tuple[str, ...]:
    if node.type == "dotted_key":
        return tuple(key for child in node.named_children for key in _keys(child))
    text = (node.text or b"").decode()
    return (next(iter(tomllib.loads(f"{text} = 0"))),)


def _resolved(keys: tuple[str, ...], counts: dict[Path, int]) -> Path:
    path: Path = ()
    for key in keys:
        path = (*path, key)
        if path in counts:
            path = (*path, counts[path])
    return path
