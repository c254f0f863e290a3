"""Names that the program uses without importing them."""

from __future__ import annotations

import builtins

from shapelens.engine.analysis import Analysis
from shapelens.engine.analyze import MODULE


def supposed_import(analysis: Analysis, name: str) -> str | None:
    """What the global ``name`` is taken for because nothing defines it: ``"numpy"`` for ``np``."""
    from shapelens.interp.scopes import STAR_IMPORTS, supposed

    if (MODULE, name) in analysis.state or hasattr(builtins, name):
        return None
    # What a star brings is known of libraries only.
    return None if (MODULE, STAR_IMPORTS) in analysis.state else supposed(name)
