"""The legacy ``Tokenizer`` and its kin: texts to numbers (Keras 3.15.1)."""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import as_dim, as_spec, is_none, items_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, attribute, function
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import Shape
from shapelens.values.objects import DictObject, LibInstance, ListObject
from shapelens.values.value import NONE, Opaque, Ref, Unknown, Value

TEXT = "keras.preprocessing.text"
TOKENIZER = f"{TEXT}.Tokenizer"
# A list of this many texts is followed item by item.
MAX_TEXTS = 64


@function(
    TOKENIZER,
    params="num_words=None, filters=None, lower=True, split=' ', char_level=False, oov_token=None, analyzer=None, "
    "**kwargs",
)
def make_tokenizer(m: Machine, a: Arguments) -> Value:
    """A tokenizer."""
    return m.alloc(LibInstance(TOKENIZER, tuple(a.values.items()), m.site))


@function(f"{TEXT}.tokenizer_from_json", params="json_string")
def read_tokenizer(m: Machine, a: Arguments) -> Value:
    """A tokenizer with a vocabulary that is not known."""
    return m.alloc(LibInstance(TOKENIZER, (("num_words", Unknown("the vocabulary was read from a file")),), m.site))


@function(f"{TOKENIZER}.fit_on_texts", f"{TOKENIZER}.fit_on_sequences", params="self, texts")
def fit(m: Machine, a: Arguments) -> Value:
    """Learns the vocabulary."""
    return NONE


@function(f"{TOKENIZER}.texts_to_sequences", params="self, texts")
def texts_to_sequences(m: Machine, a: Arguments) -> Value:
    """A list of numbers for each text."""
    return _lists(m, a.values["texts"], Opaque("int"))


@function(f"{TOKENIZER}.sequences_to_texts", params="self, sequences")
def sequences_to_texts(m: Machine, a: Arguments) -> Value:
    """A text for each list of numbers."""
    return m.alloc(ListObject((), open=True, rest=Opaque("str")))


@function(f"{TOKENIZER}.texts_to_matrix", params="self, texts, mode='binary'")
@function(f"{TOKENIZER}.sequences_to_matrix", params="self, texts, mode='binary'")
def matrix(m: Machine, a: Arguments) -> Value:
    """``(texts, num_words)``; without ``num_words`` the vocabulary decides."""
    ref = a.values["self"]
    obj = m.read(ref) if isinstance(ref, Ref) else None
    words = dict(obj.attributes).get("num_words") if isinstance(obj, LibInstance) else None
    width = ANY if is_none(words) or words is None else as_dim(words)
    return tensor(m, Shape((_count(m, a.values["texts"]), width)), "float64")


@attribute(f"{TOKENIZER}.word_index", f"{TOKENIZER}.index_word", f"{TOKENIZER}.word_counts")
def vocabulary(m: Machine, value: Value) -> Value:
    """A dict of the words."""
    return m.alloc(DictObject((), open=True))


@attribute(f"{TOKENIZER}.document_count")
def document_count(m: Machine, value: Value) -> Value:
    """A number."""
    return Opaque("int")


@function(f"{TOKENIZER}.to_json", params="self, **kwargs")
def to_json(m: Machine, a: Arguments) -> Value:
    """A text."""
    return Opaque("str")


@function(f"{TEXT}.one_hot", f"{TEXT}.hashing_trick", params="input_text, n, **kwargs")
def one_hot(m: Machine, a: Arguments) -> Value:
    """A number for each word of one text."""
    return m.alloc(ListObject((), open=True, rest=Opaque("int")))


@function(f"{TEXT}.text_to_word_sequence", params="input_text, *args, **kwargs")
def words(m: Machine, a: Arguments) -> Value:
    """The words of one text."""
    return m.alloc(ListObject((), open=True, rest=Opaque("str")))


def _lists(m: Machine, texts: Value, rest: Value) -> Value:
    count = _count(m, texts)
    if isinstance(count, int) and count <= MAX_TEXTS:
        return m.alloc(ListObject(tuple(m.alloc(ListObject((), open=True, rest=rest)) for _ in range(count))))
    return m.alloc(ListObject((), open=True, rest=m.alloc(ListObject((), open=True, rest=rest))))


def _count(m: Machine, texts: Value) -> Dim:
    items = items_of(m, texts)
    if items is not None:
        return len(items)
    array = as_spec(texts, m)
    return ANY if array is None else array.spec.shape.axis(0)
