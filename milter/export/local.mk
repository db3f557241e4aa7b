noinst_LIBRARIES += milter/export/libexport.a
milter_export_libexport_a_SOURCES = \
	milter/export/case.c milter/export/case.h \
	milter/export/export.h \
	milter/export/mail.c \
	milter/export/misp.c \
	milter/export/report-html.c \
	milter/export/report-text.c \
	milter/export/report.c milter/export/report.h \
	milter/export/shared.c \
	milter/export/stix.c
milter_export_libexport_a_CFLAGS = $(AM_CFLAGS) $(NETTLE_CFLAGS)
