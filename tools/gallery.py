"""Make the pictures of the README from the shipped scenarios: `make gallery`.

Takes the Chromium of the system, with no network; every picture is a look at real output.
"""

from __future__ import annotations

import html
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import cmarkgfm
from cmarkgfm.cmark import Options
from playwright.sync_api import Browser, sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "gallery"
COSTPLAN = Path(sysconfig.get_path("scripts")) / "costplan"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DAY = "2026-10-06"
"""Of the prices and of the report, so that the pictures change only when what they show does."""
MOST_BYTES = 300_000
"""Of one picture."""
MOST_LINES = 34
"""Of a terminal that is shown."""
TERMINAL = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #15181d; }}
pre {{
  margin: 0; padding: 18px 22px; width: max-content;
  color: #e6e6e6; font: 13px/1.4 "DejaVu Sans Mono", monospace;
}}
b {{ color: #3cc79a; font-weight: 400; }}
</style><pre><b>$ {line}</b>
{text}</pre>"""

POLICY = """\
policy: platform
rules:
  - {name: cap, max_cost: 60000 RUB}
  - {name: jump, max_increase: 10%, level: warn}
"""
NOTE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 20px; background: #fff; }}
article {{
  width: 860px; border: 1px solid #d1d9e0; border-radius: 6px; overflow: hidden;
  color: #1f2328; font: 14px/1.5 "DejaVu Sans", sans-serif;
}}
header {{ padding: 8px 16px; background: #f6f8fa; border-bottom: 1px solid #d1d9e0; color: #59636e; }}
header b {{ color: #1f2328; }}
main {{ padding: 2px 16px 4px; }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; }}
th, td {{ border: 1px solid #d1d9e0; padding: 5px 12px; }}
th {{ font-weight: 600; }}
code {{
  background: #eff1f3; padding: 2px 5px; border-radius: 6px; font: 12px "DejaVu Sans Mono", monospace;
}}
a {{ color: #0969da; text-decoration: none; }}
details, table, ul, p {{ margin: 12px 0; }}
ul {{ padding-left: 24px; }}
sub, sub code {{ font-size: 11px; color: #59636e; }}
</style><article><header><b>costplan</b> commented</header><main>{text}</main></article>"""
"""A comment as sites show it, without any of their own design."""

SHOTS = (
    # name, language, colours, width, height, what stands at the top, pixels to one of CSS
    ("report", "en", "light", 1100, 1000, "report", 1),
    ("report-scaling", "en", "dark", 1000, 1060, "scaling", 1),
    ("report-phone", "ru", "light", 360, 760, "verdict", 2),
)


def costplan(*words: str) -> str:
    """Run the program and return what it prints.

    Raises:
        SystemExit: It fails.
    """
    environment = {**os.environ, "COLUMNS": "110", "NO_COLOR": "1"}
    done = subprocess.run([COSTPLAN, *words], capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


def shoot(browser: Browser, place: Path) -> None:
    """Look at the report in light and dark, wide and on a telephone, and at a terminal."""
    for name, language, colours, width, height, anchor, scale in SHOTS:
        report = place / f"{language}.html"
        if not report.exists():
            costplan("report", "--lang", language, "--as-of", DAY, "--date", DAY, "-o", str(report))
        context = browser.new_context(
            offline=True,
            viewport={"width": width, "height": height},
            color_scheme=colours,
            device_scale_factor=scale,
        )
        page = context.new_page()
        page.goto(report.as_uri())
        if anchor != "report":
            page.evaluate("id => document.getElementById(id).scrollIntoView()", anchor)
        page.screenshot(path=FOLDER / f"{name}.png")
        context.close()


def type_out(browser: Browser, name: str, *words: str) -> None:
    """Show what a command prints in a terminal."""
    lines = costplan(*words, "--as-of", DAY).rstrip().split("\n")
    while len(lines) > MOST_LINES:
        last = len(lines) - lines[::-1].index("") - 1
        lines = lines[:last]  # a whole table less
    page = browser.new_page(viewport={"width": 800, "height": 400})
    page.set_content(
        TERMINAL.format(line=html.escape(" ".join(["costplan", *words])), text=html.escape("\n".join(lines)))
    )
    page.locator("pre").screenshot(path=FOLDER / f"{name}.png")
    page.close()


def comment(browser: Browser, place: Path) -> None:
    """Show the note on a merge request, through GitHub's own reader of Markdown."""
    policy = place / "policy.yaml"
    policy.write_text(POLICY, encoding="utf-8")
    report = ("--report", "https://ci.example/cost.html")
    text = costplan("note", "stage2:lean", "stage2", "--policy", str(policy), *report, "--as-of", DAY)
    page = browser.new_page(viewport={"width": 920, "height": 400}, device_scale_factor=1.5)
    read = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
    page.set_content(NOTE.format(text=read))
    page.locator("article").screenshot(path=FOLDER / "note.png")
    page.close()


def main() -> None:
    """Make all pictures.

    Raises:
        SystemExit: There is no Chromium, a command fails, or a picture is too large.
    """
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if program is None:
        raise SystemExit(f"there is none of {', '.join(BROWSERS)} to take pictures with")
    FOLDER.mkdir(exist_ok=True)
    costplan("curve", "--as-of", DAY, "--plot", str(FOLDER / "curve.svg"), "--force")
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        shoot(browser, Path(place))
        type_out(browser, "plan", "plan", "stage2", "--budget", "235USD")
        comment(browser, Path(place))
        browser.close()
    for path in sorted(FOLDER.iterdir()):
        size = path.stat().st_size
        sys.stdout.write(f"{path.name}: {size / 1000:.0f} kB\n")
        if size > MOST_BYTES:
            raise SystemExit(f"{path.name} is larger than {MOST_BYTES} bytes")


if __name__ == "__main__":
    main()
