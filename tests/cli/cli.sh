# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# For tests of the command line: TAP from shell, a home of our own, and
#
#	run ARG...      runs aurora; $status, $dir/out, $dir/err
#	is GOT WANT TEXT
#	has FILE TEXT TEXT
#	jqt FILTER TEXT     jq -e FILTER over $dir/out
set -u
: "${AUR_BUILDDIR:?run by make check}" "${AUR_SRCDIR:?run by make check}"
tap_n=0 tap_bad=0
dir=$(mktemp -d "${TMPDIR:-/tmp}/aurora-cli-XXXXXX") || exit 99
trap 'rm -rf "$dir"' EXIT
trap 'exit 99' INT TERM
aurora=$AUR_BUILDDIR/aurora
HOME=$dir XDG_CONFIG_HOME=$dir/config XDG_DATA_HOME=$dir/data
LC_ALL=C TERM=dumb
export HOME XDG_CONFIG_HOME XDG_DATA_HOME LC_ALL TERM
unset AURORA_AGENTD AURORA_TEAM NO_COLOR COLUMNS LINES
unset XDG_RUNTIME_DIR XDG_STATE_HOME # nothing is made outside of $dir

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

[ -x "$aurora" ] || skip_all "no aurora in this build"
[ "${AUR_PLATFORM-linux}" = linux ] || skip_all "nothing is sampled here"

ok() {
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $1"
}

not_ok() {
	tap_n=$((tap_n + 1)) tap_bad=1
	echo "not ok $tap_n - $1"
	shift
	for line; do printf '%s\n' "$line" | head -n 20 | sed 's/^/# /'; done
}

is() {
	if [ "$1" = "$2" ]; then ok "$3"; else not_ok "$3" " got $1" "want $2"; fi
}

has() {
	if grep -qF -e "$2" "$1"; then ok "$3"; else
		not_ok "$3" "want $2" "in $(cat "$1")"
	fi
}

# true_ TEXT COMMAND...
true_() {
	text=$1
	shift
	if "$@" >"$dir/true" 2>&1; then ok "$text"; else
		not_ok "$text" "$*" "$(cat "$dir/true")"
	fi
}

run() {
	"$aurora" "$@" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
}

jqt() {
	if jq -e "$1" "$dir/out" >"$dir/jq" 2>&1; then ok "$2"; else
		not_ok "$2" "$1" "$(cat "$dir/jq")"
	fi
}

empty() {
	if [ -s "$1" ]; then not_ok "$2" "$(cat "$1")"; else ok "$2"; fi
}

need_jq() {
	command -v jq >/dev/null || skip_all "no jq"
}

finish() {
	echo "1..$tap_n"
	exit "$tap_bad"
}
