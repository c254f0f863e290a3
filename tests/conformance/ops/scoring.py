"""Cases of losses and metrics that a program calls: ``keras.losses.huber(y, p)``, ``keras.metrics.AUC()(y, p)``."""

from __future__ import annotations

from tests.conformance.ops.draw import Draw, Maker, Sizes

LOSSES = (
    "binary_crossentropy", "binary_focal_crossentropy", "categorical_crossentropy", "categorical_focal_crossentropy",
    "categorical_hinge", "cosine_similarity", "dice", "hinge", "huber", "kl_divergence", "log_cosh",
    "mean_absolute_error", "mean_absolute_percentage_error", "mean_squared_error", "mean_squared_logarithmic_error",
    "poisson", "squared_hinge", "tversky",
)  # fmt: skip
LOSS_CLASSES = (
    "BinaryCrossentropy", "BinaryFocalCrossentropy", "CategoricalCrossentropy", "CategoricalFocalCrossentropy",
    "CategoricalGeneralizedCrossEntropy", "CategoricalHinge", "CosineSimilarity", "Dice", "Hinge", "Huber",
    "KLDivergence", "LogCosh", "MeanAbsoluteError", "MeanAbsolutePercentageError", "MeanSquaredError",
    "MeanSquaredLogarithmicError", "Poisson", "SparseCategoricalCrossentropy", "SquaredHinge", "Tversky",
)  # fmt: skip
METRIC_FUNCTIONS = (
    "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy", "top_k_categorical_accuracy",
    "sparse_top_k_categorical_accuracy", "concordance_correlation", "pearson_correlation",
)  # fmt: skip
METRICS = (
    "AUC", "Accuracy", "BinaryAccuracy", "BinaryCrossentropy", "CategoricalAccuracy", "CategoricalCrossentropy",
    "CategoricalHinge", "CosineSimilarity", "FalseNegatives", "FalsePositives", "Hinge", "KLDivergence",
    "LogCoshError", "Mean", "MeanAbsoluteError", "MeanAbsolutePercentageError", "MeanSquaredError",
    "MeanSquaredLogarithmicError", "Poisson", "Precision", "Recall", "RootMeanSquaredError",
    "SparseCategoricalAccuracy", "SparseCategoricalCrossentropy", "SparseTopKCategoricalAccuracy", "SquaredHinge",
    "Sum", "TopKCategoricalAccuracy", "TrueNegatives", "TruePositives", "ConcordanceCorrelation",
    "PearsonCorrelation", "F1Score", "FBetaScore", "R2Score", "BinaryIoU", "MeanIoU", "IoU", "OneHotIoU",
    "OneHotMeanIoU", "PrecisionAtRecall", "RecallAtPrecision", "SensitivityAtSpecificity", "SpecificityAtSensitivity",
)  # fmt: skip
_ARGUMENTS = {
    "MeanIoU": "num_classes=2", "IoU": "num_classes=2, target_class_ids=[0]",
    "OneHotIoU": "num_classes=3, target_class_ids=[0]", "OneHotMeanIoU": "num_classes=3", "PrecisionAtRecall": "0.5",
    "RecallAtPrecision": "0.5", "SensitivityAtSpecificity": "0.5", "SpecificityAtSensitivity": "0.5",
}  # fmt: skip


def _pair(draw: Draw, *, sparse: bool = False) -> tuple[Sizes, Sizes]:
    """Shapes of targets and predictions, which mostly fit."""
    if draw.kind == "k" and draw.chance(0.6):
        draw.kind = "t"
    output = (draw.batch(), *draw.sizes(0, 1), draw.number(1, 4)) if draw.chance(0.85) else draw.sizes(0, 3)
    target: Sizes = output[:-1] if sparse else output
    if draw.chance(0.2):
        target = (*target, 1)
    elif draw.chance(0.12):
        target = target[:-1]
    elif draw.chance(0.12):
        target = (*target[:-1], draw.number(1, 4))
    return target, output


def _targets(draw: Draw, sizes: Sizes, *, sparse: bool = False) -> str:
    return draw.tensor(sizes, "int64" if sparse else str(draw.one("float32", "float32", "int32")))


def _loss(name: str) -> Maker:
    sparse = name.startswith("sparse")

    def made(draw: Draw) -> str:
        target, output = _pair(draw, sparse=sparse)
        return f"keras.losses.{name}({_targets(draw, target, sparse=sparse)}, {draw.tensor(output, 'float32')})"

    return made


def _loss_object(name: str) -> Maker:
    sparse = name.startswith("Sparse")

    def made(draw: Draw) -> str:
        target, output = _pair(draw, sparse=sparse)
        options = draw.options(reduction=("sum", "none", None)).removeprefix(", ")
        given = f"{_targets(draw, target, sparse=sparse)}, {draw.tensor(output, 'float32')}"
        # What this one makes of symbolic targets is not followed.
        loose = "~" if name == "CategoricalGeneralizedCrossEntropy" and draw.kind == "k" else ""
        return f"{loose}keras.losses.{name}({options})({given})"

    return made


def _circle(name: str) -> Maker:
    made_ = f"keras.losses.{name}" + ("" if name.islower() else "(reduction='none')")

    def made(draw: Draw) -> str:
        draw.kind = "t"
        samples, features = draw.number(2, 4), draw.number(1, 4)
        target = draw.one((samples,), (samples,), (samples, 1), (samples + 2,))
        return f"{made_}({draw.tensor(target, 'int32')}, {draw.tensor((samples, features), 'float32')})"  # type: ignore[arg-type]

    return made


def _ctc(name: str) -> Maker:
    def made(draw: Draw) -> str:
        draw.kind = "t"
        samples = draw.number(2, 3)
        target = draw.one((samples, 3), (samples, 3), (samples,), (samples, 3, 1), (samples + 2, 3))
        output = draw.one((samples, 8, 5), (samples, 8, 5), (samples, 5))
        parts = f"{draw.tensor(target, 'int32')}, {draw.tensor(output, 'float32')}"  # type: ignore[arg-type]
        return f"keras.losses.{name}{'' if name.islower() else '()'}({parts})"

    return made


def _metric_function(name: str) -> Maker:
    sparse = name.startswith("sparse")

    def made(draw: Draw) -> str:
        target, output = _pair(draw, sparse=sparse)
        given = f"{_targets(draw, target, sparse=sparse)}, {draw.tensor(output, 'float32')}"
        # Shapes that do not fit are refused, or broadcast in ways that the rule does not follow.
        fits = target == (output[:-1] if sparse else output) and draw.kind != "k"
        return f"{'' if fits and output[1:] else '~'}keras.metrics.{name}({given})"

    return made


def _metric(name: str) -> Maker:
    sparse = name.startswith("Sparse")

    def made(draw: Draw) -> str:
        draw.kind = "t"
        made_ = f"keras.metrics.{name}({_ARGUMENTS.get(name, '')})"
        if name in ("Mean", "Sum"):
            return f"{made_}({draw.tensor(draw.sizes(), 'float32')})"
        target, output = _pair(draw, sparse=sparse)
        labels = "int64" if name in ("MeanIoU", "IoU") else "float32"
        predicted = draw.tensor(output, labels)
        # Labels out of range are in the contents.
        mark = "~" if name in ("OneHotIoU", "OneHotMeanIoU") else ""
        return f"{mark}{made_}({draw.tensor(target, 'int64' if sparse else labels)}, {predicted})"

    return made


MAKERS: dict[str, Maker] = {
    **{f"keras.losses.{name}": _loss(name) for name in (*LOSSES, "sparse_categorical_crossentropy")},
    **{f"keras.losses.{name}": _loss_object(name) for name in LOSS_CLASSES},
    **{f"keras.losses.{name}": _circle(name) for name in ("circle", "Circle")},
    **{f"keras.losses.{name}": _ctc(name) for name in ("ctc", "CTC")},
    **{f"keras.metrics.{name}": _metric_function(name) for name in METRIC_FUNCTIONS},
    **{f"keras.metrics.{name}": _metric(name) for name in METRICS},
}
