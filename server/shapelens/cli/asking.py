"""The installed Keras behind the command line: found when a file first needs it, asked for a limited time."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field

from shapelens.engine.analysis import Analysis
from shapelens.engine.consultant import Opener, Referee, open_referee
from shapelens.engine.installed import Family
from shapelens.engine.settle import settled

# For all files of one run: Keras takes seconds to import.
SECONDS = 60.0


@dataclass(slots=True)
class Asking:
    """Whom to ask: ``python``'s Keras, or nobody where it is `None`. ``left`` are seconds.

    ``family``: the Keras that the files are written for, where the user says so.
    """

    python: str | None = sys.executable
    family: Family | None = None
    left: float = SECONDS
    opener: Opener = open_referee
    referee: Referee | None = field(default=None, init=False)

    def settle(self, analysis: Analysis, path: str) -> Analysis:
        """``analysis`` with what the installed Keras says; itself where that makes no difference to it."""
        if not analysis.asks or (self.python is None and self.family is None):
            return analysis
        started = time.monotonic()
        if self.referee is None:
            self.referee = self.opener(() if self.python is None else (self.python,), lambda answers: None)
        found = settled(analysis, self.referee, family=self.family, path=path, seconds=max(self.left, 0.0))
        self.left -= time.monotonic() - started
        return found

    def close(self) -> None:
        """End what was started."""
        if self.referee is not None:
            self.referee.close()
