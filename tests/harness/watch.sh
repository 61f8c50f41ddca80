# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# For tests of what is seen while hosts are watched. Source it behind cli.sh
# and sshd.sh; a test with a trap of its own on EXIT puts `unseen` first in it.
#
#	watch HOST...		aurora status --watch --json in the background;
#				its documents go to $dir/seen, one a line
#	until_ TEXT FILTER	at most a minute until the newest document is so
#	is_state TEXT HOST 'STATE...'	the same of a host's state
#	unwatch TEXT		ends it, which is tested
#	idle TEXT SECONDS	the watch uses less than half of a core meanwhile
#	relay HOST		a bad network before HOST: aurora reaches it by
#	net COMMAND...		HOST-net from then on; says it to the relay
#
# A minute is for machines that are busy; what is right is seen in seconds.
watcher= relay_pid=

watch() {
	: >"$dir/seen"
	"$aurora" status --json --timeout 60 --watch=0.5 "$@" >"$dir/seen" \
		2>"$dir/said" </dev/null &
	watcher=$!
}
unwatch() {
	kill -INT $watcher
	wait $watcher
	is "$?" 130 "$1: the watch ends with 130"
	watcher=
}
unseen() {
	[ -z "$watcher" ] || kill "$watcher" 2>/dev/null
	[ -z "$relay_pid" ] || kill "$relay_pid" 2>/dev/null
}
trap 'unseen; sshd_cleanup; rm -rf "$dir"' EXIT

# now FILTER: of the newest whole document
now() {
	# jq 1.6 is content with nothing at all
	[ -s "$dir/seen" ] || return 1
	tail -n 2 "$dir/seen" | head -n 1 | jq -e "$1" >/dev/null 2>&1
}
until_() {
	n=0
	until now "$2"; do
		[ $n -lt 600 ] || break
		sleep 0.1
		n=$((n + 1))
	done
	if [ $n -lt 600 ]; then ok "$1"; else
		not_ok "$1" "$2" "$(tail -n 2 "$dir/seen" |
			jq -c '.hosts[] | [.name, .state, .error]')"
	fi
}
is_state() {
	until_ "$1: $3" "[.hosts[] | select(.name == \"$sshd_user@$2\")][0].state |
		IN($(echo "$3" | sed 's/[a-z_]*/"&"/g; s/""//g; s/" "/", "/g'))"
}

# user and system time in ticks: 100 a second
ticks() {
	awk '{ print $14 + $15 }' "/proc/$watcher/stat"
}
idle() {
	idle_from=$(ticks)
	sleep "$2"
	idle_used=$(($(ticks) - idle_from))
	true_ "$1: no busy loop: $idle_used ticks in $2 s" \
		test $idle_used -lt $(($2 * 50))
}

relay() {
	mkfifo "$dir/net"
	"$AUR_BUILDDIR/tests/harness/relay" "$(sshd_port "$1")" 600 \
		<"$dir/net" >"$dir/net.told" &
	relay_pid=$!
	exec 7>"$dir/net"
	sshd_wait grep -q '^port' "$dir/net.told"
	cat >>"$HOME/.ssh/config" <<-END
		Host $1-net
		  HostName 127.0.0.1
		  Port $(sed -n 's/^port //p' "$dir/net.told")
		  User $sshd_user
		  IdentityFile $HOME/.ssh/id_ed25519
		  UserKnownHostsFile $HOME/.ssh/known_hosts
		  GlobalKnownHostsFile /dev/null
		  HostKeyAlias $1-net
	END
	sshd_known "$1" "$1-net" >>"$HOME/.ssh/known_hosts"
}
net() {
	echo "$*" >&7
}
# Processes of ours that stand between us and a host.
ours() {
	ps -e -o args= | grep -F "$dir/home/.ssh/config -T" | grep -vc grep
}
# nothing_left HOST...: on either side
nothing_left() {
	[ "$(ours)" = 0 ] || return 1
	for left_host; do
		[ -z "$(sshd_logins "$left_host")" ] || return 1
	done
}
