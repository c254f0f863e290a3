"""An argument that cannot work."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from shapelens.problems.arrays import called
from shapelens.problems.context import Edit, Fix, FixContext
from shapelens.problems.kind import Kind
from shapelens.problems.spelling import spelled
from shapelens.problems.words import subject_of
from shapelens.values.facts import ProblemFact

# What takes the place of TensorFlow's and NumPy's functions, where their arguments are the same.
_OPERATIONS = {
    "concat": "concatenate", "reduce_mean": "mean", "reduce_sum": "sum", "reduce_max": "max",
    "reduce_min": "min", "reduce_prod": "prod", "reduce_any": "any", "reduce_all": "all",
    "math.reduce_mean": "mean", "math.reduce_sum": "sum", "math.reduce_max": "max", "math.reduce_std": "std",
    "math.reduce_variance": "var", "reduce_logsumexp": "logsumexp", "clip_by_value": "clip",
    "image.resize": "image.resize", "math.l2_normalize": "normalize", "nn.l2_normalize": "normalize",
    "reverse": "flip",
}  # fmt: skip
_SAME_NAME = frozenset(
    (
        "abs", "add", "argmax", "argmin", "broadcast_to", "cast", "concatenate", "cos", "cumsum", "divide",
        "elu", "equal", "exp", "expand_dims", "floor", "gelu", "greater", "leaky_relu", "less", "log",
        "log_softmax", "logical_and", "logical_not", "logical_or", "matmul", "maximum", "mean", "minimum",
        "multiply", "one_hot", "ones_like", "pad", "relu", "repeat", "reshape", "round", "rsqrt", "selu",
        "shape", "sigmoid", "sign", "silu", "sin", "softmax", "softplus", "split", "sqrt", "square",
        "squeeze", "stack", "subtract", "sum", "swapaxes", "tanh", "tile", "transpose", "unstack", "where",
        "zeros_like",
    )
)  # fmt: skip


def propose(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """An array of the numbers; a layer in place of its result."""
    details = problem.failure.details
    if details.get("wants") == "array":
        operand = subject_of(problem)
        if operand is not None:
            yield from called(context, operand, "array", "", "Make an array with {function}", item=details.get("item"))
    elif details.get("reason") == "tensor-in-sequential":
        yield from _layer_itself(problem, context)
    elif isinstance(details.get("function"), str):
        yield from _of_keras(problem, context, str(details["function"]))


def _of_keras(problem: ProblemFact, context: FixContext, name: str) -> Iterator[Fix]:
    """``keras.ops.reshape(x, ...)`` where ``tf.reshape(x, ...)`` is given a symbolic tensor."""
    node, unit = context.node(problem.span), problem.span.unit
    short = name.rpartition(".")[2]
    target = _OPERATIONS.get(name.partition(".")[2], short if short in _SAME_NAME else None)
    if target is None or not isinstance(node, ast.Call):
        return
    spelling = spelled(context, f"keras.ops.{target}")
    start, end = context.range_of(unit, node.func)
    yield Fix(f"Use keras.ops.{target}", (Edit(start, end, spelling.text), *spelling.edits))


def _layer_itself(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """``Reshape((8, 8, 1))`` where ``Reshape((8, 8, 1))(x)`` stands among the layers."""
    node, unit = context.node(problem.span), problem.span.unit
    listed = node.args[0] if isinstance(node, ast.Call) and len(node.args) == 1 else None
    items = listed.elts if isinstance(listed, ast.List | ast.Tuple) else [node, listed]
    for item in items:
        if isinstance(item, ast.Call) and isinstance(item.func, ast.Call):
            _, end = context.range_of(unit, item)
            _, keep = context.range_of(unit, item.func)
            yield Fix("Give the layer itself", (Edit(keep, end, ""),))
            return


KIND = Kind(
    "invalid-argument",
    "An argument that cannot work",
    "error",
    "An argument's value makes the call raise, whatever the input.",
    propose=propose,
)
