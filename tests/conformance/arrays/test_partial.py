"""What array rules say of arrays that are only partly known, and of contents."""

from __future__ import annotations

import pytest

from shapelens.library.arrays.constants import DYNAMIC
from shapelens.library.arrays.elementwise import binary
from shapelens.library.load import load_rules
from shapelens.shapes.dims import ANY, symbol
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, TensorSpec, of_rank, shape
from shapelens.values.failure import ShapeFailure
from shapelens.values.value import Const, OneOf, Opaque, SizeValue, TensorValue, Unknown, Value
from tests.support.array_machine import FakeMachine, evaluate

load_rules()
N = symbol("n")


def array(*sizes: object, kind: str = "numpy", dtype: str | None = "float64") -> TensorValue:
    """An array of these sizes; one of unknown rank without."""
    known = Shape(sizes) if sizes else UNKNOWN_SHAPE  # type: ignore[arg-type]
    return TensorValue(TensorSpec(known, dtype), kind)  # type: ignore[arg-type]


def shape_of(source: str, **names: Value) -> Shape:
    """The shape that the rules give."""
    value = evaluate(source, names)
    assert isinstance(value, TensorValue), value
    return value.spec.shape


def test_sizes_follow_a_symbolic_axis() -> None:
    x = array(N, 28, 28)
    assert str(shape_of("x[1:]", x=x)) == "(n-1, 28, 28)"
    assert str(shape_of("x[:-2]", x=x)) == "(n-2, 28, 28)"
    assert str(shape_of("x.reshape(-1, 784)", x=x)) == "(n, 784)"
    assert str(shape_of("np.concatenate([x, x])", x=x)) == "(2*n, 28, 28)"
    assert str(shape_of("x.reshape(len(x), -1)", x=x)) == "(n, 784)"
    assert shape_of("x[:100]", x=x) == shape(ANY, 28, 28)
    assert shape_of("x[:100]", x=array(ANY, 3)) == shape(ANY, 3)
    assert evaluate("x.shape[0]", {"x": x}) == SizeValue(N)


def test_the_batch_axis_of_keras_stays_dynamic() -> None:
    x = array(None, 4, 6, kind="keras", dtype="float32")
    assert shape_of("ops.reshape(x, (ops.shape(x)[0], -1))", x=x) == shape(None, None)
    x = array(None, 4, 6, kind="tensor", dtype="float32")
    assert shape_of("tf.reshape(x, (tf.shape(x)[0], 24))", x=x) == shape(None, 24)
    assert shape_of("tf.reshape(x, tf.concat([tf.shape(x)[:1], [24]], 0))", x=x) == shape(None, 24)
    batch = evaluate("tf.shape(x)[0]", {"x": x})
    assert isinstance(batch, TensorValue)
    assert batch.data is DYNAMIC


def test_unknown_arrays_still_get_the_shape_that_is_asked_for() -> None:
    x = array()
    assert shape_of("np.reshape(x, (-1, 28, 28, 1))", x=x) == shape(ANY, 28, 28, 1)
    assert shape_of("np.reshape(x, (-1, 28))", x=Unknown("no file")) == shape(ANY, 28)
    assert shape_of("np.expand_dims(x, -1)", x=x) == Shape((1,), open=True)
    assert shape_of("np.argmax(x, axis=-1)", x=array(ANY, 10)) == of_rank(1)
    assert shape_of("keras.utils.to_categorical(x, 10)", x=array(ANY)) == shape(ANY, 10)


def test_a_failure_needs_every_alternative_to_fail() -> None:
    x = array(2, 3)
    good, bad = Const(6), Const(7)
    assert shape_of("np.reshape(x, size)", x=x, size=OneOf((good, bad))) == shape(6)
    with pytest.raises(ShapeFailure):
        evaluate("np.reshape(x, size)", {"x": x, "size": OneOf((bad, Const(8)))})
    evaluate("x + y", {"x": x, "y": OneOf((array(3), array(2, 3)))})
    evaluate("np.concatenate([x, y])", {"x": x, "y": array(ANY, ANY)})


def test_certain_failures_of_partly_known_arrays() -> None:
    with pytest.raises(ShapeFailure):
        evaluate("x.reshape(20, 5, 4)", {"x": array(ANY, 28, 28)})
    with pytest.raises(ShapeFailure):
        evaluate("x + y", {"x": TensorValue(TensorSpec(Shape((3,), open=True)), "numpy"), "y": array(5, 4)})
    with pytest.raises(ShapeFailure):
        evaluate("x @ y", {"x": array(ANY, 3), "y": array(4, ANY)})


def test_labels_are_kept_where_the_last_class_is_surely_among_them() -> None:
    def classes(source: str) -> int | None:
        value = evaluate(source)
        assert isinstance(value, TensorValue)
        return value.labels

    assert classes("np.random.randint(0, 10, 1000)") == 10
    assert classes("np.random.randint(0, 10, 1000)[:500]") == 10
    assert classes("np.random.randint(0, 10, 1000)[:100]") is None
    assert classes("np.random.randint(0, 10, 50)") is None
    assert classes("np.random.randint(1, 10, 1000)") is None
    assert classes("np.random.choice(5, 1000).reshape(-1, 1)") == 5


def test_in_place_operators_keep_shape_and_dtype() -> None:
    machine = FakeMachine()
    series = array(5, dtype="float32")
    added = binary("+=", series, array(5), machine)
    assert isinstance(added, TensorValue)
    assert added.spec == series.spec
    with pytest.raises(ShapeFailure, match="in place"):
        binary("+=", array(3), array(2, 3), machine)
    scalar = binary("+=", array(3, dtype="float32"), Const(1.5), machine)
    assert isinstance(scalar, TensorValue)
    assert scalar.spec.dtype == "float32"


def test_sizes_computed_with_arrays_are_plain_numbers() -> None:
    assert evaluate("np.prod((28, 28))") == Const(784)
    assert evaluate("np.array([3, 5])[1]") == Const(5)
    assert evaluate("tf.shape(x)[1]", {"x": array(2, 3, kind="tensor")}) == Const(3)
    assert evaluate("np.max([1, 5, 2]) * 2") == Const(10)
    assert isinstance(evaluate("np.random.randint(5)"), Opaque)


def test_only_what_comes_from_an_input_is_surely_symbolic() -> None:
    # A layer's output on something of which nothing is known: an array, perhaps.
    maybe = array(None, 4, kind="keras", dtype="float32")
    assert shape_of("tf.expand_dims(x, 1)", x=maybe) == shape(None, 1, 4)
    assert shape_of("y * x", x=maybe, y=array(4)) == shape(None, 4)
