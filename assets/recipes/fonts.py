#!/usr/bin/env python3
"""Makes assets/fonts from the npm packages, once; the result is kept in the repository.

    npm pack @fontsource-variable/golos-text@5.3.0 @phosphor-icons/web@2.1.2
    pip install fonttools==4.68.0 brotli
    assets/recipes/fonts.py DIRECTORY-OF-THE-TWO-TGZ assets/fonts

Golos Text is served as variable woff2 subsets by script. Each is pinned to a weight, then the subsets
of one weight are merged into one TTF. Phosphor's icons keep their private code points; only the ones in
ICONS are kept.
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
    phosphor_package = unpack(next(source.glob("*phosphor*.tgz")))
    phosphor(phosphor_package, out)
    (out / "Phosphor-LICENSE.txt").write_bytes((phosphor_package / "LICENSE").read_bytes())


main()
