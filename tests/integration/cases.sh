# The cases that hold with every MTA; sourced by postfix.sh and sendmail.sh. TAP.
#   MESSAGES=N  how many mixed messages are compared with extortctl (500)
. "${top_srcdir:-.}/tests/integration/lib.sh"
messages=${MESSAGES:-500}

start ""
mta_start

# Tags
deliver "$work/forged"; result $? "a letter is delivered by default"
has '^X-Extortion-Flag: yes$' && has '^X-Extortion-Score: [0-9.]* threshold=[0-9.]* ruleset=[0-9a-f]*$'
result $? "with its headers"
[ "$(head -n 10 "$got" | grep -ci '^X-Extortion-')" -eq 2 ]; result $? "on top of all others"
[ "$(grep -ci '^X-Extortion-Flag' "$got")" -eq 1 ] && [ "$(grep -ci '^X-Extortion-Score' "$got")" -eq 1 ]
result $? "and the forged ones are gone"
grep -A1 '^Subject: =?utf-8?Q?Your_v=C3=ADdeo?=$' "$got" | grep -q '^ and your password$'
result $? "the subject is untouched"
sed '1,/^$/d' "$work/letter" > "$work/body"; sed '1,/^$/d' "$got" | cmp - "$work/body" >> "$err" 2>&1
result $? "the body is untouched"
grep -q '^extortion-milter: qid=[0-9A-Za-z]* flagged=yes score=[0-9.]* ruleset=[0-9a-f]* action=tag ms=[0-9.]* size=[0-9]*$' "$work/log"
result $? "one log line says so"
grep -qi 'video\|sender\.test\|sextortion\|37Vuc' "$work/log"; [ $? -eq 1 ]; result $? "without words, addresses and class"
deliver "$work/clean"; has '^X-Extortion-Flag: no$'; result $? "clean mail says no"
deliver "$work/letter" -f '<>'; has '^X-Extortion-Flag: yes$' && has '^Return-Path: <\(MAILER-DAEMON\)*>$'; result $? "the null sender is judged, too"

# The same verdict as extortctl gives, for many messages
mkdir "$work/gen"
"$build/tests/integration/mail-gen" "$work/gen" "$messages"
rm -f "$box"/new/*
"$send" -j 8 $port "$work"/gen/*.eml > "$work/sent" 2> "$err"; result $? "$messages messages of mixed size are taken"
mta drain
[ "$(find "$box/new" -type f | wc -l)" -eq "$messages" ]; result $? "as many are delivered"
[ "$(cat "$box"/new/* | grep -a '^X-Original-To: u[0-9]*@' | sort -u | wc -l)" -eq "$messages" ]; result $? "each once"
# number flagged score, from the headers above the first Received
awk 'FNR == 1 { if (id != "") print id, flag, score; id = ""; done = 0; flag = score = "none" }
     /^Received:/ { done = 1 }
     !done && /^X-Original-To: / { id = $2; gsub(/[^0-9]/, "", id); id += 0 }
     !done && /^X-Extortion-Flag: / { flag = $2 == "yes" ? "true" : "false" }
     !done && /^X-Extortion-Score: / { score = $2 }
     END { print id, flag, score }' "$box"/new/* | LC_ALL=C sort -n > "$work/seen"
"$extortctl" scan --rules "$rules" --json "$work/gen" > "$work/json" 2> "$err"
# The first "flagged" and "score" of a line are the message's; rules have a score, too.
sed -n 's/^{"path": *"[^"]*\/0*\([0-9][0-9]*\)\.eml", *"flagged": *\([a-z]*\), *"score": *\([-0-9.]*\).*$/\1 \2 \3/p' "$work/json" |
    LC_ALL=C sort -n > "$work/scanned"
[ "$(wc -l < "$work/scanned")" -eq "$messages" ]; result $? "extortctl scans the same files"
paste "$work/seen" "$work/scanned" | awk '{ d = $3 - $6; if ($1 != $4 || $2 != $5 || $3 == "none" || d > 0.051 || d < -0.051) print "milter: " $1, $2, $3 "  extortctl: " $4, $5, $6 }' > "$err"
[ ! -s "$err" ]; result $? "each verdict is the same"
flagged=$(grep -c ' true ' "$work/scanned"); echo "# $flagged of $messages are flagged"
[ "$flagged" -gt $((messages / 10)) ] && [ "$flagged" -lt $((messages * 9 / 10)) ]; result $? "some are flagged, some are not"
grep -c 'failed=' "$work/log" > "$err"; [ "$(cat "$err")" -eq 0 ]; result $? "no message failed"

# TERM, and a restart, under load: the MTA tempfails for a moment; nothing is lost, doubled or unjudged
under_load() { # SIGNAL
    rm -f "$box"/new/*; : > "$work/sent"
    "$send" -j 4 -t 'load%d@example.test' $port $(seq 200 | sed "s|.*|$work/clean|") > "$work/sent" 2>&1 & load=$!
    wait_until sh -c "[ \$(wc -l < '$work/sent') -gt 20 ]"
    stop "$1"
    start ""
    wait $load
    mta drain
    cat "$box"/new/* | grep '^X-Original-To: load' | sort > "$work/arrived"
    awk '$2 == 250 { print "X-Original-To: load" $1 "@example.test" }' "$work/sent" | sort > "$work/accepted"
    { echo "accepted $(wc -l < "$work/accepted"), arrived $(wc -l < "$work/arrived")"; diff "$work/accepted" "$work/arrived"; } > "$err" 2>&1
    echo "# SIG$1 under load: $(head -n 1 "$err"), of 200 offered"
    cmp -s "$work/accepted" "$work/arrived"; result $? "$1 under load: what was accepted arrives, once"
    [ "$(grep -L '^X-Extortion-Flag: no' "$box"/new/* | wc -l)" -eq 0 ]; result $? "and nothing unjudged"
}
under_load TERM
[ "$code" -eq 0 ]; result $? "TERM under load: exit code 0"
under_load KILL

stop TERM; [ $code -eq 0 ] && [ ! -e "$sock" ]; result $? "TERM when idle: exit code 0, socket gone"
"$send" $port "$work/clean" > "$err" 2>&1; grep -q '^0 4' "$err"; result $? "without the daemon the MTA does as it is told: tempfail"
rm -f "$box"/new/*; "$send" $((port + 1)) "$work/clean" > "$err" 2>&1; mta drain; cat "$box"/new/* > "$got"; has '^Subject: Thursday$' && lacks '^X-Extortion'
result $? "or accept, unjudged"

# Subject, quarantine, threats to life
start 'actions = [ "tag", "subject" ]; headers = { rules = "X-Extortion-Rules"; class = true; };
classes = { breach-company = { actions = [ "tag", "quarantine" ]; }; violence = { actions = [ "tag" ]; }; };'
deliver "$work/forged"
grep -A1 '^Subject: \[EXTORTION\] =?utf-8?Q?Your_v=C3=ADdeo?=$' "$got" | grep -q '^ and your password$'
result $? "the subject is prefixed, its folds and encoded words kept"
has '^X-Extortion-Class: sextortion$' && has '^X-Extortion-Rules: [a-z]'; result $? "class and rules are in the headers when asked for"
deliver "$work/clean"; has '^Subject: Thursday$'; result $? "the subject of clean mail is not"
deliver "$work/bomb"; has '^X-Extortion-Flag: yes$' && has '^X-Extortion-Class: violence$'; result $? "a threat to life is delivered"
deliver "$work/company"; [ ! -s "$got" ] && [ "$(held)" -eq 1 ]; result $? "a letter to a company is held, not delivered"
deliver "$work/clean"; has '^X-Extortion-Flag: no$' && [ "$(held)" -eq 1 ]; result $? "the next mail is not"
release "$(mta held)"; has '^X-Extortion-Flag: yes$'; result $? "and is delivered when it is released"
stop TERM; [ $code -eq 0 ]; result $? "stops"

# Notices
# The attached original by the rules of MIME; its hash with the line ends of the wire
original() { sed -e '1,/^Content-Disposition: attachment; filename="original-message.eml"$/d' "$1" | sed -e 1d | sed -e '/^--=_notice_[0-9a-f]*--$/,$d' | head -c -1; }
wire_hash() { sed 's/$/\r/' | sha256sum; }
start_with_notices 'mode = "wrap";'
deliver "$vastaamo"; has '^X-Extortion-Notice: wrap; lang=fi; seal=[0-9a-f]*$'; result $? "a Finnish letter arrives wrapped"
[ "$(grep -n '^Lue t=C3=A4m=C3=A4 ensin' "$got" | cut -d: -f1)" -lt "$(grep -n '^Content-Type: message/rfc822' "$got" | cut -d: -f1)" ] && has '^  https://poliisi.fi/rikosilmoitus$'
result $? "the notice comes first"
[ "$(original "$got" | wire_hash)" = "$(wire_hash < "$vastaamo")" ]; result $? "the attached original has the SHA-256 of what was sent"
sed '/^$/q' "$got" > "$work/top"
[ "$(grep -ci '^Content-Type:' "$work/top")" -eq 1 ] && [ "$(grep -ci '^MIME-Version:' "$work/top")" -eq 1 ] && [ "$(grep -ci '^Content-Transfer-Encoding:' "$work/top")" -eq 1 ]
result $? "one header each describes the new body"
for h in From To Date Message-ID Subject; do sed '/^$/q' "$vastaamo" | grep -qxF "$(grep -i "^$h:" "$work/top")" || break; done; result $? "those for threads and filters are kept"
grep -q 'action=tag+annotate notice=wrap ' "$work/log"; result $? "the log says how"
grep -v '^\(X-Original-To\|Delivered-To\|Return-Path\):' "$got" > "$work/again"
deliver "$work/again"
[ "$(grep -c '^Content-Disposition: attachment; filename="original-message.eml"' "$got")" -eq 1 ] && has '^X-Extortion-Flag: yes$' && grep -q 'bypass=own-notice' "$work/log"; result $? "its second pass adds no second notice and keeps the flag"
deliver "$work/clean"; lacks '^X-Extortion-Notice' && has '^The meeting on Thursday'; result $? "clean mail is not touched"
deliver "$work/letter" -f '<>'; has '^X-Extortion-Notice: none; reason=null-sender$'; result $? "nor is a bounce"
# A body of several packets: libmilter cuts at 65535 bytes
{ cat "$vastaamo"; i=0; while [ $i -lt 4000 ]; do echo "line $i of a long signature, and some more words to fill it"; i=$((i + 1)); done; } > "$work/long"
deliver "$work/long"; [ "$(original "$got" | wire_hash)" = "$(wire_hash < "$work/long")" ]; result $? "a letter of 250 kB arrives whole"
stop TERM
start_with_notices 'mode = "inline";'
deliver "$vastaamo"; has '^X-Extortion-Notice: inline; lang=fi' && sed '1,/^$/d' "$got" | head -n 1 | grep -q '^Lue ' && sed '1,/^$/d' "$vastaamo" > "$work/old" &&
    sed '1,/^$/d' "$got" | tail -n "$(wc -l < "$work/old")" | cmp -s - "$work/old"; result $? "inline: the notice above, the letter below as it was"
stop TERM; [ $code -eq 0 ]; result $? "stops once more"
echo "1..$n"
