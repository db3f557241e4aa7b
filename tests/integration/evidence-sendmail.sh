#!/bin/sh
# TAP: evidence through a real Sendmail on loopback. Needs root and Sendmail, else skipped.
mta=sendmail
. "${top_srcdir:-.}/tests/integration/evidence.sh"
