"""How many samples a batch has, for certain and in messages."""

from __future__ import annotations

from dataclasses import dataclass

from shapelens.shapes.dims import Dim, symbol

DEFAULT_BATCH_SIZE = 32


@dataclass(frozen=True, slots=True)
class Batches:
    """``sizes``: batch sizes that occur for certain (empty: not known).

    ``static``: the size that Keras sees while it traces, which its messages print; often `None`.
    ``whole``: nothing is cut, so the first axes are as they stand and need not agree.
    """

    sizes: tuple[int, ...] = ()
    static: int | None = None
    whole: bool = False

    @property
    def choices(self) -> tuple[Dim, ...]:
        """Sizes to try a rule with: every certain one, or a name for the unknown one."""
        return self.sizes or (symbol("batch"),)


UNKNOWN_BATCHES = Batches()


def of_array(samples: Dim, batch_size: int | None, *, whole_trace: bool) -> Batches:
    """Batches that ``fit`` or ``predict`` cut from arrays of ``samples`` samples.

    Keras 3.15.1: the last batch is smaller; ``fit`` and ``evaluate`` (``whole_trace``) see a static
    size only when there is no smaller one, ``predict`` sees that of the first batch.
    """
    if not isinstance(samples, int) or batch_size is None or batch_size <= 0 or samples <= 0:
        return UNKNOWN_BATCHES
    full = (batch_size,) if samples >= batch_size else ()
    rest = (samples % batch_size,) if samples % batch_size else ()
    static = (batch_size if not rest else None) if whole_trace else min(samples, batch_size)
    return Batches(full + rest, static)


def of_batch(size: Dim) -> Batches:
    """One batch whose first axis is ``size``."""
    return Batches((size,), size) if isinstance(size, int) and size > 0 else UNKNOWN_BATCHES
