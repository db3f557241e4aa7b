"""Letters whose HTML tries to keep the notice from being seen. Made up."""

import base64
import quopri
import re
from dataclasses import dataclass

WALLET = "37VucYSaXLCAsxYyAPfbSi9eh4iEcbShgf"
LETTER = f"""<p>I know that sunflower-1987 is one of your passwords. I recorded you through your webcam while you
visited adult sites.</p>
<p>If you do not want me to send this video to all your contacts, friends and relatives, transfer 950 dollars in
bitcoin to this address: {WALLET}</p>
<p>You have 48 hours. If I do not get the money I will publish the video. Do not go to the police.</p>
"""


@dataclass(frozen=True)
class Page:
    """How the letter must arrive in the modes inline and auto: "inline", "wrap" or "none"."""

    name: str
    html: str
    inline: str = "inline"
    auto: str = "wrap"
    cte: str = "8bit"
    charset: str = "utf-8"


def sheet(css: str, letter: str = LETTER) -> str:
    return f"<!DOCTYPE html>\n<html><head><style>{css}</style></head>\n<body>\n{letter}</body></html>\n"


# Styles that would hide a notice without a shield: the notice stands in the page and is seen.
SHIELDED = {
    "everything display:none": "* { display: none } html, body, body > p { display: block }",
    "with !important": "body * { display: none !important } body > p:not([style]) { display: block !important }",
    "named by what it is": "[role=note], [lang], body > :nth-child(1), div > h1, div > ol { display: none !important; visibility: collapse !important }",
    "font-size 0": "html { font-size: 0 } body, body * { font-size: 0 !important; letter-spacing: -9px } body > p:not([style]) { font-size: 16px !important }",
    "white on white": "* { color: white !important; background: white !important; border-color: white !important } body > p:not([style]) { color: black !important }",
    "transparent letters": "* { color: transparent !important; -webkit-text-fill-color: transparent !important } body > p:not([style]) { color: #000 !important; -webkit-text-fill-color: #000 !important }",
    "no room": "div, h1, ol, ul, li { height: 0 !important; max-height: 0 !important; width: 0 !important; max-width: 0 !important; overflow: clip !important; padding: 0 !important }",
    "visibility collapse": "html, body, body * { visibility: collapse !important } body > p:not([style]) { visibility: visible !important }",
    "far away": "div { text-indent: -9999px !important; letter-spacing: -1em !important; word-spacing: -99px !important; left: -9999px !important }",
    "@media and :is": "@media screen { :is(div, h1, p, li, a, strong) { display: none !important } body > p:not([style]) { display: block !important } } @media (max-width: 500px) { body > div { display: none !important } }",
    "@layer and @supports": "@layer a { div { display: none !important } } @supports (display: block) { div div, h1, li { display: none !important } }",
    "old hiding": "div { clip: rect(0 0 0 0) !important; clip-path: circle(0) !important; opacity: 0 !important; max-height: 1px !important }",
    "animation": "@keyframes gone { to { opacity: 0; visibility: collapse; color: white } } div, h1, p, li { animation: gone 1ms forwards }",
    "blended away": "div { font-size: 1px !important; font-family: monospace !important; color: #f4f6f8 !important; mix-blend-mode: screen !important; mask: linear-gradient(transparent, transparent) !important }",
    "contained": "div { contain: strict !important; container-type: size !important; opacity: 0.01 !important }",
    "inline": "div, h1, p, ol, li { display: inline !important; font-size: 3px !important; float: right !important }",
    "the other direction": "* { direction: rtl !important; unicode-bidi: bidi-override !important } body > p:not([style]) { direction: ltr !important; unicode-bidi: normal !important }",
    "contents": "ol, ul, li { display: none !important } p { display: contents !important; text-align: justify !important } body > p:not([style]) { display: block !important }",
}

# Styles that draw over what stands above them, or move it: no inline style is a shield against these.
DRAWN = {
    "an overlay": "p { position: fixed; inset: 0; z-index: 2147483647; background: white; margin: 0 }",
    "an absolute letter": "body > p:not([style]) { position: absolute; top: 0; left: 0; right: 0; height: 2000px; background: #fff; z-index: 9 }",
    "a negative margin": "body > p:not([style]) { margin: -900px 0 900px; background: white; padding: 0 0 900px }",
    "drawn before": "body::before { content: ''; position: fixed; top: 0; left: 0; width: 100%; height: 100%; background: white; z-index: 9 }",
    "drawn before each": "div:before { content: ' '; display: block; height: 3000px }",
    "a shadow": "body > p:not([style]) { box-shadow: 0 0 0 3000px white }",
    "an outline": "body > p:not([style]) { outline: 3000px solid white }",
    "a transform": "body { transform: translateY(-3000px) } body > p:not([style]) { transform: translateY(3000px) }",
    "a translate": "body > p:not([style]) { translate: 0 -900px; background: white; padding-bottom: 2000px }",
    "zoom": "body { zoom: 0.02 } body > p:not([style]) { zoom: 50 }",
    "escaped": "p { p\\6f sition: fixed; inset: 0; z-index: 99; background: white }",
    "a flexible page": "body { display: flex; flex-direction: column-reverse; height: 9000px; justify-content: flex-end }",
    "a grid": "body { display: grid; grid-template-columns: 0 1fr; overflow: hidden } body > p:not([style]) { grid-column: 2 }",
    "a body pushed away": "body { margin: -4000px 0 0 -4000px; padding: 0 } body > p:not([style]) { margin: 4000px }",
    "first line": "div::first-line, p::first-line { color: #f4f6f8 } p:not([style])::first-line { color: black }",
    "sheets from elsewhere": "@import url(data:text/css,p%7Bposition%3Afixed%3Binset%3A0%3Bbackground%3Awhite%7D);",
    "a tall font": "body > p:not([style]) { margin: 0; font: bold 700px/0 sans-serif; color: #f4f6f8 }",
    "the order of a table": "body { display: table } body > p:not([style]) { display: table-header-group; font-size: 90px }",
    "indented letter": "body { text-indent: 0; padding-top: 9000px; height: 0; overflow: visible } body > p:not([style]) { position: relative; top: -9000px }",
}

NOT_SHOWN = '<body><h1>Not here</h1></body>'

BY_MARKUP = [
    Page("plain page", f"<html><body>{LETTER}</body></html>", auto="inline"),
    Page("no html, head, body", LETTER, auto="inline"),
    Page("unclosed tags", f"<html><body><table><tr><td><b><i><font color=gray>{LETTER}", auto="inline"),
    Page("decoys", f"<!-- {NOT_SHOWN} --><title>{NOT_SHOWN}</title><meta name=x content='<body>'><script>'{NOT_SHOWN}'</script><body bgcolor=white text=gray link=gray>{LETTER}", auto="inline"),
    Page("a body within a body", f"<p>x</p><body text=gray bgcolor=black><body>{LETTER}</body>", auto="inline"),
    Page("textarea", f"<textarea rows=1>{NOT_SHOWN}</textarea>{LETTER}", auto="inline"),
    Page("noscript", f"<html><head><noscript>{NOT_SHOWN}</noscript></head><body>{LETTER}</body></html>", auto="inline"),
    Page("template", f"<template>{NOT_SHOWN}</template>{LETTER}", auto="inline"),
    Page("plaintext", f"{LETTER}<plaintext>{NOT_SHOWN}", auto="inline"),
    Page("select, details, marquee", f"<select><option>{NOT_SHOWN}</select><details>x</details><marquee height=900 hspace=-900 vspace=-900>y</marquee><img hspace=-900 vspace=-900 height=900>{LETTER}", auto="inline"),
    Page("meta refresh and base", f"<meta http-equiv=refresh content='99;url=about:blank'><base href='data:,'><body>{LETTER}", auto="inline"),
    Page("unclosed comment", f"<!-- {NOT_SHOWN}\n{LETTER}", inline="none"),
    Page("unclosed title", f"<title>{NOT_SHOWN}\n{LETTER}", inline="none"),
    Page("frames", f"<frameset rows='*'><frame src='about:blank'><noframes>{LETTER}</noframes></frameset>", inline="none"),
    Page("a hidden body", f"<html hidden><body hidden>{LETTER}</body></html>", inline="wrap"),
    Page("margins of the body", f"<body leftmargin=4000 topmargin=4000 marginwidth=4000 marginheight=4000>{LETTER}", inline="wrap"),
    Page("the cursor far below", f"<body>{LETTER}{'<br>' * 400}<input autofocus value=x>", inline="wrap"),
    Page("a drawing", f"<body>{LETTER}<svg width=1 height=1 overflow=visible><rect x=-2000 y=-2000 width=4000 height=4000 fill=white /></svg>", inline="wrap"),
    Page("a dialog", f"<body>{LETTER}<dialog open>{'Look here<br>' * 40}</dialog>", inline="wrap"),
    Page("base64", sheet(SHIELDED["white on white"]), cte="base64"),
    Page("quoted-printable", sheet(SHIELDED["font-size 0"]), cte="quoted-printable"),
    Page("latin-1", sheet(SHIELDED["everything display:none"]), charset="iso-8859-1"),
    Page("utf-16", sheet(SHIELDED["everything display:none"]), cte="base64", charset="utf-16le", inline="none", auto="none"),
]

PAGES = (
    BY_MARKUP
    + [Page(name, sheet(css)) for name, css in SHIELDED.items()]
    + [Page(name, sheet(css), inline="wrap") for name, css in DRAWN.items()]
)


TEXT = re.sub("<[^>]*>", "", LETTER)


def message(page: Page, words: str = TEXT) -> bytes:
    """The page, and the same words as text: what the page hides does not keep the letter from being recognised."""
    body = page.html.encode(page.charset)
    if page.cte == "base64":
        body = base64.encodebytes(body)
    elif page.cte == "quoted-printable":
        body = quopri.encodestring(body)
    head = (
        "From: Someone <someone@sender.test>\nTo: <u@example.test>\nDate: Mon, 23 Nov 2026 10:00:00 +0000\n"
        "Message-ID: <page@sender.test>\nSubject: Read this\nMIME-Version: 1.0\n"
        f"Content-Type: multipart/alternative; boundary=b1\n\n--b1\nContent-Type: text/plain; charset=utf-8\n"
        f"Content-Transfer-Encoding: 8bit\n\n{words}\n--b1\n"
        f"Content-Type: text/html; charset={page.charset}\nContent-Transfer-Encoding: {page.cte}\n\n"
    )
    return head.encode() + body + b"\n--b1--\n"
