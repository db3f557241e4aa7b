TESTS += tests/reliability/reliability.sh
EXTRA_DIST += tests/reliability/reliability.sh tests/reliability/report.py tests/reliability/matrix.tsv

# What the logs of make check say, into docs/RELIABILITY.md.
reliability:
	PYTHONDONTWRITEBYTECODE=1 python3 $(srcdir)/tests/reliability/report.py $(srcdir) $(builddir) -w
