#!/bin/sh
# TAP: extortctl quarantine with played tools of Postfix and a queue of Sendmail made by hand: what is run, with
# which arguments, and what is left alone. The real ones: tests/integration/quarantine-*.sh.
set -u
top=$(cd "${top_srcdir:-.}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
ctl=$build/milter/program/extortctl
unset NO_COLOR
n=0 tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM
cd "$tmp" || exit 99
ok() { # CONDITION-STATUS NAME
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; return; fi
    echo "not ok $n - $2"
    for f in out err ran; do [ ! -s $f ] || sed "s/^/# $f: /" $f | cut -c 1-300 | head -n 20; done
}
# The tools write down their arguments, one line a run, each argument in <>.
mkdir bin etc hold
cat > bin/tool <<'TOOL'
#!/bin/sh
name=${0##*/}
{ printf '%s' "$name"; for a; do printf ' <%s>' "$a"; done; echo; env | sort | tr '\n' ' '; echo; } >> "$PWD/ran"
[ ! -e "$PWD/fail-$name" ] || { echo "$name: fatal: no way" >&2; exit 1; }
for last; do :; done
case $name in
postqueue) case " $* " in *' -j '*) cat "$PWD/listing" ;; esac ;;
postcat) cat "$PWD/hold/$last" ;;
postsuper) case " $* " in
    *' -H '*) echo "postsuper: Released from hold: 1 message" >&2 ;;
    *) echo "postsuper: Deleted: 1 message" >&2 ;; esac
    ;;
esac
TOOL
sed -i "s|\$PWD|$tmp|g" bin/tool
chmod 755 bin/tool
for t in postqueue postcat postsuper; do cp bin/tool bin/$t; done
: > etc/main.cf
entry() { # ID ARRIVED [QUEUE]
    printf '{"queue_name": "%s", "queue_id": "%s", "arrival_time": %s, "message_size": 812, "sender": "a@sender.test", "recipients": [{"address": "c@d.test"}]}\n' "${3:-hold}" "$1" "$2"
}
now=$(date +%s)
{
    entry OLD1 $((now - 100 * 86400)); entry NEW1 $((now - 60)); entry OTHERS1 $((now - 100 * 86400)); entry FAILED1 $((now - 100 * 86400)); entry MOVING1 $now active
    entry ALL $now; entry '; touch owned' $now
} > listing
printf 'X-Extortion-Hold: held; score=9.5; class=breach-company\nSubject: old \033[2J\n\nPay me\n' > hold/OLD1
printf 'X-Extortion-Hold: held; score=7.0; class=ddos\nSubject: new\n\nPay me\n' > hold/NEW1
printf 'Subject: held by somebody else\n\nX-Extortion-Hold: held\n' > hold/OTHERS1
printf 'X-Extortion-Hold: held; failure=deadline\nSubject: not judged\n\n' > hold/FAILED1
quarantine() { rm -f ran; "$ctl" quarantine "$@" > out 2> err; code=$?; touch ran; }
postfix() { verb=$1; shift; quarantine "$verb" --mta postfix --programs "$tmp/bin" "$@"; }

postfix list; [ $code -eq 0 ] && [ "$(cut -d' ' -f1 out | tr '\n' ' ')" = 'OLD1 NEW1 FAILED1 ' ]; ok $? "list shows ours, and no others"
grep -q '^OLD1 .* 9.5 breach-company .* 812  <a@sender.test> to <c@d.test>$' out && grep -q '^FAILED1 .* not-judged ' out; ok $? "with points, class, size and envelope"
grep -q '2 entries of the queue are not understood' err && [ ! -e owned ]; ok $? "an id that is a command is left out, and said"
grep -q '<ALL>\|touch' ran; [ $? -eq 1 ]; ok $? "and reaches no tool"
grep -v '^LC_ALL=C PATH=[^ ]* \(PWD=[^ ]* \)*\(SHLVL=[^ ]* \)*\(_=[^ ]* \)*$' ran | grep -q '='; [ $? -eq 1 ]; ok $? "the tools get no environment but PATH and LC_ALL"
postfix list --json; [ "$(head -n 1 out | sed 's/"arrived":"[^"]*",//')" = '{"id":"OLD1","mta":"postfix","bytes":812,"score":"9.5","class":"breach-company","failure":null,"sender":"a@sender.test","recipients":["c@d.test"],"n_recipients":1}' ]; ok $? "list --json"
postfix list --class ddos; [ "$(cut -d' ' -f1 out)" = NEW1 ] && grep -q '1 messages do not say their class' err; ok $? "by class"
postfix list --older-than 2m; [ "$(cut -d' ' -f1 out | tr '\n' ' ')" = 'OLD1 FAILED1 ' ]; ok $? "by age"
postfix show OLD1; [ $code -eq 0 ] && grep -q '^Subject: old ?\[2J$' out && grep -qF 'postcat <-qbh> <OLD1>' ran; ok $? "show writes no escape sequence"
postfix show --raw OLD1; cmp -s out hold/OLD1; ok $? "show --raw is the bytes"
postfix show OTHERS1; [ $code -eq 66 ] && [ ! -s out ] && grep -q 'OTHERS1: was not held by us' err; ok $? "others' mail is not shown"
postfix release OLD1; [ $code -eq 0 ] && grep -qxF 'postsuper <-H> <OLD1>' ran && grep -qxF 'postqueue <-i> <OLD1>' ran && grep -qx 'OLD1: released' out; ok $? "release: from hold, and at once"
postfix delete OLD1; [ $code -eq 0 ] && grep -qxF 'postsuper <-d> <OLD1> <hold>' ran; ok $? "delete, in the hold queue only"
postfix delete OTHERS1; [ $code -eq 66 ] && ! grep -q postsuper ran; ok $? "others' mail is not deleted"
postfix delete NONE1 OLD1; [ $code -eq 66 ] && grep -qxF 'postsuper <-d> <OLD1> <hold>' ran; ok $? "one that is not there does not stop the others"
postfix delete MOVING1; [ $code -eq 66 ] && ! grep -q postsuper ran; ok $? "nor is what is on its way"
for id in ALL -- '' '-' '; touch owned' '$(touch owned)' '../OLD1' 'OLD1 NEW1'; do postfix delete -- "$id"; [ $code -eq 64 ] && [ ! -s ran ] || break; done; [ $code -eq 64 ] && [ ! -e owned ]; ok $? "ids that are none are refused before anything runs"
postfix delete --class breach-company --dry-run; [ $code -eq 0 ] && grep -qx 'OLD1: would be deleted' out && ! grep -q postsuper ran; ok $? "--dry-run changes nothing"
postfix release --all; [ "$(grep -c '^postsuper <-H>' ran)" -eq 3 ]; ok $? "--all is all of ours"
postfix release; [ $code -eq 64 ]; ok $? "release of nothing named is refused"
postfix expire --older-than 30; [ $code -eq 0 ] && [ "$(grep -c '^postsuper' ran)" -eq 1 ] && grep -qxF 'postsuper <-d> <OLD1> <hold>' ran && grep -q '1 messages were held because' err; ok $? "expire, and what was not judged stays"
postfix expire --older-than 30d --failures; [ "$(grep -c '^postsuper <-d>' ran)" -eq 2 ]; ok $? "unless it is asked for"
printf 'quarantine = { days = 60; };\n' > conf; postfix expire --config conf; [ "$(grep -c '^postsuper <-d>' ran)" -eq 1 ]; ok $? "the age of the settings"
printf 'quarantine = { days = 200; };\n' > conf; postfix expire --config conf; [ $code -eq 0 ] && ! grep -q postsuper ran; ok $? "nothing is that old"
: > conf; postfix expire --config conf; [ $code -eq 78 ] && [ ! -s ran ]; ok $? "without an age nothing expires"
printf 'quarantine = { days = -1; };\n' > conf; postfix expire --config conf; [ $code -eq 78 ] && grep -q '^conf:1: error: quarantine.days' err; ok $? "a bad setting"
postfix list --config-dir "$tmp/etc"; grep -qxF "postqueue <-c> <$tmp/etc> <-j>" ran && grep -qxF "postcat <-c> <$tmp/etc> <-qh> <OLD1>" ran; ok $? "another instance"
quarantine list --programs "$tmp/bin" --config-dir "$tmp/etc"; [ $code -eq 0 ] && grep -q '^OLD1 ' out; ok $? "the MTA is found by its settings"
touch fail-postcat; postfix list; [ $code -eq 0 ] && [ ! -s out ] && grep -q 'postcat ended with 1: "*postcat: fatal: no way' err; ok $? "what cannot be read is not ours, and said"; rm fail-postcat
touch fail-postqueue; postfix list; [ $code -eq 69 ] && grep -q 'postqueue ended with 1' err; ok $? "a tool that fails"; rm fail-postqueue
touch fail-postsuper; postfix delete OLD1; [ $code -eq 69 ] && ! grep -q 'OLD1: deleted' out; ok $? "what was not deleted is not said to be"; rm fail-postsuper
rm bin/postsuper; postfix delete OLD1; [ $code -eq 69 ] && grep -q 'postsuper is not installed there' err; ok $? "a tool that is not there"
quarantine lst; [ $code -eq 64 ] && grep -q 'did you mean list' err; ok $? "a verb that is none"
quarantine list --mta exim; [ $code -eq 64 ]; ok $? "an MTA that is none"
quarantine list --older-than soon; [ $code -eq 64 ]; ok $? "an age that is none"
quarantine --help; [ $code -eq 0 ] && grep -q '^Examples:' out; ok $? "--help"

# Sendmail: folders with and without qf/ and df/
mkdir -p q1 q2/qf q2/df s
printf 'O QueueDirectory=%s/q*\n' "$tmp" > s/sendmail.cf
hf() { printf 'V8\nT%s\nFs\nq%s\nS<a@sender.test>\nRPFD:<c@d.test>\nH??X-Extortion-Hold: held; score=9.5\nH??Subject: x\n.\n' "$1" "$2"; }
hf $((now - 100 * 86400)) "extortion-milter: held by the site's policy" > q1/hfA1; echo body > q1/dfA1
hf $now 'extortion-milter: not judged' > q2/qf/hfB2; echo body > q2/df/dfB2
hf $now virus > q1/hfC3; echo body > q1/dfC3
hf $now virus > q1/qfD4; echo junk > q1/hfE5; ln -s /etc/passwd 'q1/hf;x'
cat > bin/sendmail <<TOOL
#!/bin/sh
{ printf 'sendmail'; for a; do printf ' <%s>' "\$a"; done; echo; } >> "$tmp/ran"
case "\$*" in *-qQ*) mv "$tmp/q1/hfA1" "$tmp/q1/qfA1" ;; esac
TOOL
chmod 755 bin/sendmail
sendmail() { verb=$1; shift; quarantine "$verb" --config-dir "$tmp/s" --programs "$tmp/bin" "$@"; }
sendmail list; [ $code -eq 0 ] && [ "$(cut -d' ' -f1 out | sort | tr '\n' ' ')" = 'A1 B2 ' ] && grep -q '^A1 .* 9.5 .* <a@sender.test> to <c@d.test>$' out; ok $? "Sendmail: list shows ours, in all queues"
sendmail show B2; printf 'X-Extortion-Hold: held; score=9.5\nSubject: x\n\nbody\n' | cmp -s - out; ok $? "show is header and body"
sendmail delete C3; [ $code -eq 66 ] && [ -e q1/hfC3 ] && [ -e q1/dfC3 ]; ok $? "others' mail is left alone"
sendmail delete D4; [ $code -eq 66 ] && [ -e q1/qfD4 ]; ok $? "and what is not held"
flock -o q2/qf/hfB2 sleep 5 & locker=$!; sleep 0.5; sendmail delete B2; [ $code -eq 75 ] && [ -e q2/qf/hfB2 ]; ok $? "what Sendmail works on is not touched"
kill $locker; wait $locker 2>/dev/null; sleep 0.2
sendmail delete B2; [ $code -eq 0 ] && [ ! -e q2/qf/hfB2 ] && [ ! -e q2/df/dfB2 ]; ok $? "delete removes both files"
sendmail release A1; [ $code -eq 0 ] && grep -qxF "sendmail <-C$tmp/s/sendmail.cf> <-Q> <-qQ> <-qIA1>" ran && grep -qxF "sendmail <-C$tmp/s/sendmail.cf> <-qIA1>" ran; ok $? "release"
rm -rf q1 q2; sendmail list; [ $code -eq 66 ]; ok $? "no queue"
quarantine list --config-dir "$tmp"; [ $code -eq 78 ]; ok $? "no MTA"
echo "1..$n"
