"""Looks at photos through a small convolutional network."""

import numpy as np
from tensorflow.keras import Input, Model
from tensorflow.keras.layers import Conv2D, Dense, GlobalAveragePooling2D, MaxPooling2D

photos = np.random.rand(10, 28, 28, 3)

inputs = Input(shape=(28, 28, 3))
edges = Conv2D(32, 3, activation="relu")(inputs)
halves = MaxPooling2D(2)(edges)
parts = Conv2D(64, 3, activation="relu")(halves)
summary = GlobalAveragePooling2D()(parts)
scores = Dense(10, activation="softmax")(summary)
model = Model(inputs, scores)

answers = model(photos)

# One photo is not a batch of photos: Keras raises here.
photo = np.random.rand(28, 28, 3)
first_layer = Conv2D(32, 3)
features = first_layer(photo)
