noinst_LIBRARIES += milter/text/libtext.a
milter_text_libtext_a_SOURCES = \
	milter/text/alternate.c \
	milter/text/bidi.c \
	milter/text/calendar.c \
	milter/text/collect.c \
	milter/text/css-color.c milter/text/css-length.c milter/text/css-look.c \
	milter/text/css-select.c milter/text/css-select.h \
	milter/text/css-sheet.c \
	milter/text/css.c milter/text/css.h \
	milter/text/fold-table.c milter/text/fold-table.h \
	milter/text/fold.c milter/text/fold.h \
	milter/text/forwarded.c \
	milter/text/html-element.c milter/text/html-element.h \
	milter/text/html-entity-table.c \
	milter/text/html-entity.c milter/text/html-entity.h \
	milter/text/html-link.c \
	milter/text/html-place.c \
	milter/text/html-scan.h \
	milter/text/html-sink.c \
	milter/text/html-style.c \
	milter/text/html-tree.c \
	milter/text/html.c milter/text/html.h \
	milter/text/plain.c \
	milter/text/query.c \
	milter/text/reading.h \
	milter/text/reversed.c \
	milter/text/segment.c \
	milter/text/shape.c \
	milter/text/split.c milter/text/split.h \
	milter/text/text.c milter/text/text.h \
	milter/text/token.c milter/text/token.h \
	milter/text/words.c

EXTRA_DIST += contrib/unicode/entity-generate.py contrib/unicode/fold-extras.h \
	contrib/unicode/fold-generate.c

# For maintainers, after a new Unicode: needs libicu-dev and python3. The results are checked in.
.PHONY: unicode-tables
unicode-tables:
	$(CC) $(AM_CPPFLAGS) `pkg-config --cflags icu-uc icu-i18n` -o fold-generate \
		$(srcdir)/contrib/unicode/fold-generate.c `pkg-config --libs icu-uc icu-i18n`
	./fold-generate > $(srcdir)/milter/text/fold-table.c
	python3 $(srcdir)/contrib/unicode/entity-generate.py > $(srcdir)/milter/text/html-entity-table.c
	rm -f fold-generate
