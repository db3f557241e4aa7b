#!/bin/bash -eu
# OSS-Fuzz calls this in the source folder, with CC, CXX, CFLAGS, CXXFLAGS, LIB_FUZZING_ENGINE, OUT and WORK set.
top=$(pwd)
autoreconf -fi
mkdir -p "$WORK/build" && cd "$WORK/build"
# The engine is C++; C++ links it.
"$top/configure" -q --enable-fuzz LIB_FUZZING_ENGINE="$LIB_FUZZING_ENGINE"
make -s -j"$(nproc)" CCLD="$CXX $CXXFLAGS" fuzzers

# Libraries and data travel with the targets: what runs them has nothing installed.
mkdir -p "$OUT/lib"
for target in tests/fuzz/fuzz-*; do
    case $target in *.*) continue ;; esac
    name=${target##*/} thing=${target##*/fuzz-}
    cp "$target" "$OUT/$name"
    ldd "$target" | awk '/=> \// { print $3 }' | grep -vE '/(libc|libm|libdl|librt|libpthread|ld-linux[^/]*|libgcc_s|libstdc\+\+|libc\+\+[^/]*)\.so' |
        xargs -r -I@ cp -n -L @ "$OUT/lib/"
    patchelf --set-rpath '$ORIGIN/lib' --force-rpath "$OUT/$name"
    "$top/tests/fuzz/dictionary.sh" "$thing" > "$OUT/$name.dict"
    (cd "$top/tests/fuzz/corpus/$thing" && zip -q -r "$OUT/${name}_seed_corpus.zip" .)
done
for lib in "$OUT"/lib/*; do patchelf --set-rpath '$ORIGIN' --force-rpath "$lib"; done
mkdir -p "$OUT/rules/lang"
cp -r "$top/conf" "$top/rules/core" "$OUT/" && mv "$OUT/core" "$OUT/rules/"
cp -r "$top/rules/lang/en" "$top/rules/lang/fi" "$top/rules/lang/ja" "$OUT/rules/lang/"
for mgc in /usr/lib/file/magic.mgc /usr/share/file/magic.mgc /usr/share/misc/magic.mgc; do
    [ ! -f "$mgc" ] || { cp -L "$mgc" "$OUT/magic.mgc"; break; }
done
