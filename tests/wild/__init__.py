"""ShapeLens against packages from the registry that define Keras models: `make wild`.

What it reads is installed by ``.make/setup.sh wild`` into ``.build/wild``, a folder for each family of Keras.
"""
