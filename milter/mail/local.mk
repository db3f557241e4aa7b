noinst_LIBRARIES += milter/mail/libmail.a
milter_mail_libmail_a_SOURCES = \
	milter/mail/attachment.c \
	milter/mail/base64.c \
	milter/mail/boundary.c milter/mail/boundary.h \
	milter/mail/charset.c milter/mail/charset.h \
	milter/mail/charset-encode.c \
	milter/mail/charset-pairs.c \
	milter/mail/check.c \
	milter/mail/choose.c \
	milter/mail/content.c \
	milter/mail/convert-multi.c \
	milter/mail/convert-state.c \
	milter/mail/convert.c milter/mail/convert.h \
	milter/mail/field.c \
	milter/mail/flowed.c \
	milter/mail/mail.h \
	milter/mail/mailbox.c \
	milter/mail/message.c \
	milter/mail/parameter.c milter/mail/parameter.h \
	milter/mail/parse.h \
	milter/mail/part.c \
	milter/mail/signature.c \
	milter/mail/sink.c milter/mail/sink.h \
	milter/mail/transfer.c milter/mail/transfer.h \
	milter/mail/tree.c \
	milter/mail/types.c milter/mail/types.h \
	milter/mail/word.c
milter_mail_libmail_a_CFLAGS = $(AM_CFLAGS) $(MAGIC_CFLAGS)
