#!/bin/sh
# TAP: extortctl tune on mail made here, in which one rule is far too heavy and one too light.
set -u
top=$(cd "${top_srcdir:-.}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
ctl=$build/milter/program/extortctl
unset EXTORTION_RULES NO_COLOR
n=0 tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM
cd "$tmp" || exit 99
ok() { # CONDITION-STATUS NAME
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; return; fi
    echo "not ok $n - $2"
    for f in out err; do [ ! -s $f ] || sed "s/^/# $f: /" $f | cut -c 1-200 | head -n 30; done
}
tune() { "$ctl" tune --no-progress "$@" > out 2> err < /dev/null; code=$?; }
exits() { want=$1 name=$2; shift 2; tune "$@"; [ "$code" -eq "$want" ]; ok $? "$name (exit $code)"; }

cat > pack.conf << 'EOF'
pack = "t";
classes = ( { id = "plums"; describe = "plums"; threshold = 4.0; require = "claim and demand"; } );
rules = (
  { id = "t-claim"; facet = "claim"; class = [ "plums" ]; weight = 2.0; describe = "holds"; any = [ "hold your plums" ]; hit = "I hold your plums"; miss = "plums"; },
  { id = "t-heavy"; facet = "claim"; class = [ "plums" ]; weight = 2.5; describe = "speaks of plums"; any = [ "ripe" ]; hit = "ripe"; miss = "plums"; },
  { id = "t-light"; facet = "demand"; weight = 1.0; describe = "wants pears"; any = [ "give me ~2 pears" ]; hit = "give me fifty pears"; miss = "pears"; },
  { id = "t-market"; facet = "demand"; weight = 2.0; describe = "a price"; any = [ "price*" ]; hit = "the price"; miss = "pears"; },
  { id = "t-news"; facet = "context"; weight = 1.0; describe = "a newsletter"; any = [ "unsubscribe" ]; hit = "unsubscribe"; miss = "pears"; },
  { id = "t-ghost"; facet = "claim"; shadow = true; describe = "a shadow"; any = [ "ripe" ]; hit = "ripe"; miss = "plums"; },
  { id = "t-seldom"; facet = "claim"; class = [ "plums" ]; weight = 3.0; describe = "seldom"; any = [ "damsons" ]; hit = "damsons"; miss = "plums"; }
);
EOF
mail() { printf 'Subject: %s\n\n%s\n' "$1" "$2" > "$1"; }
printf 'path\tlabel\tcluster\n' > m.tsv
i=0
while [ $i -lt 40 ]; do
    mail x$i "I hold your plums. Give me $i pears."
    printf 'x%s\textortion\tX%s\n' $i $((i / 2)) >> m.tsv
    if [ $((i % 2)) -eq 0 ]; then mail h$i "I hold your plums. Give me $i pears. Unsubscribe here"; else mail h$i "Ripe plums, day $i, prices below"; fi
    printf 'h%s\tham\t\n' $i >> m.tsv
    i=$((i + 1))
done

exits 0 "tune" --rules pack.conf -o tuned.conf --jobs 1 m.tsv
cp out first; cp tuned.conf first.conf
grep -q '^80 messages, .*: 20 clusters of extortion, 40 of other mail$' out; ok $? "clusters are counted once"
grep -q '^5 of 7 rules are tuned' out; ok $? "shadows and rules that hit too little stay"
awk '$1 == "penalty" && $5 == "change" && $6 >= 0 { bad = 1 } END { exit bad }' out; ok $? "the loss by mail not seen shrinks"
awk '$1 == "recall" { print $2, $7; exit }' out | grep -q '^0.0000 1.0000$'; ok $? "all extortion is found, by mail not seen"
awk '$1 == "false" { print $3, $8; exit }' out | grep -q '^20 0$'; ok $? "and no false positive is left"
weight() { awk -v id="\"$1\";" '$4 == id { sub(/;/, "", $7); print $7 }' tuned.conf; }
[ "$(echo "$(weight t-heavy) < 2.0" | bc)" = 1 ]; ok $? "the heavy rule got lighter"
[ "$(echo "$(weight t-light) > 1.2" | bc)" = 1 ]; ok $? "the light rule got heavier"
[ "$(echo "$(weight t-news) > 1.0" | bc)" = 1 ]; ok $? "context got heavier, and stays context"
[ -z "$(weight t-ghost)$(weight t-seldom)" ]; ok $? "nothing is said of the others"
"$ctl" lint pack.conf tuned.conf > out 2> err; ok $? "the overlay loads"
"$ctl" evaluate --no-progress --json --rules pack.conf --with tuned.conf m.tsv > out 2> err
jq -e '.recall.value == 1 and .flagged.ham == 0' out > /dev/null; ok $? "and does with the real engine what was promised"
"$ctl" evaluate --no-progress --json --rules pack.conf m.tsv > out 2> err
jq -e '.recall.value == 0 and .flagged.ham == 20' out > /dev/null; ok $? "nothing else was changed"
for j in 1 2 7; do
    tune --rules pack.conf -o tuned.conf --jobs $j m.tsv
    cmp -s out first && cmp -s tuned.conf first.conf; ok $? "the same bytes with $j threads"
done
{ head -n 1 m.tsv; tail -n +2 m.tsv | LC_ALL=C sort -r; } > turned.tsv
tune --rules pack.conf -o tuned.conf turned.tsv
cmp -s out first; ok $? "and with the lines of the manifest in another order"

# alike but for the language
mkdir two
sed 's/pack = "t"/pack = "en"; language = "en"/; s/"t-/"en-/g' pack.conf > two/en.conf
sed 's/pack = "t"/pack = "sv"; language = "sv"/; s/"t-/"sv-/g; /^classes/d; s/plums are ripe/zzz/' pack.conf > two/sv.conf
sed -i 's/weight = 2.5/weight = 3.5/' two/sv.conf
exits 0 "tune --tie" --rules two --tie -o tuned.conf m.tsv
grep -q 'share a weight: 5 weights' out; ok $? "one weight for two languages"
[ -n "$(weight en-heavy)" ] && [ "$(weight en-heavy)" = "$(weight sv-heavy)" ]; ok $? "and the same one"
tune --rules two -o tuned.conf m.tsv
! grep -q 'share a weight' out; ok $? "without --tie each has its own"

# a template is one rule: one weight without --tie, one override for all languages
mkdir three
cat > three/core.conf << 'EOF'
pack = "t";
classes = ( { id = "plums"; describe = "plums"; threshold = 4.0; require = "claim and demand"; } );
templates = (
  { id = "claim"; facet = "claim"; class = [ "plums" ]; weight = 2.0; describe = "holds"; any = [ "{hold}" ]; },
  { id = "heavy"; facet = "claim"; class = [ "plums" ]; weight = 2.5; describe = "ripe"; any = [ "{ripe}" ]; },
  { id = "light"; facet = "demand"; weight = 1.0; describe = "wants"; any = [ "{give}" ]; },
  { id = "market"; facet = "demand"; weight = 2.0; describe = "a price"; any = [ "{price}" ]; }
);
EOF
for l in en sv; do
    printf 'pack = "%s"; language = "%s"; structure = true;\nwords = { hold = [ "hold your plums" ]; ripe = [ "ripe" ]; give = [ "give me" ]; price = [ "price*" ]; };\n' $l $l > three/$l.conf
done
exits 0 "tune of templates" --rules three -o tuned.conf m.tsv
grep -q 'share a weight: 4 weights' out; ok $? "one weight a template"
[ -n "$(weight heavy)" ] && [ "$(grep -c '{ id = "heavy"' tuned.conf)" -eq 1 ] && ! grep -q 'en-heavy\|sv-heavy' tuned.conf
ok $? "one override a template"
"$ctl" lint three tuned.conf > out 2> err; ok $? "which loads"

# bad input
exits 64 "no manifest" --rules pack.conf
exits 64 "no cost" --rules pack.conf --cost 0 m.tsv
exits 65 "mail of one kind only" --rules pack.conf --label ham h1 h2 h3
grep -q '0 clusters of extortion and 3 of other mail are too few: 10 of each are needed' err; ok $? "is said"
exits 66 "no such manifest" --rules pack.conf absent.tsv
exits 78 "no rules" --rules absent m.tsv
exits 73 "a file that cannot be made" --rules pack.conf -o absent/tuned.conf m.tsv
{ cat m.tsv; printf 'absent\tham\t\nh1\thamm\t\n'; } > bad.tsv
exits 66 "a bad manifest: the rest is fitted" --rules pack.conf bad.tsv
grep -q '^Proposed weights\|^.*Proposed weights' out; ok $? "and shown"

echo "1..$n"
