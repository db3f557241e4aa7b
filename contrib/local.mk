EXTRA_DIST += \
	contrib/apparmor/usr.sbin.extortion-milter \
	contrib/build-deb \
	contrib/debian/changelog \
	contrib/debian/control \
	contrib/debian/copyright \
	contrib/debian/extortion-milter.docs \
	contrib/debian/extortion-milter.examples \
	contrib/debian/extortion-milter.lintian-overrides \
	contrib/debian/extortion-milter.postrm \
	contrib/debian/rules \
	contrib/debian/source/format \
	contrib/demo \
	contrib/oss-fuzz/Dockerfile \
	contrib/oss-fuzz/README.md \
	contrib/oss-fuzz/build.sh \
	contrib/oss-fuzz/project.yaml \
	contrib/postfix/private-postfix.sh \
	contrib/sendmail/private-sendmail.sh \
	contrib/samples/company-leak-en.eml \
	contrib/samples/news-article-en.eml \
	contrib/samples/ordinary-en.eml \
	contrib/samples/vastaamo-type-letter-fi.eml \
	contrib/samples/webcam-lookalikes-en.eml \
	contrib/systemd/extortion-milter.service \
	contrib/systemd/extortion-milter.sysusers \
	contrib/systemd/extortion-milter.tmpfiles
