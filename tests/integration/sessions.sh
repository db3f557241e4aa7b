# Sessions out of the ordinary through a real MTA; sourced by sessions-postfix.sh and sessions-sendmail.sh. TAP.
# Numbers in brackets are the cases of docs/RELIABILITY.md; lines "# figure" are what it tells of a full run.
#   FAULTS_FULL=1  with 1000 messages on one connection and 1000 recipients, instead of 200 and 100
. "${top_srcdir:-.}/tests/integration/lib.sh"
mode=short messages=200 recipients=100
[ -z "${FAULTS_FULL:-}" ] || mode=full messages=1000 recipients=1000
/usr/bin/python3 -c 'import smtplib' 2> /dev/null || skip "no python3"
session() { kind=$1; shift; /usr/bin/python3 "$top/tests/integration/sessions.py" "$port" "$kind" "$@"; }
metric() { "$build/tests/mta/http-get" "$sock.status" /metrics 2> /dev/null | awk -v s="$1 " 'index($0, s) == 1 { print $NF }'; }
messages_seen() { metric extortion_milter_message_size_bytes_count; }
flags() { grep -h '^X-Extortion-Flag:' "$box"/new/* | sort | uniq -c | tr -s ' \n' ' '; }
resident() { awk '/VmRSS/ { print $2 }' "/proc/$pid/status"; }

start 'log = { details = true; };'; mta_start
bad=refused@@example.test # by its form
if [ "$mta" = postfix ]; then # and by the site's wish
    bad=refused@example.test
    postconf -c "$work/mta/etc" -e 'smtpd_recipient_restrictions = check_recipient_access regexp:{{/refused@/ REJECT}}'
    postfix -c "$work/mta/etc" reload > /dev/null 2>&1
fi

# RSET and HELO in every phase
rm -f "$box"/new/*
session reset $bad "$work/letter" "$work/clean" > "$work/n" 2> "$err"; result $? "[8] RSET and HELO in every phase of a connection"
mta drain; flags > "$err"
[ "$(cat "$work/n")" = 24 ] && [ "$(cat "$err")" = " 12 X-Extortion-Flag: no 12 X-Extortion-Flag: yes " ]; result $? "[8] each message after one has its own verdict"
grep -l '^X-Original-To: lost@' "$box"/new/* > "$err"; [ ! -s "$err" ]; result $? "[8] and its own recipients"
[ "$(metric extortion_milter_messages_in_flight)" = 0 ]; result $? "[8] nothing is left of what was given up"

# All recipients refused
seen=$(messages_seen)
session refused $bad > "$err" 2>&1; result $? "[12] all recipients are refused"
[ "$(messages_seen)" = "$seen" ] && [ "$(metric extortion_milter_messages_in_flight)" = 0 ]; result $? "[12] no message is counted, none is in flight"

# Many on one connection
set -- $(seq "$messages" | awk -v a="$work/letter" -v b="$work/clean" '{ print NR % 3 == 1 ? a : b }')
rm -f "$box"/new/*; seen=$(messages_seen)
"$send" "$port" "$work/clean" "$work/letter" > /dev/null 2>&1; early=$(resident)
"$send" -t 'load%d@example.test' "$port" "$@" > "$work/sent" 2> "$err"; result $? "[6] $messages messages on one connection"
late=$(resident); mta drain
awk 'FNR == 1 { n = flag = ""; body = 0 } /^$/ { if (!body && n != "") print n % 3 == 0 ? "yes" : "no", flag; body = 1 }
    !body && /^X-Original-To: load/ { gsub(/[^0-9]/, ""); n = $0 } !body && /^X-Extortion-Flag/ { flag = $2 }' "$box"/new/* | sort | uniq -c > "$err"
[ "$(awk '$2 == $3 { n += $1 } $2 != $3 { bad = 1 } END { print bad ? 0 : n + 0 }' "$err")" -eq "$messages" ]; result $? "[6] each with its own verdict"
figure="$messages messages on one connection: resident $early kB before, $late kB after"
echo "# figure $mode $mta: $figure"
if ! grep -q '^EXTORTION_CFLAGS = .*\(sanitize=\|--coverage\)' "$build/Makefile"; then [ $((late - early)) -le 1024 ]; result $? "[6] memory stays as it is"; fi

# Many recipients
rm -f "$box"/new/*; : > "$work/log"
session recipients "$recipients" "$work/letter" 2> "$err"; result $? "[15] a message for $recipients recipients"
mta drain
[ "$(find "$box/new" -type f | wc -l)" -eq "$recipients" ] && [ "$(grep -L '^X-Extortion-Flag: yes' "$box"/new/* | wc -l)" -eq 0 ]; result $? "[15] each of them gets it, judged"
grep 'flagged=' "$work/log" > "$err"; [ "$(wc -l < "$err")" -eq 1 ] && grep -q " nrcpt=$recipients\$" "$err"; result $? "[15] it is judged once"

# Packets end in the middle of things: a line of the letter ends at each of these bytes of the body
mkdir "$work/cut"
for at in $(seq 65530 65540); do
    sed '/^$/q' "$work/letter" > "$work/cut/$at.eml"
    sed '1,/^$/d' "$work/letter" | awk -v at="$at" 'NR == 1 { left = at - length($0); while (left > 0) { n = left > 124 ? 60 : left > 62 ? left - 60 : left - 2; line = sprintf("%*s", n, ""); gsub(/ /, "x", line); print line; left -= n + 2 } } { print }' >> "$work/cut/$at.eml"
done
rm -f "$box"/new/*; "$send" -t '%s@example.test' "$port" "$work"/cut/*.eml > "$work/sent" 2> "$err"; result $? "[33] letters whose lines end about byte 65535 of the body"
mta drain; grep -h '^X-Extortion-\(Flag\|Score\):' "$box"/new/* | sort | uniq -c > "$err"
[ "$(wc -l < "$err")" -eq 2 ] && grep -q '^ *11 X-Extortion-Flag: yes$' "$err"; result $? "[33] all have the same verdict"
for at in $(seq 65530 65540); do tr -d '\r' < "$(grep -l "^X-Original-To: $at@" "$box"/new/*)" | sed '1,/^$/d' > "$work/after"; sed '1,/^$/d' "$work/cut/$at.eml" | cmp - "$work/after" || break; done > "$err" 2>&1; result $? "[33] and their bodies"

# Recipients that a shell would like
rm -f "$box"/new/*; marker=$run/marker
# shellcheck disable=SC2016
session odd "$work/letter" "\"|touch $marker\"@example.test" "\"\`touch $marker\`\"@example.test" "\"\$(touch $marker)\"@example.test" '"%s%n"@example.test' > "$work/odd" 2> "$err"; result $? "[20] recipients of a shell's signs"
mta drain; grep -c '^taken' "$work/odd" | sed 's/^/# taken by the MTA: /'
[ ! -e "$marker" ] && ! ended; result $? "[20] nothing was done that they say"
deliver "$work/letter"; has '^X-Extortion-Flag: yes'; result $? "[20] and the next is judged"
stop

# Held and clean on one connection
start 'classes = { breach-company = { actions = [ "tag", "quarantine" ]; }; };'
rm -f "$box"/new/*; "$send" "$port" "$work/company" "$work/clean" "$work/company" "$work/letter" > "$work/sent" 2> "$err"; mta drain
flags >> "$err"; [ "$(held)" -eq 2 ] && [ "$(flags)" = " 1 X-Extortion-Flag: no 1 X-Extortion-Flag: yes " ]; result $? "[7] on one connection only those are held that are to be"
stop

# Local mail: no brackets, no null sender but an empty one
if [ "$mta" = postfix ]; then
    postconf -c "$work/mta/etc" -e "non_smtpd_milters = unix:$sock"
    postfix -c "$work/mta/etc" reload > /dev/null 2>&1
    start "notice = { operator = \"Example Oy\"; data = \"$top/conf\"; mode = \"wrap\"; languages = [ \"en\" ]; }; policies = ( { match = [ \"@other.test\" ]; operator = \"Other AB\"; } );"
    local_mail() { # ARGUMENTS...
        rm -f "$box"/new/*; sendmail -C "$work/mta/etc" "$@" < "$work/letter" > "$err" 2>&1
        wait_until sh -c "ls '$box'/new/* " && mta drain
        cat "$box"/new/* > "$got"; cp "$got" "$err"
    }
    local_mail -f '' anna@example.test; has '^X-Extortion-Notice: none; reason=null-sender$'; result $? "[13] a null sender that comes as nothing is one"
    local_mail -f alice@sender.test anna@other.test; has '^X-Extortion-Notice: wrap' && grep -q 'Other AB' "$got"; result $? "[14] local mail without brackets has the policy of its recipient"
    stop
fi

# Headers that the MTA takes but cannot give to a filter
if [ "$mta" = sendmail ]; then
    mta stop; rm -rf "$work/mta"; SENDMAIL_MAX_HEADERS=400000; export SENDMAIL_MAX_HEADERS
    start ""; mta_start
    { awk 'BEGIN { printf "X-Long: "; for (i = 0; i < 1000; i++) printf "%s\n ", "seventy bytes of a field that is as long as no field has any right to be"; print "end" }'; cat "$work/letter"; } > "$work/wide"
    "$send" "$port" "$work/wide" > "$work/sent" 2> "$err"; cat "$work/sent" >> "$err"; code_wide=$(cut -d' ' -f2 "$work/sent")
    echo "# figure $mode $mta: MaxHeadersLength raised, a field of 73 kB: answered with $code_wide"
    case $code_wide in 250 | 4*) ;; *) false ;; esac; result $? "[27] a field of 73 kB, MaxHeadersLength raised: taken or put off"
    mta drain; [ "$code_wide" != 250 ] || { cat "$box"/new/* > "$got"; has '^X-Extortion-Flag: yes'; }; result $? "[27] and never taken unjudged"
    deliver "$work/letter"; has '^X-Extortion-Flag: yes'; result $? "[27] the next is judged"
    stop
fi
[ $code -eq 0 ]; result $? "stops"
echo "1..$n"
