#!/bin/sh
# TAP: docs/RELIABILITY.md names every case of the matrix, the tests it names exist; and the check of that can fail.
set -u
top=$(cd "${top_srcdir:-.}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
n=0 tmp=$(mktemp -d) out=
trap 'rm -rf "$tmp"' EXIT INT TERM
[ -x /usr/bin/python3 ] || { echo "1..0 # SKIP no python3"; exit 0; }
result() { # STATUS NAME
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; return; fi
    echo "not ok $n - $2"
    printf '%s\n' "$out" | head -n 20 | sed 's/^/# /'
}
matrix=$top/tests/reliability/matrix.tsv docs=$top/docs/RELIABILITY.md
report() { PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$top/tests/reliability/report.py" "$top" "$@" 2>&1; }
out=$(report); result $? "each case is in the matrix and in the docs, with tests that exist or a reason"
catches() { # NAME WANT MATRIX DOCS
    out=$(report --matrix "$3" --docs "$4")
    [ $? -eq 1 ] && printf '%s\n' "$out" | grep -qF "$2"; result $? "$1"
}
grep -v '^17	' "$matrix" > "$tmp/m"; catches "a case that is not in the matrix is caught" "case 17: not in the matrix" "$tmp/m" "$docs"
sed 's/^18	/17	/' "$matrix" > "$tmp/m"; catches "so is one that is there twice" "case 17: 2 times" "$tmp/m" "$docs"
sed 's/and the first is unharmed/and the first is well/' "$matrix" > "$tmp/m"; catches "a test that does not exist is caught" "case 76: tests/mta/milter.sh has no test 'and the first is well'" "$tmp/m" "$docs"
sed 's|tests/mta/milter.sh|tests/mta/milner.sh|' "$matrix" > "$tmp/m"; catches "so is a script that does not" "tests/mta/milner.sh is no test of make check" "$tmp/m" "$docs"
sed '/^	none	not built there/d' "$matrix" > "$tmp/m"; catches "a case with neither test nor reason is caught" "case 89: has neither a test nor a reason" "$tmp/m" "$docs"
grep -v '^| 61 |' "$docs" > "$tmp/d"; catches "a case that is not in the docs is caught" "case 61: not in the docs" "$matrix" "$tmp/d"
sed '/^| 61 |/s/kill -9/kill -8/' "$docs" > "$tmp/d"; catches "so is one that says something else there" "case 61: not in the docs" "$matrix" "$tmp/d"

# Results: played logs, where one test fails and one was skipped
printf '76\tU\tA second daemon\n\ttests/mta/milter.sh\tand the first is unharmed\n' > "$tmp/m"
mkdir -p "$tmp/b/tests/mta"
printf '<!-- figures -->\n<!-- end of figures -->\n<!-- results -->\n<!-- end of results -->\n' > "$tmp/d"
played() { printf '%s\n' "$@" > "$tmp/b/tests/mta/milter.log"; cp "$tmp/d" "$tmp/d2"; out=$(report "$tmp/b" -w --matrix "$tmp/m" --docs "$tmp/d2"; cat "$tmp/d2"); }
played 'ok 1 - and the first is unharmed' '# figure full two daemons'; printf '%s\n' "$out" | grep -q '^| 76 | A second daemon | `mta/milter.sh`: and the first is unharmed | – | – | ok (1) |$'; result $? "a result is written down"
printf '%s\n' "$out" | grep -q '^- two daemons$'; result $? "and a figure"
played 'not ok 1 - and the first is unharmed'; printf '%s\n' "$out" | grep -q '1 of 1 failed' && printf '%s\n' "$out" | grep -q 'case 76: 1 results of none failed'; result $? "one that failed as well"
played '1..0 # SKIP needs root'; printf '%s\n' "$out" | grep -q '| – | – | skipped |$'; result $? "one that was skipped is no success"
played 'ok 1 - and nothing else'; printf '%s\n' "$out" | grep -q "case 76: no result 'and the first is unharmed'"; result $? "nor is one that did not run"

# Names are looked up only where a socket is opened or probed, or by the thread that sends alerts; never for a message.
out=$(cd "$top" && grep -lE '\b(getaddrinfo|gethostby[a-z0-9_]+|getnameinfo|res_n?(query|search|send))[a-z]* *\(' milter/*/*.c | tr '\n' ' ')
[ "$out" = "milter/mta/alert-send.c milter/mta/monitor.c milter/mta/probe.c milter/mta/socket.c milter/program/dial.c " ]; result $? "[70] nothing that judges mail asks DNS"
echo "1..$n"
