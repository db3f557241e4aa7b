EXTRA_DIST += \
	contrib/apparmor \
	contrib/build-deb \
	contrib/container \
	contrib/debian \
	contrib/demo \
	contrib/fit/fit.py \
	contrib/fit/pairs.py \
	contrib/freebsd \
	contrib/oss-fuzz/Dockerfile \
	contrib/oss-fuzz/README.md \
	contrib/oss-fuzz/build.sh \
	contrib/oss-fuzz/project.yaml \
	contrib/monitoring/extortion-milter-alerts.yml \
	contrib/monitoring/extortion-milter-alerts-test.yml \
	contrib/monitoring/extortion-milter-dashboard.json \
	contrib/postfix/private-postfix.sh \
	contrib/sendmail/private-sendmail.sh \
	contrib/recipes \
	contrib/rpm \
	contrib/samples/company-leak-en.eml \
	contrib/samples/news-article-en.eml \
	contrib/samples/ordinary-en.eml \
	contrib/samples/vastaamo-type-letter-fi.eml \
	contrib/samples/webcam-lookalikes-en.eml \
	contrib/systemd/extortion-milter.service \
	contrib/systemd/extortion-milter.sysusers \
	contrib/systemd/extortion-milter.tmpfiles
