"""What an editor may send as settings."""

from __future__ import annotations

import pytest

from shapelens.lsp.settings import Settings, settings_from


@pytest.mark.parametrize("content", [None, 3, [], {}, {"shapelens": None}, {"keras": True}, {"keras": {"enabled": 1}}])
def test_what_is_not_understood_is_the_default(content: object) -> None:
    assert settings_from(content) == Settings()


@pytest.mark.parametrize(
    ("interpreter", "command"),
    [
        ("/some/python", ("/some/python",)),
        (["py", "-3.12"], ("py", "-3.12")),
        ("", ()),
        ([], ()),
        (["py", 3], ()),
        (3, ()),
    ],
)
def test_the_python_whose_keras_is_asked(interpreter: object, command: tuple[str, ...]) -> None:
    settings = settings_from({"shapelens": {"keras": {"enabled": False, "interpreter": interpreter}}})
    assert (settings.keras, settings.keras_interpreter) == (False, command)
