# Evidence through a real MTA: what it tells of the delivery, and the message as it came. Sourced with mta=... TAP.
. "${top_srcdir:-.}/tests/integration/lib.sh"

store=$run/evidence
mkdir -m 700 "$store" && chown nobody "$store"
(cd "$work" && "$extortctl" evidence keygen pair > /dev/null) || bail_out "no key pair"
chmod 644 "$work/pair.pub"
evidence="evidence = { directory = \"$store\"; key = \"$work/pair.pub\"; };"
show() { "$extortctl" evidence show --directory "$store" --key "$work/pair.key" "$@" 2> "$err"; }
said() { grep -qF -e "$1" "$work/record" || { cut -c 1-1500 "$work/record" > "$err"; return 1; }; }

start "$evidence notice = { operator = \"Example Oy\"; data = \"$top/conf\"; languages = [ \"en\" ]; country = \"FI\"; mode = \"wrap\"; };"
mta_start
deliver "$work/letter" -f someone@sender.test; has '^X-Extortion-Notice: wrap'; result $? "a letter is delivered with a notice"
[ "$(ls "$store" | wc -l)" -eq 1 ]; result $? "and leaves one record"
qid=$(sed -n 's/.* qid=\([0-9A-Za-z]*\) flagged=yes .*/\1/p' "$work/log")
show "$qid" > /dev/null; result $? "that the MTA's queue id finds"
grep -q "id $qid" "$got"; result $? "which is the one in the message's own trace"
show --message "$qid" | tr -d '\r' > "$work/shown"; cmp "$work/shown" "$work/letter" >> "$err" 2>&1; result $? "its message is what was sent, byte for byte"
show --json "$qid" > "$work/record"
said '"sender":"someone@sender.test"' && said '"recipients":["u0@example.test"]'; result $? "it knows sender and recipient"
said '"client":{"address":"127.0.0.1","name":"'; result $? "who delivered it"
said "\"queue_id\":\"$qid\"" && said '"mta":{"name":"'; result $? "and to which MTA"
said '"tls":null' && said '"authentication":null'; result $? "without TLS and authentication it claims none"
"$extortctl" evidence verify --directory "$store" --key "$work/pair.key" > "$err" 2>&1 && grep -q '1 good' "$err"; result $? "it verifies"
deliver "$work/clean"; [ "$(ls "$store" | wc -l)" -eq 1 ]; result $? "clean mail leaves none"
stop

mkdir -m 700 "$store.gone"; chown nobody "$store.gone"
start "evidence = { directory = \"$store.gone\"; encrypt = false; on_failure = \"tempfail\"; };"
rmdir "$store.gone"
"$send" "$port" "$work/letter" > "$work/sent" 2> "$err"; grep -q '^0 4' "$work/sent"; result $? "on_failure = tempfail: the sender is asked to come again"
stop
echo "1..$n"
