TESTS += tests/lint/lint.sh
EXTRA_DIST += tests/lint/lint.sh tests/lint/layers.sh tests/lint/banned.sh tests/lint/globals.sh tests/lint/installed.sh tests/lint/man.sh
