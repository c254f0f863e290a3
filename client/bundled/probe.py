"""Tells the editor what an interpreter is; runs on any Python, however old.

It looks packages up without importing them, so that it costs a start of Python and no more.
"""

import json
import sys


def version_of(name):  # noqa: ANN001, ANN201 - an old Python must get as far as telling its version
    try:
        from importlib import metadata
    except ImportError:  # Python 3.7 and older, which the editor rejects by the version alone.
        return None
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


print(
    json.dumps(
        {
            "executable": sys.executable,
            "version": list(sys.version_info[:3]),
            "numpy": version_of("numpy"),
            "keras": version_of("keras"),
        }
    )
)
