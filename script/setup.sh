# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Shared by script/run and script/test: packages, then a build directory. Both
# can be repeated at any time; what is there is left alone, and without
# anything missing neither apt nor root is asked for.

# packages KIND...: the names in script/packages of these kinds.
packages() {
	local kind name
	while read -r kind name; do
		case " $* " in *" $kind "*) echo "$name" ;; esac
	done <script/packages
}

# missing NAME...: those that dpkg does not have.
missing() {
	local name
	for name; do
		dpkg-query -W -f '${db:Status-Status}\n' "$name" 2>/dev/null |
			grep -qx installed || echo "$name"
	done
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		echo "not root and no sudo; please run: $*" >&2
		return 1
	fi
}

apt_get() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
		-o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"
}

# need KIND...: installs what is missing, fails where that is not possible.
need() {
	local names
	if ! command -v dpkg-query >/dev/null; then
		echo "not a Debian: the packages are in script/packages" >&2
		return 0
	fi
	# shellcheck disable=SC2046 # names of packages have no spaces
	names=$(missing $(packages "$@"))
	[ -n "$names" ] || return 0
	echo "installing:" "${names//$'\n'/ }" >&2
	# shellcheck disable=SC2086
	apt_get update >&2 && apt_get install --no-install-recommends $names >&2
}

# configured DIR [ARG...]: DIR holds a build configured with these arguments.
configured() {
	local dir=$1 top=$PWD
	shift
	[ -x configure ] && [ -f build-aux/tap-driver.sh ] || ./autogen.sh ||
		return 1
	if [ -f "$dir/Makefile" ] &&
		[ "$(cat "$dir/.configured" 2>/dev/null)" = "$top $*" ]; then
		return 0
	fi
	rm -rf "$dir"
	mkdir "$dir" || return 1
	(cd "$dir" && "$top/configure" "$@") || return 1
	echo "$top $*" >"$dir/.configured"
}
