# The administrator's file is never overwritten.
EXTRA_DIST += conf/extortion-milter.conf
confdir = $(sysconfdir)/extortion-milter
install-data-local: install-conf
.PHONY: install-conf uninstall-conf
install-conf:
	$(MKDIR_P) '$(DESTDIR)$(confdir)'
	test -e '$(DESTDIR)$(confdir)/extortion-milter.conf' || \
	  $(INSTALL_DATA) '$(srcdir)/conf/extortion-milter.conf' '$(DESTDIR)$(confdir)/extortion-milter.conf'
uninstall-local: uninstall-conf
uninstall-conf:
	if cmp -s '$(srcdir)/conf/extortion-milter.conf' '$(DESTDIR)$(confdir)/extortion-milter.conf'; then \
	  rm -f '$(DESTDIR)$(confdir)/extortion-milter.conf'; fi
