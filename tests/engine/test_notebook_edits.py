"""Re-use between the revisions of a notebook: what depends on an edit runs again, and nothing else."""

from __future__ import annotations

from shapelens.engine.analysis import Analysis
from shapelens.engine.analyze import Interpreter, analyze
from shapelens.text import document
from shapelens.text.notebook import Cell, Notebook
from support.stub_interpreter import Stub


class Book:
    """A notebook that is analysed at each revision."""

    def __init__(self) -> None:
        self.stub = Stub()
        self.analysis: Analysis | None = None

    def show(self, *texts: str) -> list[str]:
        """The statements that were interpreted because the cells are these now."""
        self.stub.ran.clear()
        cells = tuple(Cell(document(f"#{text}", text)) for text in texts)
        program = Notebook("file:///a.ipynb", 1, cells).program
        self.analysis = analyze(program, self.analysis, interpreter=Interpreter(self.stub))
        fresh = analyze(program, interpreter=Interpreter(Stub()))
        assert self.analysis.state == fresh.state
        assert [(at.range, at.problem.failure) for at in self.analysis.problems] == [
            (at.range, at.problem.failure) for at in fresh.problems
        ]
        return list(self.stub.ran)


def test_cell_edits_rerun_what_depends_on_them() -> None:
    book = Book()
    a, b, c = "%matplotlib inline\nx = 1\ny = 2", "z = x + 1", "w = y + 1"
    assert book.show(a, b, c) == ["x = 1", "y = 2", "z = x + 1", "w = y + 1"]
    assert book.show(a, b, c) == []
    assert book.show(a.replace("x = 1", "x = 5"), b, c) == ["x = 5", "z = x + 1"]
    a = a.replace("x = 1", "x = 5")
    assert book.show(a, "!ls\n", b, c) == []
    assert book.show(a, "# note", c, b) == []
    assert book.show(a, "v = 3", c, b) == ["v = 3"]
    assert book.show(a, c, b) == []
    assert book.show(c, a, b) == ["w = y + 1"]
    assert book.show(a, b) == []
    assert book.show("%%bash\n" + a, b) == ["z = x + 1"]
    assert book.show(a, "broken = (", b) == ["x = 5", "y = 2", "broken = (", "z = x + 1"]
    assert book.show(a, "broken = (1)", b) == ["broken = (1)"]
