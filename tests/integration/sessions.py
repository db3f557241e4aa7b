"""SMTP sessions out of the ordinary: sessions.py PORT KIND ARGUMENT...

reset BAD LETTER CLEAN RSET and HELO in every phase, a whole message after each on the same connection
recipients N LETTER    one message for u0@ to uN-1@example.test
refused BAD            a transaction in which every recipient is refused
odd LETTER ADDRESS...  one message for each address, as it stands; says which were taken

BAD is an address that the server refuses. Exit code 0 when the server answered as a server must; what it said else is on stderr.
"""

import smtplib
import sys
from pathlib import Path

SENDER = "<alice@sender.test>"


def want(answer: tuple[int, bytes], *codes: int) -> None:
    if answer[0] not in codes:
        sys.exit(f"{answer}, not one of {codes}")


def letter(path: str) -> bytes:
    return Path(path).read_bytes().replace(b"\n", b"\r\n")


def message(s: smtplib.SMTP, to: str, text: bytes) -> None:
    want(s.docmd("MAIL", f"FROM:{SENDER}"), 250)
    want(s.docmd("RCPT", f"TO:<{to}>"), 250)
    want(s.data(text), 250)


def reset(s: smtplib.SMTP, refused: str, *files: str) -> None:
    mail, rcpt, bad = ("MAIL", f"FROM:{SENDER}"), ("RCPT", "TO:<lost@example.test>"), ("RCPT", f"TO:<{refused}>")
    phases = ([], [mail], [mail, rcpt], [mail, rcpt, rcpt], [mail, bad], [mail, rcpt, bad])
    for number, phase in enumerate(phases):
        if number > 0:  # Sendmail makes who says HELO often wait
            want(s.quit(), 221)
            want(s.connect("127.0.0.1", int(port)), 220)
            want(s.ehlo(), 250)
        for place, again in enumerate((("RSET", ""), ("RSET", ""), ("EHLO", "again.test"), ("HELO", "again.test"))):
            n = number * 4 + place
            for command in phase:
                s.docmd(*command)
            want(s.docmd(*again), 250)
            message(s, f"u{n}@example.test", letter(files[n % 2]))
    print(n + 1)


def recipients(s: smtplib.SMTP, n: str, path: str) -> None:
    want(s.docmd("MAIL", f"FROM:{SENDER}"), 250)
    for i in range(int(n)):
        want(s.docmd("RCPT", f"TO:<u{i}@example.test>"), 250)
    want(s.data(letter(path)), 250)


def refused(s: smtplib.SMTP, address: str) -> None:
    want(s.docmd("MAIL", f"FROM:{SENDER}"), 250)
    for name in ("", "b", "c"):
        want(s.docmd("RCPT", f"TO:<{name}{address}>"), 501, 550, 551, 553, 554)
    want(s.docmd("DATA"), 503, 554)


def odd(s: smtplib.SMTP, path: str, *addresses: str) -> None:
    for address in addresses:
        want(s.docmd("MAIL", f"FROM:{SENDER}"), 250)
        if s.docmd("RCPT", f"TO:<{address}>")[0] == 250:
            want(s.data(letter(path)), 250)
            print("taken", address)
        else:
            want(s.docmd("RSET"), 250)
            print("refused", address)


port, kind, *arguments = sys.argv[1:]
with smtplib.SMTP("127.0.0.1", int(port), "client.test", timeout=120) as session:
    want(session.ehlo(), 250)
    {"reset": reset, "recipients": recipients, "refused": refused, "odd": odd}[kind](session, *arguments)
