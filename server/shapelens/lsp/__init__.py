"""The language server: one thin file for each method, over `engine` and `ide`."""
