"""The seal on the office's letterhead: a picture that can be printed, and nothing else."""

from __future__ import annotations

import json
from io import BytesIO
from tempfile import TemporaryDirectory
from typing import Final

import typst
from django.utils.translation import gettext as _
from docx.image.image import Image

from engagements.refusals import Refused

MOST_BYTES: Final = 200_000
MOST_PIXELS: Final = 2_000
"""To a side. At the size of a seal this is four times what a printer can show."""

FLATTEST: Final = 4
"""So many times as wide as high, or as high as wide, at most."""

TYPES: Final = {"image/png": ".png", "image/jpeg": ".jpg"}
ACCEPT: Final = ".png,.jpg,.jpeg"

_TRIAL: Final = b"#image(bytes(json(bytes(sys.inputs.picture))))"


def read_seal(content: bytes) -> bytes:
    """The picture as it came. Refuses in words what is no PNG or JPEG, damaged, or too large."""
    if len(content) > MOST_BYTES:
        raise Refused(
            "seal_large",
            _("The picture has %(bytes)d kB; %(most)d kB are possible.")
            % {"bytes": len(content) // 1000, "most": MOST_BYTES // 1000},
        )
    width, height = _sides(content)
    if max(width, height) > MOST_PIXELS:
        raise Refused(
            "seal_pixels",
            _("The picture has %(width)d by %(height)d points; %(most)d to a side are possible.")
            % {"width": width, "height": height, "most": MOST_PIXELS},
        )
    if max(width, height) > FLATTEST * min(width, height):
        raise Refused(
            "seal_flat", _("A picture this long and narrow does not fit on the letterhead.")
        )
    _try(content)
    return content


def content_type(content: bytes) -> str:
    return "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"


def _sides(content: bytes) -> tuple[int, int]:
    try:
        found = Image.from_file(BytesIO(content))
    # The reader trusts the numbers in a file and raises whatever they make it raise.
    except Exception as error:
        raise _unreadable() from error
    if found.content_type not in TYPES or not found.px_width or not found.px_height:
        raise _unreadable()
    return found.px_width, found.px_height


def _try(content: bytes) -> None:
    """Print it, in an empty directory: a damaged picture would stop every publication."""
    with TemporaryDirectory() as empty:
        compiler = typst.Compiler(
            _TRIAL,
            root=empty,
            ignore_system_fonts=True,
            sys_inputs={"picture": json.dumps(list(content))},
            package_path=empty,
            package_cache_path=empty,
        )
        try:
            compiler.compile(format="pdf")
        except typst.TypstError as error:
            raise _unreadable() from error


def _unreadable() -> Refused:
    return Refused("seal_type", _("Please choose a picture that is a PNG or a JPEG."))
