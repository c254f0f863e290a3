"""A network for small photographs, with four mistakes. Keras tells of one of them in each run."""

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
        layers.Dense(64, activation="relu"),
        layers.Dense(num_classes, activation="softmax"),
    ]
)
# There is no Flatten before the Dense layers: they give ten scores for each of 36 places.
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, batch_size=64, epochs=5, validation_data=(x_test, y_test))

# One photograph is not a batch of photographs.
photo = x_test[0]
scores = model.predict(photo)

# A second look, at a larger scale: the window does not fit any more.
coarse = layers.MaxPooling2D(8)(keras.Input(shape=(32, 32, 3)))
details = layers.Conv2D(64, 5, activation="relu")(coarse)

# The camera gives numbers from 0 to 255 for each of its 3 channels, in one long row.
row = x_test[:100].reshape(100, 32 * 32)
