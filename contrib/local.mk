EXTRA_DIST += \
	contrib/systemd/extortion-milter.service \
	contrib/systemd/extortion-milter-postfix.conf \
	contrib/systemd/extortion-milter.sysusers
