noinst_LIBRARIES += milter/notice/libnotice.a
milter_notice_libnotice_a_SOURCES = \
	milter/notice/conf.c milter/notice/conf.h \
	milter/notice/contact.c \
	milter/notice/cover.c \
	milter/notice/encode.c milter/notice/encode.h \
	milter/notice/group.c \
	milter/notice/inline.c \
	milter/notice/inline-prove.c \
	milter/notice/notice.h \
	milter/notice/notices.c milter/notice/notices.h \
	milter/notice/placeholder.c \
	milter/notice/render.c milter/notice/render.h \
	milter/notice/render-html.c \
	milter/notice/render-text.c \
	milter/notice/report.c \
	milter/notice/rewrite.c milter/notice/rewrite.h \
	milter/notice/shape.c \
	milter/notice/template.c \
	milter/notice/wrap.c
milter_notice_libnotice_a_CFLAGS = $(AM_CFLAGS) $(LIBCONFIG_CFLAGS)
