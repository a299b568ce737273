#!/usr/bin/env python3
"""Makes assets/fonts from the npm packages, once; the result is kept in the repository.

    npm pack @fontsource-variable/golos-text@5.3.0 @phosphor-icons/web@2.1.2 @fontsource/noto-sans@5.3.0 \\
        @fontsource/noto-sans-math@5.3.0 @fontsource/noto-emoji@5.3.2
    pip install fonttools==4.68.0 brotli
    assets/recipes/fonts.py DIRECTORY-OF-THE-TGZ assets/fonts

Golos Text is served as variable woff2 subsets by script. Each is pinned to a weight, then the subsets
of one weight are merged into one TTF. Phosphor's icons keep their private code points; only the ones in
ICONS are kept. What residents write beyond Golos Text is drawn from three fonts of the Noto family, each cut down to the
characters of FALLBACKS; joined emoji are drawn as the ones they are made of.
"""
import json
import sys
import tarfile
import tempfile
from pathlib import Path

from fontTools import merge, subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

WEIGHTS = (400, 500, 600)
SCRIPTS = ("latin", "cyrillic", "latin-ext", "cyrillic-ext")
ICONS = {
    "Bold": (
        "globe chats-circle phone device-mobile envelope siren house-line thermometer-cold snowflake trash drop "
        "lightbulb road-horizon wall clock first-aid-kit graduation-cap hand-heart bus tree crane shield-check "
        "identification-card newspaper briefcase chart-line-up lightning factory buildings users tray check "
        "shield image plugs clock-counter-clockwise flag-banner broadcast storefront sun moon cloud-sun cloud-moon cloud "
        "cloud-fog cloud-rain cloud-snow cloud-lightning wind video-camera "
        # Topics of appeals.
        "traffic-signal traffic-cone signpost shower elevator receipt broom leaf balloon person-simple-walk plant "
        "recycle package umbrella ambulance pill users-three baby fork-knife wallet speaker-high barricade hourglass "
        "flame waves dog car fire-extinguisher file-text calendar-check "
        # What has nothing to show.
        "chart-bar calendar-blank ranking rows quotes funnel gauge graph"
    ).split(),
    "Fill": (
        "warning-diamond clock clock-counter-clockwise plugs tray check-circle siren shield"
    ).split(),
}


def golos(package: Path, out: Path) -> None:
    for weight in WEIGHTS:
        parts = []
        for script in SCRIPTS:
            font = TTFont(package / f"files/golos-text-{script}-wght-normal.woff2")
            font = instancer.instantiateVariableFont(font, {"wght": weight}, updateFontNames=False)
            font.flavor = None
            for tag in ("STAT", "HVAR", "MVAR", "avar"):
                if tag in font:
                    del font[tag]
            path = Path(tempfile.mkdtemp()) / f"{script}.ttf"
            font.save(path)
            parts.append(str(path))
        merged = merge.Merger(merge.Options(drop_tables=["DSIG", "vmtx", "vhea"])).merge(parts)
        for record in merged["name"].names:
            if record.nameID in (1, 16):
                record.string = "Golos Text"
        merged["OS/2"].usWeightClass = weight
        merged.save(out / f"GolosText-{weight}.ttf")


def phosphor(package: Path, out: Path) -> None:
    table = {}
    for style, names in ICONS.items():
        selection = json.loads((package / f"src/{style.lower()}/selection.json").read_text())
        codes = {}
        for icon in selection["icons"]:
            for name in icon["properties"]["name"].split(","):
                codes[name.strip()] = icon["properties"]["code"]
        suffix = f"-{style.lower()}"
        wanted = {name: codes.get(name + suffix, codes.get(name)) for name in names}
        missing = [name for name, code in wanted.items() if code is None]
        if missing:
            sys.exit(f"Phosphor {style} has no {missing}")
        options = subset.Options(layout_features=[], name_IDs=["*"], notdef_outline=True)
        font = subset.load_font(package / f"src/{style.lower()}/Phosphor-{style}.ttf", options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=wanted.values())
        subsetter.subset(font)
        font.save(out / f"Phosphor-{style}.ttf")
        table[style.lower()] = {name: f"{code:04x}" for name, code in wanted.items()}
    (out / "phosphor.json").write_text(json.dumps(table, indent=1) + "\n")


# The characters that each fallback font keeps, as ranges of code points, first and last.
FALLBACKS = {
    "noto-sans": ("NotoSans-400.ttf", "Noto Sans", [
        (0x20, 0x24F), (0x2B0, 0x2FF), (0x370, 0x3FF), (0x400, 0x52F), (0x1E00, 0x1EFF), (0x2000, 0x20BF), (0x2100, 0x214F),
    ]),
    "noto-sans-math": ("NotoSansMath-400.ttf", "Noto Sans Math", [
        (0x2153, 0x215F), (0x2190, 0x23FF), (0x25A0, 0x25FF), (0x27F0, 0x27FF),
    ]),
    "noto-emoji": ("NotoEmoji-400.ttf", "Noto Emoji", [
        (0x203C, 0x203C), (0x2049, 0x2049), (0x2300, 0x23FF), (0x2600, 0x27BF), (0x2B00, 0x2BFF), (0x1F300, 0x1F64F),
        (0x1F680, 0x1F6FF), (0x1F7E0, 0x1F7EB), (0x1F900, 0x1F9FF), (0x1FA70, 0x1FAFF),
    ]),
}
LAYOUT_TABLES = ("STAT", "HVAR", "MVAR", "avar", "GSUB", "GPOS", "GDEF", "vmtx", "vhea", "DSIG", "MATH")


def fallback(package: Path, out: Path, name: str, family: str, ranges: list) -> None:
    wanted = {code for first, last in ranges for code in range(first, last + 1)}
    parts = []
    for file in sorted((package / "files").glob("*-400-normal.woff2")):
        font = TTFont(file)
        font.flavor = None
        # Each character is taken from the first subset that has it.
        kept = wanted & set(font.getBestCmap())
        wanted -= kept
        if not kept or "devanagari" in file.name:
            continue
        options = subset.Options(layout_features=[], name_IDs=["*"], notdef_outline=True, hinting=False)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=kept)
        subsetter.subset(font)
        for tag in LAYOUT_TABLES:
            if tag in font:
                del font[tag]
        path = Path(tempfile.mkdtemp()) / file.with_suffix(".ttf").name
        font.save(path)
        parts.append(str(path))
    merged = merge.Merger(merge.Options(drop_tables=list(LAYOUT_TABLES))).merge(parts) if len(parts) > 1 else TTFont(parts[0])
    for record in merged["name"].names:
        if record.nameID in (1, 16):
            record.string = family
    merged["OS/2"].usWeightClass = 400
    merged.save(out / name)
    (out / name.replace("-400.ttf", "-LICENSE.txt")).write_bytes((package / "LICENSE").read_bytes())


def unpack(archive: Path) -> Path:
    where = Path(tempfile.mkdtemp())
    with tarfile.open(archive) as tar:
        tar.extractall(where, filter="data")
    return where / "package"


def main() -> None:
    source, out = Path(sys.argv[1]), Path(sys.argv[2])
    golos_package = unpack(next(source.glob("*golos-text*.tgz")))
    golos(golos_package, out)
    (out / "GolosText-LICENSE.txt").write_bytes((golos_package / "LICENSE").read_bytes())
    for package, (name, family, ranges) in FALLBACKS.items():
        fallback(unpack(next(source.glob(f"fontsource-{package}-5*.tgz"))), out, name, family, ranges)
    phosphor_package = unpack(next(source.glob("*phosphor*.tgz")))
    phosphor(phosphor_package, out)
    (out / "Phosphor-LICENSE.txt").write_bytes((phosphor_package / "LICENSE").read_bytes())


main()
