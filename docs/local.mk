dist_man_MANS += docs/man/extortion-milter.8 docs/man/extortion-milter.conf.5
dist_man_MANS += docs/man/extortctl.1 docs/man/extortion-rules.5
dist_man_MANS += docs/man/extortion-notices.5

# The pictures of a notice in docs/images, with the texts and looks of now; needs chromium and python3-pil.
.PHONY: screenshots
screenshots: milter/program/extortctl
	PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 $(srcdir)/tests/notice/browser/screenshots.py $(abs_builddir)/milter/program/extortctl $(abs_srcdir) $(abs_srcdir)/docs/images
