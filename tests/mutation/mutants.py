"""The mutants of a module: those of cosmic-ray that are a plausible slip each, and a few more of the same kind."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names
from parso.python.tree import Name
from parso.tree import NodeOrLeaf

COMPARISONS = {
    "Eq": ("NotEq",),
    "NotEq": ("Eq",),
    "Lt": ("LtE", "GtE"),
    "LtE": ("Lt", "Gt"),
    "Gt": ("GtE", "LtE"),
    "GtE": ("Gt", "Lt"),
    "Is": ("IsNot",),
    "IsNot": ("Is",),
}
"""What a comparison is mistaken for: its neighbours at the boundary, and its opposite."""
BINARY = {
    "Add": ("Sub",),
    "Sub": ("Add",),
    "Mul": ("Add", "Div"),
    "Div": ("Mul",),
    "FloorDiv": ("Div",),
    "Mod": ("FloorDiv",),
    "Pow": ("Mul",),
    "BitOr": ("BitAnd",),
    "BitAnd": ("BitOr",),
    "BitXor": ("BitOr",),
    "LShift": ("RShift",),
    "RShift": ("LShift",),
}
UNARY = ("Delete_Not", "Delete_USub", "Delete_Invert", "USub_UAdd")
PLAIN = (
    "AddNot",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "NumberReplacer",
    "RemoveDecorator",
    "ZeroIterationForLoop",
    "ExceptionReplacer",
)
SWAPS = (("min", "max"), ("any", "all"), ("minimum", "maximum"), ("logical_and", "logical_or"))
"""Names that are mistaken for each other: cosmic-ray has no operator for calls."""


@dataclass(frozen=True)
class Mutant:
    """One change of one place of a module: its line, that line before and after, and what names it for `applied`."""

    operator: str
    occurrence: int
    line: int
    before: str
    after: str
    twin: int

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What stays the same while the line does, wherever it is moved; ``twin`` counts those that are alike."""
        return self.operator, self.before.strip(), self.after.strip(), self.twin

    def applied(self, source: str) -> str:
        """Return the source of the module with this change."""
        mutated = mutate_code(source, OPERATORS[self.operator], self.occurrence)
        assert isinstance(mutated, str)
        return mutated


class Swap(Operator):  # type: ignore[misc]
    """Puts one name where another is called."""

    def __init__(self, name: str, other: str) -> None:
        self.name = name
        self.other = other

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Yield where the name is used, other than as a keyword of a call."""
        if isinstance(node, Name) and node.value == self.name and not _is_keyword(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Name, index: int) -> Name:
        """Return the node with the other name."""
        node.value = self.other
        return node

    @classmethod
    def examples(cls) -> tuple[()]:
        """None."""
        return ()


class SwapIn(Swap):
    """Puts `not in` for `in`."""

    def __init__(self) -> None:
        super().__init__("in", "not in")

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Yield where a membership is tested."""
        if node.type == "keyword" and node.get_code().strip() == "in" and node.parent is not None and node.parent.type == "comparison":
            yield node.start_pos, node.end_pos


def _is_keyword(node: Name) -> bool:
    return node.parent is not None and node.parent.type == "argument" and node.parent.children[0] is node


def _operators() -> dict[str, Operator]:
    """Return the operators by their short names."""
    kept = {f"ReplaceComparisonOperator_{one}_{other}" for one, others in COMPARISONS.items() for other in others}
    kept |= {f"ReplaceBinaryOperator_{one}_{other}" for one, others in BINARY.items() for other in others}
    kept |= {f"ReplaceUnaryOperator_{each}" for each in UNARY} | set(PLAIN)
    found = {short: get_operator(name)() for name in operator_names() if (short := name.rpartition("/")[2]) in kept}
    assert set(found) == kept, kept - set(found)
    pairs = [*SWAPS, *[(other, one) for one, other in SWAPS]]
    return {**found, **{f"Swap_{one}_{other}": Swap(one, other) for one, other in pairs}, "Swap_in_not_in": SwapIn()}


OPERATORS = _operators()


def mutants(source: str) -> list[Mutant]:
    """Return the mutants of a module, in the order of its lines.

    Left out is what can't change an answer: annotations and what is imported for them, the slots and comparisons of dataclasses, and the
    strictness of `zip`. No operator touches the wording of messages.
    """
    lines = source.splitlines()
    found = []
    alike: Counter[tuple[str, str, str]] = Counter()
    for name, operator in OPERATORS.items():
        places = [node for node in ast_nodes(get_ast(source)) for _ in operator.mutation_positions(node)]
        for occurrence, node in enumerate(places):
            if _in_annotation(node) or _is_setting(node) or _is_for_types_only(node):
                continue
            changed = mutate_code(source, operator, occurrence)
            line, after = _difference(lines, changed.splitlines())
            before = lines[line - 1]
            found.append(Mutant(name, occurrence, line, before, after, alike[name, before.strip(), after.strip()]))
            alike[name, before.strip(), after.strip()] += 1
    return sorted(found, key=lambda each: (each.line, each.operator, each.occurrence))


def _difference(before: list[str], after: list[str]) -> tuple[int, str]:
    """Return the first line that differs, and what it has become."""
    for tag, start, _, other, end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            return start + 1, " ".join(after[other:end])
    raise AssertionError("a mutant that changes nothing")


def _in_annotation(node: NodeOrLeaf) -> bool:
    child, parent = node, node.parent
    while parent is not None:
        if parent.type == "annassign" and child is parent.children[1]:
            return True
        if parent.type == "tfpdef" and child is not parent.children[0]:
            return True
        if parent.type == "funcdef" and child is parent.annotation:
            return True
        child, parent = parent, parent.parent
    return False


def _is_setting(node: NodeOrLeaf) -> bool:
    argument = node.parent
    return argument is not None and argument.type == "argument" and bool(re.match(r"\s*(slots|strict|init|repr|compare|eq)=", argument.get_code()))


def _is_for_types_only(node: NodeOrLeaf) -> bool:
    return node.type == "if_stmt" and bool(node.children[1].get_code().strip() == "TYPE_CHECKING")
