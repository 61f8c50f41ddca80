# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# For the lints: TAP from shell. A lint collects what it finds as lines
# "FILE:LINE: what", and `empty` says whether there were any.
set -u
cd "${AUR_SRCDIR:?run by make check}" || exit 99
tap_n=0 tap_bad=0
rooms="lib agentd cli tui"

# ok TEXT; not_ok TEXT [FINDINGS]
ok() {
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $1"
}

not_ok() {
	tap_n=$((tap_n + 1))
	tap_bad=1
	echo "not ok $tap_n - $1"
	printf '%s\n' "${2-}" | head -n 40 | sed 's/^/# /'
}

# empty TEXT FINDINGS
empty() {
	if [ -z "$2" ]; then ok "$1"; else not_ok "$1" "$2"; fi
}

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

# sources GLOB...: the project's own C files of these kinds.
sources() {
	for glob; do
		# shellcheck disable=SC2086
		find $rooms tests bench -name "$glob" -type f
	done | sort
}

finish() {
	echo "1..$tap_n"
	exit "$tap_bad"
}

# The sources are the same in every build.
[ -z "${AUR_NO_LINT-}" ] || skip_all "AUR_NO_LINT is set"
