"""Static files under names that carry their hash, so that browsers may keep them for ever."""

from __future__ import annotations

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


def _without_source_maps(patterns: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(
        (extension, tuple(rule for rule in rules if "sourceMappingURL" not in str(rule)))
        for extension, rules in patterns
    )


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # has no types
    """Rewrites the imports of JS modules too, and leaves out what only a debugger follows.

    The design system's files end with the name of a source map that is larger than all that we
    serve; following it would make every collection fail, or three times as large.
    """

    support_js_module_import_aggregation = True
    patterns = _without_source_maps(CompressedManifestStaticFilesStorage.patterns)
