# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# A person at a terminal, for tests of questions. Behind cli.sh and sshd.sh:
#
#	on_tty HOST... <answers		a line TEXT=ANSWER for each: typed
#			when TEXT is there, once more where it was before; ^D
#			as an answer declines. The screen is in $dir/out, the
#			exit status as "exit N" in $dir/asked.
#			$beside is a command that is run beside it
cr=$(printf '\r') eot=$(printf '\004')

on_tty() {
	cat >"$dir/asks" <<-EOT
		#!/bin/sh
		${beside-:} &
		"$aurora" status --timeout 60 $*
		echo "exit \$?" >"$dir/asked"
	EOT
	chmod 700 "$dir/asks"
	rm -f "$dir/asked"
	set --
	while read -r line; do
		set -- "$@" -u "${line%=*}"
		case $line in
		*=^D) set -- "$@" -k "$eot" ;;
		*) set -- "$@" -k "${line##*=}$cr" ;;
		esac
	done
	"$AUR_BUILDDIR/tests/harness/ptyrun" 40x250 -t 60000 "$@" -e \
		-- "$dir/asks" >"$dir/out" 2>&1
	[ -e "$dir/asked" ] || echo "did not end" >"$dir/asked"
}
