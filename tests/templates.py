"""Compiles every template, so that a fault in a page that is seldom seen is found at once."""

from __future__ import annotations

import os
import sys

import django
from django.template import TemplateSyntaxError
from django.template.loader import get_template

from tests.run import ROOT, say

DIRECTORY = ROOT / "templates"


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    faults = 0
    for path in sorted(path for path in DIRECTORY.rglob("*") if path.is_file()):
        try:
            get_template(str(path.relative_to(DIRECTORY)))
        except (TemplateSyntaxError, UnicodeDecodeError) as error:
            faults += 1
            say(f"{path.relative_to(ROOT)}: {error}")
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
