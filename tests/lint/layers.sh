#!/bin/sh
# layers.sh TOP: a room includes itself and lower rooms through their doors only; third-party headers
# stand in their room only. Prints each breach as file:line: text; exit 1 if there is any.
set -eu
top=${1:?usage: layers.sh TOP}
cd "$top"
find milter -name '*.[ch]' -o -name '*.def' | LC_ALL=C sort | xargs awk '
BEGIN {
    n = split("base metrics mail text indicator rule verdict notice store export policy mta program", rooms, " ")
    for (i = 1; i <= n; i++) rank[rooms[i]] = i
    home["iconv.h"] = home["magic.h"] = " mail "
    home["pcre2.h"] = " rule "
    home["libconfig.h"] = " rule notice policy "
    home["libmilter/mfapi.h"] = home["libmilter/mfdef.h"] = " mta/milter.c "
    home["syslog.h"] = " mta "
    home["sodium.h"] = " store "
    home["zip.h"] = " program "
    home["pthread.h"] = home["stdatomic.h"] = " metrics store policy mta program "
}
function breach(text) { printf "%s:%d: %s\n", FILENAME, FNR, text; bad = 1 }
/^[ \t]*#[ \t]*include[ \t]*"/ {
    split(FILENAME, path, "/"); own = path[2]
    split($0, quoted, "\""); target = quoted[2]
    if (split(target, t, "/") != 2) { breach("include \"" target "\": write it as room/file"); next }
    if (!(t[1] in rank)) { breach("include \"" target "\": no such room"); next }
    if (rank[t[1]] > rank[own]) breach("room " own " includes the higher room " t[1])
    else if (t[1] != own && target != t[1] "/" t[1] ".h" && target !~ /\.def$/)
        breach("room " own " must enter " t[1] " through its door " t[1] "/" t[1] ".h")
}
/^[ \t]*#[ \t]*include[ \t]*</ {
    split(FILENAME, path, "/"); own = path[2]
    sub(/.*</, ""); sub(/>.*/, "")
    if ($0 ~ /^nettle\//) allowed = " indicator notice export "
    else if ($0 in home) allowed = home[$0]
    else next
    if (index(allowed, " " own " ") == 0 && index(allowed, " " own "/" path[3] " ") == 0)
        breach("<" $0 "> belongs to" allowed "only")
}
END { exit bad }' || exit 1
