# What a tree of processes costs, read from /proc; sourced by the scripts that measure whole processes.

tree_pids() { # PID: it and all that came from it
    cat /proc/[0-9]*/stat 2>/dev/null | awk -v root="$1" '
        { pid = $1; sub(/^.*\) /, ""); parent[pid] = $2 }
        END { for (p in parent) { for (q = p; q > 1 && q != root; q = parent[q]) ; if (q == root) print p } }'
}
tree_cpu() { # PID: seconds of user and system time, those of ended children included
    for p in $(tree_pids "$1"); do cat "/proc/$p/stat" 2>/dev/null; done |
        awk -v hz="$(getconf CLK_TCK)" '{ sub(/^.*\) /, ""); t += $12 + $13 + $14 + $15 } END { printf "%.2f\n", t / hz }'
}
tree_rss() { # PID: resident MiB: the largest process, and all together with shared pages counted once
    for p in $(tree_pids "$1"); do cat "/proc/$p/smaps_rollup" 2>/dev/null; done |
        awk '/^Rss:/ { if ($2 > most) most = $2 } /^Pss:/ { pss += $2 } END { printf "%.0f %.0f\n", most / 1024, pss / 1024 }'
}
tree_idle() { # PID: until it has done nothing for three seconds
    still=0 before=
    for _ in $(seq 300); do
        now=$(tree_cpu "$1")
        if [ "$now" = "$before" ]; then still=$((still + 1)); else still=0; fi
        [ $still -lt 6 ] || return 0
        before=$now
        sleep 0.5
    done
    return 1
}
median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
