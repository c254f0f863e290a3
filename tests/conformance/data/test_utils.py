"""``keras.utils`` and ``keras.preprocessing`` against Keras."""

from __future__ import annotations

import numpy
import pytest

from tests.support.programs import disagreements

PRELUDE = """
import numpy as np
import tensorflow as tf
import keras
from keras import utils
from keras.utils import to_categorical, normalize, pad_sequences
L = np.array([0, 1, 2, 1])
"""
PROGRAMS = {
    "to_categorical": "a = to_categorical(L)\nb = to_categorical(L, 5)\n"
    "c = to_categorical([[0], [1]], num_classes=3)\n"
    "d = to_categorical(np.eye(3), 10)\ne = to_categorical(tf.constant([0, 1]), 3)\nf = to_categorical(2, 3)\n"
    "g = to_categorical(tf.constant([[0], [1]]), 4)\nh = to_categorical(np.zeros((7, 1)), num_classes=10)\n"
    "vague_i = to_categorical(np.random.randint(0, 10, size=(50,)))\n"
    "j = to_categorical(np.zeros((4, 6), int), 3)\n",
    "to_categorical refuses": "error = to_categorical([0, 5], 3)\n",
    "normalize": "a = normalize(np.array([[1, 2]]))\nb = normalize(np.ones((2, 3), 'float32'), axis=1)\n"
    "c = normalize(np.ones((2, 3), 'uint8'))\nd = normalize(tf.ones((2, 3)))\n"
    "e = normalize(np.ones((5, 2, 3)), axis=1)\n"
    "f = normalize(np.ones((4,)), axis=0)\n",
    "pad_sequences": "a = pad_sequences([[1, 2], [3]])\n"
    "b = pad_sequences([[1, 2], [3]], maxlen=7, padding='post')\n"
    "c = pad_sequences(np.ones((3, 4)), maxlen=7, dtype='float32')\n"
    "d = pad_sequences(np.ones((3, 4, 2)), maxlen=3)\n"
    "e = pad_sequences(np.ones((3, 4)))\n",
    "images": "vague_i = utils.load_img(png)\nvague_a = utils.img_to_array(vague_i)\n"
    "j = utils.load_img(png, target_size=(8, 9))\n"
    "b = utils.img_to_array(j)\nc = np.array(j)\n"
    "k = utils.load_img(png, target_size=(8, 9), color_mode='grayscale')\n"
    "d = utils.img_to_array(k)\ne = np.array(k)\nf = np.expand_dims(b, axis=0)\n"
    "g = utils.img_to_array(np.zeros((4, 5)))\nh = utils.img_to_array(utils.array_to_img(np.zeros((4, 5, 3))))\n"
    "n = j.size\nm = utils.img_to_array(j, dtype='uint8')\n",
    "image_dataset": "a = utils.image_dataset_from_directory(folder)\n"
    "b = utils.image_dataset_from_directory(folder, label_mode='binary', batch_size=4, image_size=(20, 30))\n"
    "c = utils.image_dataset_from_directory(folder, label_mode='categorical', class_names=['a', 'b'])\n"
    "d = utils.image_dataset_from_directory(folder, labels=None, color_mode='grayscale')\n"
    "e = utils.image_dataset_from_directory(folder, batch_size=None)\n"
    "f, g = utils.image_dataset_from_directory(folder, validation_split=0.2, subset='both', seed=1)\n",
    "text_dataset": "a = utils.text_dataset_from_directory(texts)\n"
    "b = utils.text_dataset_from_directory(texts, label_mode='categorical', class_names=['a', 'b'], batch_size=2)\n"
    "c = utils.text_dataset_from_directory(texts, batch_size=None)\n",
    "texts to numbers": "a = utils.text_dataset_from_directory(texts, batch_size=None).map(lambda x, y: x)\n"
    "v = keras.layers.TextVectorization(output_sequence_length=7)\nv.adapt(['some words'])\nb = a.map(v)\n"
    "c = b.batch(4)\nd = utils.text_dataset_from_directory(texts, labels=None).map(v)\n"
    "for x in a.take(1):\n    vague_n = x.numpy()[:4]\n",
    "timeseries": "x = np.zeros((50, 2))\na = utils.timeseries_dataset_from_array(x, None, 10)\n"
    "b = utils.timeseries_dataset_from_array(x, x[:, 0], sequence_length=10, batch_size=None)\n"
    "c = utils.timeseries_dataset_from_array(x, x, 10, sampling_rate=2, sequence_stride=3)\n",
    "split_dataset": "a, b = utils.split_dataset(np.zeros((10, 3)), left_size=0.8)\n"
    "c, d = utils.split_dataset((np.zeros((10, 3)), np.zeros(10)), left_size=0.8)\n",
    "sundries": "keras.utils.set_random_seed(1)\nx = keras.utils.set_random_seed(2)\n",
}
GENERATORS = {
    "flow": "a = g.flow(np.zeros((50, 8, 9, 3)), np.zeros((50, 2)), batch_size=7)\n"
    "b = g.flow(np.zeros((50, 8, 9, 3)))\n",
    "flow_from_directory": "vague_a = g.flow_from_directory(folder)\n"
    "b = g.flow_from_directory(folder, (8, 9), class_mode='binary', batch_size=3)\n"
    "c = g.flow_from_directory(folder, class_mode='sparse', color_mode='grayscale')\n"
    "d = g.flow_from_directory(folder, class_mode=None)\ne = g.flow_from_directory(folder, class_mode='input')\n"
    "f = g.flow_from_directory(folder, classes=['a', 'b'])\nvague_n = vague_a.class_indices\n"
    "vague_m = vague_a.samples\n",
    "flow fails": "error = g.flow(np.zeros((50, 8, 9)), np.zeros((50,)))\n",
    "flow counts": "error = g.flow(np.zeros((50, 8, 9, 3)), np.zeros((49,)))\n",
    "tokenizer": "t = Tokenizer(num_words=12)\nt.fit_on_texts(['a b c', 'd e'])\n"
    "s = t.texts_to_sequences(['a b', 'c'])\n"
    "a = t.texts_to_matrix(['a b', 'c', 'd'])\nb = keras.utils.pad_sequences(s, maxlen=5)\n"
    "c = t.sequences_to_matrix([[1], [2]])\n"
    "vague_n = len(t.word_index) + 1\nu = Tokenizer()\nu.fit_on_texts(['a'])\nvague_d = u.texts_to_matrix(['a'])\n",
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    from PIL import Image

    folder = tmp_path_factory.mktemp("files")
    for name in "ab":
        (folder / "images" / name).mkdir(parents=True)
        (folder / "texts" / name).mkdir(parents=True)
        for number in range(20):
            image = Image.fromarray(numpy.zeros((20, 30, 3), "uint8"))
            image.save(folder / "images" / name / f"{number}.png")
            (folder / "texts" / name / f"{number}.txt").write_text("some words")
    return {"folder": str(folder / "images"), "texts": str(folder / "texts"), "png": str(folder / "images/a/0.png")}


@pytest.mark.keras
@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_utils(name: str, folders: dict[str, str]) -> None:
    prelude = PRELUDE + "".join(f"{key} = {path!r}\n" for key, path in folders.items())
    assert disagreements(PROGRAMS[name], prelude=prelude) == []


@pytest.mark.keras
@pytest.mark.parametrize("name", sorted(GENERATORS))
def test_preprocessing(name: str, folders: dict[str, str]) -> None:
    prelude = (
        PRELUDE + "from tensorflow.keras.preprocessing.image import ImageDataGenerator\n"
        "from tensorflow.keras.preprocessing.text import Tokenizer\ng = ImageDataGenerator(rescale=1 / 255)\n"
    )
    prelude += "".join(f"{key} = {path!r}\n" for key, path in folders.items())
    assert disagreements(GENERATORS[name], prelude=prelude) == []
