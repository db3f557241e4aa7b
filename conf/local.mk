# The administrator's file is never overwritten.
EXTRA_DIST += conf/extortion-milter.conf
# Contacts and texts are data of the package, replaced by an update; a site's own go elsewhere.
nobase_dist_pkgdata_DATA += \
	conf/contacts.conf \
	conf/notices/en.conf \
	conf/notices/fi.conf \
	conf/notices/sv.conf
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
