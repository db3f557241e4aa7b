# Policies through a real MTA; sourced by policies-postfix.sh and policies-sendmail.sh. TAP.
. "${top_srcdir:-.}/tests/integration/lib.sh"
sender=$work/sender

stop_sender() { [ ! -d "$sender" ] || sh "$top/contrib/postfix/private-postfix.sh" stop "$sender"; }
trap 'stop_sender; cleanup' EXIT
mta_start

start_with() { # SETTINGS
    start "notice = { operator = \"Example Oy\"; data = \"$top/conf\"; mode = \"wrap\"; languages = [ \"en\" ]; };
$1
policies = (
  { match = [ \"@other.test\" ]; operator = \"Other AB\"; languages = [ \"sv\" ]; country = \"SE\"; },
  { match = [ \"abuse@example.test\" ]; exempt = true; actions = [ \"tag\", \"subject\" ]; },
  { match = [ \"late@example.test\" ]; threshold = 90.0; },
  { match = [ \"listener:$((port + 1))\" ]; mode = \"inline\"; },
  { match = [ \"listener:accept\" ]; reach = \"desk 1234\"; mode = \"header\"; }
);"
}
of() { cat $(grep -l "^X-Original-To: $1@" "$box"/new/*) < /dev/null; } # LOCAL-PART: the message delivered to it
of_has() { of "$1" | grep -q -e "$2"; }
copies() { find "$box/new" -type f | wc -l; }
sends() { # WANT ARGUMENTS...: what smtp-send says, one line
    want=$1; shift
    rm -f "$box"/new/*
    "$send" "$@" > "$work/sent" 2> "$err"
    mta drain
    cat "$work/sent" "$box"/new/* >> "$err" 2>/dev/null
    [ "$(cat "$work/sent")" = "$want" ]
}

start_with ''
sends '0 250' -t anna@example.test $port "$work/letter" && of_has anna '^X-Extortion-Notice: wrap; lang=en' && of_has anna 'Example Oy'; result $? "who has no policy gets what is for all"
sends '0 250' -t bo@other.test $port "$work/letter" && of_has bo '^X-Extortion-Notice: wrap; lang=sv' && of_has bo 'Other AB'; result $? "a tenant gets its own operator and language"
sends '0 250' -t abuse@example.test $port "$work/letter" && of_has abuse '^X-Extortion-Notice: none; reason=exempt' && of_has abuse '^X-Extortion-Flag: yes' && of_has abuse '^Subject: Your video'; result $? "the abuse desk gets the letter as it came, with its flag"
sends '0 250' -t late@example.test $port "$work/letter" && of_has late '^X-Extortion-Score: .* threshold=90.0 ' && of_has late '^X-Extortion-Flag: no'; result $? "a threshold of one's own"
sends '0 250' -t anna@example.test $((port + 1)) "$work/letter" && of_has anna '^X-Extortion-Notice: inline; '; result $? "a listener has a policy, by port"
of anna | tr -d '\r\n' | grep -q 'desk 1234'; result $? "and by name, which says the rest"
sends '0 250' -t anna@example.test -t bo@other.test $port "$work/letter" && of_has anna '^X-Extortion-Flag: yes' && of_has anna '^X-Extortion-Notice: none; reason=recipients-differ' && of_has bo '^X-Extortion-Notice: none; reason=recipients-differ'
result $? "one message for two tenants is tagged, and its body is left alone"
grep -q ' policies=0,7 differ=operator,languages,country ' "$work/log"; result $? "the log names both policies and what differs"
sends '0 250' -t anna@example.test -t ben@example.test $port "$work/letter" && of_has ben '^X-Extortion-Notice: wrap; lang=en'; result $? "two of one policy get it"
sends '0 250' -t anna@example.test -t abuse@example.test $port "$work/letter" && of_has anna '^X-Extortion-Flag: yes' && of_has anna '^Subject: Your video'; result $? "whoever adds the abuse desk cannot keep the flag away"
stop TERM

start_with 'internal_networks = [ "127.0.0.0/8" ]; policies_differ = "split";'
sends '0 250' -t anna@example.test -t bo@other.test $port "$work/letter" && of_has anna '^X-Extortion-Score: none; bypass=internal' && ! of_has anna '^X-Extortion-Flag'; result $? "internal senders are not judged, nor asked to split"
stop TERM

start_with 'policies_differ = "split";'
sends '0 250 bo@other.test=452' -t anna@example.test -t bo@other.test -t ben@example.test $port "$work/letter"; result $? "split: the second policy gets 452"
of_has anna '^X-Extortion-Notice: wrap; lang=en' && of_has ben '^X-Extortion-Notice: wrap; lang=en' && ! of_has bo '^Subject'; result $? "the others have theirs"
sends '0 250' -t bo@other.test -t bea@other.test $port "$work/letter" && of_has bea '^X-Extortion-Notice: wrap; lang=sv'; result $? "and it when it comes again"
sends '0 250 bo@other.test=452' -t anna@example.test -t bo@other.test $port "$work/clean" && of_has anna '^X-Extortion-Flag: no'; result $? "clean mail, too: nobody knows yet"

if [ $mta = postfix ]; then
    postconf -c "$work/mta/etc" -e "non_smtpd_milters = unix:$sock"
    postfix -c "$work/mta/etc" reload > /dev/null 2>&1
    rm -f "$box"/new/*
    sendmail -C "$work/mta/etc" -f alice@sender.test anna@example.test bo@other.test < "$work/letter" > "$err" 2>&1
    wait_until sh -c "ls '$box'/new/* " && mta drain
    [ "$(copies)" -eq 2 ] && of_has anna 'reason=recipients-differ' && of_has bo 'reason=recipients-differ'; result $? "mail submitted on the host is not split"
fi

# A real MTA as sender: it brings the rest by itself
if command -v postfix > /dev/null; then
    from=$(sh "$top/contrib/postfix/private-postfix.sh" free-port $(($$ + 1500)))
    sh "$top/contrib/postfix/private-postfix.sh" start "$sender" "$from" '' > "$err" 2>&1 || bail_out "the sender does not start"
    postconf -c "$sender/etc" -e 'virtual_mailbox_domains =' "default_transport = smtp:[127.0.0.1]:$port" "relay_transport = smtp:[127.0.0.1]:$port" \
        'queue_run_delay = 1s' 'minimal_backoff_time = 1s' 'maximal_backoff_time = 2s' 'smtp_host_lookup = native'
    postconf -c "$sender/etc" -M 'smtp/unix=smtp unix - - n - - smtp'
    postfix -c "$sender/etc" reload > /dev/null 2>&1
    rm -f "$box"/new/*
    "$send" -t anna@example.test -t bo@other.test -t abuse@example.test $((from + 2)) "$work/letter" > "$work/sent" 2> "$err"
    # A queue manager from before the reload may sit on it for minutes.
    all_sent() { sleep 0.5; postqueue -c "$sender/etc" -f; [ "$(find "$sender/queue/incoming" "$sender/queue/active" "$sender/queue/deferred" -type f | wc -l)" -eq 0 ]; }
    wait_until all_sent; mta drain
    { tail -n 20 "$sender/log/maillog"; cat "$box"/new/*; } >> "$err" 2>&1
    [ "$(cat "$box"/new/* | grep -c '^X-Original-To: ')" -eq 3 ] && grep -q ' 452 4.5.3 ' "$sender/log/maillog"; result $? "a sending MTA delivers to all three, each once"
    of_has anna '^X-Extortion-Notice: wrap; lang=en' && of_has bo '^X-Extortion-Notice: wrap; lang=sv' && of_has abuse '^X-Extortion-Notice: none; reason=exempt'
    result $? "each with its own policy"
fi
stop TERM; [ $code -eq 0 ]; result $? "stops"
echo "1..$n"
