noinst_LIBRARIES += milter/indicator/libindicator.a
milter_indicator_libindicator_a_SOURCES = \
	milter/indicator/address.c milter/indicator/address.h \
	milter/indicator/address-link.c \
	milter/indicator/address-parts.c milter/indicator/address-parts.h \
	milter/indicator/address-place.c \
	milter/indicator/address-split.c \
	milter/indicator/address-table.c \
	milter/indicator/algorand.c \
	milter/indicator/amount.c \
	milter/indicator/base32.c milter/indicator/base32.h \
	milter/indicator/base58.c milter/indicator/base58.h \
	milter/indicator/bech32.c milter/indicator/bech32.h \
	milter/indicator/binance.c \
	milter/indicator/bitcoin.c \
	milter/indicator/bitcoin-cash.c \
	milter/indicator/blake2b.c milter/indicator/blake2b.h \
	milter/indicator/cardano.c \
	milter/indicator/clock.def \
	milter/indicator/contact.c \
	milter/indicator/contacts.def \
	milter/indicator/crc.c milter/indicator/crc.h \
	milter/indicator/dash.c \
	milter/indicator/deadline.c \
	milter/indicator/dogecoin.c \
	milter/indicator/ethereum.c \
	milter/indicator/families.def \
	milter/indicator/finder.h \
	milter/indicator/iban.c \
	milter/indicator/indicator.c milter/indicator/indicator.h \
	milter/indicator/keccak.c milter/indicator/keccak.h \
	milter/indicator/lexicon.c milter/indicator/lexicon.h \
	milter/indicator/lightning.c \
	milter/indicator/litecoin.c \
	milter/indicator/mark.c \
	milter/indicator/monero.c \
	milter/indicator/money.def \
	milter/indicator/nano.c \
	milter/indicator/national-check.c \
	milter/indicator/national-id.c milter/indicator/national-id.h \
	milter/indicator/number.c milter/indicator/number.h \
	milter/indicator/numbers.def \
	milter/indicator/onion.c \
	milter/indicator/own.c milter/indicator/own.h \
	milter/indicator/password.c \
	milter/indicator/points.def \
	milter/indicator/polkadot.c \
	milter/indicator/quantity.c milter/indicator/quantity-spelled.c \
	milter/indicator/reading.c milter/indicator/reading.h \
	milter/indicator/ripple.c \
	milter/indicator/session.c \
	milter/indicator/solana.c \
	milter/indicator/stellar.c \
	milter/indicator/tezos.c \
	milter/indicator/ton.c \
	milter/indicator/tox.c \
	milter/indicator/tron.c \
	milter/indicator/units.def \
	milter/indicator/zcash.c
milter_indicator_libindicator_a_CFLAGS = $(AM_CFLAGS) $(NETTLE_CFLAGS)
