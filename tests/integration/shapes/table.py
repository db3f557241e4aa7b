"""The shapes: how a message is put together, and what must become of it.

Whoever adds a row says what it expects by thinking, not by looking at what comes out.
"""

import base64
from dataclasses import dataclass, field

from compose import attached, fields, file, html, lines, mail, multipart, page, text
from letters import CLEAN, EN, FI, JA, MILD, RU, ZH


@dataclass
class Shape:
    name: str
    message: bytes  # as it goes over the wire
    cases: str = "46"  # of the matrix in docs/RELIABILITY.md
    flagged: bool = True
    never: str = ""  # the reason why no mode rewrites it
    inline: bool = True  # can the notice be spliced in?
    covers: bool = False  # could its page draw over a notice? inline wraps it then
    mild: bool = False  # auto prefers inline
    envelope: str = "normal"  # or null, utf8
    altered: str = ""  # MTAs (P, S) that change it before we see it
    mended: str = ""  # MTAs that add what is missing when they deliver
    refused: str = ""  # MTAs that do not take it
    checks: tuple = field(default=())  # further ones of oracle.py


def plain(name: str, words: str = EN, subject: str = "Read this", top: bytes = b"", **how: str) -> bytes:
    return mail(name, text(words, **how), top=top, subject=subject)


def of_text() -> list[Shape]:
    p = "49"
    bare = lines(mail("plain-ascii", b"\n" + EN.encode()).replace(b"MIME-Version: 1.0\r\n", b""))
    return [
        Shape("plain-ascii", bare, p),
        Shape("plain-utf8-8bit", plain("plain-utf8-8bit", FI), p),
        Shape("plain-utf8-declared-7bit", plain("plain-utf8-declared-7bit", cte="7bit"), p),
        Shape("plain-latin1", plain("plain-latin1", FI, charset="iso-8859-1"), p),
        Shape("plain-latin9", plain("plain-latin9", FI.replace("euroa", "€"), charset="iso-8859-15"), p),
        Shape("plain-windows-1252", plain("plain-windows-1252", EN.replace("sunflower-1987", "“sunflower–1987”"), charset="windows-1252"), p),
        Shape("plain-quoted-printable", plain("plain-quoted-printable", FI, cte="quoted-printable"), p),
        Shape("plain-base64", plain("plain-base64", FI, cte="base64"), p),
        Shape("plain-base64-one-line", plain("plain-base64-one-line", cte="base64-one-line"), p),
        Shape("plain-mild", plain("plain-mild", MILD), p, mild=True),
        Shape("flowed", plain("flowed", EN + "\n-- \nX\n", params="; format=flowed"), p),
        Shape("flowed-delsp", plain("flowed-delsp", EN.replace("and\n", "and \n"), params="; format=flowed; delsp=yes"), p),
        Shape("koi8-r", plain("koi8-r", RU, charset="koi8-r"), p),
        Shape("windows-1251-base64", plain("windows-1251-base64", RU, charset="windows-1251", cte="base64"), p),
        Shape("iso-2022-jp", plain("iso-2022-jp", JA, charset="iso-2022-jp", cte="7bit"), p, inline=False),
        Shape("shift-jis-quoted-printable", plain("shift-jis-quoted-printable", JA, charset="shift_jis", cte="quoted-printable"), p, inline=False),
        Shape("gb18030", plain("gb18030", ZH, charset="gb18030", cte="base64"), p, inline=False),
        Shape("utf-16", plain("utf-16", EN, charset="utf-16", cte="base64"), "41", never="charset"),
        Shape("utf-7", plain("utf-7", EN.replace("I know", "+AEk know"), charset="utf-7", codec="ascii", cte="7bit"), "41", never="charset"),
        Shape("charset-unknown", plain("charset-unknown", charset="x-own", codec="utf-8"), "41", never="charset"),
        Shape("charset-lie", plain("charset-lie", FI, codec="windows-1252"), "41", inline=False),
        Shape("charset-missing", plain("charset-missing", FI, charset="", codec="iso-8859-1"), "41", inline=False),
        Shape("byte-order-mark", plain("byte-order-mark", "\ufeff" + EN), p, inline=False),
        Shape("base64-broken", mail("base64-broken", text(EN, cte="base64").replace(b"IGNv", b"IG*v", 1)), "38", inline=False),
        Shape("quoted-printable-broken", mail("quoted-printable-broken", text(EN, cte="quoted-printable").replace(b"=\n", b"=zz=\n", 1)), "38", inline=False),
        Shape("uuencode", plain("uuencode", EN + "\nbegin 644 a.txt\n#0V%T\n`\nend\n"), "38", inline=False),
        Shape("dots-and-from", plain("dots-and-from", ".\n..\nFrom me\n.dot\n" + EN), p),
        Shape("large", plain("large", EN + "\n" + "".join(f"line {i} of a long signature\n" for i in range(10000))), "34"),
        Shape("long-line", plain("long-line", " ".join(EN.split()) + " " + "word " * 1000 + "\n"), "35"),
        Shape("nul-in-body", plain("nul-in-body", EN.replace("webcam", "web\0cam")), "37", inline=False, altered="PS"),
        Shape("bare-lf", lines(mail("bare-lf", text(EN))).replace(b"contacts, ", b"contacts,\n"), "36", altered="P", refused="S"),
        Shape("bare-cr", lines(mail("bare-cr", text(EN))).replace(b"contacts, ", b"contacts,\r"), "36", altered="P", refused="S"),
        Shape("pgp-in-the-clear", plain("pgp-in-the-clear", "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n" + EN), "47", never="signed"),
    ]


STYLE = (
    "<style>p,h1,li,ol,ul,div,a,strong,table,td{display:none!important;color:#fff;font-size:0;opacity:0;"
    "left:-9999px;max-height:0}</style>"
)
DECOYS = (
    "<!-- <body> --><title>a <body> b</title><script>var s = '<body onload=\"x>y\">';</script>"
    "<!--[if mso]><body><![endif]-->"
)


def of_html() -> list[Shape]:
    h = "51"
    return [
        Shape("html-utf8", mail("html-utf8", html(EN)), h),
        Shape("html-quoted-printable", mail("html-quoted-printable", html(FI, "quoted-printable")), h),
        Shape("html-base64", mail("html-base64", html(FI, "base64")), h),
        Shape("html-hostile-css", mail("html-hostile-css", html(EN, head=STYLE)), "52"),
        Shape("html-overlay", mail("html-overlay", html(EN, head="<style>p{position:fixed;top:0;background:#fff}</style>")), "52", covers=True),
        Shape("html-decoys", mail("html-decoys", html(EN, head=DECOYS, body="<body title='a>b' onload=\"f('<body>')\">")), h),
        Shape("html-no-body-tag", mail("html-no-body-tag", text(f"<p>{EN}</p>\n", "html")), h),
        Shape("html-unclosed-title", mail("html-unclosed-title", multipart("alternative", text(EN), text("<title>never closed" + page(EN), "html"))), h, inline=False),
        Shape("html-frames", mail("html-frames", multipart("alternative", text(EN), text("<frameset><frame src=x></frameset>", "html"))), h, inline=False),
        Shape("html-hidden-words", mail("html-hidden-words", html(EN, after='<span style="display:none">harvest weather umbrella</span>')), "43"),
    ]


PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63606060f80f00010401005fe5c34b0000000049454e44ae426082"
)


def of_parts() -> list[Shape]:
    def shape(name: str, part: bytes, cases: str = "46", **how) -> Shape:
        return Shape(name, mail(name, part), cases, **how)

    alternative = multipart("alternative", text(EN), html(EN), boundary="alt")
    picture = fields(Content_Type="image/png", Content_Transfer_Encoding="base64", Content_ID="<p@sender.test>")
    picture += b"\n" + base64.encodebytes(PICTURE)
    deep = text(EN)
    for i in range(20):
        deep = multipart("mixed", deep, boundary=f"d{i}x")
    deeper = b"".join(b"Content-Type: multipart/mixed; boundary=n%d\n\n--n%d\n" % (i, i) for i in range(1000))
    deeper += text(EN) + b"".join(b"--n%d--\n" % i for i in reversed(range(1000)))
    pdf = file("a.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")
    letter = mail("inner", text(EN))
    files = [file(f"scan{i}.bin", bytes(range(256)) * (i + 1)) for i in range(18)]
    return [
        shape("alternative", alternative, "50"),
        shape("alternative-mild", multipart("alternative", text(MILD), html(MILD, "quoted-printable")), "50", mild=True),
        shape("alternative-base64-both", multipart("alternative", text(FI, cte="base64"), html(FI, "base64")), "50"),
        shape("alternative-with-amp", multipart("alternative", text(EN), text("<html amp4email>", "x-amp-html"), html(EN)), "50", inline=False),
        shape("image-alone", picture, "45", flagged=False),
        shape("related", multipart("related", html(EN), picture), "53"),
        shape("related-other-root", multipart("related", picture, html(EN), params='; start="<root@sender.test>"'), "53", inline=False),
        shape("related-in-alternative", multipart("alternative", text(EN), multipart("related", html(EN), picture, boundary="rel")), "53"),
        shape("mixed-files-after", multipart("mixed", alternative, *files), "53"),
        shape("mixed-text-after", multipart("mixed", text(EN), pdf, text("-- \nSent by a list\n")), "53"),
        shape("mixed-related-alternative", multipart("mixed", multipart("related", alternative, picture, boundary="rel"), files[3]), "53"),
        shape("preamble-and-epilogue", multipart("mixed", text(EN), preamble=b"This is MIME.\n", epilogue=b"After all.\n")),
        shape("nested-20-deep", deep, "39"),
        shape("nested-1000-deep", deeper, "39", never="large", mended="S"),
        shape("parts-5000", multipart("mixed", text(EN), *[b"\nx\n"] * 5000), "39", never="large"),
        shape("boundary-like-ours", multipart("mixed", text(EN), boundary="=_notice_000000000000000000000000")),
        shape("boundary-odd-signs", multipart("mixed", text(EN), boundary="a'()+_,-./:=? b")),
        shape("only-a-file", multipart("mixed", b"Content-Disposition: attachment; filename=a.txt\n" + text(EN)), inline=False),
        shape("type-in-odd-case", text(EN).replace(b"Content-Type: text/plain;", b"CONTENT-TYPE:\tTEXT/Plain ;"), "58"),
        shape("old-sums", fields(Content_MD5="Q2hlY2sgSW50ZWdyaXR5IQ==", Content_Length="700", Lines="12") + text(EN), "58", altered="P"),
        shape("forwarded-by-a-reader", multipart("mixed", text("Hello support, I got this. Is it real?\n"), attached(letter)), "44", flagged=False),
        shape("letter-inside-a-letter", multipart("mixed", text(EN), attached(letter)), "44"),
    ]


CALENDAR = "BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:1@sender.test\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR\n"
STATUS = b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.sender.test\n\nFinal-Recipient: rfc822; x@sender.test\nAction: failed\nStatus: 5.1.1\n"
DISPOSED = b"Content-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; x@sender.test\nDisposition: manual-action/MDN-sent-manually; displayed\n"


def never() -> list[Shape]:
    """Those of section 2.2 of the facts: not one byte of the body changes, in no mode."""

    def shape(name: str, part: bytes, why: str, cases: str = "47", **how) -> Shape:
        top = how.pop("top", b"")
        return Shape(name, mail(name, part, top=top), cases, never=why, **how)

    two = text(EN).replace(b"Content-Type", b"Content-Type: text/html\nContent-Type", 1)
    twice = multipart("mixed", text(EN)).replace(b"boundary=b1", b"boundary=b1; boundary=b2", 1)
    split = multipart("mixed", text(EN)).replace(b"boundary=b1", b"boundary*0=b; boundary*1=1", 1)
    both = multipart("mixed", text(EN)).replace(b"boundary=b1", b"boundary=b2; boundary*=us-ascii''b1", 1)
    report = multipart("report", text(EN), STATUS, params="; report-type=delivery-status")
    version = fields(Content_Type="application/pgp-encrypted") + b"\nVersion: 1\n"
    sealed = multipart("encrypted", version, file("encrypted.asc", b"x" * 100), params='; protocol="application/pgp-encrypted"', boundary="enc")
    signature = fields(Content_Type="application/pgp-signature") + b"\nx\n"
    detached = multipart("signed", text(EN), signature, params='; micalg=pgp-sha256; protocol="application/pgp-signature"')
    outside = b'Content-Type: message/external-body; access-type=URL; URL="https://x.test/a"\n\nContent-Type: text/plain\n\n'
    return [
        shape("signed-without-proof", detached, "signed"),
        shape("smime-opaque", multipart("mixed", text(EN), file("smime.p7m", b"0\x82" + b"x" * 200, "application/pkcs7-mime")), "encrypted"),
        shape("encrypted", multipart("mixed", text(EN), sealed), "encrypted"),
        shape("invitation", multipart("alternative", text(EN), text(CALENDAR, "calendar", params="; method=REQUEST")), "calendar"),
        shape("bounce", report, "report"),
        shape("bounce-null-sender", report, "null-sender", "13", envelope="null"),
        shape("letter-null-sender", text(EN), "null-sender", "13", envelope="null"),
        shape("read-receipt", multipart("report", text(EN), DISPOSED, params="; report-type=disposition-notification"), "report"),
        shape("piece", fields(Content_Type='message/partial; id="x@sender.test"; number=1; total=2') + b"\n" + EN.encode(), "partial", flagged=False),
        shape("external-body", multipart("mixed", text(EN), outside), "partial"),
        shape("list", text(EN), "list", "56", top=b"List-Id: <news.lists.test>\nList-Post: <mailto:news@lists.test>\n"),
        shape("boundary-unclosed", multipart("mixed", text(EN), closed=False), "broken", "40", mended="S"),
        shape("boundary-unused", fields(Content_Type="multipart/mixed; boundary=none") + b"\n" + EN.encode(), "broken", "40", mended="S"),
        shape("boundary-twice", twice, "broken", "40"),
        shape("boundary-split", split, "broken", "40"),
        shape("boundary-in-two-forms", both, "broken", "40"),
        shape("boundary-prefix", multipart("mixed", multipart("mixed", text(EN), boundary="b1x"), boundary="b1"), "broken", "40"),
        shape("content-type-twice", two, "broken", "40"),
        shape("encoding-unknown", text(EN).replace(b"8bit", b"x-own", 1), "broken", "40"),
        shape("encoding-of-multipart", fields(Content_Transfer_Encoding="base64") + multipart("mixed", text(EN)), "broken", "40"),
    ]


def of_headers() -> list[Shape]:
    def shape(name: str, cases: str = "46", top: bytes = b"", words: str = EN, **how) -> Shape:
        subject = how.pop("subject", "Read this")
        return Shape(name, mail(name, text(words), top=top, subject=subject), cases, **how)

    forged = b"X-Extortion-Flag: no\nX-EXTORTION-FLAG: no\nX-Extortion-Score: 0.0\nX-Extortion-Class: none\n"
    forged += b"x-extortion-notice: wrap; lang=en; seal=00000000000000000000000000000000\n"
    spf = b"; ".join(b"spf=pass smtp.mailfrom=a%d.test" % k for k in range(20))
    return [
        shape("forged-headers", "21", forged),
        shape("forged-headers-clean", "21", forged, CLEAN, flagged=False),
        shape("subject-twice", "22", b"Subject: one\n"),
        shape("subject-missing", "22", subject=""),
        shape("subject-8bit", "22", subject="8 bit \udce4\udcf6"),
        shape("subject-folded", "22", subject="one\n two\n\tthree"),
        shape("subject-encoded", "22", subject="=?utf-8?B?UMOkw6R0w7Zz?= =?iso-8859-1?Q?ja_liite_=E4?="),
        shape("space-before-colon", "29", b"X-Mailer : x\n", altered="PS"),
        shape("from-twice", "30", b"From: Other <other@sender.test>\n"),
        shape("from-group", "30", b"Sender: undisclosed: ;\n"),
        shape("headers-many", "25", b"".join(b"X-Filler-%d: value\n" % i for i in range(300))),
        shape("headers-6000", "25", b"".join(b"X-Filler-%d: value\n" % i for i in range(6000)), never="large", refused="S"),
        shape("header-70-kb", "26", b"X-Long: " + b"x" * 70000 + b"\n", altered="P", refused="S"),
        shape("auth-results-many", "31", b"".join(b"Authentication-Results: mx%d.sender.test; %s\n" % (i, spf) for i in range(30))),
        shape("dkim-header-mild", "57", b"DKIM-Signature: v=1; a=rsa-sha256; d=sender.test; s=x; b=x\n", MILD),
        shape("utf8-everywhere", "18", subject="Vídeo", envelope="utf8", refused="S"),
        Shape("nul-in-subject", mail("nul-in-subject", text(EN), subject="Re\0ad"), "28", altered="PS"),
        Shape("line-no-field", mail("line-no-field", text(EN)).replace(b"MIME-Version", b"this is no field\r\nMIME-Version", 1), "29", altered="PS"),
        Shape("from-line", b"From someone@sender.test Mon Nov 23 10:00:00 2026\r\n" + mail("from-line", text(EN)), "29", altered="PS"),
        Shape("no-body", mail("no-body", b"X-Last: x\n"), "32", flagged=False),
        Shape("empty-body", mail("empty-body", b"\n"), "32", flagged=False),
        Shape("clean", mail("clean", text(CLEAN)), flagged=False),
        Shape("clean-alternative", mail("clean-alternative", multipart("alternative", text(CLEAN), html(CLEAN))), flagged=False),
        Shape("clean-files", mail("clean-files", multipart("mixed", text(CLEAN), file("a.bin", bytes(range(256))))), flagged=False),
    ]


def shapes() -> list[Shape]:
    return of_text() + of_html() + of_parts() + never() + of_headers()
