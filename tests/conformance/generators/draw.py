"""What every generator draws: sizes, tensors, arguments; mostly valid, some wrong as people get them wrong."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.conformance.cases import Case, Tensor

Generator = Callable[[Random], Case]
Sizes = tuple[int | None, ...]


def sizes(random: Random, count: int, low: int = 1, high: int = 12) -> Sizes:
    """Sizes of axes, now and then a dynamic one."""
    return tuple(None if random.random() < 0.08 else random.randint(low, high) for _ in range(count))


def tensor(random: Random, rank: int, high: int = 12, dtype: str = "float32") -> Tensor:
    """A tensor of about ``rank`` axes with its batch."""
    if random.random() < 0.12:
        rank = max(0, rank + random.choice((-2, -1, 1)))
    batch: Sizes = (None if random.random() < 0.85 else random.randint(1, 4),)
    return Tensor((*batch, *sizes(random, rank - 1, high=high)) if rank else (), dtype)


def spread(random: Random, rank: int, low: int, high: int) -> object:
    """A size for all axes, or one for each; sometimes a wrong one."""
    chance = random.random()
    if chance < 0.5:
        return random.randint(low, high)
    if chance < 0.95:
        many = [random.randint(low, high) for _ in range(rank)]
        return tuple(many) if random.random() < 0.6 else many
    return random.choice((0, -1, (1,) * (rank + 1), "a", None))


def maybe(random: Random, chance: float, **options: Callable[[], object]) -> dict[str, object]:
    """Each keyword with the given chance."""
    return {name: make() for name, make in options.items() if random.random() < chance}


def pick(random: Random, *values: object) -> Callable[[], object]:
    """A choice to be made later."""
    return lambda: random.choice(values)


def format_of(random: Random) -> Callable[[], object]:
    return pick(random, "channels_last", "channels_last", "channels_first", "channels_first", None, "foo")


def any_rank(name: str, *argument_choices: tuple[object, ...], ranks: tuple[int, ...] = (1, 2, 3, 4)) -> Generator:
    def make(random: Random) -> Case:
        args = random.choice(argument_choices) if argument_choices else ()
        kwargs = maybe(random, 0.15, dtype=pick(random, "float16", "float64"), name=pick(random, "mine", 3, "a/b"))
        dtype = random.choice(("float32", "float32", "int32"))
        return Case(name, args, kwargs, tensor(random, random.choice(ranks), dtype=dtype))

    return make
