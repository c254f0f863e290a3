"""The one way to say that a question cannot be put to the library."""

from __future__ import annotations


class Refused(Exception):
    """It could not be asked, for the reason that is the message; nothing follows from that."""


class WithoutContent(Refused):
    """It was tried, and failed because variables have no content."""
