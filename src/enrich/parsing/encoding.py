"""Bytes to text: UTF-8 first, byte order marks honoured, other encodings only when they fit."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from enrich.errors import ListError
from enrich.papers.escape_sequences import without_escapes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 256 * 1024
# Above this share of disorder a detected encoding is a guess, and letters would be wrong.
_MAX_CHAOS = 0.15
# Encodings people save lists in; a guess outside them is more likely damage than a choice.
_KNOWN = re.compile(
    r"gb\w+|hz|big5\w*|cp(?:932|936|949|950|125[0-4])|shift_jis\w*|euc_\w+|johab|latin_1|"
    r"iso8859_(?:[1-9]|1[3-6])|koi8_\w"
)


def decode(data: bytes, location: str) -> tuple[str, str]:
    """(text with `\\n` line ends and without terminal escape sequences, encoding).

    Raises ListError, with the offset of the first bad byte, when no encoding fits.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return _lines(data.decode(encoding)), encoding
            except UnicodeDecodeError as error:
                raise _refused(location, error.start, data, encoding) from None
    try:
        return _lines(data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError as error:
        offset = error.start
    start = max(0, offset - _SAMPLE // 2)
    best = from_bytes(data[start : start + _SAMPLE]).best()
    if best is not None and best.chaos <= _MAX_CHAOS and _KNOWN.fullmatch(best.encoding):
        try:
            return _lines(data.decode(best.encoding)), best.encoding.replace("_", "-")
        except (UnicodeDecodeError, LookupError):
            pass
    raise _refused(location, offset, data, "utf-8")


def _lines(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    return without_escapes(text)


def _refused(location: str, offset: int, data: bytes, encoding: str) -> ListError:
    return ListError(
        f"{location} is not {encoding.upper()}: byte 0x{data[offset]:02x} at offset {offset} fits "
        "no encoding that could be recognised; save the file as UTF-8."
    )
