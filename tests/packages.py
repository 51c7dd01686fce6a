"""Small .xlsx files written part by part, for what no library would write."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def worksheet(rows: str, after: str = "", before: str = "") -> str:
    """A sheet's XML around the rows."""
    return f'{_DECLARATION}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def strings(*items: str) -> str:
    """A table of shared texts; each item is what stands in <si>."""
    inside = "".join(f"<si>{item}</si>" for item in items)
    return f'{_DECLARATION}<sst xmlns="{MAIN}" count="{len(items)}">{inside}</sst>'


def parts_of(*sheets: str | bytes, shared: str | bytes = "", styles: str | bytes = "") -> dict[str, str | bytes]:
    """The parts of a workbook with these sheets, named 表1, 表2, …"""
    numbers = range(1, len(sheets) + 1)
    listed = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relationships(f'<Relationship Id="a" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'),
        "xl/workbook.xml": (f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>'),
    }
    if shared:
        parts["xl/sharedStrings.xml"] = shared
        related += f'<Relationship Id="s" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    if styles:
        parts["xl/styles.xml"] = styles
        related += f'<Relationship Id="t" Type="{OFFICE}/styles" Target="styles.xml"/>'
    parts["xl/_rels/workbook.xml.rels"] = relationships(related)
    for number, sheet in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{number}.xml"] = sheet
    return parts


def relationships(inside: str) -> str:
    """A .rels part."""
    return f'{_DECLARATION}<Relationships xmlns="{_RELATIONSHIPS}">{inside}</Relationships>'


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """The parts as a zip."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def workbook(*sheets: str | bytes, shared: str | bytes = "", styles: str | bytes = "") -> bytes:
    """A whole file with these sheets."""
    return packed(parts_of(*sheets, shared=shared, styles=styles))
