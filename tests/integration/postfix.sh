#!/bin/sh
# TAP: a real Postfix on loopback with the daemon before it. Needs root and Postfix, else skipped.
# Everything lies in one temporary directory; /etc/postfix and running services are not touched.
#   MESSAGES=N  how many mixed messages are compared with extortctl (500); RULES=DIR  other rule packs
set -u
top=$(cd "${top_srcdir:-.}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
milter=$build/milter/program/extortion-milter
TSAN_OPTIONS="suppressions=$top/tests/mta/tsan.supp ${TSAN_OPTIONS:-}"; export TSAN_OPTIONS
extortctl=$build/milter/program/extortctl
send=$build/tests/integration/smtp-send
messages=${MESSAGES:-500} rules=${RULES:-$top/rules}

skip() { echo "1..0 # SKIP $1"; exit 0; }
[ "$(id -u)" -eq 0 ] || skip "needs root: Postfix's master(8) insists"
command -v postfix > /dev/null && command -v postqueue > /dev/null || skip "Postfix is not installed"
getent passwd postfix > /dev/null || skip "there is no user postfix"

work=$(mktemp -d /tmp/extortion-milter-postfix.XXXXXX)
chmod 755 "$work"
mkdir "$work/run" "$work/gen"
chown nobody "$work/run"
n=0 pid= err=$work/err sock=$work/run/m.sock box=$work/pf/mail/box
pf() { command=$1; shift; sh "$top/contrib/postfix/private-postfix.sh" "$command" "$work/pf" "$@"; }

cleanup() {
    pf stop
    [ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
    [ -n "${KEEP:-}" ] || rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

result() { # STATUS NAME
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; return; fi
    echo "not ok $n - $2"
    sed 's/^/# /' "$err" 2>/dev/null | head -n 40
}
wait_until() { i=0; until "$@" > /dev/null 2>&1; do i=$((i + 1)); [ $i -lt 600 ] || return 1; sleep 0.1; done; }
start() { # SETTINGS
    printf 'rules = [ "%s" ];\nsocket = "unix:%s";\nsocket_group = "postfix";\n%s\n' \
        "$rules" "$sock" "$1" > "$work/conf"
    : > "$work/log" # or the line of the daemon before may be taken for this one's
    "$milter" -c "$work/conf" -f -l stderr -u nobody >> "$work/log" 2>&1 &
    pid=$!
    wait_until grep -q ' serves ' "$work/log" || { cat "$work/log"; echo "Bail out! the daemon does not start"; exit 1; }
}
# No watchdog in the background: killed before it has dropped our traps, it would run our cleanup.
ended() { case $(ps -o stat= -p "$pid") in '' | Z*) ;; *) return 1 ;; esac; }
stop() { # SIGNAL
    kill "-${1:-TERM}" "$pid"
    wait_until ended || kill -KILL "$pid"
    wait "$pid" 2>/dev/null; code=$?; pid=
}
deliver() { # FILE [SMTP-SEND OPTION...]: one message through Postfix; the delivered copy in $work/got
    file=$1; shift
    rm -rf "$box"; : > "$work/got"
    "$send" "$@" $port "$file" > "$work/sent" 2> "$err" || { cat "$work/sent" >> "$err"; return 1; }
    pf drain
    cat "$box"/new/* > "$work/got" 2>/dev/null
    cp "$work/got" "$err"
    return 0
}
has() { grep -qi -e "$1" "$work/got"; }
lacks() { ! grep -qi -e "$1" "$work/got"; }

cat > "$work/letter" <<'MAIL'
From: Nobody <nobody@sender.test>
To: <u0@example.test>
Date: Mon, 23 Nov 2026 10:00:00 +0000
Message-ID: <letter@sender.test>
X-Extortion-Flag: no
X-EXTORTION-FLAG: no
X-Extortion-Score: 0.0
x-extortion-flag: no
Subject: =?utf-8?Q?Your_v=C3=ADdeo?=
 and your password

I know that sunflower-1987 is one of your passwords. I installed a program on your computer and
recorded you through your webcam while you visited adult sites.

If you do not want me to send this video to all your contacts, friends and relatives, transfer
950 dollars in bitcoin to this address:

37VucYSaXLCAsxYyAPfbSi9eh4iEcbShgf

You have 48 hours from the moment you open this letter. If I do not get the money I will publish
the video. When I get the payment I will delete it. Do not go to the police.
MAIL
cat > "$work/company" <<'MAIL'
From: Team <team@sender.test>
To: <u0@example.test>
Date: Mon, 23 Nov 2026 10:00:00 +0000
Message-ID: <company@sender.test>
Subject: Your network was breached

We have breached your company network, encrypted your servers and downloaded 340 GB of files:
contracts, customer data, employee records. See the sample on our blog.

Pay 3 BTC to bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu within 72 hours, or all your data will be published
and sold, and we will inform your customers and the press about the leak. Do not contact the police or
recovery companies, they will not help you. After the payment we will delete the stolen data.
MAIL
cat > "$work/bomb" <<'MAIL'
From: Someone <someone@sender.test>
To: <u0@example.test>
Date: Mon, 23 Nov 2026 10:00:00 +0000
Message-ID: <bomb@sender.test>
Subject: Read this at once

There is a bomb in your building. My man has placed an explosive device in the building where your
company works. It will explode if you do not pay. If you call the police or evacuate, the bomb will
be detonated and many people will die.

Send 20000 dollars in bitcoin to 37VucYSaXLCAsxYyAPfbSi9eh4iEcbShgf by the end of the working day.
MAIL
cat > "$work/clean" <<'MAIL'
From: Colleague <colleague@sender.test>
To: <u0@example.test>
Date: Mon, 23 Nov 2026 10:00:00 +0000
Message-ID: <clean@sender.test>
Subject: Thursday

The meeting on Thursday moves to room 4.
MAIL

start ""
tries=0
while :; do # somebody may take the port between our look and our start
    port=$(sh "$top/contrib/postfix/private-postfix.sh" free-port $(($$ + tries * 7)))
    pf start "$port" "unix:$sock" > "$err" 2>&1 && break
    tries=$((tries + 1))
    pf stop
    rm -rf "$work/pf"
    [ $tries -lt 5 ] || { sed 's/^/# /' "$err"; echo "Bail out! Postfix does not start"; exit 1; }
done

# Tags
deliver "$work/letter"; result $? "a letter is delivered by default"
has '^X-Extortion-Flag: yes$' && has '^X-Extortion-Score: [0-9.]* threshold=[0-9.]* ruleset=[0-9a-f]*$'
result $? "with its headers"
[ "$(head -n 10 "$work/got" | grep -ci '^X-Extortion-')" -eq 2 ]; result $? "on top of all others"
[ "$(grep -ci '^X-Extortion-Flag' "$work/got")" -eq 1 ] && [ "$(grep -ci '^X-Extortion-Score' "$work/got")" -eq 1 ]
result $? "and the forged ones are gone"
grep -A1 '^Subject: =?utf-8?Q?Your_v=C3=ADdeo?=$' "$work/got" | grep -q '^ and your password$'
result $? "the subject is untouched"
sed '1,/^$/d' "$work/letter" > "$work/body"; sed '1,/^$/d' "$work/got" | cmp - "$work/body" >> "$err" 2>&1
result $? "the body is untouched"
grep -q '^extortion-milter: qid=[0-9A-Za-z]* flagged=yes score=[0-9.]* ruleset=[0-9a-f]* action=tag ms=[0-9.]* size=[0-9]*$' "$work/log"
result $? "one log line says so"
grep -qi 'video\|sender\.test\|sextortion\|37Vuc' "$work/log"; [ $? -eq 1 ]; result $? "without words, addresses and class"
deliver "$work/clean"; has '^X-Extortion-Flag: no$'; result $? "clean mail says no"
deliver "$work/letter" -f '<>'; has '^X-Extortion-Flag: yes$' && has '^Return-Path: <>$'; result $? "the null sender is judged, too"

# The same verdict as extortctl gives, for many messages
"$build/tests/integration/mail-gen" "$work/gen" "$messages"
rm -rf "$box"
"$send" -j 8 $port "$work"/gen/*.eml > "$work/sent" 2> "$err"; result $? "$messages messages of mixed size are taken"
pf drain
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

# TERM, and a restart, under load: Postfix tempfails for a moment; nothing is lost, doubled or unjudged
under_load() { # SIGNAL
    rm -rf "$box"; : > "$work/sent"
    "$send" -j 4 -t 'load%d@example.test' $port $(seq 200 | sed "s|.*|$work/clean|") > "$work/sent" 2>&1 & load=$!
    wait_until sh -c "[ \$(wc -l < '$work/sent') -gt 20 ]"
    stop "$1"
    start ""
    wait $load
    pf drain
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
"$send" $port "$work/clean" > "$err" 2>&1; grep -q '^0 4' "$err"; result $? "without the daemon Postfix does what milter_default_action says: tempfail"
rm -rf "$box"; "$send" $((port + 1)) "$work/clean" > "$err" 2>&1; pf drain; cat "$box"/new/* > "$work/got"; has '^Subject: Thursday$' && lacks '^X-Extortion'
result $? "or accept, unjudged"

# Subject, quarantine, threats to life
start 'actions = [ "tag", "subject" ]; headers = { rules = "X-Extortion-Rules"; class = true; };
classes = { breach-company = { actions = [ "tag", "quarantine" ]; }; violence = { actions = [ "tag" ]; }; };'
deliver "$work/letter"
grep -A1 '^Subject: \[EXTORTION\] =?utf-8?Q?Your_v=C3=ADdeo?=$' "$work/got" | grep -q '^ and your password$'
result $? "the subject is prefixed, its folds and encoded words kept"
has '^X-Extortion-Class: sextortion$' && has '^X-Extortion-Rules: [a-z]'; result $? "class and rules are in the headers when asked for"
deliver "$work/clean"; has '^Subject: Thursday$'; result $? "the subject of clean mail is not"
deliver "$work/bomb"; has '^X-Extortion-Flag: yes$' && has '^X-Extortion-Class: violence$'; result $? "a threat to life is delivered"
deliver "$work/company"; [ ! -s "$work/got" ] && [ "$(pf held | wc -l)" -eq 1 ]; result $? "a letter to a company is held, not delivered"
deliver "$work/clean"; has '^X-Extortion-Flag: no$' && [ "$(pf held | wc -l)" -eq 1 ]; result $? "the next mail is not"
id=$(pf held); rm -rf "$box"
postsuper -c "$work/pf/etc" -H "$id" > "$err" 2>&1; postqueue -c "$work/pf/etc" -i "$id" >> "$err" 2>&1
wait_until test -d "$box/new"; pf drain; cat "$box"/new/* > "$work/got"; has '^X-Extortion-Flag: yes$'; result $? "and is delivered when it is released"
stop TERM; [ $code -eq 0 ]; result $? "stops"

# Notices
with_notices() { start "notice = { operator = \"Example Oy\"; data = \"$top/conf\"; languages = [ \"fi\", \"en\" ]; country = \"FI\"; $1 };"; }
# The attached original by the rules of MIME; its hash with the line ends of the wire
original() { sed -e '1,/^Content-Disposition: attachment; filename="original-message.eml"$/d' "$1" | sed -e 1d | sed -e '/^--=_notice_[0-9a-f]*--$/,$d' | head -c -1; }
wire_hash() { sed 's/$/\r/' | sha256sum; }
finnish=$top/contrib/samples/vastaamo-type-letter-fi.eml
with_notices 'mode = "wrap";'
deliver "$finnish"; has '^X-Extortion-Notice: wrap; lang=fi; seal=[0-9a-f]*$'; result $? "a Finnish letter arrives wrapped"
[ "$(grep -n '^Lue t=C3=A4m=C3=A4 ensin' "$work/got" | cut -d: -f1)" -lt "$(grep -n '^Content-Type: message/rfc822' "$work/got" | cut -d: -f1)" ] && has '^  https://poliisi.fi/rikosilmoitus$'
result $? "the notice comes first"
[ "$(original "$work/got" | wire_hash)" = "$(wire_hash < "$finnish")" ]; result $? "the attached original has the SHA-256 of what was sent"
sed '/^$/q' "$work/got" > "$work/top"
[ "$(grep -ci '^Content-Type:' "$work/top")" -eq 1 ] && [ "$(grep -ci '^MIME-Version:' "$work/top")" -eq 1 ] && [ "$(grep -ci '^Content-Transfer-Encoding:' "$work/top")" -eq 1 ]
result $? "one header each describes the new body"
for h in From To Date Message-ID Subject; do sed '/^$/q' "$finnish" | grep -qxF "$(grep -i "^$h:" "$work/top")" || break; done; result $? "those for threads and filters are kept"
grep -q 'action=tag+annotate notice=wrap ' "$work/log"; result $? "the log says how"
sed -e '1,/^Received:/d' -e '/^X-Original-To:/d' "$work/got" > "$work/cut"; sed -n '/^X-Extortion-/p' "$work/got" > "$work/again"; sed '/^[ \t]/,$!d; 1,/^[^ \t]/{/^[ \t]/d}' "$work/cut" >> "$work/again"
cp "$work/got" "$work/first"; deliver "$work/again"
[ "$(grep -c '^Content-Disposition: attachment; filename="original-message.eml"' "$work/got")" -eq 1 ] && has '^X-Extortion-Flag: yes$' && grep -q 'bypass=own-notice' "$work/log"; result $? "its second pass adds no second notice and keeps the flag"
deliver "$work/clean"; lacks '^X-Extortion-Notice' && has '^The meeting on Thursday'; result $? "clean mail is not touched"
deliver "$work/letter" -f '<>'; has '^X-Extortion-Notice: none; reason=null-sender$'; result $? "nor is a bounce"
# A body of several packets: libmilter cuts at 65535 bytes
{ cat "$finnish"; i=0; while [ $i -lt 4000 ]; do echo "line $i of a long signature, and some more words to fill it"; i=$((i + 1)); done; } > "$work/long"
deliver "$work/long"; [ "$(original "$work/got" | wire_hash)" = "$(wire_hash < "$work/long")" ]; result $? "a letter of 250 kB arrives whole"
stop TERM
with_notices 'mode = "inline";'
deliver "$finnish"; has '^X-Extortion-Notice: inline; lang=fi' && sed '1,/^$/d' "$work/got" | head -n 1 | grep -q '^Lue ' && sed '1,/^$/d' "$finnish" > "$work/old" &&
    sed '1,/^$/d' "$work/got" | tail -n "$(wc -l < "$work/old")" | cmp -s - "$work/old"; result $? "inline: the notice above, the letter below as it was"
stop TERM; [ $code -eq 0 ]; result $? "stops once more"
echo "1..$n"
