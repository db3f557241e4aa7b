"""The pictures in docs/images: a notice above a made-up letter like those after the break-in at Vastaamo, in a webmail's page.

usage: screenshots.py EXTORTCTL TOP FOLDER   writes notice-LANGUAGE-WIDTH.png
"""

import email
import email.policy
import sys
import tempfile

import look
import pages
from chrome import Chrome

# What the letter's own sheet does to whatever stands in the page; its text stands in other elements.
HIDES = (
    "p, h1, li, ol, ul, div, a, strong { display: none !important; font-size: 0 !important; color: white !important; "
    "opacity: 0 !important; left: -9999px; max-height: 0 }"
)
EN = f"""Dear Matti Mallikas,

as you may have heard in the news, we broke into the patient register of the Kivilampi Psychotherapy Centre. We have your
name, your personal identity code, your address and all of your patient records, the notes of your therapist included.

Pay 200 euros in bitcoin. If we do not receive the payment within 24 hours, you have another 48 hours to pay 500 euros.
If we receive nothing after that, your data will be published for everybody to see.

Pay to this bitcoin address:

{pages.WALLET}

When the payment has arrived, your data will be deleted from our server. The police cannot help you."""
TEXTS = {
    "fi": ("Kivilammen Psykoterapiakeskus: potilastietosi", "Kivilammen tiedot", "Saapuneet", "Vastaa", "Tietohallinto, puh. 1234"),
    "en": ("Kivilampi Psychotherapy Centre: your records", "Kivilampi data", "Inbox", "Reply", "IT help desk, ext. 1234"),
}
WIDTHS = {"wide": 960, "narrow": 400}
OWN = "all:initial!important;font-family:sans-serif!important;"


def letter_of(top: str, language: str) -> str:
    if language == "en":
        return EN
    with open(f"{top}/contrib/samples/vastaamo-type-letter-fi.eml", "rb") as f:
        return email.message_from_binary_file(f, policy=email.policy.default).get_content()


def webmail(html: str, language: str, width: int) -> str:
    subject, sender, folder, answer, _ = TEXTS[language]
    side = (
        f'<x-a style="{OWN}display:block!important;width:150px!important;padding:16px!important;background:#e9edf0!important;'
        f'color:#333!important;font-size:14px!important;flex:none!important">{folder}</x-a>'
    )
    return (
        f'<!DOCTYPE html><html lang="{language}"><meta name="viewport" content="width=device-width"><body style="margin:0!important">'
        f'<x-a style="{OWN}display:block!important;background:#33475b!important;color:#fff!important;font-size:15px!important;padding:12px 16px!important">webmail.example.fi</x-a>'
        f'<x-a style="{OWN}display:flex!important">{side if width > 600 else ""}'
        f'<x-a style="{OWN}display:block!important;padding:16px!important;min-width:0!important;flex:1!important">'
        f'<x-a style="{OWN}display:block!important;font-size:20px!important;color:#111!important;margin-bottom:6px!important">{subject}</x-a>'
        f'<x-a style="{OWN}display:block!important;font-size:13px!important;color:#555!important;margin-bottom:14px!important">{sender} &lt;tiedot@kivilampi-vuoto.example&gt;</x-a>'
        f'<x-a style="{OWN}display:block!important;font-size:15px!important;line-height:1.4!important;max-width:720px!important">{html}</x-a>'
        f'<x-a style="{OWN}display:inline-block!important;margin-top:14px!important;padding:6px 14px!important;border:1px solid #aab!important;color:#333!important;font-size:14px!important">{answer}</x-a>'
        f"</x-a></x-a></body></html>"
    )


def main(extortctl: str, top: str, folder: str) -> None:
    chrome = Chrome()
    try:
        for language, words in TEXTS.items():
            with tempfile.TemporaryDirectory(prefix="extortion-milter-pictures.") as work:
                conf = f"{work}/conf"
                with open(conf, "w", encoding="utf-8") as f:
                    f.write(
                        f'rules = [ "{top}/rules" ];\nsocket = "unix:{work}/socket";\nnotice = {{ operator = "Esimerkki Oy"; reach = "{words[4]}"; '
                        f'gateway = "mx.example.fi"; data = "{top}/conf"; languages = [ "{language}" ]; country = "FI"; }};\n'
                    )
                words_of_letter = letter_of(top, language).strip()
                shown = words_of_letter.replace("\n\n", "<br><br>\n")
                page = pages.Page("picture", f"<html><head><style>{HIDES}</style></head><body><section>{shown}</section></body></html>")
                how, html = look.preview(extortctl, conf, "inline", page, words_of_letter)
                if how != "inline":
                    raise SystemExit(f"{language}: done is {how}")
                for name, width in WIDTHS.items():
                    chrome.size(width, 700)
                    path = f"{work}/page.html"
                    with open(path, "w", encoding="utf-8") as f:
                        f.write(webmail(html, language, width).replace(">", '><meta charset="utf-8">', 1))
                    chrome.show(path)
                    with open(f"{folder}/notice-{language}-{name}.png", "wb") as f:
                        f.write(chrome.picture(whole=True))
    finally:
        chrome.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
