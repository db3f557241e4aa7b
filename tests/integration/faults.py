"""What became of the mail: faults.py SENT BOX LABEL=FOLDER...

SENT is what smtp-send said, BOX holds what was delivered, sent to load%d@example.test. Each FOLDER holds
what one delivery of each message looks like when nothing goes wrong. Prints one line of name=number:
offered, accepted, putoff (answers 4xx), lost (accepted, not delivered), doubled, half (the body is like that
of no LABEL), partly (only the header is), and how many are like each LABEL. Some that are like none are shown
on stderr.
"""

import re
import sys
from collections import Counter
from pathlib import Path

TRACE = (b"x-original-to", b"delivered-to", b"return-path", b"received")


def canon(raw: bytes) -> tuple[bytes, bytes]:
    """Which message it is, and what is the same in each copy of it."""
    head, _, body = raw.partition(b"\n\n")
    fields = re.split(rb"\n(?![ \t])", head)
    kept = [f for f in fields if f.split(b":")[0].strip().lower() not in TRACE]
    text = b"\n".join(kept) + b"\n\n" + body
    text = re.sub(rb"seal=[0-9a-f]+", b"seal=", text)
    text = re.sub(rb"_notice_[0-9a-f]+", b"_notice_", text)
    text = re.sub(rb"On \d{4}-\d\d-\d\d at \d\d:\d\d", b"On a day", text)
    which = [f for f in kept if f.lower().startswith(b"message-id:")]
    return which[0] if which else b"", text


def show(name: str, text: bytes, known: dict[bytes, str]) -> None:
    """Where it leaves the one that it is like for longest."""
    lines = text.split(b"\n")
    at, label = max((first_difference(lines, k.split(b"\n")), v) for k, v in known.items()) if known else (0, "nothing")
    print(f"{name}: {len(lines)} lines, like {label} up to line {at + 1}: {lines[at:at + 1]!r:.200}", file=sys.stderr)


def first_difference(a: list[bytes], b: list[bytes]) -> int:
    return next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))


def main() -> None:
    sent, box, *labels = sys.argv[1:]
    likes: dict[bytes, dict[bytes, str]] = {}
    bodies: dict[bytes, set[bytes]] = {}
    for label in labels:
        name, folder = label.split("=", 1)
        for file in Path(folder).iterdir():
            which, text = canon(file.read_bytes())
            likes.setdefault(which, {}).setdefault(text, name)
            bodies.setdefault(which, set()).add(text.split(b"\n\n", 1)[1])
    answers = [line.split() for line in Path(sent).read_text().splitlines()]
    accepted = {int(a[0]) for a in answers if a[1] == "250"}
    arrived: Counter[int] = Counter()
    count: Counter[str] = Counter()
    for file in Path(box).iterdir():
        raw = file.read_bytes()
        to = re.search(rb"^X-Original-To: load(\d+)@", raw, re.M)
        arrived[int(to[1]) if to else -1] += 1
        which, text = canon(raw)
        like = likes.get(which, {}).get(text, "half")
        count[like] += 1
        if like == "half" and text.split(b"\n\n", 1)[1] in bodies.get(which, ()):
            count["half"] -= 1
            count["partly"] += 1
        elif like == "half" and count["half"] <= 3:
            show(file.name, text, likes.get(which, {}))
    figures = {
        "offered": len({int(a[0]) for a in answers}),
        "accepted": len(accepted),
        "putoff": sum(a[1][0] in "04" for a in answers),
        "lost": len(accepted - set(arrived)),
        "doubled": sum(n - 1 for n in arrived.values()) + len(set(arrived) - accepted),
        "half": count["half"],
        "partly": count["partly"],
    }
    figures.update({name: count[name] for name in dict.fromkeys(label.split("=", 1)[0] for label in labels)})
    print(*(f"{name}={n}" for name, n in figures.items()))


main()
