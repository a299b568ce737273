#!/usr/bin/env python3
"""Draws the pictures of the public kiosk's layout, once; the result is kept in the repository.

    pip install pillow==12.0.0
    assets/recipes/pictures.py layouts/pictures

They stand where a centre hangs its own photographs: a road and a yard, each before and after.
"""
import random
import sys
from pathlib import Path

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 720, 468
# Drawn larger and brought down, so that edges are smooth.
TIMES = 3

OVERCAST = {
    "sky": ((178, 190, 202), (214, 221, 228)), "wall": ((170, 170, 176), (158, 158, 166)), "window": (134, 142, 152),
    "grass": (172, 180, 166), "kerb": (146, 148, 148), "road": (122, 126, 134), "tree": (132, 142, 126),
    "trunk": (112, 104, 98), "path": (160, 158, 154),
}
CLEAR = {
    "sky": ((164, 208, 240), (226, 240, 250)), "wall": ((233, 216, 184), (222, 198, 160)), "window": (126, 174, 214),
    "grass": (150, 196, 138), "kerb": (170, 178, 176), "road": (74, 84, 98), "tree": (92, 158, 104),
    "trunk": (124, 96, 74), "path": (214, 204, 186),
}


class Scene:
    def __init__(self, colours: dict) -> None:
        self.colours = colours
        self.image = Image.new("RGB", (WIDTH * TIMES, HEIGHT * TIMES))
        self.draw = ImageDraw.Draw(self.image)

    def at(self, *numbers: float) -> list:
        return [number * TIMES for number in numbers]

    def box(self, left: float, top: float, right: float, bottom: float, colour, radius: float = 0) -> None:
        self.draw.rounded_rectangle(self.at(left, top, right, bottom), radius * TIMES, fill=colour)

    def shape(self, points: list, colour) -> None:
        self.draw.polygon([tuple(self.at(*point)) for point in points], fill=colour)

    def disc(self, x: float, y: float, across: float, down: float, colour) -> None:
        self.draw.ellipse(self.at(x - across / 2, y - down / 2, x + across / 2, y + down / 2), fill=colour)

    def sky(self, horizon: int) -> None:
        top, bottom = self.colours["sky"]
        for y in range(horizon):
            part = y / horizon
            self.box(0, y, WIDTH, y + 1, tuple(round(a + (b - a) * part) for a, b in zip(top, bottom)))

    def house(self, left: int, top: int, width: int, floors: int, shade: int, ground: int) -> None:
        self.box(left, top, left + width, ground, self.colours["wall"][shade])
        columns = width // 40
        for floor in range(floors):
            for column in range(columns):
                x = left + (width - columns * 40) / 2 + column * 40 + 11
                y = top + 18 + floor * (ground - top - 24) / floors
                self.box(x, y, x + 18, y + 24, self.colours["window"])

    def tree(self, x: float, ground: float, size: float) -> None:
        self.box(x - 4, ground - size * 0.5, x + 4, ground, self.colours["trunk"])
        self.disc(x, ground - size * 0.78, size * 0.72, size * 0.78, self.colours["tree"])

    def save(self, path: Path) -> None:
        small = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        small.quantize(96, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)


def street(colours: dict) -> Scene:
    scene = Scene(colours)
    scene.sky(300)
    scene.house(40, 130, 180, 4, 0, 310)
    scene.house(196, 84, 92, 5, 1, 310)
    scene.house(470, 128, 200, 4, 0, 310)
    scene.box(0, 306, WIDTH, HEIGHT, colours["grass"])
    scene.box(0, 300, WIDTH, 310, colours["kerb"])
    scene.shape([(268, 310), (452, 310), (700, HEIGHT), (20, HEIGHT)], colours["road"])
    return scene


def road(out: Path) -> None:
    before = street(OVERCAST)
    for x, y, across in ((300, 362, 96), (442, 404, 150), (236, 430, 118), (392, 336, 52)):
        before.disc(x, y, across, across * 0.32, (92, 96, 104))
        before.disc(x + 4, y + 3, across * 0.74, across * 0.22, (70, 74, 82))
    before.save(out / "road-before.png")
    after = street(CLEAR)
    for top, bottom in ((316, 332), (346, 370), (390, 422), (446, 468)):
        width = 3 + (top - 310) * 0.05
        after.shape([(360 - width, top), (360 + width, top), (360 + width * 1.25, bottom), (360 - width * 1.25, bottom)], (250, 250, 246))
    for side in (-1, 1):
        near, far = 360 + side * 316, 360 + side * 84
        after.shape([(far, 312), (far + side * 3, 312), (near + side * 8, HEIGHT), (near, HEIGHT)], (250, 250, 246))
    after.tree(330, 306, 96)
    after.tree(392, 308, 80)
    after.tree(690, 310, 104)
    after.save(out / "road-after.png")


def court(colours: dict) -> Scene:
    scene = Scene(colours)
    scene.sky(280)
    scene.house(0, 60, 250, 5, 0, 286)
    scene.house(250, 100, 160, 4, 1, 286)
    scene.house(520, 76, 210, 5, 0, 286)
    scene.box(0, 278, WIDTH, HEIGHT, colours["grass"])
    return scene


def yard(out: Path) -> None:
    before = court(OVERCAST)
    generator = random.Random(7)
    before.shape([(0, 360), (WIDTH, 330), (WIDTH, 400), (0, 440)], (150, 142, 130))
    for x, y, across in ((180, 392, 150), (470, 372, 190)):
        before.disc(x, y, across, across * 0.24, (120, 126, 134))
    for _ in range(34):
        x, y, size = generator.uniform(330, 600), generator.uniform(286, 340), generator.uniform(10, 30)
        shade = generator.randint(92, 150)
        before.box(x, y, x + size, y + size * 0.7, (shade, shade - 6, shade - 14), 3)
    before.tree(110, 330, 110)
    before.save(out / "yard-before.png")
    after = court(CLEAR)
    after.shape([(0, 384), (WIDTH, 340), (WIDTH, 384), (0, 440)], CLEAR["path"])
    after.disc(440, 330, 330, 84, (226, 172, 118))
    for x in (330, 430):
        after.box(x, 236, x + 7, 330, (14, 84, 138))
    after.box(326, 232, 441, 241, (14, 84, 138))
    for x in (362, 402):
        after.box(x, 240, x + 2, 306, (70, 84, 98))
        after.box(x + 14, 240, x + 16, 306, (70, 84, 98))
        after.box(x - 3, 304, x + 19, 310, (214, 90, 60), 2)
    after.shape([(500, 250), (512, 250), (574, 336), (556, 336)], (240, 180, 60))
    after.box(486, 226, 514, 336, (66, 130, 104), 4)
    for x, size in ((60, 124), (150, 92), (640, 116)):
        after.tree(x, 338, size)
    after.box(90, 398, 176, 406, (150, 110, 80), 3)
    after.box(98, 406, 104, 422, (90, 80, 74))
    after.box(162, 406, 168, 422, (90, 80, 74))
    after.save(out / "yard-after.png")


def main() -> None:
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    road(out)
    yard(out)


main()
