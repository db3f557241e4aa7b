"""Is the notice seen? Each hostile page goes through the filter and is shown by a real browser, alone and inside a
webmail's page, wide and narrow. What the screen then shows where the notice stands must be what an empty page shows.

usage: look.py EXTORTCTL TOP WORK   writes TAP, and pictures of what failed into WORK
"""

import email
import email.policy
import io
import itertools
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from PIL import Image, ImageChops

import pages
from chrome import Chrome

NOTICE = "[role=note]"
WIDE, NARROW = (1000, 1700), (360, 3000)
OWN = "all:initial!important;display:block!important"
FRAMES = {
    "alone": "{}",
    # Its own parts are out of a letter's reach, as webmails see to it.
    "webmail": f'<!DOCTYPE html><html><body><x-head style="{OWN}">Inbox</x-head><x-mail style="{OWN}">{{}}</x-mail></body></html>',
}
# Each page is seen in one of these pairs.
VIEWS = ((("alone", WIDE), ("webmail", NARROW)), (("webmail", WIDE), ("alone", NARROW)))
TOP_MAX = 130  # pixels between the top of the screen and the notice: a webmail's own head
INK_MIN, WRONG_MAX = 0.97, 0.02


def preview(extortctl: str, conf: str, mode: str, page: pages.Page, words: str = pages.TEXT) -> tuple[str, str]:
    """What was done, and the HTML that a mail program shows first."""
    done = subprocess.run([extortctl, "preview", "--config", conf, "--mode", mode, "-"], input=pages.message(page, words), capture_output=True, check=True)
    message = email.message_from_bytes(done.stdout, policy=email.policy.default)
    how = str(message["X-Extortion-Notice"]).split(";")[0]
    shown = message.get_body(preferencelist=("html",))
    return how, "" if shown is None else shown.get_payload(decode=True).decode(shown.get_content_charset() or "utf-8")


def dark(picture: Image.Image) -> Image.Image:
    """White where there is ink: letters, lines, the frame."""
    return picture.convert("L").point(lambda v: 255 if v < 160 else 0)


def count(mask: Image.Image) -> int:
    return mask.histogram()[255]


def pixels(box: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    left, top, right, bottom = box
    return round(left), round(top), round(right), round(bottom)


class Judge:
    def __init__(self, work: str) -> None:
        self.work = work
        self.chrome = Chrome()
        self.known: dict[tuple[float, float, float, str], Image.Image] = {}

    def show(self, html: str, name: str = "page") -> Image.Image:
        path = f"{self.work}/{name}.html"
        with open(path, "w", encoding="utf-8") as f:
            f.write('<meta charset="utf-8">' + html if not html.startswith("<!DOCTYPE") else html.replace(">", '><meta charset="utf-8">', 1))
        self.chrome.show(path)
        return Image.open(io.BytesIO(self.chrome.picture())).convert("RGB")

    def reference(self, notice: str, left: float, top: float, width: float) -> Image.Image:
        """The notice on an empty page, as wide as it came out and with the same parts of pixels left and above."""
        left, top = left % 1, top % 1
        key = (left, top, width, notice)
        if key not in self.known:
            around = f'<!DOCTYPE html><body style="margin:0;padding:{top}px 0 0 {left}px"><div style="width:{width}px">'
            screen = self.show(around + notice + "</div>", "reference")
            self.known[key] = screen.crop(pixels(self.chrome.boxes(NOTICE)[0]))
        return self.known[key]

    def why_unseen(self, html: str, notices: list[str], size: tuple[int, int]) -> str:
        """Empty when every notice is seen."""
        self.chrome.size(*size)
        screen = self.show(html)
        boxes = self.chrome.boxes(NOTICE)[: len(notices)]
        if len(boxes) < len(notices):
            return "a notice has no box"
        below = float(TOP_MAX)
        for notice, (left, top, right, bottom) in zip(notices, boxes):
            if top < -1 or left < -1 or right > size[0] + 1 or bottom > size[1] + 1 or top > below:
                return f"not on the first screen: {left:.0f},{top:.0f} to {right:.0f},{bottom:.0f}"
            below = bottom + 40
            want = self.reference(notice, left, top, right - left)
            at = pixels((left, top, right, bottom))
            got = screen.crop((at[0], at[1], at[0] + want.width, at[1] + want.height))
            ink, seen = dark(want), dark(got)
            kept = count(ImageChops.multiply(ink, seen)) / max(1, count(ink))
            off = ImageChops.difference(want, got).convert("L").point(lambda v: 255 if v > 40 else 0)
            wrong = count(off) / (want.width * want.height)
            if kept < INK_MIN or wrong > WRONG_MAX:
                got.save(f"{self.work}/got.png")
                want.save(f"{self.work}/want.png")
                return f"{kept:.0%} of the letters seen, {wrong:.1%} of the area differs"
        return ""


def notices_of(html: str) -> list[str]:
    return re.findall(r'<div role="note".*?</div>\n', html.replace("\r\n", "\n"), re.S)


def main(extortctl: str, top: str, work: str) -> int:
    n = bad = 0
    languages = ("fi", "ar")  # before English: from left to right, and from right to left
    for language in languages:
        with open(f"{work}/{language}.conf", "w", encoding="utf-8") as f:
            f.write(
                f'rules = [ "{top}/rules/core", "{top}/rules/lang/en" ];\nsocket = "unix:{work}/socket";\nnotice = {{ operator = "Example Oy"; '
                f'data = "{top}/conf"; languages = [ "{language}", "en" ]; country = "FI"; wrap_score = 99.0; }};\n'
            )

    def result(good: bool, name: str, why: str = "") -> None:
        nonlocal n, bad
        n += 1
        bad += not good
        print(f"{'ok' if good else 'not ok'} {n} - {name}", flush=True)
        if not good:
            print(f"# {why}", flush=True)

    # Any style at all is wrapped in auto, so of those one is enough.
    todo = [(page, "inline") for page in pages.PAGES]
    todo += [(page, "auto") for page in pages.BY_MARKUP + pages.PAGES[-1:]]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        confs = itertools.cycle(f"{work}/{language}.conf" for language in languages)
        made = list(pool.map(lambda t, conf: preview(extortctl, conf, t[1], t[0]), todo, confs))
    judge, seen_before = Judge(work), set()
    try:
        plain = notices_of(made[0][1])
        result(len(plain) == 2, "a notice in each language", str(len(plain)))
        for (page, mode), (how, html), views in zip(todo, made, itertools.cycle(VIEWS)):
            want = page.inline if mode == "inline" else page.auto
            name = f"{page.name}, {mode}"
            if how != want:
                result(False, name, f"done: {how}, wanted: {want}")
            elif how != "none" and len(notices_of(html)) != 2:
                result(False, name, "a notice is missing")
            elif how == "none":
                result("role=\"note\"" not in html, f"{name}: header only")
            elif html in seen_before:
                result(True, f"{name}: {how}, the same page as before")
            else:
                why = [
                    f"{frame}, {size[0]} wide: {said}"
                    for frame, size in views
                    if (said := judge.why_unseen(FRAMES[frame].replace("{}", html), notices_of(html), size))
                ]
                result(not why, f"{name}: {how}, seen", "; ".join(why))
                if not why:
                    seen_before.add(html)
        # A judge that never says no proves nothing: the same pages with a notice that has no shield.
        bare = [re.sub(r' style="[^"]*"', "", notice) for notice in plain]
        for name, css in pages.SHIELDED.items():
            html = pages.sheet(css, "".join(bare) + pages.LETTER)
            said = judge.why_unseen(html, plain, WIDE)
            result(said != "", f"the judge sees what is wrong without a shield: {name}", "says that it is seen")
        for name, css in pages.DRAWN.items():
            html = pages.sheet(css, "".join(plain) + pages.LETTER)
            said = judge.why_unseen(html, plain, WIDE)
            result(said != "", f"and what no shield holds off: {name}", "says that it is seen")
    finally:
        judge.chrome.close()
    print(f"1..{n}")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
