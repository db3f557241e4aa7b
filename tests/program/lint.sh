#!/bin/sh
# TAP: what extortctl lint says of odd packs - each oddity once, with file, line, rule and hint - and that it is quiet
# about good ones.
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
    sed 's/^/# /' out | cut -c 1-300 | head -n 20
}
class='classes = ( { id = "k"; describe = "k"; threshold = 2.0; require = "claim"; } );'
# The rules stand from line 4 on, one a line. A good rule is always there, so that the class can be reached.
pack() { # RULES WORDS
    printf 'pack = "t"; %s\nwords = { %s };\nrules = (\n%s\n  { id = "t-good"; facet = "claim"; class = [ "k" ]; weight = 3.0; describe = "d"; any = [ "stole your plums" ]; hit = "I stole your plums"; miss = "plums"; }\n);\n' \
        "$class" "${2:-}" "$1" > t.conf
    "$ctl" lint t.conf > out 2>&1; code=$?
}
# one NAME RULES WORDS LINE WHERE MESSAGE HINT: that warning and no other
one() {
    pack "$2" "$3"
    [ $code -eq 0 ] && [ "$(grep -c ': warning: ' out)" -eq 1 ] && grep -qF "t.conf:$4: warning: $5: $6" out && grep -qF "hint: $7" out
    ok $? "$1"
}
quiet() { # NAME RULES WORDS
    pack "$2" "$3"
    [ $code -eq 0 ] && grep -q ' 0 errors, 0 warnings' out; ok $? "$1"
}
rule() { # ID KEYS...
    id=$1; shift
    printf '  { id = "t-%s"; facet = "claim"; class = [ "k" ]; describe = "d"; %s },' "$id" "$*"
}
proof='hit = "apples"; miss = "pears";'

quiet "a good pack" "" ""
one "a phrase twice in a rule" "$(rule a 'any = [ "red apples", "Red  apples!" ]; hit = "red apples"; miss = "pears";')" "" 4 t-a \
    '"Red  apples!" finds nothing that "red apples" does not find: line 4' 'remove it'
one "a phrase inside another" "$(rule a 'any = [ "my red apples here", "red apples" ]; hit = "red apples"; miss = "pears";')" "" 4 t-a \
    '"my red apples here" finds nothing that "red apples" does not find' 'remove it'
one "a stem covers its words" "$(rule a 'any = [ "red appl*", "red ~1 apples" ]; hit = "red apples"; miss = "pears";')
$(rule b 'any = [ "green appl*", "green apples" ]; hit = "green apples"; miss = "pears";')" "" 5 t-b \
    '"green apples" finds nothing that "green appl*" does not find' 'remove it'
one "a list covers its words" "$(rule a 'any = [ "red {fruit}", "red apples" ]; hit = "red apples"; miss = "pears";')" 'fruit = [ "apples", "pears" ];' 4 t-a \
    '"red apples" finds nothing that "red {fruit}" does not find' 'remove it'
quiet "a smaller gap covers nothing" "$(rule a 'any = [ "red apples", "red ~1 apples here" ]; hit = "red apples"; miss = "pears";')
$(rule b 'any = [ "my green apples", "green ~2 apples ~1 tree" ]; hit = "my green apples"; miss = "pears";')" ""
one "a phrase of two rules" "$(rule a 'any = [ "red apples" ]; hit = "red apples"; miss = "pears";')
$(rule b 'any = [ "green apples",
 "red apples" ]; hit = "red apples"; miss = "pears";')" "" 6 t-b '"red apples" is also a phrase of t-a (t.conf:4), of the same facet' 'take it out of one of them'
quiet "a phrase of two rules that are never weighed together" "$(rule a 'any = [ "red apples" ]; where = "subject"; hit = "red apples"; miss = "pears";')
$(rule b 'any = [ "red apples" ]; where = "body"; hit = "red apples"; miss = "pears";')
  { id = \"t-c\"; facet = \"threat\"; describe = \"d\"; any = [ \"red apples\" ]; hit = \"red apples\"; miss = \"pears\"; }," ""
one "a list entry twice" "$(rule a 'any = [ "red {fruit}" ]; hit = "red apples"; miss = "pears";')" 'fruit = [ "apples", "pears",
 "Apples" ];' 3 t.fruit '"Apples" stands in the list twice: also in t.conf:2' 'remove one of them'
quiet "two ways to write an entry" "$(rule a 'any = [ "red {fruit}" ]; hit = "red apples"; miss = "pears";')" 'fruit = [ "apples", "äpples" ];'
one "a short word that is a match" "$(rule a 'any = [ "(apples|ab)" ]; hit = "apples"; miss = "pears";')" "" 4 t-a 'in "(apples|ab)" "ab" alone is a match' 'put another word beside it'
one "a short stem that is a match" "$(rule a 'any = [ "(apples|ab*)" ]; hit = "apples"; miss = "pears";')" "" 4 t-a 'in "(apples|ab*)" "ab*" alone is a match' 'put another word beside it'
one "a number that is a match" "$(rule a 'any = [ "(apples|#)" ]; hit = "apples"; miss = "pears";')" "" 4 t-a 'in "(apples|#)" "#" alone is a match: any number would hit' 'put another word'
one "a short word out of a list" "$(rule a 'any = [ "[red] {fruit}" ]; hit = "red apples"; miss = "pears";')" 'fruit = [ "apples", "fx" ];' 2 t-a 'in "[red] {fruit}" "fx" alone is a match' 'put another word'
quiet "a short word that needs another place" "$(rule a 'any = [ "{fruit}" ]; at_least = 2; hit = "apples or fx"; miss = "fx";')" 'fruit = [ "apples", "fx" ];'
quiet "two syllables of Hangul, a character of Han" "$(rule a 'any = [ "{fruit}" ]; hit = "사과"; miss = "pears";')" 'fruit = [ "사과*", "梅" ];'
one "one syllable of Hangul" "$(rule a 'any = [ "{fruit}" ]; hit = "감"; miss = "pears";')" 'fruit = [ "apples", "감" ];' 2 t-a 'in "{fruit}" "감" alone is a match' 'put another word'
quiet "steps of a scale" "$(rule a 'any = [ "{fruit}" ]; at_least = 2; hit = "apples, pears"; miss = "pears";')
$(rule b 'any = [ "{fruit}" ]; at_least = 3; hit = "apples, pears, apples"; miss = "pears";')" 'fruit = [ "apples", "pears" ];'
one "the same step twice" "$(rule a 'any = [ "{fruit}" ]; at_least = 2; hit = "apples, pears"; miss = "pears";')
$(rule b 'any = [ "{fruit}" ]; at_least = 2; hit = "apples, pears"; miss = "pears";')" 'fruit = [ "apples", "pears" ];' 5 t-b '"{fruit}" is also a phrase of t-a (t.conf:4)' 'take it out of one of them'
quiet "a short word beside another" "$(rule a 'any = [ "(apples|ab cd|my ab)" ]; hit = "apples"; miss = "pears";')" ""
one "near of short words only" "$(rule a 'near = [ "is", "it" ]; hit = "it is"; miss = "pears";')" "" 4 t-a 'none of its phrases has a word of three letters' 'add a longer word'
one "a helper for nothing" "  { id = \"t-a\"; any = [ \"apples\" ]; $proof }," "" 4 t-a 'a helper that no condition asks for' 'give it a facet'
one "a condition against itself" "$(rule a 'when = "t-good and not t-good";')" "" 4 t-a 'the condition can never hold, whatever the mail' 'it contradicts itself'
one "a condition on too many" "$(rule a 'when = "count(t-good, facet.threat) >= 3";')" "" 4 t-a 'the condition can never hold' 'it contradicts itself'
one "a condition on a facet without rules" "$(rule a 'when = "t-good and facet.hush";')" "" 4 t-a 'the condition can never hold' 'a rule that it needs is off, or a facet has no rules'
one "a condition that asks for nothing" "$(rule a 'when = "not t-good";')" "" 4 t-a 'the condition holds for any mail in which nothing' 'say what must be there'
quiet "conditions that ask for something" "$(rule a 'when = "t-good and not t-b";')
  { id = \"t-b\"; when = \"not t-c\"; },
  { id = \"t-c\"; any = [ \"apples\" ]; $proof },
$(rule d 'when = "t-good within 5 of t-c or count(t-b, t-c, t-good) >= 2";')" ""
pack "$(rule a 'when = "t-good and t-b";')
  { id = \"t-b\"; any = [ \"apples\" ]; $proof }," ""
printf 'pack = "site"; override = ( { id = "t-b"; off = true; } );\n' > site.conf
"$ctl" lint t.conf site.conf > out 2>&1
grep -qF 't.conf:4: warning: t-a: the condition can never hold' out; ok $? "a condition on a rule that an overlay switches off"
one "a rule that hits any mail" "$(rule a 'header = { name = "From"; exists = true; };')" "" 4 t-a 'the rule hits ordinary mail whatever it says' 'ask for more'
quiet "a rule that hits some mail" "$(rule a 'header = { name = "List-Id"; exists = true; };')" ""
one "a slow pattern" "$(rule a 'regex = "apples(a|aa)+[bc]"; hit = "applesaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"; miss = "pears";')" "" 4 t-a 'the pattern gives up on' 'avoid repetitions in repetitions'
quiet "a quick one" "$(rule a 'regex = "apples?[a-z ]{0,20}pie"; hit = "apple pie"; miss = "pears";')" ""

# between packs, and classes
pack "$(rule a 'any = [ "red apples" ]; hit = "red apples"; miss = "pears";')" ""
printf 'pack = "u";\nrules = (\n  { id = "u-a"; facet = "claim"; describe = "d"; any = [ "red apples" ]; hit = "red apples"; miss = "pears"; }\n);\n' > u.conf
"$ctl" lint t.conf u.conf > out 2>&1
grep -qF 'u.conf:3: warning: u-a: "red apples" is also a phrase of t-a (t.conf:4), of the same facet' out; ok $? "an overlap between packs"
class='classes = ( { id = "k"; describe = "k"; threshold = 9.0; require = "claim"; }, { id = "far"; describe = "f"; require = "claim and hush"; } );'
pack "" ""
grep -qF 'warning: k: class can never be flagged: all its rules together give 3.00 points of 9.00' out; ok $? "a class that is out of reach"
grep -qF 'warning: far: class can never be reached' out; ok $? "a class whose facets no rule gives"
[ "$(grep -c 'hint: ' out)" -eq "$(grep -c 'warning: ' out)" ]; ok $? "and every warning has its hint"

echo "1..$n"
