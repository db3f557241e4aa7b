"""oracle.py MTA MODE SHAPES DELIVERED REFERENCE [FIRST]: what became of the shapes. TAP, without numbers.

MTA is P or S; SHAPES is the folder of make.py; DELIVERED holds what arrived through the milter,
REFERENCE the same messages through the same MTA without it. FIRST: DELIVERED is the second pass of what
lies there. The judge is Python's own parser of mail, and bytes where it is about bytes.
"""

import email
import email.policy
import hashlib
import os
import re
import sys

import signed
import table

OURS = b"x-extortion-"
TRACE = (b"received", b"return-path", b"x-original-to", b"delivered-to")
BODY = (b"mime-version", b"lines")
SUMS = (b"content-length", b"content-md5", b"lines")
OPERATOR = "Example Oy"


class Wrong(Exception):
    pass


def want(good: bool, what: str) -> None:
    if not good:
        raise Wrong(what)


class Mail:
    """Bytes as they arrived, cut into fields and body; line ends are LF."""

    def __init__(self, data: bytes):
        self.data = data.replace(b"\r\n", b"\n")
        head, _, self.body = self.data.partition(b"\n\n")
        self.fields = [f for f in re.split(rb"\n(?![ \t])", head) if f]

    def name(self, f: bytes) -> bytes:
        return f.partition(b":")[0].strip().lower()

    def values(self, name: bytes) -> list[bytes]:
        return [f.partition(b":")[2].strip() for f in self.fields if self.name(f) == name]

    def kept(self, *without: bytes, content: bool = True) -> list[bytes]:
        """The fields that are neither of the MTA nor ours; with milters Postfix cuts each at 60000 bytes."""
        out = [f[:60000] for f in self.fields if self.name(f) not in TRACE + without and not self.name(f).startswith(OURS)]
        return out if content else [f for f in out if not self.name(f).startswith(b"content-")]

    def parsed(self):
        own = b"\n".join(f for f in self.fields if self.name(f) not in TRACE)
        return email.message_from_bytes(own + b"\n\n" + self.body, policy=email.policy.compat32)


def folder(path: str) -> dict[str, list[Mail]]:
    """By the local part of the recipient."""
    out: dict[str, list[Mail]] = {}
    for entry in os.scandir(path):
        with open(entry.path, "rb") as f:
            m = Mail(f.read())
        to = m.values(b"x-original-to")[0].decode().partition("@")[0]
        out.setdefault(to, []).append(m)
    return out


def sha(data: bytes) -> str:
    return hashlib.sha256(data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")).hexdigest()


def original_of(m: Mail) -> bytes:
    """The attached original by the rules of RFC 2046, byte for byte."""
    boundary = m.parsed().get_boundary()
    want(boundary is not None, "no boundary")
    pieces = (b"\n" + m.body).split(b"\n--" + boundary.encode())
    pieces = [p for p in pieces if not p.startswith(b"-alt")]
    want(len(pieces) == 4 and pieces[3].startswith(b"--"), "not a notice and an original")
    head, _, inner = pieces[2].partition(b"\n\n")
    want(b"message/rfc822" in head, "the second part is no message")
    return inner


def says_operator(part) -> bool:
    words = part.get_payload(decode=True).decode(part.get_content_charset("utf-8"), "replace")
    return OPERATOR in words


def sent(shape: table.Shape) -> bytes:
    with open(f"{sys.argv[3]}/{shape.envelope}/{shape.name}.eml", "rb") as f:
        return f.read()


def check_wrap(shape: table.Shape, m: Mail, ref: Mail, mta: str) -> None:
    top = m.parsed()
    want(top.get_content_type() == "multipart/mixed", f"type {top.get_content_type()}")
    parts = top.get_payload()
    want(len(parts) == 2 and parts[0].get_content_type() == "multipart/alternative", "no notice first")
    two = parts[0].get_payload()
    want([p.get_content_type() for p in two] == ["text/plain", "text/html"], "the notice is not plain and HTML")
    want(all(says_operator(p) for p in two), "the notice does not say who speaks")
    want(not top.defects and not parts[0].defects, f"defects {top.defects} {parts[0].defects}")
    inner = original_of(m)
    if mta in shape.altered:
        came = b"\n".join(ref.kept()) + b"\n\n" + ref.body
        want(Mail(inner).body == Mail(came).body, "the original's body is not what the MTA delivers")
        want(Mail(inner).kept() == ref.kept(), "the original's header is not what the MTA delivers")
    else:
        want(sha(inner) == sha(sent(shape)), "the attached original is not what was sent")
    want(m.kept(*BODY, content=False) == ref.kept(*BODY, content=False), "the fields for threads and filters differ")
    for name in (b"content-type", b"content-transfer-encoding", b"mime-version"):
        want(len(m.values(name)) == 1, f"{len(m.values(name))} fields {name.decode()}")
    check_signatures(shape, inner)


def check_signatures(shape: table.Shape, message: bytes) -> None:
    message = message.replace(b"\n", b"\r\n")
    other = message.replace(b"one of your", b"one of ours").replace(b"500 euros", b"501 euros")
    for name in shape.checks:
        want(signed.verifies(name, keys, message), f"{name}: does not verify")
        want(not signed.verifies(name, keys, other), f"{name}: verifies what was changed")


def leaves(m: Mail) -> list:
    return list(m.parsed().walk())


def description(part) -> tuple:
    return (
        part.get_content_type(),
        part.get_filename(),
        part.get_content_disposition(),
        part.get_content_charset(),
        part["Content-Transfer-Encoding"],
        part["Content-ID"],
        len(part.get_payload()) if part.is_multipart() else -1,
        part.preamble,
        part.epilogue,
    )


def only_added(old: bytes, new: bytes) -> bool:
    n = len(os.path.commonprefix([old, new]))
    return len(new) > len(old) and new.endswith(old[n:])


def check_inline(shape: table.Shape, m: Mail, ref: Mail) -> None:
    want(m.kept(*SUMS) == ref.kept(*SUMS), "the header differs")
    old, new = leaves(ref), leaves(m)
    want([description(p) for p in old] == [description(p) for p in new], "other parts than before")
    changed = 0
    for a, b in zip(old, new):
        if a.is_multipart():
            continue
        before, now = a.get_payload(decode=True), b.get_payload(decode=True)
        if before != now:
            want(b.get_content_maintype() == "text", f"{b.get_content_type()} was changed")
            want(only_added(before, now), f"{b.get_content_type()}: more than an addition")
            want(says_operator(b), f"{b.get_content_type()}: no notice in it")
            changed += 1
    texts = sum(p.get_content_type() in ("text/plain", "text/html") for p in alternatives(ref.parsed()))
    want(changed == texts, f"{changed} texts were changed, not {texts}")
    longest = max(len(line) for line in ref.body.split(b"\n"))
    want(max(len(line) for line in m.body.split(b"\n")) <= max(998, longest), "a line became too long")


def alternatives(part) -> list:
    """What a reader is shown first: a text, or its alternatives."""
    while part.is_multipart() and part.get_content_type() != "multipart/alternative":
        part = part.get_payload()[0]
    if not part.is_multipart():
        return [part]
    return [alternatives(p)[0] for p in part.get_payload()]


def expected(shape: table.Shape, mode: str) -> str:
    """The field X-Extortion-Notice, up to its language."""
    if not shape.flagged:
        return ""
    if mode == "header":
        return "none"
    if shape.never:
        return f"none; reason={shape.never}"
    if mode == "auto":
        mode = "inline" if shape.mild and shape.inline else "wrap"
    if mode == "inline" and shape.covers:
        return "wrap"
    return "none; reason=shape" if mode == "inline" and not shape.inline else mode


def check(shape: table.Shape, mode: str, m: Mail, ref: Mail, mta: str) -> str:
    flags, notices = m.values(b"x-extortion-flag"), m.values(b"x-extortion-notice")
    want(flags == [b"yes" if shape.flagged else b"no"], f"flag {flags}")
    want(len(m.values(b"x-extortion-score")) == 1 and not m.values(b"x-extortion-class"), "forged fields are left")
    done = expected(shape, mode)
    if done == "":
        want(not notices, f"notice {notices} on clean mail")
    else:
        want(len(notices) == 1, f"notices {notices}")
        said = notices[0].decode()
        pattern = re.escape(done) + r"; lang=[a-z]{2}; seal=[0-9a-f]{32}" if done in ("wrap", "inline") else re.escape(done)
        want(re.fullmatch(pattern, said) is not None, f"notice {said!r}, not {done!r}")
    if done == "wrap":
        check_wrap(shape, m, ref, mta)
    elif done == "inline":
        check_inline(shape, m, ref)
    else:
        want(m.body == ref.body, "the body was changed")
        want(m.kept() == ref.kept(), "the header was changed")
        check_signatures(shape, b"\n".join(ref.kept()) + b"\n\n" + m.body)
    return done or "clean"


def check_again(shape: table.Shape, mode: str, m: Mail, first: Mail, mta: str) -> str:
    done = expected(shape, mode)
    if mta in shape.mended:  # was not annotated; now it is another message
        want(m.values(b"x-extortion-flag") == [b"yes"] and len(m.values(b"x-extortion-notice")) == 1, "not flagged once")
        return "mended by the MTA"
    want(m.body == first.body, "the second pass changed the body")
    want(m.kept() == first.kept(), "the second pass changed the header")
    want(m.values(b"x-extortion-flag") == first.values(b"x-extortion-flag"), "the flag is another one")
    want(len(m.values(b"x-extortion-notice")) == (1 if shape.flagged else 0), "not one field of the notice")
    return done or "clean"


def main() -> int:
    mta, mode, _, delivered, reference, *first = sys.argv[1:]
    arrived, plain = folder(delivered), folder(reference)
    before = folder(first[0]) if first else {}
    bad = 0
    for shape in table.shapes() + signed.shapes(keys):
        number = {"wrap": "54"}.get(mode, "46") if shape.cases == "46" else shape.cases
        title = f"case {'55' if first else number} {mta}: {mode}: {shape.name}"
        copies = arrived.pop(shape.name, [])
        try:
            if mta in shape.refused:
                want(not copies, "was taken")
                done = "the MTA refuses it"
            else:
                want(len(copies) == 1, f"delivered {len(copies)} times")
                if first:
                    done = check_again(shape, mode, copies[0], before[shape.name][0], mta) + ", twice"
                else:
                    done = check(shape, mode, copies[0], plain[shape.name][0], mta)
            print(f"ok - {title}: {done}")
        except (Wrong, LookupError, ValueError) as e:
            print(f"not ok - {title}: {type(e).__name__} {e}")
            bad += 1
    if arrived:
        print(f"not ok - case 46 {mta}: {mode}: nobody sent {sorted(arrived)}")
        bad += 1
    return bad > 0


keys = sys.argv[3] + "/keys"
sys.exit(main())
