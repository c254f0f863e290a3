"""The methods that the server answers, and what it does when an analysis is finished or Keras answered.

Each feature is a module with ``METHOD``, ``handle(server, params)`` and, if need be, ``OPTIONS``.
"""

from shapelens.lsp.features import (
    code_action,
    did_change,
    did_change_configuration,
    did_change_notebook,
    did_change_watched_files,
    did_close,
    did_close_notebook,
    did_open,
    did_open_notebook,
    did_save,
    document_symbol,
    exit,
    hover,
    initialize,
    initialized,
    inlay_hint,
    publish_diagnostics,
    shutdown,
    status,
)

ALL = (
    initialize,
    initialized,
    did_open,
    did_change,
    did_save,
    did_close,
    did_open_notebook,
    did_change_notebook,
    did_close_notebook,
    hover,
    inlay_hint,
    code_action,
    document_symbol,
    did_change_configuration,
    did_change_watched_files,
    shutdown,
    exit,
    status,
)

LISTENERS = (publish_diagnostics.on_analysis, inlay_hint.on_analysis)
NEWS_LISTENERS = (status.on_news,)
