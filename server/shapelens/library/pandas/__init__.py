"""pandas: frames and series, as far as their sizes matter."""
