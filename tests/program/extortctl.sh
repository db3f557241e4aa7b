#!/bin/sh
# TAP: the real extortctl on fixtures made here: exit codes, JSON, mailboxes, bad input, figures.
set -u
top=${top_srcdir:-.}
build=${top_builddir:-.}
ctl=$build/milter/program/extortctl
rules=$top/tests/program/rules
unset EXTORTION_RULES NO_COLOR
n=0 tmp=$(mktemp -d)
trap 'chmod -R u+rwX "$tmp" 2>/dev/null; rm -rf "$tmp"' EXIT INT TERM
cd "$tmp" || exit 99

ok() { # CONDITION-STATUS NAME
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; return; fi
    echo "not ok $n - $2"
    for f in out err; do [ ! -s $f ] || sed "s/^/# $f: /" $f | cut -c 1-300 | head -n 20; done
}
skip() { n=$((n + 1)); echo "ok $n - $1 # SKIP $2"; }
run() { "$ctl" "$@" > out 2> err < /dev/null; code=$?; }
# exits CODE NAME ARG...: the exit code, and never a crash
exits() { want=$1 name=$2; shift 2; run "$@"; [ "$code" -eq "$want" ]; ok $? "$name (exit $code)"; }
out_is() { printf '%s\n' "$2" > want; cmp -s want out; ok $? "$1"; }
in_out() { grep -qF -- "$2" out; ok $? "$1"; }
in_err() { grep -qF -- "$2" err; ok $? "$1"; }
json() { # NAME FILTER: every line is JSON, and the filter over all of them is true
    jq -e -s "$2" out > /dev/null 2>> err; ok $? "$1"
}
scan() { run scan --rules "$rules" "$@"; }
paths() { jq -r '.path + (if .message then "#\(.message)" else "" end)' < out > got; mv got out; }

hit='I hold your plums. Give me fifty pears.'
mail() { printf 'From: a@example.org\nTo: b@example.org\nDate: Mon, 1 Jan 2024 12:00:00 +0000\nSubject: %s\n\n%s\n' "$1" "$2"; }
from_line='From a@example.org Mon Jan  1 12:00:00 2024'
mail plums "$hit" > hit.eml
mail hello 'How are you?' > clean.eml
: > empty.eml
printf 'Subject: only a header\n' > header-only.eml
printf '%s\n' "$hit" > bare.txt
head -c 200000 /dev/urandom > garbage.bin

# the command line
exits 64 "no verb"
in_err "and the verbs are listed" "scan"
exits 0 "--help" --help
exits 0 "--version" --version
in_out "which names the rules" "rules: "
exits 64 "an unknown verb" scam hit.eml
in_err "the nearest is named" 'did you mean "scan"?'
exits 64 "an unknown option" scan --jsn hit.eml
in_err "the nearest is named" "did you mean --json?"
exits 64 "an unknown short option" scan -x hit.eml
exits 64 "no path" scan --rules "$rules"
exits 64 "no number of threads" scan --jobs many hit.eml
exits 64 "an option without its value" scan --rules
for v in scan explain evaluate test lint; do exits 0 "$v --help" $v --help; done

# verdicts
exits 1 "something flagged" scan --rules "$rules" hit.eml
out_is "one line a message" "FLAGGED   5.5  alpha                  hit.eml"
exits 0 "nothing flagged" scan --rules "$rules" clean.eml
exits 0 "an empty file" scan --rules "$rules" empty.eml
in_err "is said to be one" "empty.eml: an empty file"
exits 0 "headers only" scan --rules "$rules" header-only.eml
exits 1 "a bare text body" scan --rules "$rules" bare.txt
exits 0 "binary garbage" scan --rules "$rules" garbage.bin
EXTORTION_RULES=$rules; export EXTORTION_RULES
exits 1 "rules from the environment" scan hit.eml
unset EXTORTION_RULES
"$ctl" scan --rules "$rules" - < hit.eml > out 2> err; [ $? -eq 1 ]; ok $? "standard input"
grep -q 'FLAGGED.* -$' out; ok $? "is called -"

# JSON
scan --json hit.eml clean.eml
json "the members of the issue" 'length == 2 and all(has("path") and (.flagged|type=="boolean") and (.score|type=="number") and has("class") and (.facets|type=="object") and (.rules|type=="array") and (.indicators|type=="array") and (.anomalies|type=="array") and (.ms|type=="number"))'
json "flagged, class, score" '.[0].flagged and .[0].class == "alpha" and .[0].score == 5.5 and (.[1].flagged|not) and .[1].class == null'
json "the words are the original ones" '.[0].rules | map(select(.id == "t-claim"))[0].text == "I hold your plums"'
scan --json hit.eml
part=$(jq -r '.rules[] | select(.id == "t-claim") | "\(.from) \(.to)"' out)
[ "$(dd if=hit.eml bs=1 skip="${part% *}" count=$((${part#* } - ${part% *})) 2> /dev/null)" = "I hold your plums" ]
ok $? "and the span cuts them out of the file"
odd=$(printf 'odd\t"\\\n\033[31m\344.eml')
cp hit.eml "$odd"
scan --json "$odd"
json "any bytes in a path" '.[0].path | startswith("odd\t\"\\\n\u001b[31m\ufffd")'
scan "$odd"
[ "$(wc -l < out)" -eq 1 ] && ! LC_ALL=C grep -q "$(printf '\033')" out; ok $? "and none that steer the terminal"
mail x "$(printf 'I hold\033[2J your \377plums. Give me fifty pears')" > hostile.eml
scan --json hostile.eml
json "any bytes in a quotation" 'length == 1'
scan --explain hostile.eml
! LC_ALL=C grep -q "$(printf '\033')" out; ok $? "and none that steer the terminal"

# explanations
scan --explain hit.eml
in_out "the words" '"I hold your plums"'
in_out "the place" 'body, line 6'
in_out "the facets" 'claim 3.00 (full), demand 2.50'
in_out "what another class lacked" 'missing: threat with channel'
mail x "$hit the plum police says ghostly things" > context.eml
exits 0 "context subtracts" scan --rules "$rules" --explain context.eml
in_out "and is shown" '-4.00  context  t-report'
in_out "a shadow rule is shown" 't-ghost (shadow: never counted)'
in_out "what was missing" 'alpha                  1.50 points, flagged at 5.00: 3.50 missing'
exits 0 "explain" explain --rules "$rules" --rule t-threat hit.eml
in_out "a rule that did not hit" 'did not hit'
exits 0 "explain --json" explain --rules "$rules" --rule t-claim --json hit.eml
json "window, classes, rule" '.[0] | .window.first_line == 6 and (.classes | length == 2) and .rule.outcome == "yes"'
exits 64 "explain of an unknown rule" explain --rules "$rules" --rule t-clam hit.eml
in_err "the nearest is named" 'did you mean "t-claim"?'

cat > why.conf << 'EOF'
pack = "w";
classes = ( { id = "k"; describe = "k"; require = "claim and demand >= 1.0"; } );
words = { fruit = [ "plum*", "pear*" ]; };
rules = (
  { id = "w-any"; facet = "claim"; describe = "d"; any = [ "my ~2 {fruit} (is|are) gone", "stolen [ripe] pears" ]; hit = "stolen pears"; miss = "x"; },
  { id = "w-near"; facet = "claim"; describe = "d"; near = [ "{fruit}", "(police|court)", "hold" ]; within = 4; hit = "hold the plums, police"; miss = "x"; },
  { id = "w-far"; facet = "claim"; describe = "d"; near = [ "hold", "fifty" ]; within = 3; hit = "hold fifty"; miss = "x"; },
  { id = "w-unless"; facet = "claim"; describe = "d"; any = [ "hold your plums" ]; unless = [ "give me" ]; hit = "I hold your plums"; miss = "give me: hold your plums"; },
  { id = "w-where"; facet = "claim"; describe = "d"; where = "subject"; any = [ "hold your plums" ]; hit = "hold your plums"; miss = "x"; },
  { id = "w-regex"; facet = "claim"; describe = "d"; regex = "melons? [0-9]+"; hit = "melon 5"; miss = "x"; },
  { id = "w-amount"; facet = "demand"; describe = "d"; weight = 0.6; indicator = { kind = "amount"; min = 1000.0; }; },
  { id = "w-header"; facet = "claim"; describe = "d"; header = { name = "Subject"; regex = "apples"; }; },
  { id = "w-when"; facet = "claim"; describe = "d"; when = "w-any and (w-amount or w-far within 4 of w-near)"; },
  { id = "w-off"; facet = "claim"; describe = "d"; any = [ "fifty pears" ]; hit = "fifty pears"; miss = "x"; },
  { id = "w-some"; facet = "demand"; describe = "d"; weight = 0.6; any = [ "fifty pears" ]; hit = "fifty pears"; miss = "x"; }
);
override = ( { id = "w-off"; off = true; } );
EOF
mail plums "$hit Pay 200 EUR." > why.eml
why() { run explain --rules why.conf --rule "$1" why.eml; in_out "why not: $2" "$3"; }
why w-any "the nearest phrase" 'nearest phrase "stolen [ripe] pears": not in the mail: stolen'
why w-near "what is there of near" '"{fruit}" is there: "plums"'
in_out "and what is not" '"(police|court)" is missing: not in the mail: (police|court)'
why w-far "too far apart" 'all of them are there, but never in a stretch of 3 words'
why w-unless "taken back" 'unless "give me" is there, too: "Give me"; within 6 words it takes the hit back'
why w-where "elsewhere" '"hold your plums" is there, but in the body, which the rule does not read: "hold your plums"'
why w-regex "no literal" 'every match contains "melon", which is not in the mail'
why w-amount "another amount" 'is there (200 EUR), but not as the rule asks'
why w-header "another field" 'Subject: "plums" is not as the rule asks'
why w-when "the answers of a condition" 'w-any: no'
in_out "of within, too" 'w-far: no; w-near: no'
why w-off "an overlay" 'an overlay switches the rule off'
in_out "facets that have too few points" 'missing: claim with more demand'
run explain --rules why.conf --rule w-far --json why.eml
json "the same in JSON" '.[0].rule | .outcome == "no" and (.why_not | length == 3) and .why_not[2] == "all of them are there, but never in a stretch of 3 words"'

# mailboxes
{ echo "$from_line"; cat clean.eml; echo; echo "$from_line"; cat hit.eml; echo
  echo "$from_line"; mail quoted "$(printf '>From here on\nFrom now on all is well')"; echo; } > box.mbox
scan --json box.mbox
json "an mbox" 'length == 3 and map(.message) == [1, 2, 3] and map(.flagged) == [false, true, false]'
json "has no anomaly for its From lines' sake" 'all(.anomalies | index("mbox-from-line") == null)'
"$ctl" scan --json --rules "$rules" - < box.mbox > out 2> err; json "an mbox on standard input" 'length == 3'
{ echo "$from_line"; cat hit.eml; } > one.mbox
scan --json one.mbox; json "an mbox of one is not numbered" 'length == 1 and .[0].message == null and .[0].flagged'
mkdir -p Maildir/cur Maildir/new Maildir/tmp Maildir/.Sent/cur Maildir/.Sent/new Maildir/.Sent/tmp
cp clean.eml Maildir/cur/1:2,S; cp hit.eml Maildir/new/2; cp hit.eml Maildir/tmp/3
cp clean.eml Maildir/.Sent/cur/4:2,; echo x > Maildir/dovecot-uidlist
scan --json Maildir; paths
out_is "a Maildir" "Maildir/.Sent/cur/4:2,
Maildir/cur/1:2,S
Maildir/new/2"
mkdir -p tree/b tree/a; cp hit.eml tree/b/z; cp clean.eml tree/a/y; cp clean.eml tree/x
ln -s ../.. tree/a/loop; ln -s ../x tree/b/link; mkfifo tree/fifo
scan --json tree; paths
out_is "a folder with a loop, a link and a FIFO" "tree/a/y
tree/b/link
tree/b/z
tree/x"
in_err "the loop is named" "tree/a/loop: a symbolic link to a directory, not followed"
in_err "the FIFO is named" "tree/fifo: a FIFO, passed over"
exits 1 "which are no errors" scan --rules "$rules" tree
mkfifo given; cat hit.eml > given &
run scan --rules "$rules" given; [ "$code" -eq 1 ]; ok $? "a FIFO that was named is read"
wait

mkdir void
exits 0 "an empty folder" scan --rules "$rules" void
in_err "is said to be one" "no message was found"

# what cannot be read
exits 66 "a missing file" scan --rules "$rules" absent.eml hit.eml
in_out "does not stop the rest" "hit.eml"
in_err "and is named" "absent.eml: No such file or directory"
ln -s nowhere dangling
exits 66 "a dangling link" scan --rules "$rules" dangling hit.eml
cp hit.eml secret.eml; chmod 000 secret.eml
if [ "$(id -u)" -ne 0 ]; then
    exits 66 "no permission" scan --rules "$rules" secret.eml hit.eml
elif command -v setpriv > /dev/null; then
    chmod 755 "$tmp"; chmod 644 hit.eml
    setpriv --reuid 65534 --regid 65534 --clear-groups "$ctl" scan --rules "$rules" secret.eml hit.eml > out 2> err
    [ $? -eq 66 ]; ok $? "no permission"
else
    skip "no permission" "running as root"
fi
if [ -e /proc/self/mem ]; then
    exits 74 "a file whose reading fails" scan --rules "$rules" /proc/self/mem hit.eml
else
    skip "a file whose reading fails" "no /proc"
fi
if [ -e /dev/full ]; then
    "$ctl" scan --rules "$rules" hit.eml > /dev/full 2> err; [ $? -eq 74 ]; ok $? "a full disk"
else
    skip "a full disk" "no /dev/full"
fi

# rules
exits 78 "no rules" scan --rules nowhere hit.eml
in_err "the folder is named" "nowhere: No such file or directory"
mkdir broken
printf 'pack = "b";\nrules = ( { id = "b-one"; facet = "claimm"; any = [ "x(" ]; }, { id = "b-two"; wieght = 1.0; } );\n' > broken/b.conf
exits 78 "broken rules" scan --rules broken hit.eml
in_err "file and line are named" "broken/b.conf:2: error: "
[ "$(grep -c ': error: ' err)" -ge 2 ]; ok $? "all mistakes in one run"
exits 78 "lint of broken rules" lint broken
exits 0 "lint of good rules" lint "$rules"
exits 0 "test of the packs" test "$rules"
in_out "ends with counts" "6 rules in 1 packs proved; 3 whole messages, 0 not as they should be"
cp -r "$rules" wrong; chmod -R u+w wrong; cp clean.eml wrong/proof/hit-alpha-wrong.eml; cp hit.eml wrong/proof/hit-alpha-two-wrong.eml; cp hit.eml wrong/proof/miss-wrong.eml
exits 1 "test of messages that are not as they should be" test wrong
in_err "a miss" "hit-alpha-wrong.eml: not flagged"
in_err "a wrong class" "hit-alpha-two-wrong.eml: flagged as alpha instead of alpha-two"
in_err "a false positive" "miss-wrong.eml: flagged as alpha"

if [ -d "$top/rules/core" ]; then exits 0 "the shipped packs prove themselves" test "$top/rules"; else skip "the shipped packs" "there are none yet"; fi

# order and threads
i=0; mkdir many
while [ $i -lt 300 ]; do
    if [ $((i % 7)) -eq 0 ]; then cp hit.eml "many/$(printf %03d $i)"; else cp clean.eml "many/$(printf %03d $i)"; fi
    i=$((i + 1))
done
scan --jobs 1 --json many; jq -c 'del(.ms)' out > one
scan --jobs 7 --json many; jq -c 'del(.ms)' out > seven
cmp -s one seven; ok $? "seven threads print what one does, in the same order"
[ "$(jq -r .path one | LC_ALL=C sort -c 2>&1; wc -l < one)" -eq 300 ]; ok $? "sorted"

# large
{ mail large 'start'; head -c 100000000 /dev/zero | tr '\0' 'x' | fold -w 76; } > large.eml
exits 0 "100 MB" scan --rules "$rules" large.eml
in_out "judged in part" "judged in part"
{ mail large "$hit"; head -c 100000000 /dev/zero; } > large.eml
exits 1 "100 MB of NUL after the text" scan --rules "$rules" large.eml
rm large.eml

# evaluate
printf 'path\tlabel\tclass\tlanguage\tcluster\tcomplete\ttags\n' > m.tsv
printf 'hit.eml\textortion\talpha\ten\tA\tfull\tzero-width,spaced\n' >> m.tsv
printf 'bare.txt\textortion\talpha-two\ten\tA\tpartial\t\n' >> m.tsv
printf 'context.eml\textortion\talpha\tfi\tB\tfull\tspaced\n' >> m.tsv
printf 'clean.eml\tham\tnone\ten\t\t\t\n' >> m.tsv
printf 'tree/b/z\thardneg\tnone\tsv\t\t\t\n' >> m.tsv
exits 0 "evaluate" evaluate --rules "$rules" m.tsv
in_out "recall" "recall                 0.6667  (95 %: 0.2077 to 0.9385; 2 of 3)"
in_out "the miss by path" "1.50  alpha  context.eml"
in_out "the false positive by path" "5.50  hardneg as alpha  tree/b/z"
exits 0 "evaluate --json" evaluate --rules "$rules" --json --jobs 3 m.tsv
cp out before.json
json "recall per cluster" '.[0].recall_per_cluster | .n == 2 and .hits == 1'
json "precision" '.[0].precision | .n == 3 and .hits == 2'
json "right class" '.[0].right_class | .n == 2 and .hits == 1'
json "by language" '.[0].by.language | map([.name, .extortion, .found, .others, .false_positives]) == [["en",2,2,1,0],["fi",1,0,0,0],["sv",0,0,1,1]]'
json "by disguise" '.[0].by.tag | map([.name, .extortion, .found]) == [["spaced",2,1],["zero-width",1,1]]'
json "confusion" '.[0].confusion == [{"class":"alpha","got":"alpha","n":1},{"class":"alpha","got":null,"n":1},{"class":"alpha-two","got":"alpha","n":1}]'
json "rules" '.[0].rules | map(select(.id == "t-claim"))[0].hits == {"extortion":3,"ham":0,"hardneg":1,"spam":0}'
json "threshold sweep" '.[0].sweep | map(select(.threshold == 5.5))[0].flagged.extortion == 2 and map(select(.threshold == 6))[0].flagged.extortion == 0 and map(select(.threshold == 1.5))[0].flagged.extortion == 3'
run evaluate --rules "$rules" --json --jobs 1 m.tsv
jq -S 'del(.speed)' out > one; jq -S 'del(.speed)' before.json > three; cmp -s one three
ok $? "figures do not depend on the threads"
scan --json hit.eml bare.txt context.eml clean.eml tree/b/z; jq -r .flagged out > scanned
jq -r '.messages[].flagged' before.json | cmp -s - scanned; ok $? "and are those of scan"
sed 's/weight = 4.0/weight = 0.1/' "$rules/test.conf" > softer.conf
exits 0 "evaluate --compare" evaluate --rules softer.conf --compare before.json m.tsv
in_out "what is found now" "found now: 1"
in_out "recall before and after" "recall 0.6667 -> 1.0000, false positives 1 -> 1"
exits 65 "compare with something else" evaluate --rules "$rules" --compare hit.eml m.tsv
exits 66 "compare with nothing" evaluate --rules "$rules" --compare absent.json m.tsv
exits 0 "evaluate --html" evaluate --rules "$rules" --html page.html m.tsv
grep -q '<summary>1.50 alpha - context.eml</summary>' page.html; ok $? "with the miss, which opens"
grep -q '<td class="hit" style="--p:0.50">1</td>' page.html; ok $? "class confusion as a matrix"
! grep -qi '<script\|src=\|href=\|url(' page.html; ok $? "and nothing from elsewhere"
exits 0 "folders and mboxes with a label" evaluate --rules "$rules" --json --label ham Maildir/cur --label extortion box.mbox
json "are all measured" '.[0].of_label == {"extortion":3,"ham":1,"hardneg":0,"spam":0}'
{ cat m.tsv; printf 'hit.eml\tham\t\t\t\t\t\nabsent.eml\tham\t\t\t\t\t\nclean.eml\thamm\t\t\t\t\t\nbroken\n\tham\t\t\t\t\t\n'; } > bad.tsv
exits 66 "a bad manifest" evaluate --rules "$rules" --json bad.tsv
json "the rest is measured" '.[0] | .measured == 5 and .unreadable == 1 and .wrong_lines == 4'
in_err "a duplicate" "bad.tsv:7: error: a duplicate path, measured once: hit.eml (first in line 2)"
in_err "a missing file" "bad.tsv:8: extortctl: absent.eml: No such file or directory"
in_err "an unknown label" 'bad.tsv:9: error: unknown label "hamm"'
in_err "the nearest label" 'did you mean "ham"?'
in_err "a broken line" "bad.tsv:10: error: a broken line: 1 columns, the first line names 7"
in_err "no path" "bad.tsv:11: error: a broken line: no path"
head -n 3 m.tsv > extortion-only.tsv
exits 0 "one label only" evaluate --rules "$rules" extortion-only.tsv
in_err "is said" "nothing is known of false positives"
head -n 1 m.tsv > header.tsv
exits 65 "no samples" evaluate --rules "$rules" header.tsv
printf 'file\tlabel\nx\tham\n' > nopath.tsv
exits 65 "no path column" evaluate --rules "$rules" nopath.tsv
in_err "is named" 'nopath.tsv:1: error: no column "path"'
exits 66 "no manifest" evaluate --rules "$rules" absent.tsv
exits 66 "a folder as manifest" evaluate --rules "$rules" tree
in_err "has a hint" "--label"

echo "1..$n"
