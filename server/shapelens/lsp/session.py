"""The open documents and what is known of them. Lives on the event loop's thread."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from shapelens.engine.analysis import Analysis
from shapelens.engine.analyze import Interpreter, analyze, default_interpreter
from shapelens.engine.consultant import Consultant, Opener, Question
from shapelens.engine.moved import Move, moved
from shapelens.engine.scheduler import Delays, Scheduler
from shapelens.lsp.settings import Settings
from shapelens.lsp.uris import path_of
from shapelens.text import sources
from shapelens.text.document import Document

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class View:
    """The newest finished analysis of a document, and how its places moved since."""

    document: Document
    analysis: Analysis
    move: Move


@dataclass(slots=True)
class _Open:
    document: Document
    analysis: Analysis | None = None
    waiting: list[asyncio.Future[None]] = field(default_factory=list)


class Session:
    """Takes revisions, has them analysed on a worker thread, and tells ``on_analysis`` on the loop.

    ``on_news`` is told there, too, when there is something new to say of the installed Keras.
    """

    def __init__(
        self,
        on_analysis: Callable[[Analysis, Analysis | None], None],
        interpreter: Interpreter | None = None,
        on_news: Callable[[], None] = lambda: None,
        opener: Opener | None = None,
    ) -> None:
        self.settings = Settings()
        self.interpreter = interpreter
        self._on_analysis = on_analysis
        self._open: dict[str, _Open] = {}
        # The notebook of each cell.
        self._notebooks: dict[str, str] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._on_news = on_news
        self.keras = Consultant(self._news, opener)
        self._scheduler = Scheduler(self._analyze, self._publish, ask=self._ask)

    def warm_up(self) -> None:
        """Import the interpreter while the editor is still busy with opening its first document."""
        if self.interpreter is None:
            self._scheduler.run_soon(self._load_interpreter)

    def configure(self, settings: Settings) -> None:
        """Take other settings."""
        self.settings = settings
        self._scheduler.set_delays(Delays(settings.delay / 1000, settings.max_delay / 1000))
        self._loop = asyncio.get_running_loop()
        self.keras.use((settings.keras_interpreter or (sys.executable,)) if settings.keras else None)

    def open(self, document: Document) -> None:
        """A document was opened; it is analysed at once."""
        self._loop = asyncio.get_running_loop()
        self._open[document.uri] = _Open(document)
        self._notebooks.update((part.document.uri, document.uri) for part in document.cells)
        self._take_text(document)
        self._scheduler.submit(document, at_once=True)

    def change(self, document: Document) -> None:
        """A document has a new revision."""
        if document.uri in self._open:
            self._open[document.uri].document = document
            self._notebooks.update((part.document.uri, document.uri) for part in document.cells)
            self._take_text(document)
            self._scheduler.submit(document)

    def close(self, uri: str) -> None:
        """A document was closed."""
        closed = self._open.pop(uri, None)
        self._notebooks = {cell: notebook for cell, notebook in self._notebooks.items() if notebook != uri}
        self._scheduler.forget(uri)
        for future in closed.waiting if closed else ():
            if not future.done():
                future.set_result(None)
        path = path_of(uri)
        if closed and path is not None and not closed.document.cells:
            sources.close(path)
            self._refresh_importers(path)

    def files_changed(self) -> None:
        """Files on disk changed, which open documents may import."""
        sources.disk_changed()
        for state in self._open.values():
            self._scheduler.submit(state.document)

    def _take_text(self, document: Document) -> None:
        """What is typed into a module, saved or not, is what those that import it get."""
        path = path_of(document.uri)
        if path is not None and not document.cells:
            sources.edit(path, document.text)
            self._refresh_importers(path)

    def _refresh_importers(self, path: str) -> None:
        for state in self._open.values():
            if state.analysis is not None and path in state.analysis.imported:
                self._scheduler.submit(state.document)

    def stop(self) -> None:
        """End all work."""
        self._scheduler.stop()
        self.keras.close()

    def document(self, uri: str) -> Document | None:
        """The newest revision of an open document."""
        state = self._open.get(uri)
        return state.document if state else None

    def analyses(self) -> Iterator[Analysis]:
        """The newest finished analyses of all open documents."""
        return (state.analysis for state in self._open.values() if state.analysis is not None)

    async def view(self, uri: str, seconds: float = 5.0) -> View | None:
        """The newest finished analysis; for a document that was just opened, its first, if it comes soon.

        The URI of a cell means its notebook.
        """
        state = self._state(uri)
        if state is None:
            return None
        if state.analysis is None:
            await self._wait(state, seconds)
        if state.analysis is None:
            return None
        return View(state.document, state.analysis, moved(state.analysis.document.text, state.document.text))

    async def current(self, uri: str, seconds: float = 2.0) -> Analysis | None:
        """The analysis of the newest revision, if it comes soon. The URI of a cell means its notebook."""
        state = self._state(uri)
        if state is None:
            return None
        if state.analysis is None or state.analysis.document is not state.document:
            self._scheduler.submit(state.document, at_once=True)
            await self._wait(state, seconds)
        if state.analysis is None or state.analysis.document is not state.document:
            return None
        return state.analysis

    def _state(self, uri: str) -> _Open | None:
        return self._open.get(self._notebooks.get(uri, uri))

    async def on_worker(self, job: Callable[[], T]) -> T:
        """Do something expensive on the worker thread."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def settle(outcome: Callable[[], None]) -> None:
            if not future.done():  # it is, when the request was cancelled
                outcome()

        def run() -> None:
            try:
                result = job()
            except Exception as error:
                loop.call_soon_threadsafe(settle, partial(future.set_exception, error))
            else:
                loop.call_soon_threadsafe(settle, partial(future.set_result, result))

        self._scheduler.run_soon(run)
        return await future

    async def _wait(self, state: _Open, seconds: float) -> None:
        future = asyncio.get_running_loop().create_future()
        state.waiting.append(future)
        await asyncio.wait([future], timeout=seconds)

    def _load_interpreter(self) -> None:
        self.interpreter = default_interpreter()

    def _analyze(self, document: Document, previous: Analysis | None, cancelled: Callable[[], bool]) -> Analysis:
        path = path_of(document.uri)
        return analyze(
            document,
            previous,
            path=path,
            interpreter=self.interpreter,
            cancelled=cancelled,
            installed=self.keras.installed(),
        )

    def _ask(self, questions: Collection[Question]) -> None:
        """Called on the worker."""
        self.keras.ask(questions)
        self._tell(self._on_news)

    def _news(self, answered: Collection[Question] | None) -> None:
        """Called on a thread of the referee's."""
        self._scheduler.recheck(answered)
        self._tell(self._on_news)

    def _tell(self, listener: Callable[[], None]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(listener)

    def _publish(self, analysis: Analysis) -> None:
        """Called on the worker."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._arrived, analysis)

    def _arrived(self, analysis: Analysis) -> None:
        state = self._open.get(analysis.document.uri)
        # Meanwhile it may have been changed, or closed and opened again.
        if state is None or analysis.document is not state.document:
            return
        before, state.analysis = state.analysis, analysis
        waiting, state.waiting = state.waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)
        self._on_analysis(analysis, before)
