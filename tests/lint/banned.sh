#!/bin/sh
# banned.sh TOP: functions that C code here does not use, and what rooms below mta/ leave to others.
# Prints each breach as file:line: text; exit 1 if there is any.
set -eu
top=${1:?usage: banned.sh TOP}
cd "$top"
find milter -name '*.[ch]' | LC_ALL=C sort | xargs awk '
BEGIN {
    everywhere = "strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|atoll|atof|strtok|strtok_r|alloca|setjmp|longjmp|rand|tmpnam|mktemp|popen|system"
    quiet = "printf|fprintf|vfprintf|puts|fputs|perror|exit|_exit|abort|syslog|openlog|getenv|setenv|time|clock_gettime|gettimeofday|clock|localtime|localtime_r|gmtime|pthread_create|fork|setlocale|assert"
}
{
    line = $0
    if (in_comment) { if (!sub(/.*\*\//, "", line)) next; in_comment = 0 }
    gsub(/\/\*[^*]*\*+([^\/*][^*]*\*+)*\//, "", line)
    if (line ~ /\/\*/) { sub(/\/\*.*/, "", line); in_comment = 1 }
    gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
    check(line, everywhere, "is banned: see docs/HACKING.md")
    split(FILENAME, path, "/")
    if (path[2] != "mta" && path[2] != "program")
        check(line, quiet, "has no place below mta/: rooms there do not print, exit, or read clocks and environment")
}
function check(text, names, why,    found) {
    while (match(text, "(^|[^A-Za-z0-9_.>])(" names ")[ \t]*\\(")) {
        found = substr(text, RSTART, RLENGTH)
        gsub(/[^A-Za-z0-9_]/, "", found)
        printf "%s:%d: %s() %s\n", FILENAME, FNR, found, why
        bad = 1
        text = substr(text, RSTART + RLENGTH)
    }
}
FNR == 1 { in_comment = 0 }
END { exit bad }' || exit 1
