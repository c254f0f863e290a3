"""An autoencoder for handwritten digits, written as a class. Its decoder gives larger pictures than it got."""

import tensorflow as tf
from tensorflow.keras import layers


class Autoencoder(tf.keras.Model):
    def __init__(self, latent_dim):
        super().__init__()
        self.down1 = layers.Conv2D(16, 3, strides=2, padding="same", activation="relu")
        self.down2 = layers.Conv2D(32, 3, strides=2, padding="same", activation="relu")
        self.flatten = layers.Flatten()
        self.code = layers.Dense(latent_dim)
        self.spread = layers.Dense(8 * 8 * 32, activation="relu")
        self.square = layers.Reshape((8, 8, 32))
        self.up1 = layers.Conv2DTranspose(32, 3, strides=2, padding="same", activation="relu")
        self.up2 = layers.Conv2DTranspose(16, 3, strides=2, padding="same", activation="relu")
        self.picture = layers.Conv2D(1, 3, padding="same", activation="sigmoid")

    def encode(self, x):
        return self.code(self.flatten(self.down2(self.down1(x))))

    def decode(self, code):
        x = self.square(self.spread(code))
        return self.picture(self.up2(self.up1(x)))

    def call(self, x):
        return self.decode(self.encode(x))


(x_train, _), (x_test, _) = tf.keras.datasets.mnist.load_data()
x_train = x_train[..., tf.newaxis].astype("float32") / 255
x_test = x_test[..., tf.newaxis].astype("float32") / 255

autoencoder = Autoencoder(latent_dim=16)
restored = autoencoder(x_test[:8])
difference = restored - x_test[:8]

autoencoder.compile(optimizer="adam", loss="mse")
autoencoder.fit(x_train, x_train, epochs=3, batch_size=128)
