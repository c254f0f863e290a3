"""A small interpreter with the contract of the real one: integers, lists, functions of one expression.

``x = 3`` is a tensor of shape ``(3,)``; a negative integer is a problem.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from shapelens.interp.result import Cell, Content, UnitResult
from shapelens.shapes.shape import TensorSpec, shape
from shapelens.shapes.span import Span
from shapelens.text import Unit
from shapelens.values.facts import Operand, ProblemFact, Site
from shapelens.values.failure import Failure, Place
from shapelens.values.objects import ListObject
from shapelens.values.value import Address, Code, Const, FunctionValue, Ref, TensorValue, Unknown, Value


class Stub:
    """Counts the units that it interpreted."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    def __call__(
        self,
        unit: Unit,
        module: str,
        state: Mapping[Cell, Content],
        units: Mapping[int | str, Unit],
        path: str | None,
    ) -> UnitResult:
        self.ran.append(unit.text)
        if "crash" in unit.text:
            raise RuntimeError("as asked")
        return _Run(unit, module, state, units).result()


class _Run:
    def __init__(self, unit: Unit, module: str, state: Mapping[Cell, Content], units: Mapping[int | str, Unit]) -> None:
        self.unit, self.module, self.state, self.units = unit, module, state, units
        self.reads: dict[Cell, Content | None] = {}
        self.writes: dict[Cell, Content | None] = {}
        self.sites: list[Site] = []
        self.problems: list[ProblemFact] = []
        self.allocated = 0
        self.trail: tuple[Span, ...] = ()

    def result(self) -> UnitResult:
        for statement in self.unit.statements:
            self.execute(statement)
        return UnitResult(self.reads, self.writes, tuple(self.sites), tuple(self.problems), 1)

    def read(self, cell: Cell) -> Content | None:
        if cell in self.writes:
            return self.writes[cell]
        return self.reads.setdefault(cell, self.state.get(cell))

    def span(self, node: ast.AST, unit: Unit | None = None) -> Span:
        unit = unit or self.unit
        return Span(unit.uid, *unit.range_of(node))

    def execute(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            target = statement.targets[0]
            value = self.evaluate(statement.value, self.unit, {})
            self.writes[self.module, target.id] = value
            known = isinstance(value, Const) and isinstance(value.value, int)
            size = value.value if isinstance(value, Const) and isinstance(value.value, int) else 0
            self.sites.append(
                Site(
                    self.span(target),
                    "variable",
                    target.id,
                    output=TensorSpec(shape(size), "int64") if known else None,
                    made=value.origin if isinstance(value, TensorValue) else None,
                    reason=value.reason if isinstance(value, Unknown) else "",
                )
            )
        elif isinstance(statement, ast.Delete) and isinstance(statement.targets[0], ast.Name):
            self.writes[self.module, statement.targets[0].id] = None
        elif isinstance(statement, ast.FunctionDef):
            start, end = self.unit.range_of(statement)
            code = Code(self.unit.uid, start, self.unit.text[start:end], statement)
            self.writes[self.module, statement.name] = FunctionValue(code, statement.name, self.module)
        elif isinstance(statement, ast.Expr):
            self.evaluate(statement.value, self.unit, {})

    def evaluate(self, node: ast.expr, unit: Unit, local: dict[str, Value]) -> Value:
        if isinstance(node, ast.Constant) and isinstance(node.value, int):
            return Const(node.value)
        if isinstance(node, ast.Name):
            if node.id in local:
                return local[node.id]
            value = self.read((self.module, node.id))
            return Unknown(f"{node.id} is not defined") if value is None else value  # type: ignore[return-value]
        if isinstance(node, ast.BinOp):
            return self.combine(node, unit, local)
        if isinstance(node, ast.List):
            items = tuple(self.evaluate(item, unit, local) for item in node.elts)
            address = Address(self.unit.uid, self.allocated)
            self.allocated += 1
            self.writes[address] = ListObject(items)
            return Ref(address)
        if isinstance(node, ast.Subscript):
            return self.item(self.evaluate(node.value, unit, local))
        if isinstance(node, ast.Call):
            return self.call(node, unit, local)
        return Unknown("an expression")

    def combine(self, node: ast.BinOp, unit: Unit, local: dict[str, Value]) -> Value:
        left, right = (self.evaluate(side, unit, local) for side in (node.left, node.right))
        if not isinstance(left, Const) or not isinstance(right, Const):
            return left if isinstance(left, Unknown) else Unknown("an operand")
        assert isinstance(left.value, int)
        assert isinstance(right.value, int)
        total = left.value + right.value if isinstance(node.op, ast.Add) else left.value - right.value
        if total < 0:
            place = Place(self.span(node.left, unit), f"this is {left.value}")
            failure = Failure("negative-dimension", f"{{subject}} gives {total}", "Negative!", 0, places=(place,))
            operands = (Operand(ast.unparse(node.left), self.span(node.left, unit), left, "0"),)
            self.problems.append(ProblemFact(self.span(node, unit), failure, operands, self.trail))
            return Unknown("it fails")
        return Const(total)

    def item(self, value: Value) -> Value:
        found = self.read(value.address) if isinstance(value, Ref) else None
        return found.items[-1] if isinstance(found, ListObject) and found.items else Unknown("no item")

    def call(self, node: ast.Call, unit: Unit, local: dict[str, Value]) -> Value:
        args = [self.evaluate(arg, unit, local) for arg in node.args]
        if isinstance(node.func, ast.Attribute) and node.func.attr == "append":
            target = self.evaluate(node.func.value, unit, local)
            found = self.read(target.address) if isinstance(target, Ref) else None
            if isinstance(found, ListObject) and isinstance(target, Ref):
                self.writes[target.address] = ListObject((*found.items, *args))
            return Const(0)
        function = self.evaluate(node.func, unit, local)
        if not isinstance(function, FunctionValue) or len(self.trail) > 5:
            return Unknown("a call")
        definition = self.units[function.code.unit].statements[0]
        assert isinstance(definition, ast.FunctionDef)
        body = definition.body[-1]
        names = [argument.arg for argument in definition.args.args]
        if not isinstance(body, ast.Return) or body.value is None or len(names) != len(args):
            return Unknown("a call")
        self.trail = (*self.trail, self.span(node, unit))
        result = self.evaluate(body.value, self.units[function.code.unit], dict(zip(names, args, strict=True)))
        self.trail = self.trail[:-1]
        return result
