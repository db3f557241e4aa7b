"""docs/RELIABILITY.md from matrix.tsv and the logs of make check.

report.py TOP            checks: every case is there once, names tests that exist, and stands so in the docs
report.py TOP BUILD      checks the results, too: each named test has run in BUILD, or was skipped, and none failed
report.py TOP BUILD -w   writes the results into the docs; figures of full runs, too, when BUILD has some

Options: --figures BUILD, where figures are; --matrix FILE, --docs FILE instead of those of TOP. Exit code 1 with a line for each thing that is wrong.
"""

import argparse
import re
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

CASES = 92
MTAS = ("postfix", "sendmail")
COLUMNS = {"postfix": "Postfix", "sendmail": "Sendmail", "none": "no MTA"}


@dataclass
class Case:
    number: int
    mtas: str
    want: str
    tests: list[tuple[str, str]] = field(default_factory=list)  # file with @ for the MTA, words
    notes: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Cell:
    ok: int = 0
    bad: int = 0
    skipped: bool = False

    def text(self) -> str:
        if self.bad:
            return f"**{self.bad} of {self.bad + self.ok} failed**"
        return f"ok ({self.ok})" if self.ok else "skipped" if self.skipped else "–"


wrong: list[str] = []


def read_matrix(file: Path) -> list[Case]:
    cases: list[Case] = []
    for number, line in enumerate(file.read_text().splitlines(), 1):
        words = line.split("\t")
        if not line or line.startswith("#"):
            continue
        if line.startswith("\t") and cases and len(words) == 3:
            kind = words[1]
            (cases[-1].notes if kind in ("part", "none", "away") else cases[-1].tests).append((words[1], words[2]))
        elif len(words) == 3 and words[0].isdigit() and re.fullmatch("P?S?U?", words[1]):
            cases.append(Case(int(words[0]), words[1], words[2]))
        else:
            wrong.append(f"{file.name}:{number}: neither a case nor a test: {line!r}")
    return cases


def files_of(name: str) -> list[str]:
    return [name.replace("@", mta) for mta in MTAS] if "@" in name else [name]


def sources_of(top: Path, name: str) -> str:
    """All that may hold the names of this script's results: its folder."""
    found = (top / name).parent.rglob("*")
    return "\n".join(f.read_text(errors="replace") for f in found if f.suffix in (".c", ".sh", ".py"))


def check_tests(top: Path, case: Case, known: str) -> None:
    for pattern, words in case.tests:
        for name in files_of(pattern):
            source = top / (name if name.endswith(".sh") else name + ".c")
            if not source.exists() or not re.search(rf"(?<![\w/-]){re.escape(name)}(?![\w.-])", known):
                wrong.append(f"case {case.number}: {name} is no test of make check")
                continue
            # What the oracle of shapes says of a case stands as a number in its table.
            shape = re.fullmatch(r"case (\d+) ", words)
            if not re.search(rf"[\"']{shape[1]}[\"']" if shape else re.escape(words), sources_of(top, name)):
                wrong.append(f"case {case.number}: {name} has no test {words!r}")


def check_matrix(top: Path, cases: list[Case]) -> None:
    numbers = [c.number for c in cases]
    wrong.extend(f"case {n}: not in the matrix" for n in range(1, CASES + 1) if n not in numbers)
    wrong.extend(f"case {n}: {numbers.count(n)} times in the matrix" for n in sorted(set(numbers)) if numbers.count(n) > 1)
    wrong.extend(f"case {n}: no such case" for n in numbers if not 1 <= n <= CASES)
    known = "\n".join(f.read_text() for f in sorted((top / "tests").rglob("local.mk")))
    for c in cases:
        kinds = [kind for kind, _ in c.notes]
        if not c.tests and not {"none", "away"} & set(kinds):
            wrong.append(f"case {c.number}: has neither a test nor a reason")
        if c.tests and {"none", "away"} & set(kinds):
            wrong.append(f"case {c.number}: has tests, and says that it has none")
        check_tests(top, c, known)


def results_of(build: Path, name: str) -> list[tuple[bool, str]] | None:
    """What its log says; None without a log. A skipped one says nothing."""
    log = build / (name.removesuffix(".sh") + ".log")
    if not log.exists():
        return None
    found = re.findall(r"^(not ok|ok)\b(?: \d+)?(?: -)? ?(.*)$", log.read_text(errors="replace"), re.M)
    return [(how == "ok", words) for how, words in found if "# SKIP" not in words]


def column_of(name: str) -> str:
    return next((mta for mta in MTAS if mta in Path(name).name), "none")


def cells_of(build: Path, case: Case) -> dict[str, Cell]:
    cells = {column: Cell() for column in COLUMNS}
    for pattern, words in case.tests:
        for name in files_of(pattern):
            cell, results = cells[column_of(name)], results_of(build, name)
            if results is None:
                wrong.append(f"case {case.number}: {name} has not run")
                continue
            matching = [ok for ok, said in results if words in said]
            cell.ok += sum(matching)
            cell.bad += len(matching) - sum(matching)
            cell.skipped = cell.skipped or not results
            if results and not matching:
                wrong.append(f"case {case.number}: no result {words!r} of {name}")
    wrong.extend(f"case {case.number}: {cell.bad} results of {column} failed" for column, cell in cells.items() if cell.bad)
    return cells


def escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def row_start(case: Case) -> str:
    """What of a row the matrix alone says."""
    names: dict[str, list[str]] = {}
    for name, words in case.tests:
        names.setdefault(name.removeprefix("tests/"), []).append(words.strip())
    tests = [f"`{name}`: {', '.join(words)}" for name, words in names.items()]
    titles = {"part": "In part: ", "none": "No test: ", "away": "Does not apply: "}
    notes = [f"*{titles[kind]}{text}*" for kind, text in case.notes]
    return f"| {case.number} | {escaped(case.want)} | {'<br>'.join(map(escaped, tests)) + ('<br>' if tests and notes else '') + '<br>'.join(map(escaped, notes))} |".replace("&lt;br>", "<br>")


def part_of(text: str, name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- end of {name} -->", text, re.S)
    if not found:
        wrong.append(f"the docs have no place for {name}")
    return found[1] if found else ""


def check_docs(text: str, cases: list[Case]) -> None:
    rows = part_of(text, "results").splitlines()
    for c in cases:
        if not any(r.startswith(row_start(c)) for r in rows):
            wrong.append(f"case {c.number}: not in the docs as the matrix has it; make reliability writes it")
    n = sum(re.match(r"\| \d", r) is not None for r in rows)
    if n != len(cases):
        wrong.append(f"the docs have {n} rows, the matrix {len(cases)} cases")


def said(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout + done.stderr


def versions(build: Path) -> str:
    postfix = said("postconf", "-d", "-h", "mail_version").strip() or "none"
    milter = said(str(build / "milter/program/extortion-milter"), "-V")
    library = re.search(r"libmilter API ([\d.]+)", milter)
    version = Path("/var/cache/extortion-milter/sendmail/usr/share/sendmail/cf/m4/version.m4")
    sendmail = re.search(r"^DZ([\d.]+)", version.read_text(), re.M) if version.exists() else None
    day = datetime.now(timezone.utc).strftime("%Y-%m-%d")
    return f"Run of {day}: Postfix {postfix}, Sendmail {sendmail[1] if sendmail else 'none'}, libmilter's API {library[1] if library else 'unknown'}."


def results_text(build: Path, cases: list[Case]) -> str:
    lines = [versions(build), "", "| case | what is expected | tests | " + " | ".join(COLUMNS.values()) + " |", "| --- " * 6 + "|"]
    for c in cases:
        cells = cells_of(build, c)
        lines.append(row_start(c) + " " + " | ".join(cell.text() for cell in cells.values()) + " |")
    covered = sum(bool(c.tests) for c in cases)
    partly = sum(bool(c.tests) and bool(c.notes) for c in cases)
    lines += ["", f"{covered} of {len(cases)} cases have tests, {partly} of these in part; {len(cases) - covered} have none, and say why."]
    return "\n".join(lines) + "\n"


def figures_text(build: Path) -> str:
    lines = []
    for log in sorted((build / "tests").rglob("*.log")):
        lines += re.findall(r"^# figure full (.*)$", log.read_text(errors="replace"), re.M)
    return "".join(f"- {line}\n" for line in lines)


def put(text: str, name: str, content: str) -> str:
    if not content:  # a short run has no figures to tell
        return text
    return re.sub(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", lambda m: m[1] + content + m[2], text, count=1, flags=re.S)


def main() -> int:
    p = argparse.ArgumentParser()
    p.add_argument("top", type=Path)
    p.add_argument("build", type=Path, nargs="?")
    p.add_argument("-w", action="store_true", dest="write")
    p.add_argument("--figures", type=Path)
    p.add_argument("--matrix", type=Path)
    p.add_argument("--docs", type=Path)
    a = p.parse_args()
    docs = a.docs or a.top / "docs/RELIABILITY.md"
    cases = read_matrix(a.matrix or a.top / "tests/reliability/matrix.tsv")
    check_matrix(a.top, cases)
    text = docs.read_text()
    if a.build and a.write:
        text = put(text, "results", results_text(a.build, cases))
        text = put(text, "figures", figures_text(a.figures or a.build))
        docs.write_text(text)
    elif a.build:
        for c in cases:
            cells_of(a.build, c)
    check_docs(text, cases)
    print(*wrong, sep="\n" if wrong else "", end="\n" if wrong else "")
    return bool(wrong)


sys.exit(main())
