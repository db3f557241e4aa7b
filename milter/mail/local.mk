noinst_LIBRARIES += milter/mail/libmail.a
milter_mail_libmail_a_SOURCES = \
	milter/mail/mail.h
milter_mail_libmail_a_CFLAGS = $(AM_CFLAGS) $(MAGIC_CFLAGS)
