#!/bin/sh
# TAP: the examples of docs/RULES.md and extortion-rules(5) are loaded and proved as they stand, and use every key,
# facet, class of predicate and sign of the language.
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
    [ ! -s out ] || sed 's/^/# /' out | cut -c 1-300 | head -n 20
}
lints() { # NAME PACK...: no error, and no warning but of classes that a fragment cannot reach
    name=$1; shift
    "$ctl" lint "$@" > out 2>&1 && ! grep ': warning: ' out | grep -vq ': class can \|: no rule speaks'; ok $? "$name"
}

# RULES.md: ```conf HOW blocks; HOW says what they are read with
awk '/^```conf / { k++; how = $2; file = sprintf("md.%02d.%s.conf", k, how); next } /^```$/ { file = ""; next } file { print > file }' "$top/docs/RULES.md"
[ "$(ls md.*.conf | wc -l)" -eq 5 ]; ok $? "RULES.md has its examples"
for f in md.*.alone.conf; do lints "RULES.md: $(sed -n 's/^ *{ id = "\([^"]*\)".*/\1/p' "$f" | head -n 1)..." "$f"; done
demo=$(grep -l '^pack = "demo"' md.*.conf)
for f in md.*.core.conf; do "$ctl" lint "$top/rules/core" "$f" > out 2>&1; ok $? "RULES.md: the first one, with rules/core"; done
for f in md.*.demo.conf; do lints "RULES.md: the overlay" "$demo" "$f"; done
grep -q '^37 rules in 1 packs, 1 classes: 0 errors, 0 warnings$' out; ok $? "which changes rules and adds none"
"$ctl" test "$demo" > out 2>&1; ok $? "and the proofs of all keys hold"

# the man page: literal displays that are packs; mdoc writes a backslash as \e
awk '/^\.Bd -literal/ { on = 1; file = ""; next } /^\.Ed/ { on = 0; next }
    on && /^pack = / { file = sprintf("man.%02d.conf", ++k) }
    on && file { gsub(/\\e/, "\\"); sub(/^\\&/, ""); print > file }' "$top/docs/man/extortion-rules.5"
parcel=$(grep -l '^pack = "parcel"' man.*.conf) in_man=$(grep -l '^pack = "demo"' man.*.conf) site=$(grep -l '^pack = "site"' man.*.conf)
lints "the man page: parcel.conf" "$parcel"
want=$(sed -n '/^\$ extortctl lint parcel.conf$/ { n; p; }' "$top/docs/man/extortion-rules.5")
[ "$want" = "$(cat out)" ]; ok $? "says what the man page says it says"
cmp -s "$demo" "$in_man"; ok $? "the man page: every key, as in RULES.md"
lints "the man page: the overlay" "$in_man" "$site"

# nothing is left out
cat "$demo" "$site" "$parcel" > all
missing=
for key in $(grep -ho '{"[a-z_]*", *KEY_' "$top"/milter/rule/pack-*.c | sed 's/{"\([a-z_]*\)".*/\1/' | sort -u); do
    grep -q "\(^\|[ {]\)$key *= " all || missing="$missing $key"
done
echo "not in any example:$missing" > out; [ -z "$missing" ]; ok $? "every key has its example"
missing=
for facet in $(sed -n 's/^FACET([A-Z]*, "\([a-z]*\)".*/\1/p' "$top/milter/rule/facets.def"); do
    grep -q "facet *= \"$facet\"" all || missing="$missing $facet"
    grep -q "$facet = { cap" all || missing="$missing cap-of-$facet"
done
echo "not in any example:$missing" > out; [ -z "$missing" ]; ok $? "every facet has its example"
missing=
for key in $(sed -n 's/^    {"\([a-z_]*\)", RULE_.*/\1/p; s/.*, *{"\([a-z_]*\)", RULE_.*/\1/p' "$top/milter/rule/pack-rule.c" | sort -u); do
    grep -q "[ {]$key *= " all || missing="$missing $key"
done
echo "not in any example:$missing" > out; [ -z "$missing" ]; ok $? "every predicate has its example"
missing=
while read -r name pattern; do
    grep -q -- "$pattern" all || missing="$missing $name"
done << 'EOF'
stem [a-z]\*
ending "\*[a-z]
list {fruit}
list-of-pack {demo\.fruit}
alternatives (i|we)
optional \[now\]
gap ~2
number "# 
indicator <amount>
subject where *= "subject"
folded on = "folded"
visible on = "visible"
link on = "link"
filename on = "filename"
header on = "header:
and when = .* and 
or when = .* or 
not when = .* not 
within when = .* within 20 of 
count when = "count(.*) >= 3
facet facet\.claim
require count(demand, channel, clock)
points threat >= 1\.0
EOF
echo "not in any example:$missing" > out; [ -z "$missing" ]; ok $? "every sign of phrases and conditions has its example"

# a document that lies is caught
sed 's/weight = 2.5/wieght = 2.5/' "$demo" > bad.conf
"$ctl" lint bad.conf > out 2>&1; [ $? -eq 78 ]; ok $? "an example that is wrong fails"

echo "1..$n"
