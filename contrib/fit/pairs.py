#!/usr/bin/python3
"""Finds which pairs of lists, and which repetitions, tell extortion from other mail (docs/decisions/0016-pairs-found.md).

Tries, over the labelled mail of the manifests (as fit.py reads them), every two of the lists that attack, sums, deadlines and wallets
within 8 words, each list two, three and four times, and each list of context with each that attacks. Prints the --keep best as
templates for rules/core/structure.conf, with a first weight: those that speak against are context. Which of these are everyday mail that
an attacker can put around a letter (`ordinary`) is for a person to say; then fit all weights anew (fit.py). Give it only what rules may
be fitted to. Needs what fit.py needs, and some minutes.
"""
import argparse
import itertools
import os
import re
import shutil
import tempfile

import numpy as np
from sklearn.linear_model import LogisticRegression

import fit

WITHIN = 8
TOKENS = ("<amount>", "<deadline>", "<bitcoin>")
SHARE = 0.5  # of a new rule's penalty: there are ten times as many of them
COST = {"ham": 3.0, "hardneg": 3.0, "spam": 1.0, "extortion": 1.0}


def lists_read(structure):
    """Names of the lists that attack and of those that speak against, and what each says."""
    says = dict(re.findall(r'\{ id = "w-([a-z]+)";.*?describe = "words for: ([^"]*)"', structure, re.S))
    attack = re.findall(r'\{ id = "w-([a-z]+)"; facet = "wording"', structure)
    against = sorted(set(re.findall(r'\{([a-z]+)\}', " ".join(re.findall(r'facet = "context".*?(?=\n  \{ id|\n\);)', structure, re.S)))) - set(attack))
    return attack, against, says


def plain(token):
    return re.sub(r"[{}<>]", "", token)


def template(name, facet, weight, describe, what):
    return f'  {{ id = "{name}"; facet = "{facet}"; weight = {weight:.2f};\n    describe = "{describe}";\n    {what} }}'


def candidates(attack, against, says):
    """{id: (description, what the template asks for)}"""
    short = lambda a: re.split("[,:]", says.get(a, a))[0].strip()
    tokens = ["{%s}" % a for a in attack] + list(TOKENS)
    pairs = list(itertools.combinations(tokens, 2)) + [("{%s}" % a, b) for a in against for b in tokens]
    out = {f"s-near-{plain(a)}-{plain(b)}": (f"near each other: {short(plain(a))}; {short(plain(b))}", f'near = [ "{a}", "{b}" ]; within = {WITHIN};') for a, b in pairs}
    for a in attack:
        for times in (2, 3, 4):
            out[f"s-often-{a}-{times}"] = (f"{times} times or more: {says.get(a, a)}", f'any = [ "{{{a}}}" ]; at_least = {times};')
    return out


def rules_with(rules, folder, found):
    """A copy of the rules with all candidates that they do not have, and without caps."""
    shutil.copytree(rules, folder)
    path = os.path.join(folder, "core/structure.conf")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    new = [n for n in found if f'id = "{n}"' not in text]
    end = text.rindex("\n);")
    more = ",\n".join(template(n, "density", fit.LEAST, *found[n]) for n in new)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text[:end].rstrip().rstrip(",") + ",\n" + more + text[end:])
    fit.caps_lift(folder)
    return set(new)


def choose(rows, facts, new, keep):
    """{id: weight} of the best new rules; below 0: speaks against."""
    names = sorted({k for row in rows for k in row})
    x, y = fit.matrix(rows, names), np.array([label == "extortion" for label, _, _ in facts])
    is_new = np.array([n in new for n in names])
    x = x.multiply(np.where(is_new, SHARE, 1.0)).tocsr()
    cost = np.array([COST[label] * times for label, _, times in facts])
    first = LogisticRegression(C=0.1, max_iter=1000).fit(x, y, sample_weight=cost)
    often = np.asarray((x > 0).mean(axis=0)).ravel()
    worth = np.where(is_new, np.abs(first.coef_[0]) * np.sqrt(often * (1 - often)), np.inf)
    kept = np.argsort(-worth)[: int((~is_new).sum()) + keep]
    last = LogisticRegression(C=0.2, max_iter=1000).fit(x[:, kept], y, sample_weight=cost)
    return {names[k]: SHARE * w for k, w in zip(kept, last.coef_[0]) if is_new[k]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ctl", required=True)
    parser.add_argument("--rules", required=True)
    parser.add_argument("--keep", type=int, default=120)
    parser.add_argument("manifests", nargs="+")
    a = parser.parse_args()
    with open(os.path.join(a.rules, "core/structure.conf"), encoding="utf-8") as f:
        found = candidates(*lists_read(f.read()))
    with tempfile.TemporaryDirectory() as folder:
        new = rules_with(a.rules, os.path.join(folder, "rules"), found)
        weight, _ = fit.rules_read(os.path.join(folder, "rules"))
        rows, facts = fit.features(a.ctl, os.path.join(folder, "rules"), fit.samples_read(a.manifests), weight)
    for name, w in sorted(choose(rows, facts, new, a.keep).items()):
        print(template(name, "wording" if w > 0 else "context", max(abs(w), fit.LEAST), *found[name]) + ",")


main()
