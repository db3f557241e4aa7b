# The administrator's file is never overwritten.
EXTRA_DIST += conf/extortion-milter.conf
# Contacts and texts are data of the package, replaced by an update; a site's own go elsewhere.
nobase_dist_pkgdata_DATA += \
	conf/contacts.conf \
	conf/notices/ar.conf \
	conf/notices/cs.conf \
	conf/notices/da.conf \
	conf/notices/de.conf \
	conf/notices/el.conf \
	conf/notices/en.conf \
	conf/notices/es.conf \
	conf/notices/et.conf \
	conf/notices/fi.conf \
	conf/notices/fr.conf \
	conf/notices/hu.conf \
	conf/notices/it.conf \
	conf/notices/ja.conf \
	conf/notices/ko.conf \
	conf/notices/lt.conf \
	conf/notices/lv.conf \
	conf/notices/nl.conf \
	conf/notices/no.conf \
	conf/notices/pl.conf \
	conf/notices/pt.conf \
	conf/notices/ro.conf \
	conf/notices/ru.conf \
	conf/notices/sv.conf \
	conf/notices/tr.conf \
	conf/notices/uk.conf \
	conf/notices/zh.conf \
	conf/reports/cs.conf \
	conf/reports/da.conf \
	conf/reports/de.conf \
	conf/reports/en.conf \
	conf/reports/es.conf \
	conf/reports/et.conf \
	conf/reports/fi.conf \
	conf/reports/fr.conf \
	conf/reports/it.conf \
	conf/reports/ja.conf \
	conf/reports/nl.conf \
	conf/reports/no.conf \
	conf/reports/pl.conf \
	conf/reports/pt.conf \
	conf/reports/ru.conf \
	conf/reports/sv.conf
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
