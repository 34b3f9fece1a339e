"""Workbooks made by hand, also such as no program would write."""

import io
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KINDS = "application/vnd.openxmlformats-"
SHEETS = f"{KINDS}officedocument.spreadsheetml."
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def _points_to(*targets):
    links = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'


SHEET = ("worksheet", "worksheets/sheet1.xml")
LINKS = _points_to(SHEET, ("sharedStrings", "sharedStrings.xml"))

PARTS = {
    "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="{KINDS}package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SHEETS}sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEETS}worksheet+xml"/></Types>',
    "_rels/.rels": _points_to(("officeDocument", "xl/workbook.xml")),
    "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
    '<sheets><sheet name="Blad1" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": _points_to(SHEET),
}


def text(where, said):
    """A cell with a text."""
    return f'<c r="{where}" t="inlineStr"><is><t>{said}</t></is></c>'


def book(rows, before="", shared=""):
    """A workbook of one sheet with these rows, as XML; `shared` is a text that cells may point to."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in PARTS.items():
            if not shared or name != "xl/_rels/workbook.xml.rels":
                file.writestr(name, part)
        head = HEAD + before + f'<worksheet xmlns="{MAIN}"><sheetData>'
        if shared:
            file.writestr("xl/sharedStrings.xml", f'{HEAD}<sst xmlns="{MAIN}"><si><t>{shared}</t></si></sst>')
            file.writestr("xl/_rels/workbook.xml.rels", LINKS)
        file.writestr("xl/worksheets/sheet1.xml", f"{head}{rows}</sheetData></worksheet>")
    return made.getvalue()


BOMB = "<row><c><v>1</v></c></row>" * 1_500_000
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
