"""The installed Keras behind the command line: found when a file first needs it, asked for a limited time."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass, field

from shapelens.engine.analysis import Analysis
from shapelens.engine.consultant import OFF, Opener, Referee, open_referee
from shapelens.engine.installed import FAMILIES, NOBODY, Family, Installed, installed_here
from shapelens.engine.settle import settled

# For all files of one run: Keras takes seconds to import.
SECONDS = 30.0


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

    def installed(self) -> Installed:
        """What can be said of the installed libraries without asking anybody."""
        if self.family is not None:
            return Installed(FAMILIES[self.family])
        return installed_here() if self.python == sys.executable and not os.environ.get(OFF) else NOBODY

    def settle(self, analysis: Analysis, path: str) -> Analysis:
        """``analysis`` with what the installed Keras says; itself where that makes no difference to it."""
        # Which versions another Python has, only that one can tell.
        elsewhere = self.family is None and self.python != sys.executable
        if self.python is None or not (analysis.asks or (analysis.minds_versions and elsewhere)):
            return analysis
        started = time.monotonic()
        if self.referee is None:
            self.referee = self.opener((self.python,), lambda answers: None)
        found = settled(analysis, self.referee, family=self.family, path=path, seconds=max(self.left, 0.0))
        self.left -= time.monotonic() - started
        return found

    def close(self) -> None:
        """End what was started."""
        if self.referee is not None:
            self.referee.close()
