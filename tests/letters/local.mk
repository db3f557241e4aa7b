# Letters and their innocent twins for measuring recognition; README.md there says how the two lists may be used.
EXTRA_DIST += tests/letters
