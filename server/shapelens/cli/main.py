"""The command ``shapelens``. Each subcommand imports what it needs when it runs: starting is quick."""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from shapelens import __version__

if TYPE_CHECKING:
    from shapelens.cli.asking import Asking

# Exit codes.
CLEAN, ERRORS_FOUND, USAGE = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code is 0 (clean), 1 (errors found) or 2 (usage)."""
    arguments = _parser().parse_args(argv)
    if arguments.command != "lsp":
        # A short process with many objects and hardly any cycles: collecting garbage only costs time.
        gc.disable()
        for stream in (sys.stdout, sys.stderr):
            # A program's text may hold what this terminal cannot show.
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader went away (`| head`); the interpreter must not complain about it at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLEAN


def _run(arguments: argparse.Namespace) -> int:
    if arguments.command == "check":
        from shapelens.cli.check import check

        with closing(_asking(arguments)) as asking:
            return check(arguments.paths, arguments.output_format, asking)
    if arguments.command == "shapes":
        from shapelens.cli.shapes import shapes

        with closing(_asking(arguments)) as asking:
            return shapes(arguments.paths, arguments.output_format, asking)
    if arguments.command == "doctor":
        from shapelens.cli.doctor import doctor

        return doctor(arguments.python, arguments.output_format)
    if arguments.command == "explain":
        from shapelens.cli.explain import explain

        return explain(arguments.code)
    from shapelens.lsp.server import serve

    return serve()


def _asking(arguments: argparse.Namespace) -> Asking:
    from shapelens.cli.asking import Asking

    python = None if arguments.no_keras else arguments.python or sys.executable
    return Asking(python, arguments.keras_version)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="shapelens",
        description="Infers the shape of every Keras layer and tensor from the program's text, "
        "and says where shapes cannot fit. Your code is never run.",
    )
    parser.add_argument("--version", action="version", version=f"shapelens {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    command = commands.add_parser("check", help="report shape errors in files and directories")
    _add_paths(command)
    _add_format(command)
    _add_keras(command)

    command = commands.add_parser("shapes", help="list the shapes of layers and tensors")
    _add_paths(command)
    _add_format(command)
    _add_keras(command)

    command = commands.add_parser("doctor", help="say whether the installed Keras can be asked")
    _add_python(command)
    _add_format(command)

    command = commands.add_parser("explain", help="explain a problem code")
    command.add_argument("code", nargs="?", metavar="CODE", help="such as rank-mismatch; without it, a list")

    command = commands.add_parser("lsp", help="run the language server on standard input and output")
    command.add_argument("--stdio", action="store_true", help="accepted, because editors pass it")
    return parser


def _add_paths(command: argparse.ArgumentParser) -> None:
    command.add_argument("paths", nargs="+", metavar="PATH", help="a Python file, a notebook, or a directory of them")


def _add_format(command: argparse.ArgumentParser) -> None:
    command.add_argument("--output-format", choices=("text", "json"), default="text", help="default: text")


def _add_python(command: argparse.ArgumentParser) -> None:
    command.add_argument("--python", metavar="PATH", help="the Python whose Keras is asked; default: this one")


def _add_keras(command: argparse.ArgumentParser) -> None:
    _add_python(command)
    command.add_argument("--no-keras", action="store_true", help="ask no installed Keras, use ShapeLens's rules alone")
    command.add_argument(
        "--keras-version", type=int, choices=(2, 3), metavar="2|3", help="the Keras that the files are written for"
    )
