#!/bin/sh
# TAP: one allocation after the other fails in a daemon that has a message to judge: what is documented happens, and it serves on.
set -u
top=$(cd "${top_srcdir:-.}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
preload=$build/tests/mta/preload.so
if grep -q '^EXTORTION_CFLAGS = .*\(sanitize=\|--coverage\)' "$build/Makefile"; then echo "1..0 # SKIP a sanitizer allocates its own way"; exit 0; fi
[ -e "$preload" ] || { echo "1..0 # SKIP no preload.so"; exit 0; }
work=$(mktemp -d /tmp/extortion-milter-memory.XXXXXX)
n=0 pid= as= sock=$work/run/m.sock log=$work/log out=$work/out
mkdir "$work/run"; chmod 755 "$work"
[ "$(id -u)" -ne 0 ] || { as="-u nobody"; chown nobody "$work/run"; }
cleanup() { [ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null; [ -n "${KEEP:-}" ] || rm -rf "$work"; }
trap cleanup EXIT
trap 'exit 130' INT TERM HUP
result() { # STATUS NAME
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; return; fi
    echo "not ok $n - $2"
    { tail -n 20 "$out"; echo "daemon:"; tail -n 8 "$log"; } | sed 's/^/# /'
}
begun() { grep -q ' serves ' "$log" || ! kill -0 "$pid" 2>/dev/null; }
wait_until() { i=0; until "$@" > /dev/null 2>&1; do i=$((i + 1)); [ $i -lt 600 ] || return 1; sleep 0.1; done; }
faulty() { # NAME LEAST SETTINGS: an accepted message has at least so many edits
    head -c 16 /dev/zero > "$work/fault"; : > "$log"
    printf 'rules = [ "%s/tests/mta/pack.conf" ];\nsocket = "unix:%s";\n%s\n' "$top" "$sock" "$3" > "$work/conf"
    FAULT_MALLOC=$work/fault LD_PRELOAD=$preload "$build/milter/program/extortion-milter" -c "$work/conf" -f -l stderr $as > "$log" 2>&1 &
    pid=$!
    wait_until begun
    PATIENCE=20 "$build/tests/mta/milter-faulty" "$sock" "$work/fault" "$2" > "$out" 2>&1; result $? "[case 64] $1: each allocation of a message fails once"
    sed 's/^/# /' "$out"
    kill -0 $pid; result $? "the daemon is still there"
    # Where the daemon's own memory was out, or the MTA library's for a change, a line says what became of the message.
    grep -q 'failed="out of memory" kind=memory' "$log" && grep -q 'refused by the MTA" kind=edit' "$log"; result $? "and has said what it could not do"
    kill -TERM $pid; wait $pid; code=$?; pid=
    [ $code -eq 0 ]; result $? "it stops well"
}
answers() { grep -cE ' reloaded: | reload failed' "$log"; }
# The shared file: which allocation fails next, how many did.
fault_set() { perl -e 'open my $f, "+<", $ARGV[0] or die; print $f pack("q<q<", $ARGV[1], 0)' "$work/fault" "$1"; }
failures() { perl -e 'open my $f, "<", $ARGV[0] or die; read $f, my $b, 16; print((unpack "q<q<", $b)[1])' "$work/fault"; }
reloads() { # NAME SETTINGS: each of the first hundred allocations of a reload fails once, then every so manieth
    head -c 16 /dev/zero > "$work/fault"; : > "$log"
    printf 'rules = [ "%s/tests/mta/pack.conf" ];\nsocket = "unix:%s";\n%s\n' "$top" "$sock" "$2" > "$work/conf"
    FAULT_MALLOC=$work/fault LD_PRELOAD=$preload "$build/milter/program/extortion-milter" -c "$work/conf" -f -l stderr $as > "$log" 2>&1 &
    pid=$!
    wait_until begun
    version=$(sed -n 's/.* serves .*ruleset \([0-9a-f]*\).*/\1/p' "$log")
    at=1 tried=0 silent=0 failed=1
    while [ "$failed" -gt 0 ] && [ $at -lt 100000 ]; do
        before=$(answers); fault_set $at; kill -USR1 $pid
        wait_until sh -c "[ \"\$(grep -cE ' reloaded: | reload failed' '$log')\" -gt $before ]" || { silent=$((silent + 1)); break; }
        failed=$(failures); tried=$((tried + 1))
        if [ $at -lt 100 ]; then at=$((at + 1)); else at=$((at + at / 12)); fi
    done
    fault_set 0
    printf 'tried %d, the last at allocation %d; %d kept the old policy, %d gave a new one, %d no answer\n' $tried $at \
        "$(grep -c ' reload failed' "$log")" "$(grep -c ' reloaded: ' "$log")" $silent > "$out"
    [ $silent -eq 0 ] && [ "$failed" -eq 0 ] && [ $tried -gt 100 ]; result $? "[case 64] $1: allocations of a reload fail, and each has an answer"
    sed 's/^/# /' "$out"
    grep ' reload failed' "$log" | grep -qv "the old policy stays, ruleset $version\$"; [ $? -ne 0 ] && grep -q ' reload failed' "$log"; result $? "the old policy stays each time"
    grep ' reloaded: ' "$log" | grep -qv -- "ruleset $version -> $version\$"; [ $? -ne 0 ] && grep -q ' reloaded: ' "$log"; result $? "and with memory the reload succeeds, to the same rules"
    PATIENCE=20 "$build/tests/mta/milter-client" "$sock" ordinary > "$out" 2>&1; result $? "the daemon serves"
    kill -TERM $pid; wait $pid; code=$?; pid=
    [ $code -eq 0 ]; result $? "it stops well"
}
notice="notice = { operator = \"Example Oy\"; languages = [ \"en\" ]; country = \"FI\"; data = \"$top/conf\"; };"
faulty "headers" 0 ''
faulty "headers, tempfail" 3 'on_failure = "tempfail";'
faulty "with a notice: never old text under new MIME fields" 0 "$notice"
faulty "with a notice, tempfail" 3 "on_failure = \"tempfail\"; $notice"
mkdir "$work/store"; chmod 700 "$work/store"; [ "$(id -u)" -ne 0 ] || chown nobody "$work/store"
faulty "with evidence: no record, no change, or both" 0 "evidence = { directory = \"$work/store\"; encrypt = false; };"
find "$work/store" -name '*.evidence' > "$out"
bad=0; for r in $(cat "$out"); do "$build/milter/program/extortctl" evidence verify --directory "$work/store" "$(basename "$r" .evidence)" > /dev/null 2>> "$out" || bad=$((bad + 1)); done
[ -s "$out" ] && [ $bad -eq 0 ]; result $? "and each record that is there is whole"
[ -z "$(find "$work/store" -type f ! -name '*.evidence' ! -name 'lock*' ! -name '.*')" ]; result $? "and nothing half written lies beside them"
reloads "small pack" ''
reloads "with notices" "$notice"
echo "1..$n"
