# Quarantine, redirect, copy and alerts through a real MTA; sourced by quarantine-postfix.sh and quarantine-sendmail.sh. TAP.
. "${top_srcdir:-.}/tests/integration/lib.sh"
mta_start
case $mta in
postfix) how="--mta postfix --config-dir $work/mta/etc" ;;
sendmail) how="--mta sendmail --config-dir $work/mta/etc --sendmail $work/mta/sendmail" ;;
esac
q() { # shellcheck disable=SC2086
    verb=$1; shift; "$extortctl" quarantine "$verb" $how "$@" > "$work/out" 2> "$err"; code=$?; cat "$work/out" >> "$err"
}
ids() { cut -d' ' -f1 "$work/out"; }
n_ids() { q list && grep -c . "$work/out"; }
sent_to() { cat "$box"/new/* 2>/dev/null | sed -n 's/^X-Original-To: //p' | sort | tr '\n' ' '; }
hold_one() { deliver "$work/company" && [ ! -s "$got" ]; }
alerted() { [ "$(sent_to)" = "duty@example.test u0@example.test " ]; }

start "actions = [ \"tag\" ]; headers = { class = true; }; redirect_to = \"sec@example.test\"; copy_to = \"soc@example.test\";
classes = { breach-company = { actions = [ \"tag\", \"quarantine\" ]; }; sextortion = { actions = [ \"tag\", \"redirect\" ]; };
    breach-person = { actions = [ \"tag\", \"copy\" ]; }; };
policies = ( { match = [ \"@other.test\" ]; actions = [ \"tag\" ]; } );
alert = { address = \"duty@example.test\"; from = \"gateway@example.test\"; via = \"inet:$port@127.0.0.1\"; };"

# Held: ours, and somebody else's
q list; [ $code -eq 0 ] && [ ! -s "$work/out" ]; result $? "nothing is held"
hold_one; result $? "a letter to a company is held"
q list; id=$(ids); [ $code -eq 0 ] && grep -q "^$id  *20[0-9-]*T[0-9:]*Z *[0-9.]* breach-company *[0-9]*  <.*> to <u0@example.test>$" "$work/out"; result $? "list shows it: time, points, class, sender, recipient"
[ "$id" = "$(mta held)" ]; result $? "by the MTA's id"
q list --json; grep -q "^{\"id\":\"$id\",\"mta\":\"$mta\",\"arrived\":\"20[^\"]*\",\"bytes\":[0-9]*,\"score\":\"[0-9.]*\",\"class\":\"breach-company\",\"failure\":null," "$work/out"; result $? "list --json"
q list --class sextortion; [ $code -eq 0 ] && [ ! -s "$work/out" ]; result $? "list --class of another one"
q show "$id"; sed '1,/^$/d' "$work/company" > "$work/body"; sed '1,/^$/d' "$work/out" | cmp -s - "$work/body" && grep -q '^Subject: Your network was breached$' "$work/out" && grep -q '^X-Extortion-Hold: held; score=' "$work/out"; result $? "show is the message"
hold_one && hold_one && hold_one; [ "$(held)" -eq 4 ]; result $? "three more"
case $mta in
postfix)
    echo '/^X-Hold-Me:/ HOLD' > "$work/mta/etc/hold"; postconf -c "$work/mta/etc" -e "header_checks = regexp:$work/mta/etc/hold"; postfix -c "$work/mta/etc" reload > /dev/null 2>&1
    { echo 'X-Hold-Me: yes'; cat "$work/clean"; } > "$work/theirs-mail"; deliver "$work/theirs-mail"
    theirs=$(for i in $(mta held); do postcat -c "$work/mta/etc" -qh "$i" | grep -q '^X-Hold-Me' && echo "$i"; done) ;;
sendmail)
    theirs=$(mta held | grep -v "^$id\$" | head -n 1); "$work/mta/sendmail" -Qvirus -qQ -qI"$theirs" > "$err" 2>&1 ;;
esac
before=$(held) ours=$(n_ids)
[ -n "$theirs" ] && ! ids | grep -qx "$theirs" && [ "$ours" -eq $((before - 1)) ]; result $? "what somebody else holds is not in the list"
for verb in show release delete; do q $verb "$theirs"; [ $code -eq 66 ] || break; done; [ $code -eq 66 ] && mta held | grep -qx "$theirs"; result $? "and is neither shown, released nor deleted"
q release --dry-run "$id"; [ $code -eq 0 ] && [ "$(held)" -eq "$before" ]; result $? "--dry-run releases nothing"
rm -f "$box"/new/*; q release "$id"; released=$code; wait_until sh -c "ls '$box'/new/* " && mta drain; cat "$box"/new/* > "$got" 2>/dev/null
[ $released -eq 0 ] && has '^X-Extortion-Flag: yes$' && [ "$(sent_to)" = "u0@example.test " ] && [ "$(held)" -eq $((before - 1)) ]; result $? "release delivers it, at once"
q release "$id"; [ $code -eq 66 ]; result $? "once"
q list; one=$(ids | head -n 1); q delete "$one"; [ $code -eq 0 ] && [ "$(held)" -eq $((before - 2)) ] && ! mta held | grep -qx "$one"; result $? "delete removes one"
q expire --older-than 1d; [ $code -eq 0 ] && [ "$(held)" -eq $((before - 2)) ]; result $? "nothing is a day old"
sleep 1; q expire --older-than 0; [ $code -eq 0 ] && [ "$(mta held)" = "$theirs" ]; result $? "expire deletes all of ours and leaves the other one"
[ "$mta" = postfix ] || [ "$(find "$work/mta/queue" -name 'df*' | wc -l)" -eq 1 ]; result $? "no body is left behind"
for bad in ALL - '; id' '../x'; do q delete -- "$bad"; [ $code -eq 64 ] || break; done; [ $code -eq 64 ] && [ "$(held)" -eq 1 ]; result $? "ids that are none are refused"
"$extortctl" quarantine list --config-dir "$work/mta/etc" $([ $mta = postfix ] || echo --sendmail "$work/mta/sendmail") > "$work/out" 2> "$err"; result $? "the MTA is found by its settings"

# Redirected, copied
deliver "$work/letter"; [ "$(sent_to)" = "sec@example.test " ]; result $? "redirect: the mailbox gets it, the recipient does not"
tr -d '\n' < "$got" | grep -q 'X-Extortion-Redirected: seal=[0-9a-f]*; from= *<u0@example.test>'; result $? "and is told for whom it was"
deliver "$work/letter" -t anna@example.test -t ben@example.test; [ "$(sent_to)" = "sec@example.test " ] && tr -d '\n' < "$(ls "$box"/new/*)" | grep -q '<anna@example.test>,[[:space:]]*<ben@example.test>'; result $? "of two, one copy for the mailbox"
grep -v '^\(X-Original-To\|Delivered-To\|Return-Path\):' "$got" > "$work/again"
deliver "$work/again" -t sec@example.test; [ "$(sent_to)" = "sec@example.test " ] && [ "$(grep -c '^X-Extortion-Redirected' "$got")" -eq 1 ] && has '<ben@example.test>'; result $? "its second pass changes nothing"
{ printf 'X-Extortion-Redirected: seal=00112233445566778899aabbccddeeff; from=\n <boss@example.test>\n'; cat "$work/letter"; } > "$work/forgery"
deliver "$work/forgery" -t sec@example.test; lacks 'boss@example.test'; result $? "a forged one is removed"
deliver "$work/letter" -t anna@example.test -t bo@other.test; case $(sent_to) in "anna@example.test bo@"*) ;; *) false ;; esac && lacks '^X-Extortion-Redirected'; result $? "whoever differs keeps it where it goes"
deliver "$vastaamo"; [ "$(sent_to)" = "soc@example.test u0@example.test " ]; result $? "copy: both get it"
deliver "$work/clean"; [ "$(sent_to)" = "u0@example.test " ]; result $? "clean mail goes where it goes"

# A threat to life
rm -f "$box"/new/*; : > "$work/sent"
"$send" $port "$work/bomb" > "$work/sent" 2> "$err"; wait_until alerted; mta drain; cat "$box"/new/* > "$err" 2>/dev/null
alerted; result $? "a threat to life arrives, and the duty desk is told"
cat $(grep -l '^X-Original-To: duty@' "$box"/new/*) > "$got" < /dev/null; qid=$(sed -n 's/.*qid=\([0-9A-Za-z]*\) alert=sent.*/\1/p' "$work/log" | tail -n 1)
[ -n "$qid" ] && has "^Subject: Threat to life in a message, queue id $qid" && has '^Auto-Submitted: auto-generated' && has '^Return-Path: <\(MAILER-DAEMON\)*>' && has '^  class  *violence' && has '^  recipients  *1'; result $? "by its queue id, with the null sender"
lacks 'explosive\|sender\.test\|37Vuc\|u0@\|Read this at once'; result $? "and without a word of the letter"
grep -q 'bypass=own-alert' "$work/log"; result $? "the alert came through us and was not judged"
grep -v '^\(X-Original-To\|Delivered-To\|Return-Path\|X-Extortion-Alert\):' "$got" > "$work/old-alert"
deliver "$work/old-alert" -f '<>' -t duty@example.test; has '^X-Extortion-Flag: no'; result $? "without its seal it is judged, and is nothing"
stop TERM; [ $code -eq 0 ]; result $? "stops"

# Where the alert cannot be sent the mail goes on
start "alert = { address = \"duty@example.test\"; via = \"inet:1@127.0.0.1\"; };"
rm -f "$box"/new/*; from=$(date +%s%N); deliver "$work/bomb"; took=$((($(date +%s%N) - from) / 1000000)); [ "$(sent_to)" = "u0@example.test " ]; result $? "no mail server for the alert: the mail arrives ($took ms)"
stop TERM; [ $code -eq 0 ] && grep -q 'alert=failed why="inet:1@127.0.0.1: Connection refused"' "$work/log"; cp "$work/log" "$err"; grep -q 'alert=failed' "$work/log"; result $? "and the log says so"
"$milter" -t -c "$work/conf" > /dev/null 2>&1
printf 'rules = [ "%s" ];\nredirect_to = "a@b.test";\nactions = [ "redirect" ];\n' "$rules" > "$work/bad"; "$milter" -t -c "$work/bad" > "$err" 2>&1; [ $? -eq 78 ] && grep -q 'bad:3: error: actions: threats to life must not be redirected' "$err"; result $? "settings that would redirect threats to life are refused"
echo "1..$n"
