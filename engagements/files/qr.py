"""An address as a QR code: dark modules on a white field, so that it also scans on a dark page."""

from __future__ import annotations

from io import BytesIO
from typing import Final

import segno
from django.utils.safestring import SafeString, mark_safe

from engagements.files.text import clean_line

SVG: Final = "image/svg+xml"
PNG: Final = "image/png"

QUIET_ZONE: Final = 4
"""Modules of white around it, without which cameras do not find it (ISO/IEC 18004)."""


def svg(address: str, *, title: str) -> SafeString:
    """For use inside a page: no size of its own, and a title that names it to everybody."""
    drawing = _code(address).svg_inline(
        border=QUIET_ZONE, light="#fff", omitsize=True, title=clean_line(title), svgclass="qr"
    )
    # segno escapes the title; nothing else in the drawing comes from outside.
    return mark_safe(drawing.replace("<svg ", '<svg role="img" ', 1))  # noqa: S308


def svg_file(address: str, *, title: str) -> bytes:
    """For a poster: a file of its own."""
    return _written(address, "svg", light="#fff", scale=8, title=clean_line(title))


def png_file(address: str) -> bytes:
    """For a slide or a letter."""
    return _written(address, "png", light="#fff", scale=16)


def _code(address: str) -> segno.QRCode:
    return segno.make_qr(address, error="m")


def _written(address: str, kind: str, **how: object) -> bytes:
    out = BytesIO()
    _code(address).save(out, kind=kind, border=QUIET_ZONE, **how)
    return out.getvalue()
