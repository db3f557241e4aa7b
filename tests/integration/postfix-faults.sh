#!/bin/sh
# TAP: faults before a real Postfix. Needs root, Postfix and Python, else skipped.
mta=postfix
. "${top_srcdir:-.}/tests/integration/faults.sh"
