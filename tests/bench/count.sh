#!/bin/sh
# count.sh BENCH-MIX RULES [OPTION]...: instructions a byte and a message, stage by stage, counted by callgrind: the same on a busy machine as
# on an idle one. Options as of bench-mix (--messages N, --files). Nothing is counted but the stages of the messages.
#   PROFILE=N  also the N functions that most instructions are in
set -eu
mix=$1 rules=$2; shift 2
command -v callgrind_annotate > /dev/null || { echo "count.sh: skipped, valgrind is not installed"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
# Only what runs inside stages_run counts.
valgrind --tool=callgrind --toggle-collect=stages_run --callgrind-out-file="$work/out" "$mix" --count "$@" "$rules" > "$work/n" 2> "$work/log" ||
    { tail -n 5 "$work/log" >&2; exit 70; }
callgrind_annotate --inclusive=yes --threshold=100 "$work/out" > "$work/all" 2> /dev/null
read -r messages bytes < "$work/n"
awk -v messages="$messages" -v bytes="$bytes" '
    function row(label, count) { printf "%-34s %14.0f %12.1f %7.1f%%\n", label, count / messages, count / bytes, 100 * count / whole }
    /PROGRAM TOTALS/ { gsub(",", ""); whole = $1 }
    / \(.*%\)/ {
        line = $0; gsub(",", "", line); split(line, f, " ")
        name = $0; sub(/^.*:/, "", name); sub(/ \[.*/, "", name); sub(/\047.*/, "", name)
        if (!(name in n) || f[1] > n[name]) n[name] = f[1]
    }
    END {
        printf "%d messages, %.1f MB\n\n%-34s %14s %12s %8s\n", messages, bytes / 1e6, "instructions", "a message", "a byte", "share"
        row("parse", n["message_parse"]); row("  transfer decoding", n["transfer_decode"]); row("  charset", n["convert_text"])
        row("text", n["text_read"]); row("  HTML", n["html_read"]); row("  folding", n["folding_add"]); row("  words", n["split_some"])
        row("indicators", n["indicators_find"]); row("rules", n["matcher_run"]); row("verdict", n["verdict_weigh"]); row("all of these", whole)
    }' "$work/all"
[ -z "${PROFILE:-}" ] || {
    echo
    callgrind_annotate --threshold=100 "$work/out" 2> /dev/null | awk -v most="$PROFILE" '
        / \(.*%\)/ && !/PROGRAM/ && n < most { share = $0; sub(/^[^(]*\( */, "", share); sub(/\).*/, "", share); name = $0; sub(/^.*:/, "", name); sub(/ \[.*/, "", name)
            file = $0; sub(/^[^)]*\) */, "", file); sub(/:[^:]*$/, "", file); sub(/^.*\/milter\//, "", file); sub(/^.*\//, "", file)
            printf "%6s  %-44s %s\n", share, name, file; n++ }'
}
