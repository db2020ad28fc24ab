"""Renders the demo makers' logos from their drawings: ``python -m tools.screenshots.logos`` after a change of one."""

from pathlib import Path

from . import camera

FOLDER = Path(__file__).resolve().parents[1] / "demo_world" / "logos"


def main() -> None:
    """Write a PNG beside every SVG, twice its size, on a transparent ground."""
    with camera.browser() as browser:
        page = browser.new_page(device_scale_factor=2)
        for drawing in sorted(FOLDER.glob("*.svg")):
            page.set_content(f"<body style='margin:0'>{drawing.read_text(encoding='utf-8')}</body>")
            page.locator("svg").screenshot(path=drawing.with_suffix(".png"), omit_background=True)


if __name__ == "__main__":
    main()
