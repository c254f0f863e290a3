"""Which table describes a network of ``keras.applications`` that is made with certain arguments (Keras 3.15.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shapelens.library.keras.models.networks import NETWORKS
from shapelens.shapes.dims import Dim
from shapelens.shapes.shape import Shape

# The start of a network's name -> its family, whose tables share a file; longer starts first.
_STARTS = {
    "ConvNeXt": "convnext",
    "DenseNet": "densenet",
    "EfficientNetV2": "efficientnet_v2",
    "EfficientNet": "efficientnet",
    "Inception": "inception",
    "MobileNet": "mobilenet",
    "NASNet": "nasnet",
    "ResNet": "resnet",
    "VGG": "vgg",
    "Xception": "xception",
}
FAMILIES = {n.name: next(f for start, f in _STARTS.items() if n.name.startswith(start)) for n in NETWORKS}
# The widths that Keras has weights for.
_ALPHAS = {
    "MobileNet": (0.25, 0.5, 0.75, 1.0),
    "MobileNetV2": (0.35, 0.5, 0.75, 1.0, 1.3, 1.4),
    "MobileNetV3Large": (0.75, 1.0),
    "MobileNetV3Small": (0.75, 1.0),
}


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to make a network: the arguments (without those of its head) that lead to its table.

    ``topless``: it cannot have the usual top.
    """

    key: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    topless: bool = False


def variants(network: str) -> tuple[Variant, ...]:
    """Every variant of a network for which there is a table."""
    if network in _ALPHAS:
        found = []
        for alpha in _ALPHAS[network]:
            given: dict[str, object] = {"weights": None, "alpha": alpha}
            found.append(Variant(f"{alpha:g}", given))
            if network.startswith("MobileNetV3"):
                found.append(Variant(f"{alpha:g} raw", {**given, "include_preprocessing": False}))
                if alpha == 1.0:
                    found.append(Variant("1 minimalistic", {**given, "minimalistic": True}))
                    raw = {**given, "minimalistic": True, "include_preprocessing": False}
                    found.append(Variant("1 minimalistic raw", raw))
        return tuple(found)
    if network.startswith("NASNet"):
        size = 224 if network == "NASNetMobile" else 331
        closed = Variant("", {"weights": None, "input_shape": (size, size, 3)})
        return (closed, Variant("open", {"weights": None, "input_shape": (None, None, 3)}, topless=True))
    if network.startswith(("EfficientNetV2", "ConvNeXt")):
        found = [Variant("", {"weights": None}), Variant("raw", {"weights": None, "include_preprocessing": False})]
        if network.startswith("EfficientNetV2B"):
            found.append(Variant("other channels", {"weights": None, "input_shape": (224, 224, 4)}))
        return tuple(found)
    if network.startswith("EfficientNet"):
        return Variant("", {"weights": None}), Variant("imagenet", {"weights": "imagenet"})
    return (Variant("", {"weights": None}),)


def variant_key(network: str, arguments: Mapping[str, object], shape: Shape) -> str | None:
    """The key of the table for a network made with ``arguments`` on images of ``shape``; `None`: there is none.

    ``arguments`` are plain values; one that is not known is `Ellipsis`, and one that was not given absent.
    """
    if shape.open or shape.rank != 4:
        return None
    raw = arguments.get("include_preprocessing", True)
    if not isinstance(raw, bool):
        return None
    raw = not raw
    if network in _ALPHAS:
        return _mobile_key(network, arguments, raw)
    width, channels = shape.dims[2], shape.dims[3]
    if network.startswith("NASNet"):
        return _nasnet_key(width)
    if network.startswith("ConvNeXt"):
        return _known(channels) and ("raw" if raw or channels != 3 else "")
    if network.startswith("EfficientNetV2B"):
        return _known(channels) and ("raw" if raw else "" if channels == 3 else "other channels")
    if network.startswith("EfficientNetV2"):
        return "raw" if raw else ""
    if network.startswith("EfficientNet"):
        weights = arguments.get("weights", "imagenet")
        return None if weights is ... else "imagenet" if weights == "imagenet" else ""
    return ""


def _known(size: Dim) -> str | None:
    return "known" if isinstance(size, int) else None


def _nasnet_key(width: Dim) -> str | None:
    """Its cells adapt maps whose widths are known to differ: down to 32 they do, smaller ones meet at 1."""
    if width is None:
        return "open"
    return "" if isinstance(width, int) and width >= 32 else None


def _mobile_key(network: str, arguments: Mapping[str, object], raw: bool) -> str | None:
    alpha, minimalistic = arguments.get("alpha", 1.0), arguments.get("minimalistic", False)
    if alpha not in _ALPHAS[network] or arguments.get("depth_multiplier", 1) != 1:
        return None
    if not isinstance(minimalistic, bool) or (minimalistic and alpha != 1.0):
        return None
    return f"{alpha:g}{' minimalistic' if minimalistic else ''}{' raw' if raw else ''}"
