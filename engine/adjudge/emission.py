"""Write plain values as the YAML that `adjudge.documents` reads: the same values of the same types come back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import yaml

CONTROL = yaml.reader.Reader.NON_PRINTABLE
"""Finds a character that no document may hold."""
_WIDTH = 118
_LONG = 76
_BREAKS = re.compile("[\n\r\t\x85\u2028\u2029\ufeff]")
_WORDS = re.compile(r"\S+(?: \S+)+")
_IDS = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


class _Dumper(yaml.SafeDumper):
    """Writes the YAML that `adjudge.documents` reads: no aliases, lists indented, ids side by side, long text folded."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    def ignore_aliases(self, data: object) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)


class _Top(dict[str, Any]):
    """The document itself, which is always written one key a line."""


def _short(value: object) -> bool:
    """Say whether a value is written side by side with its neighbours: ids, numbers and collections of them."""
    if isinstance(value, Mapping):
        return all(_short(inner) for inner in value.values())
    if isinstance(value, list | tuple):
        return all(_short(inner) for inner in value)
    return _IDS.fullmatch(value) is not None if isinstance(value, str) else value is not None


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = ">" if len(text) > _LONG and _WORDS.fullmatch(text) else '"' if _BREAKS.search(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


def _represent_nothing(dumper: yaml.SafeDumper, _: None) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:null", "")


def _represent_float(dumper: yaml.SafeDumper, number: float) -> yaml.ScalarNode:
    text = format(Decimal(repr(number)), "f")
    return dumper.represent_scalar("tag:yaml.org,2002:float", text if "." in text else f"{text}.0")


def _represent_mapping(dumper: yaml.SafeDumper, value: Mapping[str, Any]) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=_short(value) and not isinstance(value, _Top))


def _represent_list(dumper: yaml.SafeDumper, value: Sequence[Any]) -> yaml.SequenceNode:
    return dumper.represent_sequence(
        "tag:yaml.org,2002:seq", value, flow_style=_short(value) and not any(isinstance(each, Mapping) for each in value)
    )


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(type(None), _represent_nothing)
_Dumper.add_representer(float, _represent_float)
_Dumper.add_representer(dict, _represent_mapping)
_Dumper.add_representer(_Top, _represent_mapping)
_Dumper.add_representer(list, _represent_list)
_Dumper.add_representer(tuple, _represent_list)
_Dumper.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:true|false|yes|no|on|off)$", re.IGNORECASE), list("tTfFyYnNoO"))
_Dumper.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(?:~|null|)$", re.IGNORECASE), ["~", "n", "N", ""])
_Dumper.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"[-+]?[0-9]+\.[0-9]+$"), list("-+0123456789"))
_Dumper.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"[-+]?[0-9]+$"), list("-+0123456789"))


def to_yaml(document: Mapping[str, Any]) -> str:
    """Return the YAML of a document of plain values; `adjudge.documents.parse` reads it back equal."""
    return yaml.dump(_Top(document), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=False)
