#!/bin/sh
# TAP: evaluate against an independent count. The verdicts come from scan --json, the figures from awk over them and
# the manifest: nothing here shares code with evaluate. On our own letters, with the shipped rules.
set -u
top=$(cd "${top_srcdir:-.}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
ctl=$build/milter/program/extortctl
unset NO_COLOR
EXTORTION_RULES=$top/rules; export EXTORTION_RULES
n=0 tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM
ok() { # CONDITION-STATUS NAME
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; return; fi
    echo "not ok $n - $2"
    diff "$tmp/want" "$tmp/got" 2> /dev/null | head -n 20 | sed 's/^/# /'
}
same() { [ -s "$tmp/want" ] && diff "$tmp/want" "$tmp/got" > /dev/null; ok $? "$1"; } # NAME

cd "$top/tests/letters" || exit 99
awk -F '\t' 'NR > 1 { print $1 }' dev.tsv | tr '\n' '\0' | xargs -0 "$ctl" scan --no-progress --json > "$tmp/scan" 2> /dev/null
jq -r '[.path, .flagged, (.class // "-"), .score, ([.facets | to_entries[] | select(.value != 0) | .key] | join(","))] | @tsv' \
    "$tmp/scan" > "$tmp/verdicts"
[ "$(wc -l < "$tmp/verdicts")" -eq "$(($(wc -l < dev.tsv) - 1))" ]; ok $? "every letter was judged"
# path label class language cluster complete flagged got score facets
awk -F '\t' -v OFS='\t' 'NR == FNR { v[$1] = $2 OFS $3 OFS $4 OFS $5; next } FNR > 1 { print $1, $2, $3, $4, $5, $6, v[$1] }' \
    "$tmp/verdicts" dev.tsv > "$tmp/all"

for jobs in 1 2 5; do
    "$ctl" evaluate --no-progress --json --jobs $jobs dev.tsv > "$tmp/json.$jobs" 2> /dev/null
    jq -S 'del(.speed)' "$tmp/json.$jobs" > "$tmp/plain.$jobs"
done
cp "$tmp/plain.1" "$tmp/want"
for jobs in 2 5; do cp "$tmp/plain.$jobs" "$tmp/got"; same "every figure is the same with $jobs threads"; done
json=$tmp/json.2

awk -F '\t' '
function wilson(name, k, n,    p, z, m, h, lo, hi) {
    z = 1.959963984540054; p = n ? k / n : 0
    m = n ? (p + z * z / (2 * n)) / (1 + z * z / n) : 0
    h = n ? z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n) : 0
    lo = !n || k == 0 ? 0 : m - h; hi = !n || k == n ? 1 : m + h
    printf "%s %.3f %d %.4f %.4f %.4f\n", name, k, n, p, lo, hi
}
$2 == "extortion" {
    e++; f += $7 == "true"
    if ($6 != "partial" && $6 != "fragment") { we++; wf += $7 == "true" }
    if ($7 == "true" && $3 != "") { known++; right += $8 == $3 }
    c = $5 == "" ? "own " NR : $5; ce[c]++; cf[c] += $7 == "true"
}
$7 == "true" { flagged++ }
END {
    for (c in ce) { sum += cf[c] / ce[c]; clusters++ }
    wilson("recall", f, e); wilson("recall_per_cluster", sum, clusters); wilson("recall_whole_texts", wf, we)
    wilson("precision", f, flagged); wilson("right_class", right, known)
}' "$tmp/all" > "$tmp/want"
jq -r 'def r: "\(.hits) \(.n) \(.value) \(.low) \(.high)";
    ("recall", "recall_per_cluster", "recall_whole_texts", "precision", "right_class") as $k | "\($k) \(.[$k] | r)"' "$json" |
    awk '{ printf "%s %.3f %d %.4f %.4f %.4f\n", $1, $2, $3, $4, $5, $6 }' > "$tmp/got"
same "recall, precision, right class, with their intervals"

for by in class:3 language:4 complete:6; do
    name=${by%:*} column=${by#*:}
    awk -F '\t' -v c="$column" -v name="$name" '$c != "" && (name != "class" || $2 == "extortion") {
        k = $c; seen[k]; if ($2 == "extortion") { e[k]++; f[k] += $7 == "true"; r[k] += $7 == "true" && $8 == $3 } else { o[k]++; w[k] += $7 == "true" } }
        END { for (k in seen) printf "%s %d %d %d %d %d\n", k, e[k], f[k], r[k], o[k], w[k] }' "$tmp/all" | LC_ALL=C sort > "$tmp/want"
    jq -r --arg by "$name" '.by[$by][] | "\(.name) \(.extortion) \(.found) \(.right_class) \(.others) \(.false_positives)"' "$json" |
        LC_ALL=C sort > "$tmp/got"
    same "by $name"
done
awk -F '\t' '$2 == "extortion" && $3 != "" { n[$3 " " $8]++ } END { for (k in n) print k, n[k] }' "$tmp/all" | LC_ALL=C sort > "$tmp/want"
jq -r '.confusion[] | "\(.class) \(.got // "-") \(.n)"' "$json" | LC_ALL=C sort > "$tmp/got"
same "class confusion"
awk -F '\t' '{ m = split($10, f, ","); for (i = 1; i <= m; i++) n[f[i] " " $2]++ } END { for (k in n) print k, n[k] }' "$tmp/all" |
    LC_ALL=C sort > "$tmp/want"
jq -r '.facets[] | .facet as $f | .hits | to_entries[] | select(.value > 0) | "\($f) \(.key) \(.value)"' "$json" | LC_ALL=C sort > "$tmp/got"
same "how often each facet hits"
awk -F '\t' '{ for (t = 0.5; t <= 20; t += 0.5) if ($9 >= t) n[sprintf("%.1f %s", t, $2)]++ } END { for (k in n) print k, n[k] }' "$tmp/all" |
    LC_ALL=C sort > "$tmp/want"
jq -r '.sweep[] | .threshold as $t | .flagged | to_entries[] | select(.value > 0) | "\($t) \(.key) \(.value)"' "$json" |
    awk '{ printf "%.1f %s %d\n", $1, $2, $3 }' | LC_ALL=C sort > "$tmp/got"
same "the threshold sweep"
awk -F '\t' '{ print $1, $7, $9 }' "$tmp/all" > "$tmp/want"
jq -r '.messages[] | "\(.path) \(.flagged) \(.score)"' "$json" > "$tmp/got"
same "every verdict, in the order of the manifest"
"$ctl" evaluate --no-progress dev.tsv > "$tmp/text" 2> /dev/null
awk -F '\t' '($2 == "extortion") != ($7 == "true") { print $1 }' "$tmp/all" | LC_ALL=C sort > "$tmp/want"
awk '/^(Missed|False positives)$/ { on = 1; next } /^[^ ]/ { on = 0 } on && NF { print $NF }' "$tmp/text" | LC_ALL=C sort > "$tmp/got"
same "each miss and false positive by path"

# interrupted: what was measured is reported
cd "$tmp" || exit 99
mkfifo pipe
i=0; printf 'path\tlabel\n' > slow.tsv
while [ $i -lt 20 ]; do cp "$top/tests/letters/$(sed -n 2p "$top/tests/letters/dev.tsv" | cut -f 1)" m$i; printf 'm%d\textortion\n' $i >> slow.tsv; i=$((i + 1)); done
printf 'pipe\tham\nm0\tham\n' >> slow.tsv
"$ctl" evaluate --no-progress --json slow.tsv > out 2> err &
pid=$!
exec 3> pipe
sleep 1
kill -TERM $pid
printf 'Subject: late\n\nHello\n' >&3
exec 3>&-
wait $pid; code=$?
[ $code -eq 143 ] && grep -q 'interrupted: 2[01] messages were measured' err && jq -e '.interrupted and .measured >= 20 and .recall.n == 20' out > /dev/null
ok $? "TERM: reported with what was measured (exit $code)"

echo "1..$n"
