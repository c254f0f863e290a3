"""The networks of ``keras.applications``: generated from Keras 3.15.1 (see tests/conformance/data)."""

from __future__ import annotations

from dataclasses import dataclass

_COMMON = "weights='imagenet', input_tensor=None, input_shape=None, pooling=None, classes=1000, "
_HEAD = "classifier_activation='softmax'"
_PLAIN = f"include_top=True, {_COMMON}{_HEAD}, name=None"
_PREPROCESSED = f"include_top=True, {_COMMON}{_HEAD}, include_preprocessing=True, name=None"
_CONVNEXT = f"include_top=True, include_preprocessing=True, {_COMMON}{_HEAD}, name=None"
_MOBILE = (
    "input_shape=None, alpha=1.0, depth_multiplier=1, dropout=0.001, include_top=True, weights='imagenet', "
    f"input_tensor=None, pooling=None, classes=1000, {_HEAD}, name=None"
)
_MOBILE_2 = (
    "input_shape=None, alpha=1.0, include_top=True, weights='imagenet', input_tensor=None, pooling=None, "
    f"classes=1000, {_HEAD}, name=None"
)
_MOBILE_3 = (
    "input_shape=None, alpha=1.0, minimalistic=False, include_top=True, weights='imagenet', input_tensor=None, "
    f"classes=1000, pooling=None, dropout_rate=0.2, {_HEAD}, include_preprocessing=True, name=None"
)
_NASNET = (
    "input_shape=None, include_top=True, weights='imagenet', input_tensor=None, pooling=None, classes=1000, "
    f"{_HEAD}, name=None"
)


@dataclass(frozen=True, slots=True)
class Network:
    """One network.

    ``size``: of the input with the top (`None`: any); ``least``: the smallest input that Keras accepts.
    ``chain``: what happens to height and width, a letter a step (see `pretrained.STEPS`).
    ``channels``: of the last map. ``bare``: the weights without the top (`None`: they depend on the
    input); with it there are ``base`` and ``per_class`` for each class. ``params``: the signature.
    """

    name: str
    size: int | None
    least: int
    chain: str
    channels: int
    bare: int | None
    base: int
    per_class: int
    params: str = _PLAIN


NETWORKS = (
    Network("ConvNeXtBase", 224, 32, "fffff", 1024, 87566464, 87566464, 1025, _CONVNEXT),
    Network("ConvNeXtLarge", 224, 32, "fffff", 1536, 196230336, 196230336, 1537, _CONVNEXT),
    Network("ConvNeXtSmall", 224, 32, "fffff", 768, 49454688, 49454688, 769, _CONVNEXT),
    Network("ConvNeXtTiny", 224, 32, "fffff", 768, 27820128, 27820128, 769, _CONVNEXT),
    Network("ConvNeXtXLarge", 224, 32, "fffff", 2048, 348147968, 348147968, 2049, _CONVNEXT),
    Network("DenseNet121", 224, 32, "ccfff", 1024, 7037504, 7037504, 1025),
    Network("DenseNet169", 224, 32, "ccfff", 1664, 12642880, 12642880, 1665),
    Network("DenseNet201", 224, 32, "ccfff", 1920, 18321984, 18321984, 1921),
    Network("EfficientNetB0", 224, 32, "ppppp", 1280, 4049571, 4049571, 1281),
    Network("EfficientNetB1", 240, 32, "ppppp", 1280, 6575239, 6575239, 1281),
    Network("EfficientNetB2", 260, 32, "ppppp", 1408, 7768569, 7768569, 1409),
    Network("EfficientNetB3", 300, 32, "ppppp", 1536, 10783535, 10783535, 1537),
    Network("EfficientNetB4", 380, 32, "ppppp", 1792, 17673823, 17673823, 1793),
    Network("EfficientNetB5", 456, 32, "ppppp", 2048, 28513527, 28513527, 2049),
    Network("EfficientNetB6", 528, 32, "ppppp", 2304, 40960143, 40960143, 2305),
    Network("EfficientNetB7", 600, 32, "ppppp", 2560, 64097687, 64097687, 2561),
    Network("EfficientNetV2B0", 224, 32, "ccccc", 1280, 5919312, 5919312, 1281, _PREPROCESSED),
    Network("EfficientNetV2B1", 240, 32, "ccccc", 1280, 6931124, 6931124, 1281, _PREPROCESSED),
    Network("EfficientNetV2B2", 260, 32, "ccccc", 1408, 8769374, 8769374, 1409, _PREPROCESSED),
    Network("EfficientNetV2B3", 300, 32, "ccccc", 1536, 12930622, 12930622, 1537, _PREPROCESSED),
    Network("EfficientNetV2L", 480, 32, "ccccc", 1280, 117746848, 117746848, 1281, _PREPROCESSED),
    Network("EfficientNetV2M", 480, 32, "ccccc", 1280, 53150388, 53150388, 1281, _PREPROCESSED),
    Network("EfficientNetV2S", 384, 32, "ccccc", 1280, 20331360, 20331360, 1281, _PREPROCESSED),
    Network("InceptionResNetV2", 299, 75, "vmvmvvv", 1536, 54336736, 54336736, 1537),
    Network("InceptionV3", 299, 75, "vmvmvvv", 2048, 21802784, 21802784, 2049),
    Network("MobileNet", 224, 32, "cffff", 1024, 3228864, 3228864, 1025, _MOBILE),
    Network("MobileNetV2", 224, 32, "cpppp", 1280, 2257984, 2257984, 1281, _MOBILE_2),
    Network("MobileNetV3Large", None, 32, "cpppp", 960, 2996352, 4226432, 1281, _MOBILE_3),
    Network("MobileNetV3Small", None, 32, "cpppp", 576, 939120, 1529968, 1025, _MOBILE_3),
    Network("NASNetLarge", 331, 32, "vpppp", 4032, None, 84916818, 4033, _NASNET),
    Network("NASNetMobile", 224, 32, "vpppp", 1056, 4269716, 4269716, 1057, _NASNET),
    Network("ResNet101", 224, 32, "ccccc", 2048, 42658176, 42658176, 2049),
    Network("ResNet101V2", 224, 32, "ccccc", 2048, 42626560, 42626560, 2049),
    Network("ResNet152", 224, 32, "ccccc", 2048, 58370944, 58370944, 2049),
    Network("ResNet152V2", 224, 32, "ccccc", 2048, 58331648, 58331648, 2049),
    Network("ResNet50", 224, 32, "ccccc", 2048, 23587712, 23587712, 2049),
    Network("ResNet50V2", 224, 32, "ccccc", 2048, 23564800, 23564800, 2049),
    Network("VGG16", 224, 32, "fffff", 512, 14714688, 134260544, 4097),
    Network("VGG19", 224, 32, "fffff", 512, 20024384, 139570240, 4097),
    Network("Xception", 299, 71, "vmcccc", 2048, 20861480, 20861480, 2049),
)
