#!/bin/sh
# TAP: what each disguise costs in recall on the letters that packs prove themselves with.
# disguise.sh MAIL...: the same table over other letters (docs/MEASURED.md, "Disguises").
set -u
top=$(cd "${top_srcdir:-.}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
ctl=$build/milter/program/extortctl
unset EXTORTION_RULES NO_COLOR
# What must stay flagged at the usual strength and at 80 %, in per cent: as measured, never below 90.
bars='
homoglyph 100 100
zero-width 100 100
soft-hyphen 100 100
marks 100 100
math 100 100
fullwidth 100 100
leet 95 95
spaced 100 100
dotted 100 100
junk 100 100
references 100 100
quote 100 -
hidden 100 100
comment 100 100
utf16 100 -
invoice 90 -
'
n=0 tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM
ok() { # CONDITION-STATUS NAME
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; return; fi
    echo "not ok $n - $2"
}
scan() { "$ctl" scan --no-progress --rules "$top/rules" "$@" < /dev/null; }

mkdir "$tmp/plain" "$tmp/hidden"
table=$#
if [ $# -eq 0 ]; then
    for l in en fi sv; do set -- "$@" "$top/rules/lang/$l"/proof/hit-*.eml; done
    for s in company-leak-en vastaamo-type-letter-fi webcam-lookalikes-en; do set -- "$@" "$top/contrib/samples/$s.eml"; done
fi
i=0
for f; do i=$((i + 1)); cp "$f" "$tmp/plain/$i.eml" || exit 99; done
scan "$tmp/plain" > "$tmp/out"
flagged=$(awk '$1 == "FLAGGED" { n = split($NF, p, "/"); print p[n] }' "$tmp/out")
of=$(echo "$flagged" | grep -c eml)

# Every kind at its usual strength and at 80 %, all in one scan: loading the packs costs most.
"$ctl" disguise --list | tr -d % | while read -r kind usual _; do
    for strength in "$usual" 80; do
        [ "$usual" -lt 100 ] || [ "$strength" -eq 100 ] || continue
        mkdir -p "$tmp/hidden/$kind-$strength"
        for f in $flagged; do
            "$ctl" disguise --kind "$kind" --strength "$strength" "$tmp/plain/$f" > "$tmp/hidden/$kind-$strength/$f" || echo "disguise: $kind $f" >> "$tmp/failed"
        done
    done
done
scan "$tmp/hidden" > "$tmp/out"
kept() { awk -v dir="/hidden/$1/" '$1 == "FLAGGED" && index($NF, dir) { n++ } END { print n + 0 }' "$tmp/out"; }

if [ "$table" -gt 0 ]; then
    echo "$of of $i letters are flagged undisguised; of these, disguised:"
    "$ctl" disguise --list | tr -d % | while read -r kind usual _; do
        [ "$usual" -lt 100 ] && strong=$(kept "$kind-80") || strong=-
        echo "| $kind | $usual % | $(kept "$kind-$usual") | $strong |"
    done
    exit 0
fi

[ ! -s "$tmp/failed" ]; ok $? "every letter can be disguised in every way"
[ "$of" -eq "$i" ]; ok $? "all letters are flagged undisguised ($of of $i)"
kinds=$("$ctl" disguise --list | awk '{ print $1 }' | sort)
[ "$kinds" = "$(echo "$bars" | awk 'NF { print $1 }' | sort)" ]; ok $? "every kind has a bar, and every bar a kind"
echo "$bars" | grep . > "$tmp/bars"
while read -r kind weak strong; do
    usual=$("$ctl" disguise --list | tr -d % | awk -v k="$kind" '$1 == k { print $2 }')
    for at in "$usual $weak" "80 $strong"; do
        bar=${at#* } have=$(kept "$kind-${at% *}")
        [ "$bar" != - ] || continue
        [ $((have * 100)) -ge $((bar * of)) ]; ok $? "$kind at ${at% *} %: $have of $of stay flagged, bar $bar %"
    done
done < "$tmp/bars"
echo "1..$n"
