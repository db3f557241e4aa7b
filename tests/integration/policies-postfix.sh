#!/bin/sh
# TAP: policies through a real Postfix. Needs root and Postfix, else skipped.
mta=postfix
. "${top_srcdir:-.}/tests/integration/policies.sh"
