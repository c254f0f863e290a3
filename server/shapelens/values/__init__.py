"""The abstract values that a program's names stand for, and the heap objects they refer to."""
