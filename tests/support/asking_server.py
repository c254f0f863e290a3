"""The language server with the real interpreter and a fake referee, as a process: ``asking_server.py MODE``.

``late``: answers come after a while; ``never``: they do not; ``dying``: the worker has died; ``absent``: there is
no Keras. `Conv2D` is refused and the rest accepted, with an output of nine features.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Sequence

from shapelens.lsp.server import serve
from shapelens.referee.api import OnAnswers, Referee, State
from shapelens.shapes.question import Answer, Question, Versions
from shapelens.shapes.shape import TensorSpec, shape
from support.fake_referee import FakeReferee

KERAS = Versions(python="3.11.0", keras="3.15.1", tensorflow="2.21.0", numpy="2.3.0")
WHO = "Keras 3.15.1"
SECONDS = 0.5


class LateReferee(FakeReferee):
    """Answers each question after half a second."""

    def ask(self, questions: Iterable[Question]) -> None:
        super().ask(questions)
        threading.Timer(SECONDS, self.deliver).start()


def verdict(question: Question) -> Answer:
    if "Conv2D" in repr(question):
        return Answer(error="The words of Keras.", error_type="ValueError", version=WHO)
    return Answer(outputs=TensorSpec(shape(None, 9), "float32"), params=None, version=WHO)


def opener(mode: str) -> Callable[[Sequence[str], OnAnswers], Referee]:
    def opened(argv: Sequence[str], on_answers: OnAnswers) -> Referee:
        if mode == "absent":
            return FakeReferee(libraries=Versions(python="3.11.0"), state=State.ABSENT)
        if mode == "dying":
            return FakeReferee(libraries=KERAS, state=State.EXITED)
        kind = LateReferee if mode == "late" else FakeReferee
        return kind(later=verdict, libraries=KERAS, on_answers=on_answers)

    return opened


if __name__ == "__main__":
    sys.exit(serve(opener=opener(sys.argv[1])))
