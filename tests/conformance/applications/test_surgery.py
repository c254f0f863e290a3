"""Models taken apart and put together again: programs, interpreted and run under Keras."""

from __future__ import annotations

import pytest

pytest.importorskip("keras", reason="the real Keras is not installed here")

from tests.support.programs import disagreements

PRELUDE = """
import numpy as np
import keras
from keras import Model, Sequential, applications, layers
keras.utils.clear_session()
"""

PROGRAMS = {
    "names of a functional model": """
i = keras.Input((8,))
x = layers.Dense(3)(i)
y = layers.Dense(4)(x + 1.0)
w = layers.Add()([y, y])
m = Model(i, layers.Dense(2, name='out')(w))
a = m.name
b = [layer.name for layer in m.layers]
c = m.get_layer('dense_1').output.shape
d = m.get_layer(index=-1).units
e = len(m.layers)
""",
    "names of a Sequential": """
m = Sequential([layers.Dense(2), layers.Dense(2, name='q'), layers.LSTM(3), layers.BatchNormalization()])
a = [layer.name for layer in m.layers]
b = m.name
n = Sequential()
n.add(keras.Input((4,)))
n.add(layers.Dense(5))
c = [layer.name for layer in n.layers]
d = n.name
i = keras.Input((3,))
e = Model(i, i + 1.0).name
""",
    "names of functions' layers": """
def block(x, units):
    x = layers.BatchNormalization()(layers.Dense(units)(x))
    return layers.ReLU()(x)
i = keras.Input((8,))
x = i
for units in (4, 5, 6):
    x = block(x, units)
m = Model(i, x)
a = [layer.name for layer in m.layers]
b = m.get_layer('dense_2').output.shape
c = m.get_layer(f're_lu_{2}').name
""",
    "names taken inside layers": """
i = keras.Input((6, 8))
x = layers.MultiHeadAttention(2, 4)(i, i)
a = layers.Dropout(0.1).name
b = layers.Softmax().name
y = layers.Bidirectional(layers.LSTM(3))(i)
c = layers.LSTM(3).name
d = layers.Bidirectional(layers.GRU(3)).name
e = layers.concatenate([i, i]).shape
f = layers.Concatenate().name
g = layers.TimeDistributed(layers.Dense(2)).name
h = layers.Dense(2).name
""",
    "names after clear_session": """
a = layers.Conv2D(2, 3).name
b = layers.Conv2D(2, 3).name
keras.backend.clear_session()
c = layers.Conv2D(2, 3).name
""",
    "names of classes": """
class Block(layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(units)
    def call(self, x):
        return self.dense(x)
class MyNet(keras.Model):
    def __init__(self):
        super().__init__()
        self.blocks = [Block(3), Block(4)]
        self.head = Block(2, name='head')
    def call(self, x):
        for block in self.blocks:
            x = block(x)
        return self.head(x)
m = MyNet()
a = m.name
b = [layer.name for layer in m.layers]
c = m.blocks[1].dense.name
d = layers.Dense(1).name
""",
    "order of layers with branches": """
i = keras.Input((8, 8, 3))
a = layers.Conv2D(4, 3, padding='same', name='a')(i)
b = layers.Conv2D(4, 1, name='b')(i)
c = layers.Conv2D(4, 1, name='c')(b)
d = layers.Add(name='d')([a, c])
j = keras.Input((8,), name='j')
m = Model([i, j], [layers.Flatten(name='f')(d), layers.Dense(2, name='g')(j)])
names = [layer.name for layer in m.layers]
p = m.count_params()
""",
    "networks": """
base = applications.MobileNetV2(weights=None, include_top=False, input_shape=(96, 96, 3))
a = base.name
b = len(base.layers)
c = base.get_layer('block_13_expand_relu').output.shape
d = base.layers[-2].output.shape
e = base.get_layer('block_6_depthwise').kernel.shape
for unknown_layer in base.layers[:-4]:
    unknown_layer.trainable = False
f = Model(base.input, base.layers[-2].output).count_params()
""",
    "automatic names of networks": """
first = layers.Conv2D(3, 3).name
base = applications.InceptionV3(weights=None, include_top=False, input_shape=(139, 139, 3))
a = base.layers[1].name
b = base.layers[50].name
c = base.get_layer('conv2d_90').output.shape
d = layers.Conv2D(3, 3).name
e = base.get_layer('mixed7').output.shape
f = [layer.name for layer in base.layers[-5:]]
""",
    "features of a network": """
base = applications.VGG16(weights=None, include_top=False, input_shape=(64, 64, 3))
names = ['block1_conv2', 'block2_conv2', 'block3_conv3']
m = Model(base.input, [base.get_layer(name).output for name in names])
a, b, c = m.output_shape
d = len(m.layers)
y = m(keras.Input((64, 64, 3)))
e = y[2].shape
x = layers.Flatten()(base.output)
n = Model(base.input, layers.Dense(5)(x))
f = n.count_params()
g = len(n.layers)
h = [layer.name for layer in n.layers[-4:]]
""",
    "a network layer by layer": """
base = applications.VGG16(weights=None, input_shape=(48, 48, 3), classes=6)
m = Sequential()
for layer in base.layers[:-1]:
    m.add(layer)
m.add(layers.Dense(2, activation='softmax'))
a = m.output_shape
b = m.count_params()
c = len(m.layers)
d = [layer.name for layer in m.layers[:3]]
""",
    "a network on a tensor": """
i = keras.Input((64, 64, 3))
x = layers.Rescaling(1 / 255.0)(i)
base = applications.ResNet50(weights=None, include_top=False, input_tensor=x)
a = base.input_shape
b = len(base.layers)
c = base.get_layer('conv3_block4_out').output.shape
m = Model(i, layers.GlobalAveragePooling2D()(base.output))
d = m.count_params()
e = len(m.layers)
f = base.count_params()
""",
    "a network inside a model": """
base = applications.VGG16(weights=None, include_top=False)
i = keras.Input((64, 64, 3))
m = Model(i, layers.GlobalMaxPooling2D()(base(i)))
a = [layer.name for layer in m.layers[:2]]
b = m.get_layer('vgg16').get_layer('block5_conv3').name
c = m.count_params()
""",
    "copies": """
i = keras.Input((8,))
m = Model(i, layers.Dense(3, name='b')(layers.Dense(4, name='a')(i)), name='m')
c = keras.models.clone_model(m)
a = c.name
b = [layer.name for layer in c.layers[1:]]
d = keras.models.clone_model(m, input_tensors=keras.Input((9,)))
e = d.input_shape
f = d.count_params()
g = m.count_params()
h = keras.models.clone_model(m, clone_function=lambda layer: layer.__class__.from_config(layer.get_config()))
j = h.count_params()
s = keras.models.clone_model(Sequential([keras.Input((8,)), layers.Dense(4), layers.Dense(3)]))
k = s.output_shape
n = Model.from_config(m.get_config())
o = n.output_shape
base = applications.VGG16(weights=None, include_top=False, input_shape=(64, 64, 3))
q = keras.models.clone_model(base)
r = q.get_layer('block4_pool').output.shape
t = q.count_params()
""",
    "weights": """
i = keras.Input((8, 8, 3))
x = layers.Conv2D(4, 3)(i)
x = layers.BatchNormalization()(x)
x = layers.SeparableConv2D(5, 3, depth_multiplier=2)(x)
x = layers.DepthwiseConv2D(3)(x)
x = layers.Conv2DTranspose(6, 3)(x)
x = layers.LayerNormalization()(x)
x = layers.Reshape((-1, 6))(x)
x = layers.LSTM(3, return_sequences=True)(x)
x = layers.GRU(2, return_sequences=True)(x)
x = layers.SimpleRNN(2)(x)
m = Model(i, layers.Dense(7, use_bias=False)(x))
a = [w.shape for w in m.get_weights()]
b = [tuple(w.shape) for w in m.layers[1].weights]
c = tuple(m.layers[1].kernel.shape)
m.layers[1].set_weights([np.zeros((3, 3, 3, 4)), np.zeros(4)])
m.set_weights(m.get_weights())
other = keras.models.clone_model(m)
other.set_weights(m.get_weights())
e = layers.Embedding(10, 4, weights=[np.zeros((10, 4))])
""",
    "first call's output": """
dense = layers.Dense(3)
x1 = keras.Input((4,))
x2 = keras.Input((5, 4))
y1 = dense(x1)
y2 = dense(x2)
a = dense.output.shape
b = dense.input.shape
""",
    "parts of a Sequential": """
m = Sequential([keras.Input((3,)), layers.Dense(5), layers.Dense(2)])
n = Model(m.inputs, m.layers[-2].output)
a = n.output_shape
last = m.pop()
b = m.output_shape
c = last.units
m.add(layers.Dense(7))
d = m.output_shape
e = len(m.layers)
m.layers.pop()
f = len(m.layers)
g = m.get_layer(index=0).units
""",
    "part of a model": """
i = keras.Input((8,))
x = layers.Dense(4, name='a')(i)
m = Model(i, layers.Dense(3, name='b')(x))
n = Model(m.get_layer('a').output, m.output)
a = n.input_shape
b = n.output_shape
c = n.count_params()
""",
    "changed configuration": """
base = applications.VGG16(weights=None, include_top=False, input_shape=(64, 64, 3))
config = base.get_config()
config['layers'][0]['config']['batch_shape'] = (None, 32, 32, 3)
unknown_shape = Model.from_config(config).output_shape
config = layers.Dense(3).get_config()
config['units'] = 5
unknown_units = layers.Dense.from_config(config).units
""",
    "renamed layers": """
m = Sequential([keras.Input((3,)), layers.Dense(2), layers.Dense(4)])
for layer in m.layers:
    layer.name = layer.name + '_a'
a = m.get_layer('dense_1_a').units
m.layers[0]._name = 'other'
b = m.layers[0].name
base = applications.MobileNetV2(weights=None, include_top=False, input_shape=(96, 96, 3))
for unknown_layer in base.layers:
    unknown_layer.name = unknown_layer.name + '_b'
unknown_c = base.get_layer('Conv1_b')
""",
    "no such layer": "m = Sequential([layers.Dense(2, name='a')])\nerror = m.get_layer('b')\n",
    "no such number": "m = Sequential([layers.Dense(2)])\nb = m.get_layer('dense').name\n"
    "error = m.get_layer('dense_1')\n",
    "no such index": "m = Sequential([layers.Dense(2)])\nerror = m.get_layer(index=3)\n",
    "number as a name": "m = Sequential([layers.Dense(2)])\nerror = m.get_layer(0)\n",
    "no such inner layer": "m = applications.VGG16(weights=None, include_top=False)\n"
    "error = m.get_layer('block5_conv4')\n",
    "disconnected": """
base = applications.VGG16(weights=None, include_top=False, input_shape=(64, 64, 3))
i = keras.Input((64, 64, 3))
x = base(i)
error = Model(i, [base.get_layer('block5_conv3').output, x])
""",
    "another input": "i = keras.Input((4,))\nj = keras.Input((4,))\nx = layers.Add()([i, j])\nerror = Model(i, x)\n",
    "unused input": "i = keras.Input((4,))\nj = keras.Input((3,))\nm = Model([i, j], layers.Dense(2)(i))\n"
    "a = len(m.layers)\n",
    "wrong count of weights": "m = Sequential([keras.Input((3,)), layers.Dense(2)])\n"
    "error = m.layers[0].set_weights([np.zeros((3, 2))])\n",
    "wrong shape of weights": "m = Sequential([keras.Input((3,)), layers.Dense(2)])\n"
    "error = m.set_weights([np.zeros((2, 3)), np.zeros(2)])\n",
    "built by hand": "d = layers.Embedding(5, 2)\nd.build((1,))\nd.set_weights([np.zeros((5, 2))])\n",
    "wrong matrix": "error = layers.Embedding(11, 4, weights=[np.zeros((10, 4))])\n",
    "same name twice": "i = keras.Input((4,))\nx = layers.Dense(4, name='a')(i)\ny = layers.Dense(4, name='a')(x)\n"
    "error = Model(i, y)\n",
    "same name in a Sequential": "error = Sequential([layers.Dense(2, name='a'), layers.Dense(2, name='a')])\n",
    "same layer twice": "d = layers.Dense(4)\nm = Sequential([keras.Input((4,)), d, d])\na = m.output_shape\n",
}


@pytest.mark.keras
@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_programs(name: str) -> None:
    assert disagreements(PROGRAMS[name], prelude=PRELUDE) == []
