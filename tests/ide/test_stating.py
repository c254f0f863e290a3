"""Where a variable's shape was lost, a comment is offered that states it."""

from __future__ import annotations

import pytest

from shapelens.cli.api import analyze_text
from shapelens.engine.analysis import Range
from shapelens.engine.fixes import apply_edits
from shapelens.ide.actions import actions

PROGRAM = """\
import loader
import numpy as np
from keras import layers, models

images = loader.images()
train, labels = loader.both()
unused = loader.images()
twice = loader.images(); other = 3
noted = loader.images()  # the pictures
stated = loader.images()  # shape: (n, 3)
model = models.Sequential([layers.Input((28, 28, 1)), layers.Conv2D(4, 3)])
model.fit(images, labels)
model.evaluate(train.data, labels)
print(images, twice, noted, stated)
"""


def offers(line: str, program: str = PROGRAM) -> list[tuple[str, str]]:
    """What is offered on a line: the title, and the line as it becomes."""
    analysis = analyze_text(program, "program.py")
    assert analysis.stopped is None
    start = program.index(line)
    number = program[:start].count("\n")
    found = []
    for action in actions(analysis, Range(start, start)):
        if action.diagnostic is None:
            changed = apply_edits(analysis.document, action.fix.edits)
            found.append((action.fix.title, changed.text.splitlines()[number]))
    return found


def test_the_input_of_the_model_that_gets_it_is_proposed() -> None:
    assert offers("images =") == [
        ("State that `images` has shape (n, 28, 28, 1)", "images = loader.images()  # shape: (n, 28, 28, 1)")
    ]


def test_without_such_a_model_the_comment_says_nothing_yet() -> None:
    assert offers("train, labels") == [
        (
            "State the shape of `train`, `labels` in a comment",
            "train, labels = loader.both()  # shape: train (...), labels (...)",
        )
    ]


@pytest.mark.parametrize("line", ["unused", "twice", "noted", "stated", "model =", "import loader"])
def test_nothing_is_offered_where_it_would_not_help(line: str) -> None:
    assert offers(line) == []


def test_a_shape_that_would_make_a_new_problem_is_not_proposed() -> None:
    program = PROGRAM.replace("print(", "np.ones((n, 5)) @ images\nprint(").replace("(n, 5)", "(7, 5)")
    assert offers("images =", program) == [
        ("State the shape of `images` in a comment", "images = loader.images()  # shape: (...)")
    ]


def test_a_comment_that_is_wrong_is_corrected() -> None:
    program = "import numpy as np\nx = np.zeros((3, 4))  # shape: (n, 5)\n"
    analysis = analyze_text(program, "program.py")
    place = program.index("# shape")
    [action] = actions(analysis, Range(place, place))
    assert action.fix.title == "Write (3, 4)"
    assert apply_edits(analysis.document, action.fix.edits).text.endswith("x = np.zeros((3, 4))  # shape: (3, 4)\n")
