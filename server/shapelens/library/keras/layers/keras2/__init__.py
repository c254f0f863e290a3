"""What Keras 2 does otherwise than Keras 3, a file for each family. From runs of Keras 2.15.0."""
