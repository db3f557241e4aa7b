#!/bin/sh
# TAP: the daemon's metrics and status as others meet them: Prometheus's own tools, extortctl status and ping,
# a file for node_exporter, the log as JSON. Needs no MTA and no Prometheus; without promtool its checks are skipped.
set -u
top=$(cd "${top_srcdir:-.}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
milter=$build/milter/program/extortion-milter ctl=$build/milter/program/extortctl
client=$build/tests/mta/milter-client get=$build/tests/mta/http-get
TSAN_OPTIONS="suppressions=$top/tests/mta/tsan.supp ${TSAN_OPTIONS:-}"; export TSAN_OPTIONS
work=$(mktemp -d /tmp/extortion-milter-metrics.XXXXXX)
chmod 777 "$work"
as= pid= n=0 err=$work/err sock=$work/m.sock
[ "$(id -u)" -ne 0 ] || as='-u nobody'
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
    sed 's/^/# /' "$err" 2>/dev/null | cut -c 1-300 | tail -n 20
}
skip() { n=$((n + 1)); echo "ok $n - $1 # SKIP $2"; }
gives() { # CODE NAME COMMAND...: exit code, output in $err
    want=$1 name=$2; shift 2
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
wait_until() { i=0; until "$@" > /dev/null 2>&1; do i=$((i + 1)); [ $i -lt 600 ] || return 1; sleep 0.1; done; }
serving() { ! kill -0 "$pid" 2>/dev/null || grep -q ' serves ' "$work/log"; }
ended() { case $(ps -o stat= -p "$pid") in '' | Z*) ;; *) return 1 ;; esac; }
start() { # ARGUMENTS...
    : > "$work/log"
    "$milter" -c "$work/conf" -f -l stderr $as "$@" >> "$work/log" 2>&1 &
    pid=$!
    wait_until serving
    cp "$work/log" "$err"
    grep -q ' serves ' "$work/log"
}
stop() { kill "$pid"; wait_until ended || kill -KILL "$pid"; wait "$pid" 2>/dev/null; code=$?; pid=; }
conf() { printf 'rules = [ "%s/pack.conf" ];\nsocket = "unix:%s";\n%s\n' "$work" "$sock" "${1:-}" > "$work/conf"; }
metrics() { "$get" "$sock.status" /metrics ${1:+"$1"} > "$work/metrics" 2> "$err"; } # [ACCEPT]
value() { awk -v s="$1 " 'index($0, s) == 1 { print $NF }' "$work/metrics"; } # SERIES
series() { grep -v '^#' "$work/metrics" | sed 's/ [^ ]*$//' | LC_ALL=C sort; }

# "hello" of the client becomes a threat
sed 's/"bomb"/"hello"/; s/"a bomb"/"hello"/; s/threshold = 4.0/threshold = 2.0/' "$top/tests/mta/pack.conf" > "$work/pack.conf"
conf "metrics = { file = \"$work/em.prom\"; interval = 1.0; };"
start; result $? "starts"
[ -S "$sock.status" ] && [ "$(stat -c %a "$sock.status")" = 660 ]; result $? "metrics are asked for beside the milter's socket"
metrics; result $? "and given"
series > "$work/series.before"
[ "$(value extortion_milter_config_generation)" = 1 ] && [ "$(value 'extortion_milter_verdicts_total{flagged="yes"}')" = 0 ]
result $? "nothing is counted yet"

# Mail
for i in 1 2 3; do "$client" "$sock" ordinary > "$err" 2>&1; done
metrics
cp "$work/metrics" "$err"
[ "$(value 'extortion_milter_messages_total{action="tag"}')" = 3 ]; result $? "three messages are tagged"
[ "$(value 'extortion_milter_verdicts_total{flagged="yes"}')" = 3 ]; result $? "and flagged"
[ "$(value extortion_milter_scan_duration_seconds_count)" = 3 ] && [ "$(value 'extortion_milter_stage_duration_seconds_count{stage="rule"}')" = 3 ]
result $? "their times are measured"
[ "$(value extortion_milter_connections_total)" -ge 3 ] && [ "$(value extortion_milter_messages_in_flight)" = 0 ]; result $? "connections are counted, nothing is in flight"
grep -q 'extortion_milter_flagged_total{' "$work/metrics"; [ $? -eq 1 ]; result $? "of what class they were does not show"
gives 0 "extortctl status" "$ctl" status --config "$work/conf"
says "tells of them" '^actions  *tag 3$' '^flagged  *yes 3$' 'generation 1$' '^reload  *none since the start$'
grep -q '^classes' "$err"; [ $? -eq 1 ]; result $? "nor do classes show there"
for i in 4 5 6 7 8 9 10 11; do "$client" "$sock" ordinary > "$err" 2>&1; done
metrics; cp "$work/metrics" "$err"
[ "$(grep -c 'extortion_milter_flagged_total{.*} 10$' "$work/metrics")" -eq 1 ]; result $? "the class of ten of eleven shows"
wait_until grep -q 'extortion_milter_messages_total{action="tag"} 11$' "$work/em.prom"; result $? "the file follows"
[ "$(stat -c %a "$work/em.prom")" = 644 ]; result $? "and can be read by others"
grep -q EOF "$work/em.prom"; [ $? -eq 1 ] && [ ! -e "$work/em.prom.new" ]; result $? "in the plain form, whole"

# Prometheus's own opinion
metrics; metrics_om() { metrics 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5'; }
if command -v promtool > /dev/null; then
    promtool check metrics < "$work/metrics" > "$err" 2>&1; result $? "promtool check metrics: the plain form"
    promtool check metrics < "$work/em.prom" > "$err" 2>&1; result $? "promtool check metrics: the file"
    # It reads OpenMetrics only with times, to make blocks of it.
    metrics_om; [ "$(tail -n 1 "$work/metrics")" = "# EOF" ]; result $? "OpenMetrics ends with its mark"
    awk -v t="$(date +%s)" '/^#/ { print; next } { print $0, t }' "$work/metrics" > "$work/om"
    promtool tsdb create-blocks-from openmetrics "$work/om" "$work/tsdb" > "$err" 2>&1; result $? "promtool reads the OpenMetrics form"
    sed 's/^\(extortion_milter_sessions\) /\1{bad} /' "$work/om" > "$work/om.bad"
    promtool tsdb create-blocks-from openmetrics "$work/om.bad" "$work/tsdb" > "$err" 2>&1; [ $? -ne 0 ]; result $? "and would refuse a wrong one"
    (cd "$top/contrib/monitoring" && promtool check rules extortion-milter-alerts.yml) > "$err" 2>&1; result $? "promtool check rules: the alerts"
    (cd "$top/contrib/monitoring" && promtool test rules extortion-milter-alerts-test.yml) > "$err" 2>&1; result $? "promtool test rules: they speak when they should"
    jq -r '.panels[].targets[].expr, .annotations.list[].expr' "$top/contrib/monitoring/extortion-milter-dashboard.json" > "$work/expressions" 2> "$err"
    sed 's/\$__rate_interval/5m/g' "$work/expressions" | awk -v q="'" 'BEGIN { print "groups:\n  - name: dashboard\n    rules:" }
        { gsub(q, q q); printf "      - record: panel:e%d\n        expr: %s%s%s\n", NR, q, $0, q }' > "$work/dashboard.yml"
    [ -s "$work/expressions" ] && promtool check rules "$work/dashboard.yml" >> "$err" 2>&1; result $? "promtool check rules: the dashboard's expressions"
else
    skip "what promtool says" "promtool is not installed"
    jq -r '.panels[].targets[].expr, .annotations.list[].expr' "$top/contrib/monitoring/extortion-milter-dashboard.json" > "$work/expressions" 2> "$err"
fi
metrics
cat "$work/expressions" "$top/contrib/monitoring/extortion-milter-alerts.yml" | grep -o 'extortion_milter_[a-z_]*' | LC_ALL=C sort -u > "$work/used"
: > "$err"
while read -r name; do grep -q "^# TYPE $name \|^$name[ {]\|^# TYPE ${name%_bucket} \|^# TYPE ${name%_sum} \|^# TYPE ${name%_count} " "$work/metrics" || echo "no metric $name" >> "$err"; done < "$work/used"
[ -s "$work/used" ] && [ ! -s "$err" ]; result $? "dashboard and alerts name metrics that there are"

# Reload
gives 0 "extortctl status --json" "$ctl" status --config "$work/conf" --json
jq -e '.reload.last == "none" and .generation == 1 and .metrics.extortion_milter_messages.tag == 11 and .rules == 3' "$err" > /dev/null; result $? "is JSON and holds all"
cp "$work/pack.conf" "$work/good"; sed 's/describe = "speaks of a bomb";/describe = ;/' "$work/good" > "$work/pack.conf"
kill -USR1 $pid; wait_until grep -q 'reload failed' "$work/log"
gives 1 "extortctl status after a reload that failed" "$ctl" status unix:"$sock.status"
says "says so, and why" '^reload  *failed at 2' 'pack.conf:[0-9]*: error: '
metrics; [ "$(value extortion_milter_config_last_reload_successful)" = 0 ] && [ "$(value 'extortion_milter_config_reloads_total{result="failure"}')" = 1 ]
result $? "so do the metrics"
cp "$top/tests/mta/pack.conf" "$work/new"; mv "$work/new" "$work/pack.conf"; kill -USR1 $pid; wait_until grep -q 'reloaded: ' "$work/log"
wait_until "$ctl" status --config "$work/conf"; gives 0 "and after one that went well" "$ctl" status --config "$work/conf"
says "is content again" '^reload  *ok at 2' 'generation 2$'
metrics; [ "$(value extortion_milter_config_last_reload_successful)" = 1 ] && [ "$(value extortion_milter_config_generation)" = 2 ]; result $? "so are the metrics"

# Ping
grep -c . "$work/log" > "$work/lines"
gives 0 "extortctl ping" "$ctl" ping "unix:$sock"
says "says that it is alive" 'answers'
for i in 1 2 3; do "$ctl" ping --config "$work/conf" > "$err" 2>&1 || result 1 "ping by the settings"; done
[ "$(grep -c . "$work/log")" = "$(cat "$work/lines")" ]; result $? "and leaves no line in the log"
metrics; [ "$(value extortion_milter_messages_in_flight)" = 0 ]; result $? "nor a message"
gives 69 "ping where nobody is" "$ctl" ping "unix:$work/none"
gives 64 "status with a bad timeout" "$ctl" status --timeout never "unix:$sock"
gives 69 "ping of what is no milter" "$ctl" ping "unix:$sock.status"
gives 76 "status of what is no metrics socket" "$ctl" status --timeout 5 "unix:$sock"
gives 69 "status where nobody is" "$ctl" status "unix:$work/none"
gives 66 "status without settings" "$ctl" status --config "$work/none"
kill -STOP $pid
gives 69 "ping of a daemon that hangs" "$ctl" ping --timeout 1 "unix:$sock"
gives 75 "status of a daemon that hangs" "$ctl" status --timeout 0.5 "unix:$sock.status"
kill -CONT $pid

# Whatever comes, there are no more labels than before
"$client" "$sock" > "$work/protocol"; grep '^not ok' "$work/protocol" > "$err"; [ ! -s "$err" ]; result $? "hostile clients do no harm"
metrics; series > "$work/series.after"
LC_ALL=C comm -13 "$work/series.before" "$work/series.after" > "$err"
[ "$(wc -l < "$err")" -le 2 ] && ! grep -v '^extortion_milter_\(flagged_total\|annotate_skipped_total\|ruleset_info\){' "$err" > /dev/null; result $? "and make no series but of classes"
if ! grep -q '^EXTORTION_CFLAGS = .*\(sanitize=\|--coverage\)' "$build/Makefile"; then
    [ "$(value extortion_milter_process_resident_memory_bytes)" -le 67108864 ]; result $? "memory is told"
fi
stop; [ $code -eq 0 ]; result $? "stops"
[ ! -e "$sock.status" ] && [ ! -e "$work/em.prom" ]; result $? "socket and file are gone"

# All shown at once, with rules; Prometheus by loopback
cp "$work/good" "$work/pack.conf"
port=$((30000 + $$ % 10000)) tries=0
until conf "metrics = { listen = \"inet:$port@127.0.0.1\"; step = 1; rules = true; };" && start && ! grep -q 'cannot listen' "$work/log"; do
    [ -z "$pid" ] || stop
    tries=$((tries + 1)) port=$((port + 13)); [ $tries -lt 20 ] || break
done
"$client" "$sock" ordinary > "$err" 2>&1
gives 0 "status over loopback" "$ctl" status --config "$work/conf" --json
jq -e '(.metrics.extortion_milter_flagged | length) == 1 and (.metrics.extortion_milter_rule_hits | length) >= 1' "$err" > /dev/null; result $? "with step 1 the class shows, and rules when asked for"
stop
conf 'metrics = { listen = "inet:9797@0.0.0.0"; };'
gives 78 "metrics for the whole world are refused" "$milter" -c "$work/conf" -t
says "with line and way out" 'conf:3: error: metrics.listen' 'metrics.remote = true'
conf 'metrics = { listen = ""; };'
start; gives 78 "status of a daemon without metrics" "$ctl" status --config "$work/conf"
[ ! -e "$sock.status" ]; result $? "which has no socket for them"
stop
mkdir "$sock.status"; conf; start; result $? "where metrics cannot be served mail is"
grep -q 'metrics: cannot listen on .*; mail is filtered all the same' "$work/log"; result $? "and the log says so"
"$client" "$sock" ordinary > "$err" 2>&1; result $? "really"
stop; rmdir "$sock.status"

# The log as JSON, every line of it
conf 'log = { format = "json"; details = true; };'
start; "$client" "$sock" ordinary > /dev/null 2>&1; "$client" "$sock" > /dev/null 2>&1; kill -USR2 $pid; stop
cp "$work/log" "$err"
jq -e -s 'length > 5 and all(.[]; has("time") and has("level") and .program == "extortion-milter")' "$work/log" > /dev/null 2>> "$err"; result $? "every line of the log is JSON"
jq -e -s 'any(.[]; .messages? and .flagged? and has("failed"))' "$work/log" > /dev/null; result $? "the counters are numbers there"
jq -e -s 'any(.[]; .qid? == "Q" and .flagged == true and (.score | type) == "number" and .class? and .client?)' "$work/log" > /dev/null; result $? "and each message has its members"
echo "1..$n"
