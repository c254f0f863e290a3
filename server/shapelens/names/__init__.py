"""Canonical names of library things, and where names come from; the only room that knows jedi."""
