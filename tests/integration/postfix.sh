#!/bin/sh
# TAP: a real Postfix on loopback with the daemon before it. Needs root and Postfix, else skipped.
mta=postfix
. "${top_srcdir:-.}/tests/integration/cases.sh"
