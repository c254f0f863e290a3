"""Programs that are looked at from all sides."""

FUNCTIONAL = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

x = np.zeros((10, 28, 28, 1))
inputs = keras.Input(shape=(28, 28, 1))
conv = layers.Conv2D(8, 3, name="second")
h = conv(inputs)
h = layers.Flatten()(h)
outputs = layers.Dense(10)(h)
model = keras.Model(inputs, outputs)
prediction = model(x)


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(4)

    def call(self, z):
        return self.dense(z)


def twice(layer, value):
    return layer(value)


net = Net()
small = net(np.ones((3, 7)))
a = twice(layers.Dense(2), np.ones((5, 6)))
b = twice(layers.Dense(3), np.ones((5, 7)))
lost = unheard_of(x)
"""
