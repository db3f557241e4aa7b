#!/bin/sh
# floor.sh [MESSAGES | connections] [ROUNDS]: what the milter protocol costs: no milter, an empty one, and ours, over the same small mail.
# First behind a real Postfix of its own (needs root and Postfix), then with a synthetic client at 1, 4 and 32 connections, then cost by
# number of connections for the plot. Run from the build folder, after make. CPU of all processes concerned, from /proc; the median of
# rounds, in turns. "connections": only the last. Lines that begin with "growth" are for plot.awk.
#   MAIL=FOLDER  other mail than the small messages of the made-up mix
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "${top_srcdir:-$here/../..}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
. "$here/proc.sh"
n=${1:-600} rounds=${2:-5} only=
[ "$n" != connections ] || { n=0 only=yes; }
fail() { echo "floor.sh: $2" >&2; exit "$1"; }
private=$top/contrib/postfix/private-postfix.sh
work=$(mktemp -d /tmp/extortion-milter-floor.XXXXXX)
chmod 755 "$work"
pids=
cleanup() {
    for who in none empty ours; do [ ! -d "$work/$who" ] || sh "$private" stop "$work/$who"; done
    # shellcheck disable=SC2086
    [ -z "$pids" ] || kill -TERM $pids 2>/dev/null || true
    # shellcheck disable=SC2086
    wait $pids 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP
wait_until() { i=0; until "$@" > /dev/null 2>&1; do i=$((i + 1)); [ $i -lt 600 ] || return 1; sleep 0.1; done; }

mail=${MAIL:-$work/mail}
if [ -z "${MAIL:-}" ]; then
    mkdir "$mail"
    "$build/tests/bench/bench-mix" --write "$mail" --most 8000 --messages 200 "$top/rules"
fi
find "$mail" -type f | LC_ALL=C sort > "$work/list"
bytes=$(xargs -d '\n' cat < "$work/list" | wc -c)
echo "$(wc -l < "$work/list") small messages, $((bytes / $(wc -l < "$work/list"))) bytes each on average"

mkdir "$work/run"
chmod 777 "$work/run"
umask 0
"$build/tests/bench/empty-milter" "$work/run/empty" > "$work/empty.log" 2>&1 &
empty=$!
umask 022
group=root
! getent group postfix > /dev/null || group=postfix
printf 'rules = [ "%s/rules" ];\nsocket = "unix:%s/run/ours";\nsocket_group = "%s";\n' "$top" "$work" "$group" > "$work/conf"
"$build/milter/program/extortion-milter" -c "$work/conf" -f -l stderr -u nobody > "$work/ours.log" 2>&1 &
ours=$!
pids="$empty $ours"
wait_until grep -q ' serves ' "$work/ours.log" || { cat "$work/ours.log" >&2; fail 70 "the milter does not start"; }
wait_until test -S "$work/run/empty" || fail 70 "the empty milter does not start"

cat /dev/null > "$work/some"
while [ "$(wc -l < "$work/some")" -lt "$n" ]; do cat "$work/list" >> "$work/some"; done
head -n "$n" "$work/some" > "$work/sent"
each() { awk -v a="$1" -v b="$2" -v n="$3" 'BEGIN { printf "%.4f\n", (a - b) * 1000 / n }'; } # AFTER BEFORE N: ms

if [ -n "$only" ]; then :; elif [ "$(id -u)" -eq 0 ] && command -v postfix > /dev/null && getent passwd postfix > /dev/null; then
    seed=$$
    for who in none empty ours; do
        milter=unix:$work/run/$who
        [ $who != none ] || milter=
        port=$(sh "$private" free-port $seed)
        sh "$private" start "$work/$who" "$port" "$milter"
        echo "$port" > "$work/$who.port"
        seed=$((seed + 111))
    done
    sends() { # WHO: all messages, until they are delivered
        xargs -d '\n' "$build/tests/integration/smtp-send" -j 4 "$(cat "$work/$1.port")" < "$work/sent" > "$work/out" 2>&1 ||
            { tail -n 3 "$work/out" >&2; fail 70 "Postfix with $1 does not take the mail"; }
        sh "$private" drain "$work/$1"
        rm -rf "$work/$1/mail/box/new"/*
    }
    for who in none empty ours; do sends $who; : > "$work/$who.postfix"; : > "$work/$who.milter"; done
    for _ in $(seq "$rounds"); do
        for who in none empty ours; do
            master=$(tr -d ' ' < "$work/$who/queue/pid/master.pid")
            pid=
            case $who in empty) pid=$empty ;; ours) pid=$ours ;; esac
            p=$(tree_cpu "$master") m=0
            [ -z "$pid" ] || m=$(tree_cpu "$pid")
            sends $who
            each "$(tree_cpu "$master")" "$p" "$n" >> "$work/$who.postfix"
            [ -z "$pid" ] || each "$(tree_cpu "$pid")" "$m" "$n" >> "$work/$who.milter"
        done
    done
    printf '\nBehind Postfix, %d messages, CPU ms a message, median of %d rounds\n\n| | Postfix | milter | both | times the empty milter |\n| --- | --- | --- | --- | --- |\n' "$n" "$rounds"
    for who in none empty ours; do
        m=0
        [ $who = none ] || m=$(median < "$work/$who.milter")
        printf '%s %s %s\n' "$who" "$(median < "$work/$who.postfix")" "$m"
    done | awk '{ name[NR] = $1; p[NR] = $2; m[NR] = $3 }
        END { for (i = 1; i <= NR; i++) printf "| %s | %.2f | %.3f | %.2f | %.3f |\n", name[i], p[i], m[i], p[i] + m[i], (p[i] + m[i]) / (p[2] + m[2]) }'
    for who in none empty ours; do sh "$private" stop "$work/$who"; done
else
    echo "behind Postfix: skipped, needs root and Postfix"
fi

load() { # SOCKET CONNECTIONS MESSAGES: the line it says
    xargs -d '\n' "$build/tests/mta/milter-load" -a "$2" -c 10 -m "$3" "$work/run/$1" < "$work/list" | tail -n 1
}
[ -n "$only" ] || printf '\nSynthetic client, 10 messages a connection, CPU ms a message of the milter alone\n\n| connections at once | empty | ours | ours less empty |\n| --- | --- | --- | --- |\n'
for a in $([ -n "$only" ] || echo 1 4 32); do
    : > "$work/load.empty"; : > "$work/load.ours"
    for _ in $(seq "$rounds"); do
        for who in empty ours; do
            pid=$empty
            [ $who = empty ] || pid=$ours
            m=$(tree_cpu "$pid")
            load $who "$a" 2000 > "$work/out" || { cat "$work/out" >&2; fail 70 "$who loses messages"; }
            each "$(tree_cpu "$pid")" "$m" 2000 >> "$work/load.$who"
        done
    done
    printf '%s %s %s\n' "$a" "$(median < "$work/load.empty")" "$(median < "$work/load.ours")" |
        awk '{ printf "| %d | %.3f | %.3f | %.3f |\n", $1, $2, $3, $3 - $2 }'
done

# Ten messages on each connection, all open at once: what so many cost together.
echo
for a in 4 13 40 126 400; do
    : > "$work/load.ours"
    for _ in $(seq "$rounds"); do
        m=$(tree_cpu "$ours")
        load ours $a $((a * 10)) > "$work/out" || { cat "$work/out" >&2; fail 70 "messages are lost"; }
        each "$(tree_cpu "$ours")" "$m" 0.001 >> "$work/load.ours"
    done
    printf 'growth\tconnections at once\t%d\tdaemon\t%.0f\n' $a "$(median < "$work/load.ours")"
done
printf 'resident after it, MiB (largest process, all): %s\n' "$(tree_rss "$ours")"
