"""Modules with one thing changed in their source: a comparison, a joint, a number, what is returned.

Words are left alone: sentences of refusals, formatted texts, annotations and decorators.
"""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

OPPOSITES = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,), ast.And: (ast.Or,), ast.Or: (ast.And,), ast.Add: (ast.Sub,), ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,), ast.Div: (ast.Mult,),
}  # fmt: skip
WORDS = (ast.Raise, ast.JoinedStr)
"""What is said there is no decision."""


@dataclass(frozen=True)
class Slip:
    """One change: at which node of the tree, counted as `nodes` does, and which of the changes that the node allows."""

    line: int
    what: str
    node: int
    change: int


def slips(source: str) -> list[Slip]:
    """Every slip that the module allows, in the order of the source."""
    return [
        Slip(node.lineno, what, at, number)
        for at, node in enumerate(nodes(ast.parse(source)))
        for number, what in enumerate(changes(node))
    ]


def mutated(source: str, slip: Slip) -> ast.Module:
    """The module with the slip made."""
    tree = ast.parse(source)
    node = next(each for at, each in enumerate(nodes(tree)) if at == slip.node)
    changed = list(_changed(node))[slip.change][1]
    node.__class__, node.__dict__ = changed.__class__, changed.__dict__
    return ast.fix_missing_locations(tree)


def changes(node: ast.AST) -> list[str]:
    """What can be changed of a node, in words."""
    return [what for what, _ in _changed(node)]


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes that stand for decisions, in the order of the source."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list", "bases", "type_comment"):
            continue
        for child in value if isinstance(value, list) else [value]:
            is_flag_of_zip = isinstance(child, ast.keyword) and child.arg == "strict"
            if isinstance(child, ast.AST) and not isinstance(child, WORDS) and not is_flag_of_zip:
                if hasattr(child, "lineno"):
                    yield child
                yield from nodes(child)


def _changed(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Compare(ops=[op]) | ast.BoolOp(op=op) | ast.BinOp(op=op):
            for other in OPPOSITES.get(type(op), ()):
                changed = copy.deepcopy(node)
                if isinstance(changed, ast.Compare):
                    changed.ops = [other()]
                else:
                    changed.op = other()
                yield f"{other.__name__} instead of {type(op).__name__}", changed
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "without not", copy.deepcopy(operand)
        case ast.Constant(value=bool() as flag):
            yield f"{not flag} instead of {flag}", _at(node, ast.Constant(not flag))
        case ast.Constant(value=int() as number):
            yield f"{number + 1} instead of {number}", _at(node, ast.Constant(number + 1))
        case ast.If(test=test) | ast.IfExp(test=test):
            changed = copy.deepcopy(node)
            changed.test = _at(node, ast.UnaryOp(ast.Not(), copy.deepcopy(test)))
            yield "the other way if", changed
        case ast.Return(value=ast.AST() as value) if ast.unparse(value) != "None":
            yield "returns None", _at(node, ast.Return(ast.Constant(None)))


def _at(node: ast.AST, changed: ast.AST) -> ast.AST:
    return ast.copy_location(changed, node)
