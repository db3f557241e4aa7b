#!/bin/sh
# TAP: nonpool.sh SENDMAIL-SOURCE: the daemon with a libmilter that has a thread for each connection, as other systems build it;
# Debian's has a pool of workers. Not part of make check: the source is a download, apt-get source sendmail (deb-src in the sources).
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
src=${1:-}/libmilter
[ -e "$src/worker.c" ] || { echo "1..0 # SKIP no source of Sendmail: apt-get source sendmail, then nonpool.sh sendmail-8.*"; exit 0; }
work=$(mktemp -d /tmp/extortion-milter-nonpool.XXXXXX)
n=0 pid= as= sock=$work/run/m.sock log=$work/log out=$work/out
mkdir "$work/run" "$work/libsm"; chmod 755 "$work"
[ "$(id -u)" -ne 0 ] || { as="-u nobody"; chown nobody "$work/run"; }
cleanup() { [ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null; rm -rf "$work"; }
trap cleanup EXIT
trap 'exit 130' INT TERM HUP
result() { # STATUS NAME
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; return; fi
    echo "not ok $n - $2"
    { tail -n 12 "$out"; tail -n 8 "$log"; } 2>/dev/null | sed 's/^/# /'
}
begun() { grep -q ' serves ' "$log" || ! kill -0 "$pid" 2>/dev/null; }
wait_until() { i=0; until "$@" > /dev/null 2>&1; do i=$((i + 1)); [ $i -lt 600 ] || return 1; sleep 0.1; done; }
compile() { # FILE OBJECT
    ${CC:-cc} -O1 -fPIC -w -DNDEBUG -DXP_MT -D_REENTRANT -DSM_CONF_POLL=1 -DNETINET6=1 -DNETUNIX=1 -I"$work" \
        -I"$src/../include" -I"$src/../sendmail" -I"$src" -c "$1" -o "$2" 2>> "$out"
}
: > "$out"
cp "$src/../include/sm/os/sm_os_linux.h" "$work/sm_os.h"
for f in "$src"/*.c; do case $f in */example.c) ;; *) compile "$f" "$work/$(basename "$f" .c).o" ;; esac; done
# Of Sendmail's own library what compiles as it lies is enough.
for f in "$src"/../libsm/*.c; do case $f in */[bt]-*) ;; *) compile "$f" "$work/libsm/$(basename "$f" .c).o" ;; esac; done
ar rcs "$work/libsm.a" "$work"/libsm/*.o
${CC:-cc} -shared -Wl,-soname,libmilter.so.1.0.1 -Wl,--no-undefined -o "$work/libmilter.so.1.0.1" "$work"/*.o "$work/libsm.a" -lpthread 2>> "$out"
[ -e "$work/libmilter.so.1.0.1" ] && ! nm "$work/libmilter.so.1.0.1" | grep -q mi_pool_controller; result $? "[case 86] libmilter without a pool is built"
printf 'rules = [ "%s/tests/mta/pack.conf" ];\nsocket = "unix:%s";\n' "$top" "$sock" > "$work/conf"
LD_LIBRARY_PATH=$work "$build/milter/program/extortion-milter" -c "$work/conf" -f -l stderr $as > "$log" 2>&1 & pid=$!
wait_until begun
grep -q "$work/libmilter" "/proc/$pid/maps"; result $? "the daemon serves with it"
"$build/tests/mta/milter-client" "$sock" > "$out" 2>&1; result $? "[case 86] the protocol scenarios"
"$build/tests/integration/mail-gen" "$work/run" 200
"$build/tests/mta/milter-load" -a 200 -i 300 -m 4000 "$sock" "$work"/run/*.eml > "$out" 2>&1; result $? "[case 86] 300 idle and 200 active connections"
sed 's/^/# /' "$out"
kill -TERM $pid; wait $pid; code=$?; pid=
[ $code -eq 0 ]; result $? "TERM stops it"
echo "1..$n"
