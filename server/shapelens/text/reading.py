"""Reading a Python file as Python itself would: its declared encoding, or one clear reason why not."""

from __future__ import annotations

import codecs
import io
import stat
import tokenize
from pathlib import Path

# No hand-written program comes near; it keeps a wrong argument from filling the memory.
MAX_BYTES = 20_000_000


class SourceError(Exception):
    """A file cannot be read as a Python program; the message is one line for the user."""


def read_source(path: Path) -> str:
    """The text of a Python file, or `SourceError`."""
    return decode_source(read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """What is in a file that may be a program, or `SourceError`."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise SourceError("is a directory")
        if not stat.S_ISREG(status.st_mode):
            raise SourceError("is not a regular file")
        if status.st_size > MAX_BYTES:
            raise SourceError(f"is too large to be a program ({status.st_size} bytes)")
        return path.read_bytes()
    except FileNotFoundError:
        raise SourceError("no such file or directory") from None
    except (OSError, ValueError) as error:
        raise SourceError((getattr(error, "strerror", None) or str(error)).lower()) from None


def decode_source(content: bytes) -> str:
    """Decode a program by its byte order mark or its coding line (PEP 263), or raise `SourceError`."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise SourceError("is in UTF-16, which Python cannot read; save it as UTF-8")
    if b"\0" in content:
        raise SourceError("contains null bytes, so it is not a Python program")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    except SyntaxError as error:
        # Without a coding line a wrong byte in the first two lines is noticed here already.
        encoding = "utf-8"
        if "unknown encoding" in str(error) or "encoding problem" in str(error):
            raise SourceError(f"declares an encoding that Python does not know ({error})") from None
    try:
        return codecs.decode(content, encoding) if _is_text_encoding(encoding) else _not_text(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        wrong = content[error.start]
        raise SourceError(f"is not valid {encoding}: byte 0x{wrong:02x} on line {line}") from None


def _is_text_encoding(encoding: str) -> bool:
    return bool(getattr(codecs.lookup(encoding), "_is_text_encoding", True))


def _not_text(encoding: str) -> str:
    raise SourceError(f"declares {encoding}, which is not a text encoding")
