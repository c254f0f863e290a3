"""Predicts whether a ticket is urgent, and its department, from the title, the body and the tags."""

import keras
import numpy as np
from keras import layers

VOCABULARY = 10_000
TAGS = 12
DEPARTMENTS = 4

title = keras.Input(shape=(None,), name="title")
body = keras.Input(shape=(None,), name="body")
tags = keras.Input(shape=(TAGS,), name="tags")

title_words = layers.Embedding(VOCABULARY, 64)(title)
body_words = layers.Embedding(VOCABULARY, 64)(body)

title_meaning = layers.LSTM(128)(title_words)
body_meaning = layers.LSTM(32, return_sequences=True)(body_words)
# The body still has one vector per word, the title has one in all.
features = layers.concatenate([title_meaning, body_meaning, tags])

body_summary = layers.GlobalMaxPooling1D()(body_meaning)
features = layers.concatenate([title_meaning, body_summary, tags])
urgency = layers.Dense(1, activation="sigmoid", name="urgency")(features)
department = layers.Dense(DEPARTMENTS, activation="softmax", name="department")(features)

model = keras.Model(inputs=[title, body, tags], outputs=[urgency, department])
model.compile(
    optimizer="rmsprop",
    loss={"urgency": "binary_crossentropy", "department": "categorical_crossentropy"},
)

titles = np.random.randint(VOCABULARY, size=(1280, 12))
bodies = np.random.randint(VOCABULARY, size=(1280, 100))
tag_rows = np.random.randint(2, size=(1280, TAGS)).astype("float32")
urgencies = np.random.random(size=(1280, 1))
departments = np.random.randint(DEPARTMENTS, size=(1280,))

# Departments are numbers here, and the loss wants one column for each.
model.fit([titles, bodies, tag_rows], {"urgency": urgencies, "department": departments}, epochs=2, batch_size=32)
