#!/bin/sh
# TAP: the daemon as its users meet it - command line, sockets, signals - and the milter protocol, played
# well and badly by milter-client. Needs no MTA. As root it also proves that privileges are dropped.
set -u
top=$(cd "${top_srcdir:-.}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
milter=$build/milter/program/extortion-milter
TSAN_OPTIONS="suppressions=$top/tests/mta/tsan.supp ${TSAN_OPTIONS:-}"; export TSAN_OPTIONS
client=$build/tests/mta/milter-client
work=$(mktemp -d /tmp/extortion-milter-test.XXXXXX)
chmod 777 "$work"
as= pid=
[ "$(id -u)" -ne 0 ] || as='-u nobody'
n=0 err=$work/err sock=$work/m.sock

cleanup() {
    [ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

result() { # STATUS NAME
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; return; fi
    echo "not ok $n - $2"
    sed 's/^/# /' "$err" 2>/dev/null | tail -n 20
}
gives() { # CODE NAME COMMAND...: exit code, output in $err
    want=$1 name=$2; shift 2
    # What should refuse to start but serves instead must not keep us here for good.
    timeout 120 "$@" > "$err" 2>&1
    code=$?
    [ $code -eq "$want" ] || echo "exit code $code, wanted $want" >> "$err"
    [ $code -eq "$want" ]; result $? "$name"
}
says() { # NAME PATTERN...: in the last output
    name=$1; shift
    for p in "$@"; do grep -q -e "$p" "$err" || { echo "missing: $p" >> "$err"; result 1 "$name"; return; }; done
    result 0 "$name"
}
wait_until() { # COMMAND...: for a minute, since the machine may be busy
    i=0
    until "$@" > /dev/null 2>&1; do i=$((i + 1)); [ $i -lt 600 ] || return 1; sleep 0.1; done
}
serving() { ! kill -0 "$pid" 2>/dev/null || grep -q ' serves ' "$work/log"; }
start() { # ARGUMENTS...: in the foreground of a background job
    : > "$work/log" # or the line of the daemon before may be taken for this one's
    "$milter" -c "$work/conf" -f -l stderr $as "$@" >> "$work/log" 2>&1 &
    pid=$!
    wait_until serving
    cp "$work/log" "$err"
    grep -q ' serves ' "$work/log"
}
# No watchdog in the background: killed before it has dropped our traps, it would run our cleanup.
ended() { case $(ps -o stat= -p "$pid") in '' | Z*) ;; *) return 1 ;; esac; }
await() { # the daemon's end: sets code
    # A daemon that does not stop must not keep us here for good either.
    wait_until ended || kill -KILL "$pid"
    wait "$pid" 2>/dev/null; code=$?; pid=
}
stop() { kill -"$1" "$pid"; await; } # SIGNAL: sets code
conf() { printf 'rules = [ "%s/tests/mta/pack.conf" ];\nsocket = "unix:%s";\n%s\n' "$top" "$sock" "${1:-}" > "$work/conf"; }

conf
# Command line
gives 0 "--help" "$milter" --help
says "--help shows examples" "Examples:" "extortion-milter -t"
gives 0 "-V" "$milter" -V
says "-V names version and libmilter" "^extortion-milter [0-9]" "libmilter"
gives 64 "an unknown option" "$milter" --nonsense
gives 64 "a stray argument" "$milter" start
says "it is named" '"start" is not an option'
gives 64 "an unknown log target" "$milter" -l nowhere
gives 66 "a missing settings file" "$milter" -c "$work/none" -t
says "with the system's reason" "No such file"
gives 0 "a good settings file" "$milter" -c "$work/conf" -t
says "says what was loaded" "good; [0-9]* rules in [0-9]* classes, ruleset [0-9a-f]"
conf 'treshold = 5.0;
actions = [ "quarantine" ];'
gives 78 "a settings file with two mistakes" "$milter" -c "$work/conf" -n
says "both are said, with their lines" "conf:3: error: treshold: unknown key, did you mean \"threshold\"" \
    "conf:4: error: actions: threats to life" "2 mistakes"
printf 'rules = [ "%s/none" ];\n' "$work" > "$work/conf"
"$milter" -c "$work/conf" -t > "$err" 2>&1; [ $? -eq 78 ]; result $? "a missing rules folder"
says "is named" "$work/none"
"$milter" --print-config > "$work/printed" 2> "$err"; cmp "$work/printed" "$top/conf/extortion-milter.conf" >> "$err" 2>&1
result $? "--print-config is the shipped file"

# Where it refuses to start
conf
if [ -n "$as" ]; then
    gives 77 "root without a user" "$milter" -c "$work/conf" -f
    says "and is told what to do" "refusing to work as root"
    gives 77 "root as user root" "$milter" -c "$work/conf" -f -u root
    gives 67 "an unknown user" "$milter" -c "$work/conf" -f -u no-such-user-here
    [ ! -e "$sock" ] && [ ! -e "$sock.lock" ]; result $? "leave no socket behind"
fi
echo precious > "$work/file"
gives 73 "a regular file where the socket should be" "$milter" -c "$work/conf" -f -l stderr $as -p "unix:$work/file"
[ "$(cat "$work/file")" = precious ]; result $? "is left alone"
ln -s "$work/file" "$work/link"
gives 73 "a symbolic link where the socket should be" "$milter" -c "$work/conf" -f -l stderr $as -p "unix:$work/link"
[ -L "$work/link" ] && [ "$(cat "$work/file")" = precious ]; result $? "is left alone, too"
gives 73 "a socket in a missing directory" "$milter" -c "$work/conf" -f -l stderr $as -p "unix:$work/none/m.sock"
gives 64 "a socket that is none" "$milter" -c "$work/conf" -f -l stderr $as -p "nonsense"
gives 78 "background, but log to stderr" "$milter" -c "$work/conf" $as -l stderr

# Serving
conf 'socket_mode = "0600";'
start
result $? "starts in the foreground"
[ "$(stat -c %a "$sock")" = 600 ]; result $? "the socket has the mode of the settings"
if [ -n "$as" ]; then
    [ "$(stat -c %U "$sock") $(ps -o user= -p $pid)" = "nobody nobody" ]; result $? "socket and process are nobody's"
    grep -q "^Groups:[[:space:]]*$(id -g nobody)[[:space:]]*$" "/proc/$pid/status"
    result $? "no group of root's is left"
fi
"$client" "$sock" > "$work/protocol"
while read -r line; do
    case $line in ok*) result 0 "${line#ok }" ;; *) tail -n 5 "$work/log" > "$err"; result 1 "${line#not ok }" ;; esac
done < "$work/protocol"
[ -s "$work/protocol" ]; result $? "the protocol scenarios ran"
kill -0 $pid; result $? "and the daemon is still the same"
if ! grep -q '^EXTORTION_CFLAGS = .*\(sanitize=\|--coverage\)' "$build/Makefile"; then
    rss=$(awk '/VmHWM/ { print $2 }' "/proc/$pid/status")
    echo "# most memory in use: $rss kB"
    [ "$rss" -le 65536 ]; result $? "never more than 64 MiB resident, 200 connections at once included"
fi
gives 69 "a second daemon on the same socket is refused" "$milter" -c "$work/conf" -f -l stderr $as
"$client" "$sock" ordinary > "$err" 2>&1; result $? "and the first is unharmed"
kill -USR2 $pid; wait_until grep -q 'messages=.* flagged=.* failed=0' "$work/log"; result $? "USR2 logs the counters"
# The rest of the message comes when the daemon is known to be stopping: no clock decides what is in flight.
mkfifo "$work/go"
"$client" "$sock" slow > "$work/slow" 2>&1 < "$work/go" & slow=$!
exec 3> "$work/go"
wait_until grep -q "in the message" "$work/slow"; result $? "a message is in flight"
kill -TERM $pid; wait_until grep -q "stopping on signal" "$work/log"; result $? "TERM: the daemon is stopping"
sleep 2; kill -0 $pid; result $? "but waits for the message"
echo >&3; exec 3>&-
wait $slow; result $? "the message was served"
await; [ $code -eq 0 ]; result $? "exit code 0"
grep -q "messages in flight" "$work/log"; [ $? -eq 1 ]; result $? "and none was given up"
[ ! -e "$sock" ] && [ ! -e "$sock.lock" ]; result $? "socket and lock are gone"
grep -v '^extortion-milter: \(qid=\|messages=\|stopp\|extortion-milter \|the MTA does not allow\)' "$work/log" > "$err"
[ ! -s "$err" ]; result $? "nothing unexpected is in the log"

start; t0=$(date +%s%N); stop TERM; t1=$(date +%s%N)
[ $code -eq 0 ] && [ $(((t1 - t0) / 1000000)) -lt 3000 ]; result $? "TERM when idle: exit code 0 within three seconds"
start; stop HUP; [ $code -eq 0 ] && [ ! -e "$sock" ]; result $? "HUP stops, too"
start; kill -KILL $pid; wait $pid 2>/dev/null; pid=
[ -S "$sock" ]; result $? "KILL leaves the socket"
start; "$client" "$sock" ordinary > "$err" 2>&1; result $? "the next daemon clears it and serves"
grep -q "removing $sock" "$work/log"; result $? "and says so"
stop TERM

# Reload: the pack lies where the daemon's user can read it; "hello" of the client becomes a threat
ctl=$build/milter/program/extortctl
cp "$top/tests/mta/pack.conf" "$work/quiet.conf"
sed 's/"bomb"/"hello"/; s/"a bomb"/"hello"/; s/threshold = 4.0/threshold = 2.0/' "$work/quiet.conf" > "$work/alarm.conf"
sed 's/describe = "speaks of a bomb";/describe = ;/' "$work/quiet.conf" > "$work/broken.conf"
cp "$work/quiet.conf" "$work/pack.conf"
reload_conf() { printf 'rules = [ "%s/pack.conf" ];\nsocket = "unix:%s";\npid_file = "%s/pid";\n%s\n' "$work" "$sock" "$work" "${1:-}" > "$work/conf"; }
put() { cp "$work/$1.conf" "$work/new" && mv "$work/new" "$work/pack.conf"; } # at once: a reload may be reading
reloads() { grep -c 'reloaded: ' "$work/log"; }
reloaded() { [ "$(reloads)" -ge "$1" ]; } # COUNT
verdicts() { grep -o 'qid=[A-Z0-9]* flagged=[a-z]*' "$work/log" | tr '\n' ' ' > "$err"; grep -q "^$1 \$" "$err"; } # ALL
reload_conf; start; result $? "starts with a pack of its own"
grep -q 'ruleset [0-9a-f]*$' "$work/log" && first=$(sed -n 's/.* serves .* ruleset //p' "$work/log")
"$client" "$sock" ordinary > "$err" 2>&1; result $? "a message before the reload"
mkfifo "$work/go2"
"$client" "$sock" slow > "$work/slow" 2>&1 < "$work/go2" & slow=$!
exec 3> "$work/go2"
wait_until grep -q "in the message" "$work/slow"
put alarm; kill -USR1 $pid; wait_until reloaded 1; result $? "USR1 reloads while a message is in flight"
cp "$work/log" "$err"; second=$(sed -n "s/.* reloaded: 3 rules, ruleset $first -> //p" "$work/log")
[ -n "$second" ] && [ "$second" != "$first" ]; result $? "and says from which rules to which"
"$client" "$sock" ordinary > "$err" 2>&1; result $? "the next message is served"
echo >&3; exec 3>&-; wait $slow; result $? "so is the one that was in flight"
verdicts "qid=Q flagged=no qid=Q flagged=yes qid=Q1 flagged=no"; result $? "the next one by the new pack, the one in flight by that it began with"
grep -q "qid=Q1 .* ruleset=$first " "$work/log"; result $? "whose version its line has"
put broken; kill -USR1 $pid; wait_until grep -q 'reload failed' "$work/log"; cp "$work/log" "$err"
says "a broken pack is refused, with file and line" "pack.conf:[0-9]*: error: " "reload failed, [0-9]* mistakes*: the old policy stays, ruleset $second\$"
"$client" "$sock" ordinary > "$err" 2>&1 && [ "$(grep -c 'qid=Q flagged=yes' "$work/log")" -eq 2 ]; result $? "and the old one judges on"
gives 78 "extortctl reload tells nobody then" "$ctl" reload --config "$work/conf"
says "but what is wrong" "pack.conf:[0-9]*: error: " "not reloaded"
put quiet; reload_conf 'socket_mode = "0600"; threshold = 3.0; headers = { rules = "X-Extortion-Rules"; };'
gives 0 "extortctl reload, by the settings" "$ctl" reload --config "$work/conf"
wait_until reloaded 2; result $? "reloads"
wait_until grep -q 'socket_mode differs from the start' "$work/log"; result $? "what needs a restart is said"
[ "$(grep -c 'differs from the start' "$work/log")" -eq 1 ]; result $? "and nothing else"
gives 0 "extortctl reload, by the pid file" "$ctl" reload --pid-file "$work/pid"; wait_until reloaded 3; result $? "reloads, too"
gives 0 "extortctl reload, by the process" "$ctl" reload $pid; wait_until reloaded 4; result $? "likewise"
gives 64 "extortctl reload of two" "$ctl" reload --pid-file "$work/pid" $pid
gives 64 "extortctl reload of a word" "$ctl" reload all
gives 69 "extortctl reload without a pid file" "$ctl" reload --pid-file "$work/none"
echo $$ > "$work/stale"; gives 69 "extortctl reload of a pid file that nobody holds" "$ctl" reload --pid-file "$work/stale"
rm "$work/conf"; kill -USR1 $pid; wait_until sh -c "[ \$(grep -c 'reload failed' '$work/log') -ge 2 ]"; result $? "without a settings file a reload fails"
reload_conf
# Under load: four connections that never rest, a broken pack now and then
mkfifo "$work/end"; streams=
for i in 1 2 3 4; do "$client" "$sock" stream > "$work/stream.$i" 2>&1 < "$work/end" & streams="$streams $!"; done
exec 3> "$work/end"
rss() { awk '/VmRSS/ { print $2 }' "/proc/$pid/status"; }
round=0 done=$(reloads) early=0 missed=0
while [ $round -lt 50 ]; do
    round=$((round + 1))
    if [ $((round % 2)) -eq 0 ]; then put quiet; else put alarm; fi
    kill -USR1 $pid; done=$((done + 1))
    wait_until reloaded $done || { missed=$((missed + 1)); break; }
    [ $round -ne 10 ] || early=$(rss)
done
late=$(rss)
[ $missed -eq 0 ]; result $? "50 reloads under load"
kill -USR1 $pid; kill -USR1 $pid; kill -USR1 $pid; wait_until reloaded $((done + 1)); result $? "and a burst of signals"
put broken; kill -USR1 $pid; wait_until sh -c "[ \$(grep -c 'reload failed' '$work/log') -ge 3 ]"; result $? "a broken pack under load is refused"
exec 3>&-
all=0; for p in $streams; do wait $p || all=1; done
cat "$work"/stream.* > "$err"; sed 's/^/# /' "$err"
[ $all -eq 0 ]; result $? "no message was dropped or left without an answer"
grep 'failed="' "$work/log" > "$err"; [ ! -s "$err" ]; result $? "and none failed"
grep 'qid=STREAM' "$work/log" | grep -o 'flagged=.*ruleset=[0-9a-f]*' | sed 's/score=[0-9.]* //' | sort | uniq -c > "$err"
[ "$(wc -l < "$err")" -eq 2 ]; result $? "each was judged by one of the two packs, wholly"
if ! grep -q '^EXTORTION_CFLAGS = .*\(sanitize=\|--coverage\)' "$build/Makefile"; then
    echo "# memory in use after 10 reloads $early kB, after 50 $late kB"
    [ $((late - early)) -le 2048 ]; result $? "memory stays flat"
fi
kill -0 $pid; result $? "the daemon is still the same"
kill -USR1 $pid; stop TERM; [ $code -eq 0 ] && [ ! -e "$sock" ]; result $? "TERM right after a reload was asked for stops it"
conf
# libmilter has a thread that would stop without draining; it must not get a signal that comes while ours is busy.
starts=0; while [ $starts -lt 12 ] && start && kill -USR2 $pid && stop TERM && grep -q 'stopping on signal 15' "$work/log"; do starts=$((starts + 1)); done
cp "$work/log" "$err"; [ $starts -eq 12 ]; result $? "however fast signals come, it drains"

# Background
gives 0 "goes to the background once it serves" "$milter" -c "$work/conf" $as -P "$work/pid"
pid=$(cat "$work/pid"); "$client" "$sock" ordinary > "$err" 2>&1; result $? "an MTA can connect at once"
[ "$(readlink "/proc/$pid/fd/2")" = /dev/null ]; result $? "nothing keeps the terminal"
gives 69 "a second one with the same pid file" "$milter" -c "$work/conf" $as -P "$work/pid" -p "unix:$work/other.sock"
says "is told before it goes to the background" "pid file .* belongs to a running"
gives 69 "a second one on the same socket, in the background" "$milter" -c "$work/conf" $as
says "is told as well" "another extortion-milter serves"
kill $pid; wait_until sh -c "! kill -0 $pid"; result $? "it stops on TERM"; pid=
[ ! -e "$sock" ] && [ ! -s "$work/pid" ]; result $? "socket and pid file are gone"

# The shipped packs, all languages
printf 'rules = [ "%s/rules" ];\nsocket = "unix:%s";\n' "$top" "$sock" > "$work/conf"
start; result $? "starts with the shipped packs"
"$client" "$sock" > "$work/protocol"; grep '^not ok' "$work/protocol" > "$err"; [ ! -s "$err" ]
result $? "the protocol scenarios run with them, too"
if ! grep -q '^EXTORTION_CFLAGS = .*\(sanitize=\|--coverage\)' "$build/Makefile"; then
    rss=$(awk '/VmRSS/ { print $2 }' "/proc/$pid/status")
    echo "# memory in use with the shipped packs: $rss kB"
    [ "$rss" -le 65536 ]; result $? "at most 64 MiB resident after 200 connections, with the shipped packs"
fi
stop TERM
conf

# inet
port=$((20000 + $$ % 10000)) tries=0
until start -p "inet:$port@127.0.0.1"; do # the port may be anybody's
    tries=$((tries + 1)) port=$((port + 17))
    [ $tries -lt 20 ] || break
done
[ $tries -lt 20 ]; result $? "serves an inet socket"
gives 69 "a second daemon on the same port is refused" "$milter" -c "$work/conf" -f -l stderr $as -p "inet:$port@127.0.0.1"
stop TERM; [ $code -eq 0 ]; result $? "and the first stops well"
echo "1..$n"
