#!/bin/sh
# TAP: policies through a real Sendmail. Needs root and Sendmail, else skipped.
mta=sendmail
. "${top_srcdir:-.}/tests/integration/policies.sh"
