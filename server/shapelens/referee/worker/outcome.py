"""What came out of a call, as the wire form of an answer."""

from __future__ import annotations

import re
from typing import Any

from ..protocol import ProtocolError, Wire, encode_scalar
from .libraries import Libraries
from .refused import Refused

# Longer sentences print whole arrays; the start says what is wrong.
MAX_SENTENCE = 2000


def describe(libraries: Libraries, value: Any) -> dict[str, Wire]:
    """The fields of an answer; raises `Refused` for what an answer cannot say."""
    keras = libraries.keras
    if keras is not None and isinstance(value, keras.Model):
        outputs = [_tensor(libraries, tensor) for tensor in getattr(value, "outputs", None) or ()]
        if not outputs:
            return {"value": [["n", "keras.Sequential" if isinstance(value, keras.Sequential) else "keras.Model"]]}
        return {
            "outputs": outputs[0] if len(outputs) == 1 else ["t", outputs],
            "params": encode_scalar(int(value.count_params())),
        }
    specs = _specs(libraries, value)
    if specs is not None:
        return {"outputs": specs}
    return {"value": [_plain(libraries, value)]}


def is_tensor(libraries: Libraries, value: Any) -> bool:
    """Whether it is an array or a tensor of any of the libraries."""
    try:
        return _tensor(libraries, value) is not None
    except Refused:
        return True


def _specs(libraries: Libraries, value: Any) -> Wire:
    """A structure of tensors; `None` when anything else is in it."""
    if isinstance(value, (list, tuple)):
        items = [_specs(libraries, item) for item in value]
        return ["t", items] if items and None not in items else None
    if isinstance(value, dict):
        entries = [[key, _specs(libraries, item)] for key, item in value.items()]
        whole = entries and all(isinstance(key, str) and specs is not None for key, specs in entries)
        return ["m", entries] if whole else None
    return _tensor(libraries, value)


def _tensor(libraries: Libraries, value: Any) -> Wire:
    """``["T", sizes, dtype]``; `None` when it is no tensor."""
    numpy, tensorflow, keras = libraries.numpy, libraries.tensorflow, libraries.keras
    if isinstance(value, (numpy.ndarray, numpy.generic)):
        return ["T", [encode_scalar(int(size)) for size in value.shape], value.dtype.name]
    symbolic = getattr(keras, "KerasTensor", None)
    if symbolic is not None and isinstance(value, symbolic):
        if getattr(value, "sparse", False) or getattr(value, "ragged", False):
            raise Refused("it gives a sparse or ragged tensor")
        return ["T", _sizes(value.shape), str(value.dtype)]
    if tensorflow is None:
        if type(value).__name__ != "Variable" and not keras.ops.is_tensor(value):
            return None
        return ["T", _sizes(value.shape), str(keras.backend.standardize_dtype(value.dtype))]
    composite = (tensorflow.RaggedTensor, tensorflow.SparseTensor, tensorflow.IndexedSlices, tensorflow.TensorArray)
    if isinstance(value, composite):
        raise Refused("it gives a sparse or ragged tensor")
    if isinstance(value, (tensorflow.Tensor, tensorflow.Variable)) or _is_keras_2_tensor(value):
        spec = getattr(value, "type_spec", None)
        if spec is not None and not isinstance(spec, tensorflow.TensorSpec):
            raise Refused("it gives a sparse or ragged tensor")
        sizes = None if value.shape.rank is None else _sizes(value.shape.as_list())
        return ["T", sizes, value.dtype.base_dtype.name]
    if isinstance(value, tensorflow.Variable) or type(value).__name__ == "Variable":
        return ["T", _sizes(value.shape), str(value.dtype)]
    return None


def _is_keras_2_tensor(value: Any) -> bool:
    return any(base.__name__ == "KerasTensor" for base in type(value).__mro__) and hasattr(value, "type_spec")


def _sizes(shape: Any) -> list[Wire]:
    return [None if size is None else encode_scalar(int(size)) for size in shape]


def _plain(libraries: Libraries, value: Any) -> Wire:
    """A wire term of plain values, tensors between them, or the name of the class of an object."""
    tensorflow, numpy = libraries.tensorflow, libraries.numpy
    if tensorflow is not None and isinstance(value, tensorflow.TensorShape):
        if value.rank is None:
            raise Refused("it gives a shape of unknown rank")
        return ["t", _sizes(value.as_list())]
    if isinstance(value, (list, tuple)):
        return ["t" if isinstance(value, tuple) else "l", [_plain(libraries, item) for item in value]]
    if isinstance(value, dict):
        return ["m", [[_plain(libraries, key), _plain(libraries, item)] for key, item in value.items()]]
    if tensorflow is not None and isinstance(value, tensorflow.DType):
        return ["n", f"tensorflow.{value.name}"]
    if isinstance(value, numpy.dtype):
        return ["n", f"numpy.{value.name}"]
    tensor = _tensor(libraries, value)
    if tensor is not None:
        if tensor[1] is None:
            raise Refused("it gives a tensor of unknown rank beside other things")
        return [*tensor, "tensor"]
    try:
        return encode_scalar(value)
    except ProtocolError:
        pass
    exported = getattr(type(value), "_api_export_path", None) or getattr(type(value), "_keras_api_names", None)
    if exported:
        names = [exported] if isinstance(exported, str) else list(exported)
        return ["n", next((name for name in names if name.startswith("keras.")), names[0])]
    raise Refused(f"it gives an object ({type(value).__name__}) that is no tensor")


def sentence(error: BaseException) -> str:
    """The library's own words, without the frame that Keras puts around them and the names of nodes."""
    text = str(getattr(error, "message", None) or error)
    if isinstance(error, KeyError) and error.args and isinstance(error.args[0], str):
        text = error.args[0]
    bold = re.findall("\x1b\\[1m(.*?)\x1b\\[0m", text, re.DOTALL)
    if bold:
        text = bold[-1]
    framed = re.search(
        r"Exception encountered when calling layer .*?\n\n(.*?)\n\nCall arguments received by", text, re.DOTALL
    )
    if framed:
        text = framed[1]
    user_code = re.findall(r"^    +\w*(?:Error|Exception): (.*)", text, re.DOTALL | re.MULTILINE)
    if text.startswith("in user code:") and user_code:
        text = re.sub(r"\n {4}", "\n", user_code[-1])
    text = re.sub(r"\{\{function_node [^}]*\}\} ?", "", text)
    text = re.sub(r"\s*; NodeDef: \{\{node.*", "", text, flags=re.DOTALL)
    text = re.sub(r" for '\{\{node .*?\}\} = [^']*'", "", text)
    text = re.sub(r"\s*\[Op:\w+\]( name: ?\S*)?\s*$", "", text)
    return text.strip()[:MAX_SENTENCE]
