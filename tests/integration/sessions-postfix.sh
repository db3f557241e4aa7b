#!/bin/sh
# TAP: sessions out of the ordinary through a real Postfix. Needs root, Postfix and Python, else skipped.
mta=postfix
. "${top_srcdir:-.}/tests/integration/sessions.sh"
