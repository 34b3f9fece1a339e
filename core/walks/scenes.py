"""Drawn photos for the demo city: a place in the evening, and on it what the observation is about.

Nothing in them is real, and nobody is in them. The same kind and number give the same picture, to the last byte.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Mapping

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1280, 960
HORIZON = 430
QUALITY = 80

Colour = tuple[int, int, int]
NIGHT: tuple[Colour, Colour] = ((16, 22, 44), (58, 62, 88))
DUSK: tuple[Colour, Colour] = ((70, 88, 130), (214, 170, 140))
DAY: tuple[Colour, Colour] = ((150, 188, 222), (224, 234, 240))
"""Colour of the sky at the top and at the horizon."""


class Scene:
    """A picture in the making: `draw` on it, with `chance` for what differs from picture to picture."""

    def __init__(self, sky: tuple[Colour, Colour], number: int) -> None:
        self.chance = random.Random(number)  # noqa: S311 - a drawing
        self.light = sum(sky[1]) / 3 / 230
        self.image = Image.new("RGB", (WIDTH, HEIGHT))
        self.draw = ImageDraw.Draw(self.image, "RGBA")
        for y in range(HORIZON):
            part = y / HORIZON
            self.draw.line((0, y, WIDTH, y), tuple(round(a + (b - a) * part) for a, b in zip(*sky, strict=True)))
        self._houses()
        self.draw.rectangle((0, HORIZON, WIDTH, HEIGHT), self.lit((74, 92, 66)))
        self._path()

    def lit(self, colour: Colour) -> Colour:
        """Return `colour` as it looks in this light."""
        return tuple(round(part * (0.25 + 0.75 * self.light)) for part in colour)  # type: ignore[return-value]

    def _houses(self) -> None:
        x = -40
        while x < WIDTH:
            wide, high = self.chance.randint(120, 260), self.chance.randint(110, 300)
            shade = self.chance.randint(90, 150)
            self.draw.rectangle((x, HORIZON - high, x + wide, HORIZON), self.lit((shade, shade - 10, shade - 20)))
            for row in range(HORIZON - high + 20, HORIZON - 30, 44):
                for left in range(x + 16, x + wide - 30, 46):
                    glows = self.light < 0.6 and self.chance.random() < 0.4  # noqa: PLR2004
                    self.draw.rectangle(
                        (left, row, left + 22, row + 24), (236, 200, 120) if glows else self.lit((60, 70, 84))
                    )
            x += wide + self.chance.randint(4, 40)

    def _path(self) -> None:
        end = self.chance.randint(480, 800)
        self.draw.polygon(
            ((end - 40, HORIZON), (end + 40, HORIZON), (1000, HEIGHT), (240, HEIGHT)), self.lit((150, 148, 144))
        )

    def jpeg(self) -> bytes:
        """Return the picture as a photo file."""
        file = io.BytesIO()
        self.image.filter(ImageFilter.SMOOTH).save(file, "JPEG", quality=QUALITY)
        return file.getvalue()


def lamps(scene: Scene) -> None:
    """Three lamps along the path, of which one is out."""
    out = scene.chance.randrange(3)
    for number, (x, high) in enumerate(((330, 520), (470, 330), (560, 220))):
        foot = HORIZON + high // 2
        scene.draw.line((x, foot, x, foot - high), scene.lit((60, 60, 64)), max(4, high // 50))
        head = (x - high // 14, foot - high - high // 20, x + high // 14, foot - high + high // 30)
        scene.draw.ellipse(head, (70, 74, 82) if number == out else (255, 238, 190))
        if number != out:
            for ring in range(6, 0, -1):
                spread = high // 12 * ring
                scene.draw.ellipse(
                    (x - spread, foot - high - spread, x + spread, foot - high + spread), (255, 230, 160, 18)
                )


def bushes(scene: Scene) -> None:
    """Bushes that have grown out over the path."""
    for _ in range(70):
        x, y = scene.chance.randint(-60, 520), scene.chance.randint(400, 840)
        size, green = scene.chance.randint(50, 120), scene.chance.randint(70, 120)
        scene.draw.ellipse((x, y, x + size, y + size), scene.lit((green // 2, green, green // 3)))


def rubbish(scene: Scene) -> None:
    """Bags and boxes beside the path."""
    for _ in range(9):
        x, y = scene.chance.randint(640, 1120), scene.chance.randint(620, 860)
        size, grey = scene.chance.randint(50, 110), scene.chance.randint(20, 210)
        if scene.chance.random() < 0.5:  # noqa: PLR2004
            scene.draw.ellipse((x, y, x + size, y + size), scene.lit((grey // 3, grey // 3, grey // 2)))
        else:
            scene.draw.rectangle((x, y, x + size, y + size * 3 // 4), scene.lit((170, 130, 84)))


def wall(scene: Scene) -> None:
    """A wall of concrete along the path."""
    scene.draw.polygon(((620, 330), (WIDTH, 120), (WIDTH, 880), (620, 560)), scene.lit((168, 166, 160)))
    for x in range(700, WIDTH, 120):
        scene.draw.line((x, 330 - (x - 620) // 3, x, 560 + (x - 620) // 2), scene.lit((140, 138, 132)), 3)


def graffiti(scene: Scene) -> None:
    """Paint on the wall: lines that say nothing."""
    wall(scene)
    for _ in range(3):
        colour = tuple(scene.chance.randint(40, 230) for _ in range(3))
        x, y = scene.chance.randint(700, 900), scene.chance.randint(360, 480)
        line = [(x, y)]
        for _ in range(14):
            x, y = x + scene.chance.randint(-10, 46), y + scene.chance.randint(-70, 70)
            line.append((x, max(250, min(y, 640))))
        scene.draw.line(line, colour, scene.chance.randint(10, 20), joint="curve")


def cracks(scene: Scene) -> None:
    """Holes and cracks in the paving."""
    for _ in range(7):
        x, y = scene.chance.randint(430, 800), scene.chance.randint(560, 900)
        wide = scene.chance.randint(40, 130)
        scene.draw.ellipse((x, y, x + wide, y + wide // 3), scene.lit((70, 66, 62)))
        scene.draw.line((x, y, x + scene.chance.randint(-160, 160), y - 60), scene.lit((60, 58, 54)), 4)


def bench(scene: Scene) -> None:
    """A bench; every other one has lost a board."""
    x, y, brown = 760, 640, scene.lit((122, 82, 50))
    boards = [y, y + 34, y + 90, y + 118]
    if scene.chance.random() < 0.5:  # noqa: PLR2004
        boards.pop(scene.chance.randrange(4))
    for board in boards:
        scene.draw.rectangle((x, board, x + 300, board + 22), brown)
    for leg in (x + 30, x + 250):
        scene.draw.rectangle((leg, y, leg + 16, y + 190), scene.lit((50, 52, 56)))


def tunnel(scene: Scene) -> None:
    """The mouth of a tunnel for those who walk and cycle."""
    wall(scene)
    scene.draw.rectangle((300, 230, 940, HEIGHT), scene.lit((150, 148, 142)))
    scene.draw.rounded_rectangle((400, 330, 840, HEIGHT), 60, (14, 14, 18))
    for number in range(4):
        lamp = 250 if scene.chance.random() < 0.6 else 40  # noqa: PLR2004
        x = 600 - number * 6
        scene.draw.rectangle(
            (x, 350 + number * 26, x + 40 - number * 6, 358 + number * 26), (lamp, lamp, lamp * 4 // 5)
        )


def steps(scene: Scene) -> None:
    """A stair with a broken edge."""
    broken = scene.chance.randrange(2, 8)
    for number in range(9):
        y, out = 480 + number * 50, number * 26
        shade = scene.lit((176 - number * 6, 174 - number * 6, 168 - number * 6))
        scene.draw.rectangle((420 - out, y, 860 + out, y + 50), shade)
        scene.draw.line((420 - out, y, 860 + out, y), scene.lit((210, 208, 200)), 5)
        if number == broken:
            scene.draw.polygon(((560, y), (640, y), (610, y + 40)), scene.lit((80, 76, 70)))


def snow(scene: Scene) -> None:
    """Snow that nobody has cleared."""
    scene.draw.rectangle((0, HORIZON, WIDTH, HEIGHT), scene.lit((228, 232, 240)))
    for _ in range(60):
        x, y = scene.chance.randint(0, WIDTH), scene.chance.randint(HORIZON + 20, HEIGHT)
        scene.draw.ellipse((x, y, x + 60, y + 16), scene.lit((196, 204, 218)))


def sign(scene: Scene) -> None:
    """A sign that has been turned the wrong way."""
    scene.draw.rectangle((880, 300, 900, 760), scene.lit((90, 92, 96)))
    scene.draw.polygon(((760, 300), (1010, 340), (1000, 420), (750, 380)), scene.lit((30, 90, 150)))
    scene.draw.line((790, 345, 970, 372), scene.lit((230, 232, 236)), 10)


def tyres(scene: Scene) -> None:
    """Tracks of a car on the grass."""
    for shift in (0, 90):
        line = [(840 + shift + step * 9, HEIGHT - step * 44) for step in range(12)]
        scene.draw.line(line, scene.lit((54, 44, 34)), 26, joint="curve")


def door(scene: Scene) -> None:
    """An entrance whose door stands open."""
    wall(scene)
    scene.draw.rectangle((820, 300, 1010, 690), (18, 18, 22))
    scene.draw.polygon(((1010, 300), (1130, 260), (1130, 760), (1010, 690)), scene.lit((96, 60, 44)))


def swings(scene: Scene) -> None:
    """A swing of which one chain is off."""
    grey = scene.lit((180, 60, 50))
    for foot in (700, 1060):
        scene.draw.line((foot - 50, 780, foot, 400, foot + 50, 780), grey, 14)
    scene.draw.line((700, 404, 1060, 404), grey, 14)
    scene.draw.line((800, 404, 790, 690), scene.lit((60, 60, 60)), 4)
    scene.draw.line((880, 404, 790, 690), scene.lit((60, 60, 60)), 4)
    scene.draw.rectangle((750, 690, 830, 706), scene.lit((40, 40, 40)))


def flowers(scene: Scene) -> None:
    """A bed with flowers, and light: something to keep."""
    scene.draw.polygon(((720, 700), (1180, 660), (1240, 840), (760, 880)), scene.lit((92, 70, 50)))
    for _ in range(130):
        x, y = scene.chance.randint(750, 1190), scene.chance.randint(680, 850)
        colour = scene.chance.choice(((226, 90, 110), (240, 200, 90), (236, 236, 240)))
        scene.draw.ellipse((x, y, x + 18, y + 18), scene.lit(colour))


Part = Callable[[Scene], None]
SHOWN: Mapping[str, tuple[Part, ...]] = {
    "belysning": (lamps,),
    "cykel_parkering": (sign, rubbish),
    "entre_fasad": (door,),
    "gangvag_belaggning": (cracks,),
    "last_oppet_utrymme": (door,),
    "lek_utrustning": (swings,),
    "moblering": (bench,),
    "nedlagd_verksamhet": (door, rubbish),
    "orienterbarhet_skylt": (sign,),
    "positivt_bevara": (flowers, bench),
    "skadegorelse": (bench, cracks),
    "skrap_dumpning": (rubbish,),
    "sno_is": (snow,),
    "tillganglighet": (cracks, steps),
    "toalett": (door,),
    "trafik_olovlig_korning": (tyres,),
    "trappa_ramp": (steps,),
    "tunnel_bro": (tunnel,),
    "vaxtlighet_sikt": (bushes,),
}
"""What is drawn for a kind of observation."""
BY_ICON: Mapping[str, tuple[Part, ...]] = {"graffiti": (graffiti,)}
"""The same for the kinds of plugins, which core does not know by name; another kind gets the empty place."""


def photo(kind: str, icon: str, number: int, *, dark: bool) -> bytes:
    """Return the JPEG of drawing `number` of what a kind with its icon is about, in the dark or by day."""
    scene = Scene(NIGHT if dark else DUSK if number % 3 == 0 else DAY, number)
    for part in SHOWN.get(kind) or BY_ICON.get(icon, ()):
        part(scene)
    return scene.jpeg()
