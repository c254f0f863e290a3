"""Reading and resizing images: PIL, OpenCV, imageio, matplotlib."""
