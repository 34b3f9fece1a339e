"""A street with two faces and a plate: what is to be covered, and whether it is."""

import io

from PIL import Image, ImageDraw

FACES = [(10, 10, 12, 15), (60, 20, 12, 15)]
PLATE = (30, 70, 20, 8)
BOXES = [
    {"kind": kind, "left": left, "top": top, "width": width, "height": height}
    for kind, (left, top, width, height) in zip(("face", "face", "plate"), (*FACES, PLATE), strict=True)
]
SKIN, GROUND = (255, 40, 200), (90, 160, 90)


def street(width=800, height=600):
    """A street with two faces and a plate in a colour that nothing else has (scenario 4)."""
    image = Image.new("RGB", (width, height), GROUND)
    draw = ImageDraw.Draw(image)
    for left, top, across, down in (*FACES, PLATE):
        right, bottom = (left + across) * width / 100 - 1, (top + down) * height / 100 - 1
        draw.rectangle((left * width / 100, top * height / 100, right, bottom), fill=SKIN)
    return image


def has_skin(data):
    """Whether a pixel anywhere looks like what was to be covered."""
    with Image.open(io.BytesIO(data)) as image:
        return any(
            red > 200 and green < 120 and blue > 140
            for _, (red, green, blue) in image.convert("RGB").getcolors(1 << 24)
        )


def is_covered(data, boxes=BOXES):
    """Whether every pixel inside the rectangles is black, as far as JPEG lets any colour be."""
    with Image.open(io.BytesIO(data)) as image:
        for box in boxes:
            left, top = image.width * box["left"] / 100 + 2, image.height * box["top"] / 100 + 2
            right = image.width * (box["left"] + box["width"]) / 100 - 2
            bottom = image.height * (box["top"] + box["height"]) / 100 - 2
            inside = image.convert("RGB").crop((int(left), int(top), int(right), int(bottom)))
            if max(value for pair in inside.getextrema() for value in pair) > 40:
                return False
    return True
