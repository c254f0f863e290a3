"""A network for small photographs: photos_broken.py, put right."""

import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

num_classes = 10
(x_train, y_train), (x_test, y_test) = keras.datasets.cifar10.load_data()
x_train = x_train.astype("float32") / 255
x_test = x_test.astype("float32") / 255

model = keras.Sequential(
    [
        keras.Input(shape=(32, 32, 3)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(num_classes, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, batch_size=64, epochs=5, validation_data=(x_test, y_test))

photo = x_test[0]
scores = model.predict(np.expand_dims(photo, axis=0))
answer = np.argmax(scores, axis=-1)

coarse = layers.MaxPooling2D(4)(keras.Input(shape=(32, 32, 3)))
details = layers.Conv2D(64, 5, activation="relu")(coarse)

row = x_test[:100].reshape(100, 32 * 32 * 3)
