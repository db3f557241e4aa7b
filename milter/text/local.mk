noinst_LIBRARIES += milter/text/libtext.a
milter_text_libtext_a_SOURCES = \
	milter/text/text.h
