#!/bin/sh
# TAP: evidence through a real Postfix on loopback. Needs root and Postfix, else skipped.
mta=postfix
. "${top_srcdir:-.}/tests/integration/evidence.sh"
