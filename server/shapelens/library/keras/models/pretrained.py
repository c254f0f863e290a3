"""``keras.applications``: whole networks, known by their inputs and outputs (Keras 3.15.1).

Height and width of the last map are computed from those of the input, step by step; each network's
steps were compared with Keras for many sizes. Its layers are looked up only when a program asks for
them (see `parts`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from shapelens.library.keras.layers.config import DATA_FORMAT
from shapelens.library.keras.models import parts
from shapelens.library.keras.models.blueprints import draws
from shapelens.library.keras.models.nests import dim_of, shape_of
from shapelens.library.keras.models.networks import NETWORKS, Network
from shapelens.library.keras.models.symbolic import symbolic_input, with_node
from shapelens.library.keras.models.variants import variant_key, variants
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.shapes.dims import ANY, Dim, SymDim, add, ceildiv, floordiv, sub
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, TensorSpec
from shapelens.values.failure import Failure, NotKnown, ShapeFailure
from shapelens.values.objects import (
    FunctionalObject,
    LayerState,
    ListObject,
    ModelState,
    NetworkUse,
    NodeObject,
)
from shapelens.values.value import (
    FALSE,
    NONE,
    TRUE,
    Const,
    Opaque,
    Ref,
    TensorValue,
    TupleValue,
    Value,
    part_address,
)

MODULES = {
    "vgg16": ("VGG16",),
    "vgg19": ("VGG19",),
    "resnet": ("ResNet50", "ResNet101", "ResNet152"),
    "resnet50": ("ResNet50",),
    "resnet_v2": ("ResNet50V2", "ResNet101V2", "ResNet152V2"),
    "inception_v3": ("InceptionV3",),
    "inception_resnet_v2": ("InceptionResNetV2",),
    "xception": ("Xception",),
    "mobilenet": ("MobileNet",),
    "mobilenet_v2": ("MobileNetV2",),
    "mobilenet_v3": (),
    "densenet": ("DenseNet121", "DenseNet169", "DenseNet201"),
    "nasnet": ("NASNetLarge", "NASNetMobile"),
    "efficientnet": tuple(f"EfficientNetB{i}" for i in range(8)),
    "efficientnet_v2": tuple(f"EfficientNetV2{name}" for name in ("B0", "B1", "B2", "B3", "S", "M", "L")),
    "convnext": tuple(f"ConvNeXt{name}" for name in ("Tiny", "Small", "Base", "Large", "XLarge")),
    "imagenet_utils": (),
}
APPLICATIONS = "keras.applications"
BY_CLASS = {f"{APPLICATIONS}.{network.name}": network for network in NETWORKS}
# A stride of 2: rounding up, rounding down, over windows of 3 without padding, rounding up where the
# size was known when the network was built (else down). "m": a window of 3 without padding.
STEPS: dict[str, Callable[[Dim], Dim]] = {
    "c": lambda size: ceildiv(size, 2),
    "f": lambda size: floordiv(size, 2),
    "v": lambda size: add(floordiv(sub(size, 3), 2), 1),
    "m": lambda size: sub(size, 2),
}
# Without weights, these accept other widths of their layers.
ALPHA = {"MobileNet", "MobileNetV2", "MobileNetV3Large", "MobileNetV3Small"}
# Sizes that MobileNets have weights for.
SIZES = {"MobileNet": (128, 160, 192, 224), "MobileNetV2": (96, 128, 160, 192, 224)}
# Networks whose layers have other names, or are others, in Keras 2.15; those of all others were compared.
OTHERWISE_IN_KERAS2 = ("ConvNeXt", "DenseNet", "MobileNetV3", "NASNet")
# The names of networks that are not their class's in small letters.
DEFAULT_NAMES = {
    "InceptionV3": "inception_v3",
    "InceptionResNetV2": "inception_resnet_v2",
    "MobileNetV3Large": "MobileNetV3Large",
    "MobileNetV3Small": "MobileNetV3Small",
    **{n.name: n.name.lower().replace("v2", "v2-") for n in NETWORKS if n.name.startswith("EfficientNetV2")},
    **{n.name: n.name.lower().replace(kind, f"{kind}_") for kind in ("convnext", "nasnet")
       for n in NETWORKS if n.name.lower().startswith(kind)},
}  # fmt: skip


def last_map(network: Network, size: Dim, *, built_open: bool) -> Dim:
    """Height or width of the last map; ``built_open``: Keras did not know the size when it built the network."""
    for step in network.chain:
        if step == "p":
            step = "f" if built_open else "c"
        size = STEPS[step](size)
    return size


def _register(network: Network) -> None:
    homes = [APPLICATIONS, *(f"{APPLICATIONS}.{home}" for home, names in MODULES.items() if network.name in names)]

    @function(*(f"{home}.{network.name}" for home in homes), params=network.params)
    def make(m: Machine, a: Arguments) -> Value:
        return build(m, a, network)


def build(m: Machine, a: Arguments, network: Network) -> Value:
    """The network as a model of which inputs and outputs are known."""
    top, imagenet = _flag(a, "include_top", True), a.values.get("weights", Const("imagenet")) == Const("imagenet")
    if top is None:
        raise NotKnown("whether the network has its top is not known")
    classes = dim_of(a.values.get("classes", Const(1000)))
    if top and imagenet and isinstance(classes, int) and classes != 1000:
        raise _refusal(
            f"{network.name} with its top and imagenet's weights has 1000 classes, not {classes}",
            "`classes` should be 1000",
            "classes",
        )
    given = a.get("input_tensor")
    if isinstance(given, TensorValue):
        source = _first_input(m, given)
        shape = given.spec.shape
    else:
        shape = Shape((None, *_input_sizes(m, a, network, top, imagenet)))
        source = symbolic_input(m, TensorSpec(shape, "float32"), None, m.site)
    alike = _is_plain(a, network)
    class_name = f"{APPLICATIONS}.{network.name}"
    label = _name(a, network, shape, imagenet)
    state = LayerState(label, None, m.site, built=True, params=_params(network, shape, top, classes) if alike else None)
    fed = given if isinstance(given, TensorValue) else source
    pooling = _pooling(a, top)
    use = _use(m, a, network, fed, pooling, classes)
    if use is None:
        m.lose_names()
    else:
        taken = draws(network.name, use.variant, use.head)
        use = replace(use, names=tuple(m.take_name(kind, count) for kind, count in taken.items()))
    arguments = tuple((k, v) for k, v in a.values.items() if v != NONE or k == "weights")
    model = FunctionalObject(source, NONE, state, ModelState(), class_name, use is None, use, arguments)
    ref = m.alloc(model)
    if use is not None and not alike:
        outputs = TensorValue(parts.outputs_on(m, use, fed.spec)[-1], "keras")
    else:
        outputs = _outputs(network, shape, shape, pooling, classes if top else None, alike)
    if use is None:
        output = with_node(m, outputs, NodeObject(ref, (fed,), (fed,), (), outputs, m.site))
    else:
        output = replace(outputs, node=part_address(ref.address, parts.OUTPUT), origin=m.site)
    m.write(ref, replace(model, outputs=output))
    return ref


def _use(
    m: Machine, a: Arguments, network: Network, source: TensorValue, pooling: str | None, classes: Dim
) -> NetworkUse | None:
    """What tells the network's layers; `None` when they are not known.

    The tables are those of Keras 3 with the channels last.
    """
    if m.versions.family == 2 and network.name.startswith(OTHERWISE_IN_KERAS2):
        return None
    if (m.setting(DATA_FORMAT) or NONE) not in (NONE, Const("channels_last")):
        return None
    plain = {
        name: value.value if isinstance(value, Const) else ...
        for name, value in a.values.items()
        if name in ("alpha", "depth_multiplier", "minimalistic", "include_preprocessing", "weights")
    }
    key = variant_key(network.name, plain, source.spec.shape)
    head = pooling or ""
    if key is None or head not in ("", "top", "avg", "max"):
        return None
    if any(variant.key == key and variant.topless and head == "top" for variant in variants(network.name)):
        return None
    activation = a.values.get("classifier_activation", Const("softmax"))
    return NetworkUse(network.name, key, head, classes if head == "top" else None, activation, source)


def _name(a: Arguments, network: Network, shape: Shape, imagenet: bool) -> str | None:
    """The model's name; `None` when it is not known."""
    given = a.get("name")
    if given is not None and given != NONE:
        return given.value if isinstance(given, Const) and isinstance(given.value, str) else None
    if network.name not in SIZES:
        return DEFAULT_NAMES.get(network.name, network.name.lower())
    if a.values.get("input_tensor", NONE) != NONE:
        return None
    alpha, rows = a.values.get("alpha", Const(1.0)), shape.axis(1)
    if imagenet and rows not in SIZES[network.name]:
        rows = network.size
    if not isinstance(alpha, Const) or not isinstance(alpha.value, int | float) or isinstance(rows, SymDim):
        return None
    return f"{network.name.lower()}_{alpha.value:0.2f}_{rows}"


def _first_input(m: Machine, tensor: TensorValue) -> TensorValue:
    """The input that a symbolic tensor was computed from: the model's own input."""
    for _ in range(64):
        node = None if tensor.node is None else m.read(Ref(tensor.node))
        if not isinstance(node, NodeObject) or len(node.inputs) != 1 or not isinstance(node.inputs[0], TensorValue):
            break
        tensor = node.inputs[0]
    return tensor


def outputs_for(m: Machine, obj: FunctionalObject, given: Shape) -> TensorValue | None:
    """What a network gives for another input than it was built with; `None` for what is not one of these."""
    network = BY_CLASS.get(obj.class_name)
    use = obj.network
    if use is not None and use.variant not in ("", "imagenet", "1"):
        return TensorValue(parts.outputs_on(m, use, replace(use.source.spec, shape=given))[-1], "keras")
    built, outputs = obj.inputs, obj.outputs
    if network is None or not isinstance(built, TensorValue) or not isinstance(outputs, TensorValue):
        return None
    shape = outputs.spec.shape
    if given.open or given.rank != 4 or shape.rank != 4:
        sizes = shape if shape.open or shape.rank != 4 else shape.replace(1, ANY).replace(2, ANY)
    else:
        sizes = Shape((shape.dims[0], *_sides(network, built.spec.shape, given), shape.dims[3]))
    if not sizes.open and not given.open:
        sizes = sizes.replace(0, given.dims[0])
    return TensorValue(TensorSpec(sizes, outputs.spec.dtype), "keras")


def _input_sizes(m: Machine, a: Arguments, network: Network, top: bool, imagenet: bool) -> tuple[Dim, ...]:
    """The input shape as ``obtain_input_shape`` finds it, batch left out; raises where that does."""
    given = shape_of(m, a.get("input_shape"))
    if given is None:
        fixed = top or (network.name == "NASNetMobile" and m.versions.family == 3)
        size = network.size if fixed else None
        return size, size, 3
    if given.open:
        return ANY, ANY, ANY
    if len(given) != 3:
        raise _refusal(
            f"{network.name} takes images, so `input_shape` is (height, width, channels), not {given}",
            # MobileNetV3 goes on to its first layers, which refuse.
            None if "MobileNetV3" in network.name else "`input_shape` must be a tuple of three integers.",
            "input_shape",
        )
    shown = f"Received: input_shape={given}"
    height, width, channels = given.dims
    if top and imagenet and network.size is not None:
        wanted = {network.size, *SIZES.get(network.name, ())}
        if any(isinstance(side, int) and side not in wanted for side in (height, width)):
            raise _refusal(
                f"{network.name} with its top and imagenet's weights takes "
                f"({network.size}, {network.size}, 3), not {given}",
                f"`input_shape` should be {Shape((network.size, network.size, channels))}.  {shown}"
                if network.name not in SIZES
                else None,
                "input_shape",
            )
    elif imagenet and isinstance(channels, int) and channels != 3 and network.size is not None:
        raise _refusal(
            f"{network.name} with imagenet's weights takes 3 channels, not {channels}",
            f"The input must have 3 channels; Received `input_shape={given}`",
            "input_shape",
        )
    small = [side for side in (height, width) if isinstance(side, int) and side < network.least]
    if small and (network.size is not None or (isinstance(height, int) and isinstance(width, int))):
        least = f"{network.least}x{network.least}"
        words = f"Input size must be at least {least}; Received: input_shape={given}"
        raise _refusal(
            f"{network.name} takes images of at least {least}, not {given}",
            words if network.size is not None else f"Input size must be at least {least}",
            "input_shape",
        )
    return given.dims


def _refusal(sentence: str, words: str | None, subject: str) -> ShapeFailure:
    return ShapeFailure(Failure("invalid-argument", sentence, keras=words, subject=subject))


def _outputs(
    network: Network, built: Shape, given: Shape, pooling: str | None, classes: Dim, alike: bool
) -> TensorValue:
    channels: Dim = network.channels if alike else ANY
    if pooling == "top":
        return TensorValue(TensorSpec(Shape((None, classes)), "float32"), "keras")
    if given.open or len(given) != 4:
        return TensorValue(TensorSpec(UNKNOWN_SHAPE, "float32"), "keras")
    batch = given.dims[0]
    if pooling is not None:
        sizes = Shape((batch, channels)) if pooling in ("avg", "max") else UNKNOWN_SHAPE
        return TensorValue(TensorSpec(sizes, "float32"), "keras")
    return TensorValue(TensorSpec(Shape((batch, *_sides(network, built, given), channels)), "float32"), "keras")


def _sides(network: Network, built: Shape, given: Shape) -> tuple[Dim, Dim]:
    height, width = (last_map(network, given.dims[axis], built_open=built.axis(axis) is None) for axis in (1, 2))
    return height, width


def _pooling(a: Arguments, top: bool) -> str | None:
    if top:
        return "top"
    given = a.values.get("pooling", NONE)
    if given == NONE:
        return None
    return given.value if isinstance(given, Const) and isinstance(given.value, str) else "unknown"


def _is_plain(a: Arguments, network: Network) -> bool:
    """Whether the widths of the layers are the usual ones."""
    if a.values.get("include_preprocessing", TRUE) != TRUE or a.values.get("minimalistic", FALSE) != FALSE:
        return False
    if network.name not in ALPHA:
        return True
    alpha, multiplier = a.values.get("alpha", Const(1.0)), a.values.get("depth_multiplier", Const(1))
    return alpha in (Const(1.0), Const(1)) and multiplier in (Const(1), Const(1.0))


def _params(network: Network, shape: Shape, top: bool, classes: Dim) -> int | None:
    if shape.open or shape.axis(-1) != 3:
        return None
    if not top:
        return network.bare
    # The top of a VGG starts with Flatten.
    usual = shape.dims[1:3] == (network.size, network.size)
    if not isinstance(classes, int) or (network.name.startswith("VGG") and not usual):
        return None
    return network.base + network.per_class * classes


def _flag(a: Arguments, name: str, default: bool) -> bool | None:
    value = a.values.get(name, Const(default))
    return bool(value.value) if isinstance(value, Const) else None


for _network in NETWORKS:
    _register(_network)


@function(*(f"{APPLICATIONS}.{home}.preprocess_input" for home in MODULES), params="x, data_format=None, mode='caffe'")
def preprocess_input(m: Machine, a: Arguments) -> Value:
    """The same shape; integers become floats."""
    value = a.values["x"]
    source = m.tensor(value)
    if source is None:
        raise NotKnown("what is preprocessed is not known")
    dtype = source.spec.dtype
    kept = dtype if dtype is not None and dtype.startswith("float") else None
    return TensorValue(TensorSpec(source.spec.shape, kept), source.kind, origin=m.site)


@function(*(f"{APPLICATIONS}.{home}.decode_predictions" for home in MODULES), params="preds, top=5")
def decode_predictions(m: Machine, a: Arguments) -> Value:
    """Names and scores for each sample."""
    row = TupleValue((Opaque("str"), Opaque("str"), Opaque("float")))
    inner = m.alloc(ListObject((), open=True, rest=row))
    return m.alloc(ListObject((), open=True, rest=inner))
