"""The command line: check, shapes, explain, lsp."""
