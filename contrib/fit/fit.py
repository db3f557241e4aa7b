#!/usr/bin/python3
"""Fits the weights and leanings of the rules in rules/core to labelled mail (docs/decisions/0014-words-alone.md).

Writes a copy of --rules with new weights and leanings to DIR; look at it, then measure it with
`extortctl evaluate` on mail that is not in the manifests. Give it only what rules may be fitted to: never
a held-out list. A manifest given as N:PATH counts N times: letters that the lexicons were widened by say
less of unseen ones than letters that came after. The proof of the languages counts too. Needs numpy, scipy and scikit-learn (Debian: python3-sklearn).

Weights are drawn to those that the rules have (--anew: to nothing), for mail that a list was widened by would
make them too small. Each round judges all mail by the rules of the round before, takes what hit in the best window, and learns
from the windows of all rounds. Points add up (halve = false in all facets), so a weight is a log odds
ratio: logistic regression with fixed signs - context subtracts, all else adds - and a penalty on size.
"""
import argparse
import collections
import csv
import glob
import json
import os
import re
import shutil
import subprocess
import sys

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

FILES = ("core/structure.conf", "core/rules.conf")
RULE = re.compile(r'\{ id = "([^"]+)";.*?(?=\n  \{ id|\n\);)', re.S)
LEAST = 0.05  # a rule that says nothing keeps this, so that its proof still counts
MOST = 10.0  # what the rule language allows
# What a mistake costs, by label: a hard negative is as bad as some misses, ham comes by the thousand.
COST = {"ham": 20.0, "hardneg": 18.0, "spam": 3.0}
COST_CLASS = {"violence": 5.0, "other": 3.0, "partner": 3.0, "reputation": 3.0, "sextortion": 3.0}
CLASSES = ("sextortion", "breach-person", "breach-company", "site-hack", "ddos", "violence", "police-impersonation", "reputation", "partner", "other")
# What labelled mail is too thin to tell, and common sense is not (docs/decisions/0015-letters-after-words.md).
AT_LEAST = {"s-bomb-place": 1.96, "s-bomb-kill": 1.32, "s-bomb-me": 0.57, "s-bomb-you": 1.30, "s-kill-audience": 0.60}
LEAN_AT_MOST = {("s-hacked-systems", "site-hack"): 0.5, ("w-hacked", "site-hack"): 0.5, ("w-data", "site-hack"): 0.1}
ALIKE, ALIKE_SHARE = ("breach-person", "breach-company"), 0.2  # how and when is paid says little of whose data it is
PAYING = {"core-bitcoin-address", "core-amount-at-wallet", "w-coin", "w-pay", "w-money", "s-release-amount", "s-near-coin-money", "s-near-pay-money", "s-near-money-handover"}
LEANS_NOWHERE = {("density", "site-hack"), ("clock", "site-hack")}  # facet, class: much text is no website


def rules_read(folder):
    """(weight, facet) by id of the rule or template."""
    weight, facet = {}, {}
    for name in FILES:
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            for m in RULE.finditer(f.read()):
                w = re.search(r"weight = ([0-9.]+)", m.group(0))
                k = re.search(r'facet = "([a-z]+)"', m.group(0))
                if w and k:
                    weight[m.group(1)], facet[m.group(1)] = float(w.group(1)), k.group(1)
    return weight, facet


def rules_write(folder, weight, lean=None):
    def new(m):
        name, body = m.group(1), m.group(0)
        if name not in weight:
            return body
        body = re.sub(r"weight = [0-9.]+", f"weight = {weight[name]:.2f}", body, count=1)
        if lean is None:
            return body
        body = re.sub(r"\n    lean = \{[^}]*\};", "", body)
        lines = sorted(((v, c) for c, v in lean.get(name, {}).items() if abs(v) >= 0.1), reverse=True)
        if lines:
            text = " ".join(f"{c} = {v:.2f};" for v, c in lines)
            body = re.sub(r"(weight = [0-9.]+;)", lambda q: f"{q.group(1)}\n    lean = {{ {text} }};", body, count=1)
        return body

    for name in FILES:
        path = os.path.join(folder, name)
        with open(path, encoding="utf-8") as f:
            text = f.read()
        with open(path, "w", encoding="utf-8") as f:
            f.write(RULE.sub(new, text))


def leanings_read(folder):
    """{class: leaning} by id."""
    lean = {}
    for name in FILES:
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            for m in RULE.finditer(f.read()):
                found = re.search(r"lean = \{([^}]*)\}", m.group(0))
                pairs = re.findall(r"([a-z-]+) = (-?[0-9.]+)", found.group(1)) if found else []
                lean[m.group(1)] = {c: float(v) for c, v in pairs}
    return lean


def mean_write(folder, others):
    """Weights and leanings that are the mean of those in the others; what one does not know has none there."""
    weights, leans = [rules_read(o)[0] for o in others], [leanings_read(o) for o in others]
    weight, lean = {}, {}
    for n in rules_read(folder)[0]:
        known = [w[n] for w in weights if n in w]
        weight[n] = sum(known) / len(known)
        lean[n] = {c: sum(x.get(n, {}).get(c, 0.0) for x in leans) / len(leans) for c in CLASSES}
    rules_write(folder, weight, lean)


def caps_lift(folder):
    """A full facet would hide what hit. What the file said."""
    path = os.path.join(folder, "core/judgement.conf")
    with open(path, encoding="utf-8") as f:
        said = f.read()
    with open(path, "w", encoding="utf-8") as f:
        f.write(re.sub(r"cap = [0-9.]+", "cap = 900.0", said))
    return said


def proof_read(rules):
    """Whole letters that must be told right, whatever else: they count twice."""
    out = {}
    for path in glob.glob(os.path.join(rules, "lang/*/proof/*.eml")):
        wants, _, rest = os.path.basename(path).partition("-")
        kind = next((c for c in CLASSES if rest.startswith(c + "-")), "")
        out[os.path.abspath(path)] = ("extortion" if wants == "hit" else "hardneg", kind, 2.0)
    return out


def samples_read(manifests):
    out = {}
    for given in manifests:
        times, _, path = given.rpartition(":")
        base = os.path.dirname(os.path.abspath(path))
        with open(path, encoding="utf-8") as f:
            for row in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row.get("complete") != "fragment":
                    out[os.path.join(base, row["path"])] = (row["label"], row.get("class", ""), float(times or 1))
    return out


def features(ctl, rules, samples, weight):
    """What hit in the best window of each message: 1, less when quoted or (context) far away."""
    folders = sorted({os.path.dirname(p) for p in samples})
    done = subprocess.run([ctl, "scan", "--json", "--rules", rules, *folders], capture_output=True, check=False)
    if done.returncode not in (0, 1, 66):
        sys.exit(done.stderr.decode())
    rows, facts = [], []
    for line in done.stdout.splitlines():
        message = json.loads(line)
        if message["path"] not in samples:
            continue
        row = collections.defaultdict(float)
        for r in message["rules"]:
            name = re.sub(r"^[a-z]{2}-(?=[sw]-)", "", r["id"])
            if name in weight and not r["shadow"] and (r["facet"] == "context" or r["in_window"]):
                value = abs(r["score"]) / weight[name]
                row[name] += value if r["facet"] == "context" else min(value, 1.0)
        rows.append(dict(row))
        facts.append(samples[message["path"]])
    return rows, facts


def matrix(rows, names):
    at = {n: i for i, n in enumerate(names)}
    cells = [(i, at[k], v) for i, row in enumerate(rows) for k, v in row.items() if k in at]
    r, c, v = zip(*cells)
    return sparse.csr_matrix((v, (r, c)), shape=(len(rows), len(names)))


def logistic(x, y, cost, penalty, signs, prior):
    """Weights and intercept; each weight keeps its sign, and is drawn to its prior."""
    n, xt = x.shape[1], x.T.tocsr()

    def loss(p):
        z = x @ p[:n] + p[n]
        yz = np.where(y, z, -z)
        slope = -cost / (1 + np.exp(np.clip(yz, -500, 500)))
        slope = np.where(y, slope, -slope)
        value = (cost * np.logaddexp(0, -yz)).sum() + 0.5 / penalty * ((p[:n] - prior) ** 2).sum()
        return value, np.append(xt @ slope + (p[:n] - prior) / penalty, slope.sum())

    bounds = [(0, None) if s > 0 else (None, 0) for s in signs] + [(None, None)]
    found = minimize(loss, np.append(prior, 0.0), jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": 600})
    return found.x[:n], found.x[n]


def leanings(rows, facts, facet, penalty):
    """Which class a rule speaks for, by the windows that the final weights choose."""
    chosen = [i for i, (label, _, _) in enumerate(facts) if label == "extortion"]
    rows, facts = [rows[i] for i in chosen], [facts[i] for i in chosen]
    names = sorted({k for row in rows for k in row if facet[k] != "context"})
    model = LogisticRegression(C=penalty, max_iter=5000, fit_intercept=False)
    model.fit(matrix(rows, names), [c for _, c, _ in facts], sample_weight=[min(times, 1.5) for _, _, times in facts])
    lean = {n: {c: model.coef_[k][i] for k, c in enumerate(model.classes_)} for i, n in enumerate(names)}
    for n in names:
        if n in PAYING or facet[n] in ("channel", "clock", "demand"):
            mean = sum(lean[n].get(c, 0.0) for c in ALIKE) / len(ALIKE)
            lean[n].update({c: ALIKE_SHARE * mean + (1 - ALIKE_SHARE) * lean[n].get(c, 0.0) for c in ALIKE})
        if "sensitive" in n:  # records of patients and staff, not what stands on a website
            lean[n]["site-hack"] = min(lean[n].get("site-hack", 0.0), 0.0)
        for c in CLASSES:
            if (facet[n], c) in LEANS_NOWHERE:
                lean[n][c] = 0.0
            lean[n][c] = min(lean[n].get(c, 0.0), LEAN_AT_MOST.get((n, c), np.inf))
    return lean


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ctl", help="extortctl; not for --mean")
    parser.add_argument("--rules", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--rounds", type=int, default=3, help="of weights; 0: leanings only")
    parser.add_argument("--threshold", type=float, default=-0.6, help="log odds at which a message is flagged")
    parser.add_argument("--penalty", type=float, default=0.02, help="how far weights may go from where they are drawn to")
    parser.add_argument("--anew", action="store_true", help="draw weights to 0, not to those of the rules as they are")
    parser.add_argument("--keep-leanings", action="store_true", help="weights only")
    parser.add_argument("--lean-penalty", type=float, default=0.1, help="how far leanings may go from none")
    parser.add_argument("--mean", nargs="+", metavar="FOLDER", help="fit nothing: weights and leanings are the mean of those in these folders of rules")
    parser.add_argument("manifests", nargs="*")
    a = parser.parse_args()
    if a.mean:
        shutil.copytree(a.rules, a.out)
        mean_write(a.out, a.mean)
        return
    if not a.ctl or not a.manifests:
        parser.error("--ctl and the manifests of labelled mail are needed, or --mean")
    samples = samples_read(a.manifests) | proof_read(a.rules)
    shutil.copytree(a.rules, a.out)
    said = caps_lift(a.out)
    weight, facet = rules_read(a.out)
    present = {n: 0.0 if a.anew else (-w if facet[n] == "context" else w) for n, w in weight.items()}
    rows, facts = [], []
    for turn in range(a.rounds):
        more, labels = features(a.ctl, a.out, samples, weight)
        rows, facts = rows + more, facts + labels
        names = sorted({k for row in rows for k in row})
        y = np.array([label == "extortion" for label, _, _ in facts])
        cost = np.array([times * (COST_CLASS.get(c, 2.0) if l == "extortion" else COST[l]) for l, c, times in facts]) / (turn + 1)
        found, start = logistic(matrix(rows, names), y, cost, a.penalty,
                                [-1 if facet[n] == "context" else 1 for n in names], np.array([present[n] for n in names]))
        scale = 5.0 / (a.threshold - start)  # so that 5 points are the threshold
        for n in weight:
            weight[n] = LEAST
        for n, w in zip(names, found):
            weight[n] = min(max(abs(w) * scale, LEAST), MOST)
        for n, least in AT_LEAST.items():
            weight[n] = max(weight[n], least)
        rules_write(a.out, weight)
        weight, facet = rules_read(a.out)
        print(f"round {turn + 1}: {len(more)} messages, {len(names)} rules, scale {scale:.3f}", flush=True)
    if not a.keep_leanings:
        rows, facts = features(a.ctl, a.out, samples, weight)
        rules_write(a.out, weight, leanings(rows, facts, facet, a.lean_penalty))
    with open(os.path.join(a.out, "core/judgement.conf"), "w", encoding="utf-8") as f:
        f.write(said)


if __name__ == "__main__":
    main()
