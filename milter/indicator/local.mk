noinst_LIBRARIES += milter/indicator/libindicator.a
milter_indicator_libindicator_a_SOURCES = \
	milter/indicator/address-place.c \
	milter/indicator/address-split.c \
	milter/indicator/address.c milter/indicator/address.h \
	milter/indicator/amount.c \
	milter/indicator/base58.c milter/indicator/base58.h \
	milter/indicator/bech32.c milter/indicator/bech32.h \
	milter/indicator/bitcoin.c \
	milter/indicator/clock.def \
	milter/indicator/deadline.c \
	milter/indicator/families.def \
	milter/indicator/finder.h \
	milter/indicator/indicator.c milter/indicator/indicator.h \
	milter/indicator/lexicon.c milter/indicator/lexicon.h \
	milter/indicator/mark.c \
	milter/indicator/money.def \
	milter/indicator/number.c milter/indicator/number.h \
	milter/indicator/numbers.def \
	milter/indicator/points.def \
	milter/indicator/quantity.c \
	milter/indicator/reading.c milter/indicator/reading.h \
	milter/indicator/units.def
milter_indicator_libindicator_a_CFLAGS = $(AM_CFLAGS) $(NETTLE_CFLAGS)
