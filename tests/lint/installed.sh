#!/bin/sh
# installed.sh TOP: every pack, notice, contact and settings file in rules/ and conf/ is in the list that installs it.
top=$1 status=0
cd "$top" || exit 2
for file in $(find rules conf -name '*.conf' ! -path '*/proof/*' | LC_ALL=C sort); do
    list=${file%%/*}/local.mk
    grep -qE "(^|[[:space:]])$file([[:space:]]|\$)" "$list" || { echo "$file: is not installed, add it to $list"; status=1; }
done
exit $status
