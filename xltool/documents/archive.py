"""The parts of a document that is a zip (.docx, .odt, .ods), under the bounds of the workbook reader."""

from __future__ import annotations

from xltool.documents.limits import damaged, too_large
from xltool.errors import FileRefused, TooLarge
from xltool.spreadsheet.filekind import ZIP_ERRORS, open_zip, part_name
from xltool.spreadsheet.limits import MAX_FILE, MAX_PARTS
from xltool.spreadsheet.package import Package


def opened(data: bytes, what: str) -> Package:
    """The parts of ``data``, inflated when asked for, counted while inflating; FileRefused names ``what``."""
    if len(data) > MAX_FILE:
        raise too_large(what)
    try:
        with open_zip(data) as archive:
            files = [member for member in archive.infolist() if not member.filename.endswith("/")]
    except ZIP_ERRORS as error:
        raise damaged(what) from error
    # Pictures are parts too, and are never inflated.
    if len(files) > 5 * MAX_PARTS:
        raise too_large(what)
    return Package(data, {part_name(member.filename): member for member in files})


def part(package: Package, name: str, what: str) -> bytes:
    """The content of a part; FileRefused names ``what``, where the workbook reader would speak of workbooks."""
    try:
        return package.part(name)
    except TooLarge as error:
        raise too_large(what) from error
    except FileRefused as error:
        raise damaged(what) from error
