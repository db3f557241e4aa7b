# Options and libraries of extortion-milter.

# EXTORTION_TRY_CFLAG(FLAG): adds FLAG to the warnings when the compiler takes it.
AC_DEFUN([EXTORTION_TRY_CFLAG], [
  extortion_saved="$CFLAGS"
  CFLAGS="$CFLAGS -Werror $1"
  AC_MSG_CHECKING([whether $CC takes $1])
  AC_COMPILE_IFELSE([AC_LANG_PROGRAM()],
    [AC_MSG_RESULT([yes]); EXTORTION_CFLAGS="$EXTORTION_CFLAGS $1"], [AC_MSG_RESULT([no])])
  CFLAGS="$extortion_saved"
])

AC_DEFUN([AX_EXTORTION_OPTIONS], [
  EXTORTION_CFLAGS="-std=c17"
  EXTORTION_TRY_CFLAG([-Wall])
  EXTORTION_TRY_CFLAG([-Wextra])
  EXTORTION_TRY_CFLAG([-Wshadow])
  EXTORTION_TRY_CFLAG([-Wconversion])
  EXTORTION_TRY_CFLAG([-Wstrict-prototypes])
  EXTORTION_TRY_CFLAG([-Wmissing-prototypes])
  EXTORTION_TRY_CFLAG([-Wvla])
  EXTORTION_TRY_CFLAG([-fstack-protector-strong])

  AC_ARG_ENABLE([werror], [AS_HELP_STRING([--enable-werror], [compiler warnings are errors])])
  AS_IF([test "x$enable_werror" = xyes], [EXTORTION_CFLAGS="$EXTORTION_CFLAGS -Werror"])

  AC_ARG_ENABLE([sanitize], [AS_HELP_STRING([--enable-sanitize@<:@=LIST@:>@],
    [build with sanitizers; LIST is address,undefined (default) or thread])])
  AS_CASE(["x$enable_sanitize"],
    [x|xno], [],
    [xyes], [extortion_sanitize=address,undefined],
    [extortion_sanitize=$enable_sanitize])
  AS_IF([test -n "$extortion_sanitize"], [
    EXTORTION_CFLAGS="$EXTORTION_CFLAGS -fsanitize=$extortion_sanitize -fno-omit-frame-pointer -fno-sanitize-recover=undefined"
    EXTORTION_LDFLAGS="$EXTORTION_LDFLAGS -fsanitize=$extortion_sanitize"])
  AM_CONDITIONAL([SANITIZE], [test -n "$extortion_sanitize"])

  AC_ARG_VAR([LIB_FUZZING_ENGINE], [what links a fuzzing engine to a target (-fsanitize=fuzzer)])
  AC_ARG_ENABLE([fuzz], [AS_HELP_STRING([--enable-fuzz], [link the fuzz targets with libFuzzer (needs CC=clang)])])
  AM_CONDITIONAL([FUZZ], [test "x$enable_fuzz" = xyes])
  AS_IF([test "x$enable_fuzz" = xyes && test -n "$LIB_FUZZING_ENGINE"], [],
    [test "x$enable_fuzz" = xyes], [
    LIB_FUZZING_ENGINE=-fsanitize=fuzzer
    AC_MSG_CHECKING([whether $CC has libFuzzer])
    extortion_saved="$CFLAGS"
    CFLAGS="$CFLAGS -fsanitize=fuzzer"
    AC_LINK_IFELSE([AC_LANG_SOURCE([[
      #include <stddef.h>
      #include <stdint.h>
      int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n) { return d == NULL && n != 0; }]])],
      [AC_MSG_RESULT([yes])],
      [AC_MSG_RESULT([no])
       AC_MSG_ERROR([--enable-fuzz needs clang and its runtime: apt-get install clang libclang-rt-14-dev, then ./configure CC=clang --enable-fuzz])])
    CFLAGS="$extortion_saved"
    EXTORTION_CFLAGS="$EXTORTION_CFLAGS -fsanitize=fuzzer-no-link"])

  AC_ARG_ENABLE([coverage], [AS_HELP_STRING([--enable-coverage], [build for lcov])])
  AS_IF([test "x$enable_coverage" = xyes], [
    EXTORTION_CFLAGS="$EXTORTION_CFLAGS --coverage -O0"
    EXTORTION_LDFLAGS="$EXTORTION_LDFLAGS --coverage"])

  AC_ARG_ENABLE([lto], [AS_HELP_STRING([--disable-lto],
    [do not optimize the programs over all their files at once (default: with GCC they are)])])
  AS_IF([test -n "$extortion_sanitize" || test "x$enable_fuzz" = xyes || test "x$enable_coverage" = xyes], [enable_lto=no])
  AS_IF([test "x$enable_lto" != xno], [
    extortion_saved="$CFLAGS"
    CFLAGS="$CFLAGS -flto=auto -ffat-lto-objects"
    AC_MSG_CHECKING([whether $CC optimizes when it links])
    AC_LINK_IFELSE([AC_LANG_PROGRAM([[
      #if !defined __GNUC__ || defined __clang__
      # error "other compilers have other flags and their own archives"
      #endif]])],
      [AC_MSG_RESULT([yes]); extortion_lto=yes], [AC_MSG_RESULT([no])])
    CFLAGS="$extortion_saved"])
  dnl Only what is installed pays for it: sixty test programs link plain code, and bench programs keep the names of stages. The second
  dnl -flto takes -fno-lto back, which "=auto" does not. Warnings were given file by file; over all files GCC 12 invents some.
  AS_IF([test -n "$extortion_lto"], [
    EXTORTION_CFLAGS="$EXTORTION_CFLAGS -flto=auto -ffat-lto-objects"
    EXTORTION_LDFLAGS="$EXTORTION_LDFLAGS -fno-lto"
    EXTORTION_LTO="-flto -flto=auto -w"])

  AC_SUBST([EXTORTION_CFLAGS])
  AC_SUBST([EXTORTION_LDFLAGS])
  AC_SUBST([EXTORTION_LTO])
])

# EXTORTION_PKG(VARIABLE, MODULE, DEBIAN-PACKAGE): a required library known to pkg-config.
AC_DEFUN([EXTORTION_PKG], [
  PKG_CHECK_MODULES([$1], [$2], [],
    [extortion_missing="$extortion_missing $3"
     AC_MSG_WARN([library $2 is missing (Debian package $3)])])
])

AC_DEFUN([AX_EXTORTION_LIBRARIES], [
  EXTORTION_PKG([PCRE2], [libpcre2-8 >= 10.32], [libpcre2-dev])
  EXTORTION_PKG([MAGIC], [libmagic >= 5.30], [libmagic-dev])
  EXTORTION_PKG([LIBCONFIG], [libconfig >= 1.5], [libconfig-dev])
  EXTORTION_PKG([NETTLE], [nettle >= 3.4], [nettle-dev])
  EXTORTION_PKG([SODIUM], [libsodium >= 1.0.14], [libsodium-dev])
  EXTORTION_PKG([ZIP], [libzip >= 1.5], [libzip-dev])

  extortion_saved="$LIBS"
  LIBS=
  AC_CHECK_HEADER([libmilter/mfapi.h],
    [AC_SEARCH_LIBS([smfi_register], [milter], [MILTER_LIBS="$LIBS -lpthread"],
      [extortion_missing="$extortion_missing libmilter-dev"], [-lpthread])],
    [extortion_missing="$extortion_missing libmilter-dev"])
  LIBS=
  AC_SEARCH_LIBS([iconv_open], [iconv], [ICONV_LIBS="$LIBS"])
  LIBS="$extortion_saved"
  AC_SUBST([MILTER_LIBS])
  AC_SUBST([ICONV_LIBS])

  dnl Tests only: their absence must not stop an installation.
  PKG_CHECK_MODULES([CMOCKA], [cmocka >= 1.1], [extortion_cmocka=yes], [extortion_cmocka=no])
  AM_CONDITIONAL([TESTS_ENABLED], [test "x$extortion_cmocka" = xyes])
  AS_IF([test "x$extortion_cmocka" = xno],
    [AC_MSG_WARN([make check needs cmocka: apt-get install libcmocka-dev])])
  PKG_CHECK_MODULES([GMIME], [gmime-3.0], [extortion_gmime=yes], [extortion_gmime=no])
  AM_CONDITIONAL([ORACLE_GMIME], [test "x$extortion_gmime" = xyes])

  AS_IF([test -n "$extortion_missing"],
    [AC_MSG_ERROR([missing libraries; on Debian: apt-get install$extortion_missing])])
])
