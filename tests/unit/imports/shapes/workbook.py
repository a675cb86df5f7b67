"""A workbook of the fewest parts that spreadsheets open."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Sequence

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


def workbook(*rows: Sequence[str | float], dates: Collection[int] = ()) -> bytes:
    """One sheet with these rows; the numbers in the columns `dates`, counted from 0, are days."""
    lines = "".join(
        f'<row r="{number}">{"".join(_cell(value, place in dates) for place, value in enumerate(row))}</row>'
        for number, row in enumerate(rows, 1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": _related(rId1=("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Invoices" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _related(
            rId1=("worksheet", "worksheets/one.xml"), rId2=("styles", "styles.xml")
        ),
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/>'
        "</cellXfs></styleSheet>",
        "xl/worksheets/one.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>',
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, _DECLARATION + part)
    return packed.getvalue()


def _cell(value: str | float, is_day: bool) -> str:  # noqa: FBT001 - a cell and how it is shown
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value.replace("&", "&amp;")}</t></is></c>'
    return f'<c s="{int(is_day)}"><v>{value}</v></c>'


def _related(**targets: tuple[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'
