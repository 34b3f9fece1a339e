"""A PDF as a reader of them sees it: language, tags, alternative texts, pages as pictures."""

import io

import pypdf
import pypdfium2


class Paper:
    """One PDF."""

    def __init__(self, content):
        self.content = content
        self.read = pypdf.PdfReader(io.BytesIO(content))
        self.root = self.read.trailer["/Root"]

    @property
    def language(self):
        return self.root["/Lang"]

    @property
    def title(self):
        return self.read.metadata.title

    @property
    def text(self):
        """All that is said in it, in reading order, on one line."""
        return " ".join(" ".join(page.extract_text() for page in self.read.pages).split())

    @property
    def xmp(self):
        """What the file says of itself to an archive."""
        return self.root["/Metadata"].get_data().decode()

    @property
    def tags(self):
        """The kinds of the tags, in reading order."""
        return [str(one["/S"]) for one in self._elements(self.root["/StructTreeRoot"]) if "/S" in one]

    @property
    def alternatives(self):
        """What is said of each picture to who does not see it."""
        elements = self._elements(self.root["/StructTreeRoot"])
        return [str(one["/Alt"]) for one in elements if one.get("/S") == "/Figure" and "/Alt" in one]

    @property
    def figures(self):
        return self.tags.count("/Figure")

    @property
    def fonts(self):
        """The typefaces, each with whether it is embedded."""
        found = {}
        for page in self.read.pages:
            for entry in page["/Resources"].get("/Font", {}).values():
                whole = entry.get_object()
                parts = [one.get_object() for one in whole.get("/DescendantFonts", [whole])]
                files = [key for one in parts for key in one["/FontDescriptor"] if key.startswith("/FontFile")]
                found[str(whole["/BaseFont"]).partition("+")[2]] = bool(files)
        return found

    @property
    def links(self):
        """Addresses that a click would lead to."""
        notes = [note.get_object() for page in self.read.pages for note in page.get("/Annots", [])]
        return [str(note["/A"]["/URI"]) for note in notes if "/A" in note and "/URI" in note["/A"]]

    def picture(self, number=0, scale=1.0):
        """A page as a picture."""
        return pypdfium2.PdfDocument(self.content)[number].render(scale=scale).to_pil().convert("RGB")

    def _elements(self, node):
        below = node.get("/K", [])
        for one in below if isinstance(below, list) else [below]:
            found = one.get_object() if hasattr(one, "get_object") else one
            if isinstance(found, dict):
                yield found
                yield from self._elements(found)


def colours(picture):
    """How many different colours a picture has."""
    return len(picture.getcolors(maxcolors=1 << 24))
