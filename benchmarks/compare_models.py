"""The program that the benchmarks run and analyse: a usual script of 200 lines, whose last model does not fit."""

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers, regularizers
from tensorflow.keras.models import Model, Sequential
from tensorflow.keras.utils import to_categorical

# ---------------------------------------------------------------- settings
IMAGE_SIZE = 64
CHANNELS = 3
NUM_CLASSES = 12
SEQUENCE_LENGTH = 48
FEATURES = 9
VOCABULARY = 5000
LATENT = 16
BATCH_SIZE = 32
WEIGHT_DECAY = 1e-4
FILTERS = [16, 32, 64]

np.random.seed(0)
tf.random.set_seed(0)


# ---------------------------------------------------------------- data
def make_images(count):
    """Stands in for the photographs."""
    images = np.random.randint(0, 256, size=(count, IMAGE_SIZE, IMAGE_SIZE, CHANNELS))
    labels = np.random.randint(0, NUM_CLASSES, size=(count,))
    return images.astype("float32") / 255.0, labels


def make_series(count):
    """Stands in for the sensors."""
    readings = np.random.normal(size=(count, SEQUENCE_LENGTH, FEATURES)).astype("float32")
    trend = np.linspace(0.0, 1.0, SEQUENCE_LENGTH)[None, :, None]
    readings = readings + trend
    following = readings[:, -1, 0]
    return readings, following


def make_reviews(count):
    """Stands in for the texts."""
    words = np.random.randint(1, VOCABULARY, size=(count, SEQUENCE_LENGTH))
    stars = np.random.randint(0, 2, size=(count, 1)).astype("float32")
    return words, stars


x_images, y_labels = make_images(64)
x_series, y_series = make_series(64)
x_reviews, y_reviews = make_reviews(64)

split = int(0.75 * len(x_images))
x_train, x_test = x_images[:split], x_images[split:]
y_train, y_test = y_labels[:split], y_labels[split:]
y_train_one_hot = to_categorical(y_train, NUM_CLASSES)
y_test_one_hot = to_categorical(y_test, NUM_CLASSES)

mean = x_train.mean(axis=(0, 1, 2), keepdims=True)
deviation = x_train.std(axis=(0, 1, 2), keepdims=True)
x_train = (x_train - mean) / (deviation + 1e-7)
x_test = (x_test - mean) / (deviation + 1e-7)
flat_train = x_train.reshape(len(x_train), -1)
flat_test = x_test.reshape(len(x_test), -1)


# ---------------------------------------------------------------- models
def dense_network():
    model = Sequential(name="dense")
    model.add(keras.Input(shape=(IMAGE_SIZE * IMAGE_SIZE * CHANNELS,)))
    for units in (256, 128, 64):
        model.add(layers.Dense(units, activation="relu", kernel_regularizer=regularizers.l2(WEIGHT_DECAY)))
        model.add(layers.Dropout(0.3))
    model.add(layers.Dense(NUM_CLASSES, activation="softmax"))
    return model


def convolution_block(x, filters, kernel_size=3, strides=1):
    x = layers.Conv2D(filters, kernel_size, strides=strides, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    return layers.Activation("relu")(x)


def residual_block(x, filters, strides=1):
    shortcut = x
    x = convolution_block(x, filters, strides=strides)
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    if strides != 1 or shortcut.shape[-1] != filters:
        shortcut = layers.Conv2D(filters, 1, strides=strides, use_bias=False)(shortcut)
        shortcut = layers.BatchNormalization()(shortcut)
    x = layers.add([x, shortcut])
    return layers.Activation("relu")(x)


def residual_network():
    inputs = keras.Input(shape=(IMAGE_SIZE, IMAGE_SIZE, CHANNELS))
    x = convolution_block(inputs, FILTERS[0])
    for stage, filters in enumerate(FILTERS):
        for block in range(2):
            x = residual_block(x, filters, strides=2 if block == 0 and stage > 0 else 1)
    x = layers.GlobalAveragePooling2D()(x)
    outputs = layers.Dense(NUM_CLASSES, activation="softmax")(x)
    return Model(inputs, outputs, name="residual")


def inception_block(x, filters):
    one = layers.Conv2D(filters, 1, padding="same", activation="relu")(x)
    three = layers.Conv2D(filters, 1, padding="same", activation="relu")(x)
    three = layers.Conv2D(filters, 3, padding="same", activation="relu")(three)
    five = layers.Conv2D(filters, 1, padding="same", activation="relu")(x)
    five = layers.Conv2D(filters, 5, padding="same", activation="relu")(five)
    pooled = layers.MaxPooling2D(3, strides=1, padding="same")(x)
    pooled = layers.Conv2D(filters, 1, padding="same", activation="relu")(pooled)
    return layers.concatenate([one, three, five, pooled])


def inception_network():
    inputs = keras.Input(shape=(IMAGE_SIZE, IMAGE_SIZE, CHANNELS))
    x = layers.Conv2D(16, 7, strides=2, padding="same", activation="relu")(inputs)
    x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
    for filters in (8, 16):
        x = inception_block(x, filters)
        x = layers.MaxPooling2D(2)(x)
    x = layers.Flatten()(x)
    x = layers.Dense(64, activation="relu")(x)
    outputs = layers.Dense(NUM_CLASSES, activation="softmax")(x)
    return Model(inputs, outputs, name="inception")


def recurrent_network():
    model = Sequential(name="recurrent")
    model.add(layers.LSTM(64, return_sequences=True, input_shape=(SEQUENCE_LENGTH, FEATURES)))
    model.add(layers.Bidirectional(layers.GRU(32)))
    model.add(layers.Dropout(0.2))
    model.add(layers.Dense(1))
    return model


def review_network():
    words = keras.Input(shape=(SEQUENCE_LENGTH,), dtype="int32")
    x = layers.Embedding(VOCABULARY, 64)(words)
    x = layers.Conv1D(64, 5, activation="relu")(x)
    x = layers.MaxPooling1D(2)(x)
    attended = layers.MultiHeadAttention(num_heads=4, key_dim=16)(x, x)
    x = layers.LayerNormalization()(x + attended)
    x = layers.GlobalMaxPooling1D()(x)
    return Model(words, layers.Dense(1, activation="sigmoid")(x), name="reviews")


class Autoencoder(keras.Model):
    def __init__(self, latent, **kwargs):
        super().__init__(**kwargs)
        self.encoder = Sequential(
            [
                layers.Conv2D(16, 3, strides=2, padding="same", activation="relu"),
                layers.Conv2D(32, 3, strides=2, padding="same", activation="relu"),
                layers.Flatten(),
                layers.Dense(latent),
            ]
        )
        self.decoder = Sequential(
            [
                layers.Dense(16 * 16 * 32, activation="relu"),
                layers.Reshape((16, 16, 32)),
                layers.Conv2DTranspose(16, 3, strides=2, padding="same", activation="relu"),
                layers.Conv2DTranspose(CHANNELS, 3, strides=2, padding="same", activation="sigmoid"),
            ]
        )

    def call(self, x):
        return self.decoder(self.encoder(x))


# ---------------------------------------------------------------- comparison
image_models = [residual_network(), inception_network()]
for model in image_models:
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    answers = model(x_test)
    print(model.name, answers.shape)

dense = dense_network()
dense.compile(optimizer="sgd", loss="categorical_crossentropy", metrics=["accuracy"])
print(dense.name, dense(flat_test).shape)

reviews = review_network()
reviews.compile(optimizer="adam", loss="binary_crossentropy")
print(reviews.name, reviews(x_reviews).shape)

autoencoder = Autoencoder(LATENT)
restored = autoencoder(x_test)
difference = np.abs(x_test - restored.numpy()).mean(axis=(1, 2, 3))

recurrent = recurrent_network()
recurrent.compile(optimizer="adam", loss="mse", metrics=["mae"])
# The readings lost their last axis.
recurrent.fit(x_series[:, :, 0], y_series, epochs=1, batch_size=BATCH_SIZE, verbose=0)
