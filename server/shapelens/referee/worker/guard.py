"""What the libraries may not do while they answer: touch files, the network, processes or the memory of others.

Names are checked before anything is called (`names`); this is the second wall, for what a name cannot tell.
Python's own operations are seen by an audit hook, TensorFlow's file functions are taken away, and a thread
watches the memory and whether the parent is still there.
"""

from __future__ import annotations

import importlib
import os
import sys
import sysconfig
import threading
import time
from typing import Any

from .refused import Refused

# Beyond what the imports took. A question that needs more is none about shapes.
MEMORY_FOR_QUESTIONS = 1_500_000_000
EXIT_MEMORY = 77

# Prefixes of audit events, from the table in Python's documentation.
_FORBIDDEN = (
    "ctypes.dlopen",
    "ftplib.",
    "glob.",
    "http.client.",
    "imaplib.",
    "mmap.",
    "nntplib.",
    "os.",
    "pickle.find_class",
    "poplib.",
    "pty.",
    "shutil.",
    "smtplib.",
    "socket.",
    "sqlite3.",
    "subprocess.",
    "telnetlib.",
    "tempfile.",
    "urllib.",
    "webbrowser.",
    "winreg.",
)
# What importing does, too.
_HARMLESS = ("os.listdir", "os.scandir", "os.add_dll_directory")


class _Watch:
    """``asking`` is the thread that answers a question just now; ``trespass`` what it tried."""

    asking: int | None = None
    trespass: str | None = None


def install() -> None:
    """Put up the wall; it stands while a question is answered. The libraries must have been imported."""
    sys.dont_write_bytecode = True
    # A library that formats a traceback reads the text of ours, too.
    folders = {*sysconfig.get_paths().values(), *sys.path, os.path.dirname(__file__)}
    roots = tuple(os.path.realpath(path) + os.sep for path in folders if path)

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if _Watch.asking != threading.get_ident():
            return
        if event == "open":
            path, mode = args[0], args[1] or ""
            if isinstance(path, int):
                return
            reading = not set(str(mode)) & set("wax+")
            if reading and os.path.realpath(os.fsdecode(path)).startswith(roots):
                return
            _forbid("it would open a file")
        elif event.startswith(_FORBIDDEN) and event not in _HARMLESS:
            _forbid(f"it would do more than compute ({event})")

    sys.addaudithook(hook)
    if "tensorflow" in sys.modules:
        _take_away_files()


def _forbid(what: str) -> None:
    _Watch.trespass = what
    raise Refused(what)


def _take_away_files() -> None:
    """TensorFlow opens files in C++, which no audit hook sees."""

    def refuse(*args: object, **kwargs: object) -> None:
        if _Watch.asking == threading.get_ident():
            _forbid("it would open a file")
        raise OSError("this process opens no files")

    try:
        native = importlib.import_module("tensorflow.python.lib.io._pywrap_file_io")
    except ImportError:
        return
    for name in dir(native):
        if not name.startswith("_") and callable(getattr(native, name)):
            setattr(native, name, refuse)


class asking:
    """While a question is answered, on this thread. Raises `Refused` at the end if the wall was touched."""

    def __enter__(self) -> None:
        _Watch.trespass = None
        _Watch.asking = threading.get_ident()

    def __exit__(self, *error: object) -> None:
        _Watch.asking = None
        if _Watch.trespass is not None:
            raise Refused(_Watch.trespass)


def memory() -> int:
    """The resident memory of this process in bytes; 0 where that cannot be told."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        pass
    try:
        import resource
    except ImportError:
        return 0
    # The highest so far, which is the best that macOS tells cheaply.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def limit_memory() -> None:
    """Ends the process when it has taken too much, and lets big allocations fail before that."""
    start = memory()
    try:
        import resource

        with open("/proc/self/statm", "rb") as file:
            reserved = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (reserved + 2 * MEMORY_FOR_QUESTIONS, hard))
    except (ImportError, OSError, ValueError):
        pass

    def watch() -> None:
        while True:
            time.sleep(0.1)
            if memory() > start + MEMORY_FOR_QUESTIONS:
                os._exit(EXIT_MEMORY)

    if start:
        threading.Thread(target=watch, name="memory", daemon=True).start()


def follow_parent() -> None:
    """Ends the process when the one that started it is gone. Its pipe tells that, too, but not always."""
    parent = os.getppid()

    def watch() -> None:
        if sys.platform == "win32":
            _wait_for_windows_process(parent)
        else:
            while os.getppid() == parent:
                time.sleep(1)
        os._exit(0)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def _wait_for_windows_process(pid: int) -> None:
    import ctypes

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    kernel.OpenProcess.restype = ctypes.c_void_p
    synchronize, forever = 0x00100000, 0xFFFFFFFF
    handle = kernel.OpenProcess(synchronize, False, pid)
    if handle:
        kernel.WaitForSingleObject(ctypes.c_void_p(handle), forever)
    else:
        threading.Event().wait()
