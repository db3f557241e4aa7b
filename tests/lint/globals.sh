#!/bin/sh
# globals.sh BUILD: libraries below mta/ have no mutable data. Exit 1 and names when one has.
set -eu
build=${1:?usage: globals.sh BUILD}
bad=0
for room in base metrics mail text indicator rule verdict notice store export policy; do
    lib=$build/milter/$room/lib$room.a
    [ -f "$lib" ] || { echo "$lib: not built"; exit 2; }
    found=$(objdump -t "$lib" | awk '/:     file format/ { o = $1 }
        NF >= 5 && $(NF-2) ~ /^\.(data|bss|tdata|tbss)$/ && $NF !~ /^\./ && $(NF-1) !~ /^0+$/ { print o " " $NF }')
    [ -z "$found" ] || { echo "$found"; bad=1; }
done
exit $bad
