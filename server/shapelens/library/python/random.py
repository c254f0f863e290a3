"""``random`` and clocks: plain numbers and chosen items (Python 3.11)."""

from __future__ import annotations

from shapelens.library.arrays.alternatives import join_all
from shapelens.library.arrays.convert import as_int, items_of
from shapelens.library.arrays.rules import array_rule
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.values.objects import ListObject
from shapelens.values.value import NONE, Opaque, Unknown, Value


@array_rule("random.random", "random.uniform", "random.gauss", "random.normalvariate", params="*args, **kwargs")
@array_rule("time.time", "time.perf_counter", params="")
def number(machine: Machine, args: Arguments) -> Value:
    """A float."""
    return Opaque("float")


@array_rule("random.randint", "random.randrange", "random.getrandbits", params="*args, **kwargs")
def integer(machine: Machine, args: Arguments) -> Value:
    """An int."""
    return Opaque("int")


@array_rule("random.choice", params="seq")
def choice(machine: Machine, args: Arguments) -> Value:
    """One of the items."""
    items = items_of(machine, args.get("seq"))
    return join_all(items) if items else Unknown("what is chosen from is not known")


@array_rule("random.sample", params="population, k, *, counts=None")
@array_rule("random.choices", params="population, weights=None, *, cum_weights=None, k=1")
def sample(machine: Machine, args: Arguments) -> Value:
    """Several of the items."""
    items = items_of(machine, args.get("population"))
    item = join_all(items) if items else Unknown("what is chosen from is not known")
    count = 1 if args.get("k") is None else as_int(args.get("k"))
    if count is None or not 0 <= count <= 4096:
        return machine.alloc(ListObject((), open=True, rest=item))
    return machine.alloc(ListObject((item,) * count))


@array_rule("random.seed", params="*args, **kwargs")
def nothing(machine: Machine, args: Arguments) -> Value:
    """Gives ``None``."""
    return NONE
