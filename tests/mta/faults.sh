#!/bin/sh
# TAP: what the daemon does when things go wrong around it, and when it stops; no MTA needed.
# Numbers in brackets are the cases of docs/RELIABILITY.md.
set -u
top=$(cd "${top_srcdir:-.}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
milter=$build/milter/program/extortion-milter ctl=$build/milter/program/extortctl
client=$build/tests/mta/milter-client
TSAN_OPTIONS="suppressions=$top/tests/mta/tsan.supp ${TSAN_OPTIONS:-}"; export TSAN_OPTIONS
checked= # a sanitizer's build has its own files, threads and pace
grep -q '^EXTORTION_CFLAGS = .*\(sanitize=\|--coverage\)' "$build/Makefile" && checked=1

work=$(mktemp -d /tmp/extortion-milter-faults.XXXXXX)
n=0 pid= others= as= sock=$work/run/m.sock err=$work/err log=$work/log
mkdir "$work/run"; chmod 755 "$work"
[ "$(id -u)" -ne 0 ] || { as="-u nobody"; chown nobody "$work/run"; }
cleanup() {
    [ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
    for p in $others; do kill -KILL "$p" 2>/dev/null; done
    [ -n "${KEEP:-}" ] || rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP
: > "$err"; : > "$log"

result() { # STATUS NAME
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; return; fi
    echo "not ok $n - $2"
    { cat "$err"; echo "daemon:"; tail -n 12 "$log"; } | sed 's/^/# /'
}
wait_until() { i=0; until "$@" > /dev/null 2>&1; do i=$((i + 1)); [ $i -lt 600 ] || return 1; sleep 0.1; done; }
conf() { printf 'rules = [ "%s/tests/mta/pack.conf" ];\nsocket = "unix:%s";\n%s\n' "$top" "$sock" "${1:-}" > "$work/conf"; }
serving() { grep -q ' serves ' "$log" || ended; }
ended() { case $(ps -o stat= -p "$pid") in '' | Z*) ;; *) return 1 ;; esac; }
start() { # [FILES]: with at most so many open files
    : > "$log"
    (ulimit -n "${1:-$(ulimit -n)}"; exec "$milter" -c "$work/conf" -f -l stderr $as) >> "$log" 2>&1 &
    pid=$!
    wait_until serving
    grep -q ' serves ' "$log"
}
await() { wait_until ended || kill -KILL "$pid"; wait "$pid" 2>/dev/null; code=$?; pid=; }
stop() { kill -"$1" "$pid"; await; }
now() { date +%s%N | cut -c1-13; }
ticks() { awk '{ print $14 + $15 }' "/proc/$pid/stat"; }
background() { # FIFO OUTPUT COMMAND...: with a line to its stdin whenever we say; sets job
    fifo=$1 out=$2; shift 2
    rm -f "$fifo"; mkfifo "$fifo"
    "$@" < "$fifo" > "$out" 2>&1 & job=$!
    others="$others $job"
}

# The health probe
conf; start; result $? "starts"
cp "$log" "$work/before"
"$ctl" ping "unix:$sock" > "$err" 2>&1; result $? "extortctl ping: the daemon answers"
"$ctl" ping --config "$work/conf" > "$err" 2>&1; result $? "by way of its settings, too"
cmp "$log" "$work/before" > "$err" 2>&1; result $? "[1] [2] connections without mail leave nothing in the log"
silent() { "$ctl" ping --timeout 1 "unix:$sock" > "$err" 2>&1; [ $? -eq 69 ]; }
kill -STOP $pid; wait_until silent; result $? "one that does not answer: 69"; kill -CONT $pid
"$ctl" ping "unix:$work/none" > "$err" 2>&1; [ $? -eq 69 ]; result $? "nobody there: 69"
"$ctl" ping nonsense > "$err" 2>&1; [ $? -eq 64 ]; result $? "no socket at all: 64"
"$ctl" ping --timeout 0 "unix:$sock" > "$err" 2>&1; [ $? -eq 64 ]; result $? "no time: 64"
t0=$(now); stop TERM; [ $code -eq 0 ] && [ ! -e "$sock" ] && [ $(($(now) - t0)) -lt 6000 ]; result $? "[71] TERM when idle: exit code 0 in less than six seconds, socket gone"

# A stop: those in flight are served, newcomers are told in our own words
conf; start
background "$work/f1" "$work/slow" "$client" "$sock" slow; slow=$job; exec 3> "$work/f1"
background "$work/f2" "$work/two" "$client" "$sock" two; two=$job; exec 4> "$work/f2"
wait_until grep -q "in the message" "$work/slow"; wait_until grep -q "one was answered" "$work/two"
kill -TERM $pid; wait_until grep -q "stopping on signal" "$log"
"$client" "$sock" ordinary > "$err" 2>&1; result $? "[72] right after TERM a new connection is still served"
wait_until sh -c "'$client' '$sock' hold 1 < /dev/null | grep -q 'later 1'"; result $? "[72] later it is told to come again"
"$client" "$sock" hold 1 < /dev/null > "$err" 2>&1; grep -q ': 421 4.3.2 ' "$err"; result $? "with 421, which closes the connection"
echo >&4; exec 4>&-; wait $two; cp "$work/two" "$err"; grep -q '^the second: y 421 4.3.2 ' "$err"; result $? "[72] so is a new message on an old connection"
grep -q 'qid=SECOND deferred=stopping' "$log"; result $? "which has its line in the log"
echo >&3; exec 3>&-; wait $slow; result $? "[72] a message that had begun is judged"
await; [ $code -eq 0 ]; result $? "then the daemon ends, exit code 0"
grep -q 'messages=.* deferred=[1-9][0-9]* failed=0 ' "$log"; result $? "and has counted"

start
background "$work/f1" "$work/slow" "$client" "$sock" slow; slow=$job; exec 3> "$work/f1"
wait_until grep -q "in the message" "$work/slow"
kill -TERM $pid; wait_until grep -q "stopping on signal" "$log"; t0=$(now); kill -TERM $pid; await
[ $code -eq 0 ] && [ $(($(now) - t0)) -lt 4000 ]; result $? "a second TERM does not wait"
grep -q 'stopping with 1 messages in flight' "$log"; result $? "and says what it left"
exec 3>&-; wait $slow 2>/dev/null

# Reload by itself
cp "$top/tests/mta/pack.conf" "$work/quiet.conf"
sed 's/"bomb"/"hello"/; s/"a bomb"/"hello"/; s/threshold = 4.0/threshold = 2.0/' "$work/quiet.conf" > "$work/alarm.conf"
sed 's/describe = "speaks of a bomb";/describe = ;/' "$work/quiet.conf" > "$work/broken.conf"
mkdir "$work/rules"; cp "$work/quiet.conf" "$work/rules/pack.conf"
own() { printf 'rules = [ "%s/rules" ];\nsocket = "unix:%s";\n%s\n' "$work" "$sock" "$1" > "$work/conf"; }
logged() { [ "$(grep -c "$1" "$log")" -ge "$2" ]; } # PATTERN COUNT
flags() { "$client" "$sock" ordinary > /dev/null 2>&1; tail -n 1 "$log" | grep -q "flagged=$1"; }
own 'auto_reload = true;'; start
wait_until flags no; result $? "auto_reload: serves"
cp "$work/alarm.conf" "$work/rules/pack.conf"; wait_until logged ' reloaded: ' 1; result $? "[73] a changed pack is loaded without being asked for"
wait_until flags yes; result $? "and judges"
cp "$work/broken.conf" "$work/rules/pack.conf"; wait_until logged 'reload failed' 1; result $? "[74] a broken one is refused"
grep -q 'rules/pack.conf:[0-9]*: error' "$log"; result $? "with file and line"
sleep 7; [ "$(grep -c 'reload failed' "$log")" -eq 1 ]; result $? "once, not every time one looks"
wait_until flags yes; result $? "[74] the old one judges on"
cp "$work/quiet.conf" "$work/rules/new.conf"; mv "$work/rules/new.conf" "$work/rules/pack.conf"; wait_until logged ' reloaded: ' 2; result $? "a pack that takes its place is seen"
mkdir "$work/rules/more"; printf 'classes = ( );\nfuture = 1;\n' > "$work/rules/more/x.conf"; wait_until logged 'reload failed' 2; result $? "a new file in a new folder, too"
rm -r "$work/rules/more"; wait_until logged ' reloaded: ' 3; result $? "and that it is gone"
own 'auto_reload = false;'; wait_until logged ' reloaded: ' 4; result $? "changed settings are seen"
cp "$work/alarm.conf" "$work/rules/pack.conf"; sleep 6; [ "$(grep -c ' reloaded: ' "$log")" -eq 4 ]; result $? "auto_reload = false: only a signal reloads"
kill -USR1 $pid; wait_until logged ' reloaded: ' 5; result $? "which still does"
stop TERM

# Files
conf; start 40; [ $? -ne 0 ]; result $? "[67] with 40 files it does not start"
await; cp "$log" "$err"; [ $code -eq 71 ] && grep -q 'only 40 open files are allowed, at least 64 are needed: raise LimitNOFILE' "$err"; result $? "exit code 71, and says what to do"
full() { # SETTINGS: 200 connections on 128 files; the client's line in $work/held
    conf "$1"; start 128
    background "$work/f1" "$work/held" "$client" "$sock" hold 200; held=$job; exec 3> "$work/f1"
    wait_until grep -q '^in ' "$work/held"
    cp "$work/held" "$err"; sed 's/^/# /' "$err"
    t=$(ticks); sleep 2; t=$(($(ticks) - t))
}
empty() { echo >&3; exec 3>&-; wait $held; }
figure() { sed -n "s/.*$1 \([0-9]*\)[,:].*/\1/p" "$work/held"; }
if [ -z "$checked" ]; then
    full 'failure = { overload = "tempfail"; };'
    [ "$(figure in)" -ge 60 ] && [ "$(figure later)" -ge 5 ]; result $? "[67] hardly a file is left: connections are told to come again"
    [ $(($(figure in) + $(figure later) + $(figure closed))) -eq 200 ]; result $? "[67] and each has an answer"
    [ $t -lt 40 ]; result $? "[67] no busy loop"; echo "# $t of 200 ticks of the processor"
    [ "$(grep -c 'told to come again later: hardly a file descriptor is left' "$log")" -eq 1 ]; result $? "one line in the log, not one each"
    empty; wait_until "$client" "$sock" ordinary; result $? "[67] when they are gone all is well again"
    stop TERM; [ $code -eq 0 ]; result $? "and the daemon stops well"
    full ''
    [ "$(figure later)" -eq 0 ] && [ "$(figure in)" -ge 80 ] && [ "$(figure closed)" -ge 20 ]; result $? "[67] failure.overload = accept: served to the last file"
    [ "$(grep -c 'qid=none failed="no file descriptor is left.*kind=overload' "$log")" -eq "$(figure closed)" ]; result $? "a line in the log for each that is not"
    [ $t -lt 40 ]; result $? "no busy loop either"; echo "# $t of 200 ticks of the processor"
    empty; wait_until "$client" "$sock" ordinary; result $? "then all is well again"
    stop TERM
fi

# The service manager
conf
background "$work/f1" "$work/heard" "$build/tests/mta/notify-listen" "$work/notify"; exec 3> "$work/f1"
wait_until grep -q listens "$work/heard"
NOTIFY_SOCKET=$work/notify WATCHDOG_USEC=900000; export NOTIFY_SOCKET WATCHDOG_USEC
preload=$build/tests/mta/preload.so
if [ -z "$checked" ] && [ -e "$preload" ]; then LD_PRELOAD=$preload FAULT_ACCEPT=$work/run/hang; export LD_PRELOAD FAULT_ACCEPT; fi
start; unset LD_PRELOAD
heard() { grep -q "$1" "$work/heard"; }
wait_until heard ' READY=1$'; cp "$work/heard" "$err"; result $? "READY=1 once it serves"
alive() { grep -c WATCHDOG=1 "$work/heard"; }
more() { [ "$(alive)" -ge $((before + $1)) ]; }
before=$(alive); wait_until more 4; result $? "WATCHDOG=1 again and again"
cp "$work/heard" "$err"
if [ -n "${FAULT_ACCEPT:-}" ]; then
    : > "$FAULT_ACCEPT"; wait_until grep -q 'not well, .*: our own socket is silent' "$log"; result $? "a listener that does not accept is seen"
    before=$(alive); sleep 2; [ "$(alive)" -eq "$before" ]; result $? "and the watchdog hears nothing more"
    rm "$FAULT_ACCEPT"; wait_until more 2; result $? "until it is well again"
fi
kill -TERM $pid; await; wait_until heard ' STOPPING=1$'; cp "$work/heard" "$err"; result $? "STOPPING=1 when it stops"
exec 3>&-
echo "1..$n"
