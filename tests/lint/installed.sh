#!/bin/sh
# SPDX-License-Identifier: MIT
# make installcheck: what was installed is enough to build against libaurora,
# by pkg-config alone: installed.sh CC LIBDIR PKGCONFIGDIR INCLUDEDIR
set -eu
cc=$1 libdir=$2 includedir=$4
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export PKG_CONFIG_PATH="$3"
{
	(cd "$includedir/aurora" && find . -name '*.h' ! -name banned.h) |
		sed 's,^\./\(.*\),#include "\1",'
	echo 'int main(void) { return !aur_err_str(0); }'
} >"$dir/user.c"
# shellcheck disable=SC2046,SC2086
$cc -std=c11 -Werror=implicit-function-declaration -o "$dir/user" "$dir/user.c" $(pkg-config --cflags --libs aurora)
LD_LIBRARY_PATH=$libdir "$dir/user"
