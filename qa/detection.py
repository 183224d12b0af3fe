"""Which language a text is in, by the model of the extra `languages`. Runs on this machine alone.

Without the extra nothing here is touched, and no language is told.
"""

from __future__ import annotations

import importlib
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    Detector = Callable[[str], tuple[str, float]]

PACKAGE: Final = "py3langid"

SURE: Final = 0.5
"""The confidence from which on a language is told. The model knows 97 of them, and its next best
guess is then less likely than this one; shorter texts mostly stay below it."""

_detector: Detector | None = None
_is_installed: bool = find_spec(PACKAGE) is not None


def use(detector: Detector | None) -> None:
    """From now on, in this process; without any, no language is told."""
    global _detector, _is_installed
    _detector, _is_installed = detector, False


def warm() -> None:
    """Read the model now, so that nobody's first question waits for it."""
    if _is_installed:
        _model()


def language_of(text: str) -> str:
    """Its code, or "" where that cannot be told. About 0.1 ms; the first time a second more."""
    detector = _detector or (_model() if _is_installed else None)
    if detector is None or not any(character.isalpha() for character in text):
        return ""
    code, confidence = detector(text)
    return code if confidence >= SURE else ""


@cache
def _model() -> Detector:
    langid: Any = importlib.import_module(f"{PACKAGE}.langid")
    identifier = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    classify: Detector = identifier.classify
    return classify
