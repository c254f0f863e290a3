"""What Keras refuses of the layers that other layers are given. From runs of Keras 3.15.1."""

from __future__ import annotations

from shapelens.library.keras.layers.config import UNSURE, Config, absent, flag
from shapelens.library.keras.layers.naming import layer_name, short_name
from shapelens.library.keras.signatures import canonical
from shapelens.library.machine import Machine
from shapelens.library.registry import FUNCTIONS, LAYERS
from shapelens.values.objects import ClassObject, DictObject, LayerObject, ListObject
from shapelens.values.value import Const, FunctionValue, Lib, Ref, TensorValue, TupleValue, Value

_RECURRENT = ("SimpleRNN", "GRU", "LSTM", "RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
_CELLS = ("SimpleRNNCell", "GRUCell", "LSTMCell", "StackedRNNCells")


def check_wrapper(machine: Machine, name: str, config: Config) -> str | None:
    """Keras's wording when a wrapper refuses what it is to wrap."""
    if name == "Bidirectional":
        return _not_a_layer(machine, config, name) or _bidirectional(machine, config)
    if name in ("TimeDistributed", "SpectralNormalization", "Wrapper"):
        return _not_a_layer(machine, config, name)
    if name == "RNN":
        return _rnn(machine, config.get("cell"))
    return None


def _not_a_layer(machine: Machine, config: Config, name: str) -> str | None:
    inner = config.get("layer")
    if inner is None or not _surely_no_layer(machine, inner):
        return None
    # How Keras shows it is known of constants alone.
    shown = str(inner.value) if isinstance(inner, Const) and not isinstance(inner.value, bytes) else None
    if name in ("SpectralNormalization", "Wrapper"):
        said = "supplied to Wrapper isn't a supported layer type. Please ensure wrapped layer is a valid Keras layer."
        return f"Layer {shown or UNSURE} {said}"
    said = f"Please initialize `{name}` layer with a `keras.layers.Layer` instance"
    return said if shown is None else f"{said}. Received: {shown}"


def _surely_no_layer(machine: Machine, value: Value) -> bool:
    """Whether this is another thing than a layer: its class, what it gave, a function."""
    if isinstance(value, Lib):
        return canonical(value.name) in LAYERS or value.name in FUNCTIONS
    obj = machine.read(value) if isinstance(value, Ref) else None
    nothing = (Const, TensorValue, TupleValue, FunctionValue)
    return isinstance(value, nothing) or isinstance(obj, (ClassObject, ListObject, DictObject))


def _bidirectional(machine: Machine, config: Config) -> str | None:
    forward = _library_layer(machine, config.get("layer"))
    if forward is None:
        return None
    if short_name(canonical(forward.class_name)) not in _RECURRENT:
        inner = short_name(forward.class_name)
        return f"Unrecognized keyword arguments passed to {inner}: {{'go_backwards': True}}"
    forwards = flag(machine, dict(forward.config), "go_backwards")
    given = config.get("backward_layer")
    if absent(given):
        # Keras 3 makes the other layer with go_backwards=True, Keras 2 in the other direction.
        return _same_direction(forwards, True) if forwards and machine.versions.family == 3 else None
    backward = _library_layer(machine, given)
    if backward is None:
        return None
    backwards = flag(machine, dict(backward.config), "go_backwards")
    if forwards is not None and forwards == backwards:
        return _same_direction(forwards, backwards)
    for attribute in ("stateful", "return_sequences", "return_state"):
        first = flag(machine, dict(forward.config), attribute)
        second = flag(machine, dict(backward.config), attribute)
        if first is not None and second is not None and first != second:
            return (
                "Forward layer and backward layer are expected to have the same value for attribute "
                f'"{attribute}", got "{first}" for forward layer and "{second}" for backward layer'
            )
    return None


def _same_direction(forwards: bool, backwards: bool) -> str:
    return (
        "Forward layer and backward layer should have different `go_backwards` value. Received: "
        f"forward_layer.go_backwards {forwards}, backward_layer.go_backwards={backwards}"
    )


def _rnn(machine: Machine, cell: Value | None) -> str | None:
    if isinstance(cell, Const):
        return f"Argument `cell` should have a `call` method. Received: cell={cell.value!s}"
    inner = _library_layer(machine, cell)
    if inner is not None and short_name(inner.class_name) not in _CELLS:
        if short_name(inner.class_name) in _RECURRENT:
            return None
        shown = f"<{short_name(inner.class_name)} name={layer_name(inner)}, built={inner.state.built}>"
        return (
            "The RNN cell should have a `state_size` attribute (single integer or list of integers, one "
            f"integer per RNN state). Received: cell={shown}"
        )
    return None


def _library_layer(machine: Machine, value: Value | None) -> LayerObject | None:
    target = machine.read(value) if isinstance(value, Ref) else None
    return target if isinstance(target, LayerObject) else None
