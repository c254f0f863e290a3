"""Forecasts the next day's temperature from the hours before. Two layers do not fit, and the data neither."""

import numpy as np
from tensorflow.keras.layers import LSTM, Dense, Dropout
from tensorflow.keras.models import Sequential

HOURS_BACK = 72
HOURS_AHEAD = 24

hours = np.arange(5000)
temperature = 10 + 8 * np.sin(2 * np.pi * hours / 24) + np.random.normal(size=5000)


def windows(series, back, ahead):
    """Cuts a series into windows and what follows each of them."""
    starts = np.arange(len(series) - back - ahead)[:, np.newaxis]
    return series[starts + np.arange(back)], series[starts + back + np.arange(ahead)]


x, y = windows(temperature, HOURS_BACK, HOURS_AHEAD)
split = int(len(x) * 0.8)
x_train, x_test = x[:split], x[split:]
y_train, y_test = y[:split], y[split:]

# An LSTM gives only its last output unless it is told to return them all.
stacked = Sequential()
stacked.add(LSTM(64, input_shape=(HOURS_BACK, 1)))
stacked.add(Dropout(0.2))
stacked.add(LSTM(32))
stacked.add(Dense(HOURS_AHEAD))

# Here it was told to, in the last one as well: the forecast is made for each hour that went before.
model = Sequential()
model.add(LSTM(64, return_sequences=True, input_shape=(HOURS_BACK, 1)))
model.add(LSTM(32, return_sequences=True))
model.add(Dense(HOURS_AHEAD))
model.compile(optimizer="adam", loss="mae")
model.fit(x_train, y_train, epochs=3, batch_size=32)
