#!/bin/sh
# TAP: the daemon with the shipped packs under load: memory, descriptors and threads stay flat, and one slow client slows nobody.
# Environment: SOAK_MESSAGES=N (8000; docs/MEASURED.md has the figures of long runs), SOAK_IDLE=N (300) and SOAK_ACTIVE=N (200)
#   connections, SOAK_MAIL=DIR: messages *.eml to send instead of tests/integration/mail-gen's, SOAK_SETTINGS=TEXT: beside the defaults,
#   SOAK_ENVIRONMENT=NAME=VALUE: instead of the unit's.
# Numbers in brackets are the cases of docs/RELIABILITY.md.
set -u
top=$(cd "${top_srcdir:-.}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
load=$build/tests/mta/milter-load
TSAN_OPTIONS="suppressions=$top/tests/mta/tsan.supp ${TSAN_OPTIONS:-}"; export TSAN_OPTIONS
messages=${SOAK_MESSAGES:-8000} idle=${SOAK_IDLE:-300} active=${SOAK_ACTIVE:-200}
checked= # a sanitizer's build has its own memory, threads and pace
grep -q '^EXTORTION_CFLAGS = .*\(sanitize=\|--coverage\)' "$build/Makefile" && checked=1
settings=${SOAK_SETTINGS:-}
[ -z "$checked" ] || { messages=${SOAK_MESSAGES:-1000}; settings="$settings deadline = 120.0;"; }

work=$(mktemp -d /tmp/extortion-milter-soak.XXXXXX)
n=0 pid= watcher= as= sock=$work/run/m.sock log=$work/log out=$work/out
mkdir "$work/run" "$work/mail"; chmod 755 "$work"
[ "$(id -u)" -ne 0 ] || { as="-u nobody"; chown nobody "$work/run"; }
cleanup() {
    [ -z "$watcher" ] || kill "$watcher" 2>/dev/null
    [ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
    [ -n "${KEEP:-}" ] || rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP
: > "$out"
result() { # STATUS NAME
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; return; fi
    echo "not ok $n - $2"
    { tail -n 5 "$out"; echo "daemon:"; grep -v 'flagged=' "$log" | tail -n 12; } | sed 's/^/# /'
}
skip() { n=$((n + 1)); echo "ok $n - $1 # SKIP $2"; }
wait_until() { i=0; until "$@" > /dev/null 2>&1; do i=$((i + 1)); [ $i -lt 600 ] || return 1; sleep 0.1; done; }
status() { awk -v key="$1:" '$1 == key { print $2 }' "/proc/$pid/status"; }
files() { ls "/proc/$pid/fd" | wc -l; }
figure() { sed -n "s/.* $1 \([0-9.]*\).*/\1/p" "$out"; }
cpu() { awk -v hertz="$(getconf CLK_TCK)" '{ printf "%.1f", ($14 + $15) / hertz }' "/proc/$pid/stat"; }
now() { date +%s%N | cut -c1-13; }
send() { # MESSAGES [OPTION]...: its line in $out; the names of files are too many for some shells' words
    count=$1; shift
    (cd "$work/mail" && "$load" -m "$count" "$@" "$sock" *.eml) > "$out" 2>&1
}
begun() { grep -q ' serves ' "$log" || ! kill -0 "$pid"; }
served() { # MESSAGES: none lost, none put off
    grep -q "^$1 messages: $1 accepted, 0 tempfailed, 0 lost" "$out"
}
at_rest() { [ "$(files)" -le "$files_rest" ] && [ "$(status Threads)" -le "$threads_rest" ]; }

if [ -n "${SOAK_MAIL:-}" ]; then
    find "$SOAK_MAIL" -type f -name '*.eml' | head -n 3000 | while read -r f; do n=$((n + 1)); ln -s "$f" "$work/mail/$n.eml"; done
else
    "$build/tests/integration/mail-gen" "$work/mail" 600
fi
# As systemd starts it; SOAK_ENVIRONMENT=NAME=VALUE instead, or NAME=.
export "${SOAK_ENVIRONMENT:-$(sed -n 's/^Environment=//p' "$top/contrib/systemd/extortion-milter.service")}"
printf 'rules = [ "%s/rules" ];\nsocket = "unix:%s";\n%s\n' "$top" "$sock" "$settings" > "$work/conf"
(ulimit -n 4096; exec "$build/milter/program/extortion-milter" -c "$work/conf" -f -l stderr $as) > "$log" 2>&1 &
pid=$!
wait_until begun; grep -q ' serves ' "$log" || { head -n 20 "$log"; echo "Bail out! the daemon does not start"; exit 1; }
result 0 "starts with the shipped packs"
echo "# $(status VmRSS) kB resident at the start"

# What a first crowd leaves behind is not growth.
send $((active * 10)) -a "$active" -i "$idle"; served $((active * 10)); result $? "a first crowd is served"
echo "# $(cat "$out")"
sleep 1
files_rest=$(files) threads_rest=$(status Threads)
# The most that is resident, from now on.
echo 5 2>/dev/null > "/proc/$pid/clear_refs" || echo "# /proc/$pid/clear_refs cannot be written: the most includes reading the packs"
while sleep 1; do echo "$(status VmRSS) $(files) $(status Threads)"; done > "$work/watch" 2>/dev/null & watcher=$!
c0=$(cpu); t0=$(now); send "$messages" -a "$active" -i "$idle"; t1=$(now)
kill $watcher; watcher=
served "$messages"; result $? "[case 82] $idle idle and $active active connections: each of $messages messages is answered"
echo "# $(cat "$out"); $((messages * 1000 / (t1 - t0 + 1))) a second; seconds of CPU before $c0, after $(cpu)"
p99=$(figure 99%); p99=${p99%.*}
# Sendmail's patience with an answer (R) is 10 s.
if [ -n "$checked" ]; then skip "[case 82] 99 % are answered within 5 s" "a sanitizer's pace"
else [ "${p99:-0}" -gt 0 ] && [ "$p99" -le 5000 ]; result $? "[case 82] 99 % are answered within $p99 ms"; fi
most=$(status VmHWM)
if [ -n "$checked" ]; then
    skip "[case 82] never more than 64 MiB resident" "a sanitizer's memory"
    skip "[case 82] at most 64 MiB resident on average" "a sanitizer's memory"
    skip "[case 83] memory stays flat" "a sanitizer's memory"
else
    echo "# most that was resident: $most kB; now $(status VmRSS) kB"
    # A further processor takes 3 MB.
    bound=$((65536 + ($(nproc) > 2 ? ($(nproc) - 2) * 3072 : 0)))
    [ "$most" -le $bound ]; result $? "[case 82] never more than 64 MiB resident"
    # In the first third the crowd comes in.
    awk '{ v[NR] = $1 } END { h = int(NR / 3); for (i = 1; i <= h; i++) { a += v[h + i]; b += v[NR - h + i] }
        printf "%d %d %d\n", NR, h ? a / h : 0, h ? b / h : 0 }' "$work/watch" > "$out"
    read -r seconds early late < "$out"
    echo "# resident in the second third of $seconds seconds $early kB, in the last $late kB"
    [ "$late" -gt 0 ] && [ "$early" -le $bound ] && [ "$late" -le $bound ]; result $? "[case 82] at most 64 MiB resident on average"
    [ "$late" -gt 0 ] && [ $((late - early)) -le 6144 ]; result $? "[case 83] memory stays flat"
fi
awk -v most="$((files_rest + active + idle + 20))" '$2 > most { bad = 1 } END { exit bad }' "$work/watch"; result $? "[case 83] a descriptor for each connection, no more"
wait_until at_rest; echo "# descriptors $files_rest before, $(files) after; threads $threads_rest before, $(status Threads) after"
[ "$(files)" -le "$files_rest" ]; result $? "[case 83] afterwards as many descriptors as before"
[ "$(status Threads)" -le "$threads_rest" ]; result $? "[case 83] and as many threads"

# Some who send a byte a second, in the middle of a packet. Best of some rounds each: the machine has other things to do, too.
alone= beside= i=0
least() { awk -v a="$1" -v b="$2" 'BEGIN { print a == "" || b < a ? b : a }'; }
while [ $i -lt 4 ]; do
    i=$((i + 1))
    send 600 -a 12; served 600 || break; alone=$(least "$alone" "$(figure median)")
    send 600 -a 12 -s 3; served 600 || break; beside=$(least "$beside" "$(figure median)")
done
[ $i -eq 4 ] && served 600; result $? "[case 84] beside slow clients all are served"
echo "# 12 clients wait for an answer $alone ms (median); beside 3 that send a byte a second $beside ms"
awk -v a="$alone" -v b="$beside" 'BEGIN { exit !(b != "" && b <= 1.5 * a + 1) }'; result $? "[case 84] as fast as alone"

kill -TERM $pid; wait $pid; code=$?; pid=
[ $code -eq 0 ]; result $? "the daemon stops well"
grep 'failed=' "$log" | grep -v 'failed=0' > "$out"; [ ! -s "$out" ]; result $? "no message failed"
echo "1..$n"
