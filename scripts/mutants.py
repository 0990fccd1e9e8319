"""What may be changed in a module so that a test should notice: one comparison, one number, one statement.

Knows syntax trees. Does not know which tests there are. `mutate.py` makes the changes and runs the tests.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

__all__ = ["Mutant", "mutants"]

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
OPPOSITES = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Mutant:
    """One change: where it is, what it is, and how to make it in the tree that it was found in."""

    module: str
    number: int
    line: int
    last: int  # of the statement's own lines; those of a block below it are not counted
    change: Callable[[], str]
    make: Callable[[], None]

    @property
    def name(self) -> str:
        """The same in every run, as long as the module stays as it is."""
        return f"{self.module}:{self.number}"


def mutants(path: Path, tree: ast.Module) -> Iterator[Mutant]:
    """Every change that can be made inside of a function of *tree*, always in the same order."""
    for number, (statement, slot, old, new) in enumerate(_places(tree)):
        line, last = _lines(statement)

        def change(old: ast.AST = old, new: ast.AST = new) -> str:
            return f"{ast.unparse(old)} → {ast.unparse(new)}".replace("\n", " ")

        def make(slot: Slot = slot, old: ast.AST = old, new: ast.AST = new) -> None:
            ast.copy_location(new, old)
            ast.fix_missing_locations(new)
            parent, field, index = slot
            if index is None:
                setattr(parent, field, new)
            else:
                getattr(parent, field)[index] = new

        yield Mutant(path.stem, number, line, last, change, make)


def _lines(statement: ast.stmt) -> tuple[int, int]:
    body = getattr(statement, "body", None)
    if isinstance(body, list) and body:
        return statement.lineno, max(statement.lineno, body[0].lineno - 1)
    return statement.lineno, statement.end_lineno or statement.lineno


#: Where a node hangs: its parent, the field, and the place in it if that is a list.
Slot: TypeAlias = tuple[ast.AST, str, int | None]
#: The statement, where the node hangs, the node, and what could stand in its place.
Place: TypeAlias = tuple[ast.stmt, Slot, ast.AST, ast.AST]


def _places(tree: ast.Module) -> Iterator[Place]:
    def visit(node: ast.AST, statement: ast.stmt | None, *, inside: bool) -> Iterator[Place]:
        for field, value in ast.iter_fields(node):
            if field in {"annotation", "returns", "decorator_list", "args"} and not isinstance(node, ast.Call):
                continue
            children = value if isinstance(value, list) else [value]
            for index, child in enumerate(children):
                if not isinstance(child, ast.AST) or _is_docstring(child):
                    continue
                here = child if isinstance(child, ast.stmt) else statement
                within = inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                if within and here is not None:
                    slot = (node, field, index if isinstance(value, list) else None)
                    for new in _changes(child, field):
                        yield here, slot, child, new
                if not isinstance(child, ast.Raise | ast.JoinedStr):
                    yield from visit(child, here, inside=within)

    yield from visit(tree, None, inside=False)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _changes(node: ast.AST, field: str) -> Iterator[ast.AST]:
    """What could stand in place of *node*."""
    yield from _instead(node)
    if field in {"test", "ifs"} and isinstance(node, ast.expr) and not isinstance(node, ast.Compare):
        yield ast.UnaryOp(ast.Not(), node)
    elif field == "ifs":
        yield ast.Constant(value=True)


def _instead(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Constant():
            yield from _other_constants(node.value)
        case ast.Compare() | ast.BinOp() | ast.BoolOp() | ast.UnaryOp():
            yield from _other_operators(node)
        case ast.Call():
            yield from _other_calls(node)
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield ast.Return(ast.Constant(value=None))
        case ast.AugAssign():
            if type(node.op) in ARITHMETIC:
                yield ast.AugAssign(node.target, ARITHMETIC[type(node.op)](), node.value)
            yield ast.Pass()
        case ast.Raise() | ast.Expr() | ast.Assign(targets=[ast.Attribute() | ast.Subscript()]) | ast.Delete():
            yield ast.Pass()
        case ast.Continue():
            yield ast.Break()
        case ast.Break():
            yield ast.Continue()


def _other_constants(value: object) -> Iterator[ast.expr]:
    match value:
        case bool():
            yield ast.Constant(value=not value)
        case int():
            yield ast.Constant(value=value + 1)
            yield ast.Constant(value=value - 1)
        case str():
            yield ast.Constant(value=f"X{value}")


def _other_operators(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Compare():
            for index, op in enumerate(node.ops):
                for other in COMPARISONS[type(op)]:
                    ops = [*node.ops[:index], other(), *node.ops[index + 1 :]]
                    yield ast.Compare(node.left, ops, node.comparators)
        case ast.BinOp() if type(node.op) in ARITHMETIC:
            yield ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand


def _other_calls(call: ast.Call) -> Iterator[ast.Call]:
    match call:
        case ast.Call(func=ast.Name(id=name)) if name in OPPOSITES:
            yield ast.Call(ast.Name(OPPOSITES[name], ast.Load()), call.args, call.keywords)
        case ast.Call(func=ast.Name(id="isinstance" | "cast")):
            return
        case ast.Call(args=[first, second, *others]) if not isinstance(first, ast.Starred):
            if not isinstance(second, ast.Starred):
                yield ast.Call(call.func, [second, first, *others], call.keywords)
    for index, keyword in enumerate(call.keywords):
        if keyword.arg is not None:
            yield ast.Call(call.func, call.args, [*call.keywords[:index], *call.keywords[index + 1 :]])
