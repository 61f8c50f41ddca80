# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# Real sshd daemons on loopback for shell tests, each with its own keys and
# settings, and a client's home that knows them. Source it behind cli.sh (or
# alone: it then brings its own TAP functions and $dir):
#
#	. "${AUR_SRCDIR:?}/tests/harness/sshd.sh"
#	sshd_need                        skips the test where sshd is missing
#	sshd_start web1                  ed25519, ecdsa and rsa host keys
#	sshd_start web2 ed25519 'MaxSessions 1' 'RekeyLimit 256K'
#	ssh web1 true                    works: $dir/home has it all
#	sshd_stop web1; sshd_resume web1
#
# A daemon NAME lives in $dir/sshd/NAME: sshd_config, host_TYPE keys (.pub),
# authorized_keys (has the user's key), log (-e), pid, port, and home, which is
# $HOME of its logins, empty: no rc file of the real account is read. Logins
# run as the user who runs the test, root or not.
#
# The client is $dir/home, exported as HOME: .ssh/config with a block for each
# daemon, .ssh/known_hosts, .ssh/id_ed25519. OpenSSH finds its home by getpwuid
# and not by $HOME, so $dir/bin, first in PATH, has an ssh that adds -F; what
# starts `ssh` by name gets it.
#
#	sshd_start NAME [TYPES [LINE...]]   '-' for TYPES: all three; the LINEs
#			stand first in sshd_config, so they win. Sets $port.
#			$sshd_env="A=b ..." is given to the logins of the next.
#	sshd_config NAME LINE...	replaces these LINEs; for sshd_resume
#	sshd_stop NAME [SIGNAL]		the listener and all its logins, TERM
#	sshd_freeze NAME, sshd_thaw NAME	SIGSTOP, SIGCONT, logins too
#	sshd_resume NAME		again, on the same port
#	sshd_rekey NAME TYPE		another host key, for sshd_resume
#	sshd_logins NAME		pids of what runs below the listener
#	sshd_port NAME, sshd_log NAME	the port; the path of the log
#	sshd_key NAME TYPE [PASSPHRASE [ARG...]]  a user's key: $dir/keys/NAME
#	sshd_allow HOST NAME [OPTIONS]	a line for that key in authorized_keys
#	sshd_known HOST [HOSTNAME]	known_hosts lines of HOST, on stdout
#	sshd_agent NAME			an ssh-agent: $SSH_AUTH_SOCK is set
#	sshd_ask PASSWORD		lets the *next* sshd_start take PASSWORD by
#			password and keyboard-interactive (PAM, by a preloaded
#			shim); false where that cannot be had
#	sshd_wait COMMAND...		at most 20 s, until COMMAND succeeds
#
# Everything ends by pid in the trap on EXIT, which also removes $dir; put
# `sshd_cleanup` first in a trap of your own.
set -u
: "${AUR_BUILDDIR:?run by make check}" "${AUR_SRCDIR:?run by make check}"
if [ -z "${tap_n-}" ]; then
	# shellcheck source=tests/lint/tap.sh
	. "$AUR_SRCDIR/tests/lint/tap.sh"
fi
[ -n "${dir-}" ] ||
	dir=$(mktemp -d "${TMPDIR:-/tmp}/aurora-sshd-XXXXXX") || exit 99
trap 'sshd_cleanup; rm -rf "$dir"' EXIT
trap 'exit 99' INT TERM
HOME=$dir/home
export HOME
mkdir -p "$HOME/.ssh" "$dir/sshd" "$dir/keys" "$dir/bin" "$dir/agents"
chmod 700 "$HOME/.ssh"
unset SSH_AUTH_SOCK SSH_AGENT_PID SSH_ASKPASS DISPLAY
sshd_bin=$(PATH=$PATH:/usr/sbin:/sbin command -v sshd) || sshd_bin=
sshd_ssh=$(command -v ssh) || sshd_ssh=
sshd_user=$(id -un)
sshd_env= sshd_preload= sshd_next=0

sshd_need() {
	[ -z "${AUR_NO_SSHD-}" ] || skip_all "AUR_NO_SSHD is set"
	[ -n "$sshd_bin" ] || skip_all "no sshd"
	[ -n "$sshd_ssh" ] || skip_all "no ssh"
	command -v ps >/dev/null || skip_all "no ps"
	# root's sshd wants this directory, and Debian's service makes it
	if [ "$(id -u)" = 0 ] && ! mkdir -p -m 755 /run/sshd 2>/dev/null; then
		skip_all "no /run/sshd"
	fi
	cat >"$dir/bin/ssh" <<-EOF
		#!/bin/sh
		exec $sshd_ssh -F $HOME/.ssh/config "\$@"
	EOF
	chmod 700 "$dir/bin/ssh"
	PATH=$dir/bin:$PATH
	export PATH
	: >"$HOME/.ssh/known_hosts"
	: >"$HOME/.ssh/config"
	sshd_key user ed25519
	cp "$dir/keys/user" "$HOME/.ssh/id_ed25519"
	cp "$dir/keys/user.pub" "$HOME/.ssh/id_ed25519.pub"
}

sshd_wait() {
	sshd_turn=0
	while [ $sshd_turn -lt 200 ]; do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.1
		sshd_turn=$((sshd_turn + 1))
	done
	return 1
}

sshd_key() {
	sshd_name=$1 sshd_type=$2 sshd_pass=${3-}
	shift 2
	[ $# -eq 0 ] || shift
	rm -f "$dir/keys/$sshd_name" "$dir/keys/$sshd_name.pub"
	ssh-keygen -q -t "$sshd_type" -N "$sshd_pass" -C "$sshd_name" "$@" \
		-f "$dir/keys/$sshd_name" </dev/null
}

sshd_allow() {
	printf '%s%s\n' "${3:+$3 }" "$(cat "$dir/keys/$2.pub")" \
		>>"$dir/sshd/$1/authorized_keys"
}

sshd_port() {
	cat "$dir/sshd/$1/port"
}

sshd_log() {
	echo "$dir/sshd/$1/log"
}

sshd_known() {
	for sshd_pub in "$dir/sshd/$1"/host_*.pub; do
		if [ $# -gt 1 ]; then
			printf '%s ' "$2"
		else
			printf '[127.0.0.1]:%s ' "$(sshd_port "$1")"
		fi
		cut -d ' ' -f 1,2 "$sshd_pub"
	done
}

sshd_rekey() {
	rm -f "$dir/sshd/$1/host_$2" "$dir/sshd/$1/host_$2.pub"
	ssh-keygen -q -t "$2" -N '' -C "$1" -f "$dir/sshd/$1/host_$2"
}

# The settings of a test, which win, and then ours.
sshd_config() {
	sshd_at=$dir/sshd/$1
	shift
	{
		for sshd_line; do printf '%s\n' "$sshd_line"; done
		for sshd_file in "$sshd_at"/host_*.pub; do
			echo "HostKey ${sshd_file%.pub}"
		done
		cat <<-EOF
			ListenAddress 127.0.0.1
			AuthorizedKeysFile $sshd_at/authorized_keys
			SetEnv HOME=$sshd_at/home $(cat "$sshd_at/env")
			StrictModes no
			PidFile none
			PermitRootLogin yes
			UsePAM no
			PasswordAuthentication no
			KbdInteractiveAuthentication no
			UseDNS no
			PrintMotd no
			LogLevel VERBOSE
		EOF
	} >"$sshd_at/sshd_config"
}

# One try on one port: 0 when it listens, 1 when the port is taken or it is
# otherwise of no use; what it said is in the log.
sshd_try() {
	sshd_at=$dir/sshd/$1
	# LD_PRELOAD: a shim of ours, or nothing
	LD_PRELOAD=$(cat "$sshd_at/preload") AUR_PAM_DIR=$dir/pam \
		"$sshd_bin" -D -e -f "$sshd_at/sshd_config" -p "$2" \
		>>"$sshd_at/log" 2>&1 </dev/null &
	sshd_new=$!
	echo $sshd_new >"$sshd_at/pid"
	sshd_turn=0
	while [ $sshd_turn -lt 200 ]; do
		grep -q "^Server listening on .* port $2\." "$sshd_at/log" &&
			return 0
		kill -0 $sshd_new 2>/dev/null || break
		sleep 0.05
		sshd_turn=$((sshd_turn + 1))
	done
	kill -9 $sshd_new 2>/dev/null
	wait $sshd_new 2>/dev/null
	rm -f "$sshd_at/pid"
	return 1
}

# A port below those that the kernel gives to clients, another each time.
sshd_pick() {
	sshd_next=$((sshd_next + 1))
	port=$((10000 + ($$ * 37 + sshd_next * 101) % 20000))
}

sshd_start() {
	sshd_who=$1 sshd_types=${2--}
	shift
	[ $# -eq 0 ] || shift
	[ "$sshd_types" != - ] || sshd_types='ed25519 ecdsa rsa'
	sshd_at=$dir/sshd/$sshd_who
	mkdir -p "$sshd_at/home"
	for sshd_type in $sshd_types; do sshd_rekey "$sshd_who" "$sshd_type"; done
	cp "$dir/keys/user.pub" "$sshd_at/authorized_keys"
	printf '%s\n' "$sshd_env" >"$sshd_at/env"
	printf '%s\n' "$sshd_preload" >"$sshd_at/preload"
	if [ -n "$sshd_preload" ]; then
		sshd_config "$sshd_who" "$@" 'UsePAM yes' \
			'PasswordAuthentication yes' \
			'KbdInteractiveAuthentication yes'
	else
		sshd_config "$sshd_who" "$@"
	fi
	sshd_env= sshd_preload=
	for sshd_i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		sshd_pick
		: >"$sshd_at/log"
		sshd_try "$sshd_who" "$port" && break
		grep -q 'Bind to port' "$sshd_at/log" && continue
		echo "Bail out! sshd: $(tail -n 1 "$sshd_at/log")"
		exit 99
	done
	echo "$port" >"$sshd_at/port"
	sshd_known "$sshd_who" >>"$HOME/.ssh/known_hosts"
	cat >>"$HOME/.ssh/config" <<-EOF
		Host $sshd_who
		  HostName 127.0.0.1
		  Port $port
		  User $sshd_user
		  IdentityFile $HOME/.ssh/id_ed25519
		  UserKnownHostsFile $HOME/.ssh/known_hosts
		  GlobalKnownHostsFile /dev/null
	EOF
}

sshd_resume() {
	sshd_i=0
	# what is still closing may hold the port for a moment
	while [ $sshd_i -lt 20 ]; do
		sshd_at=$dir/sshd/$1
		sed -i 's/^Server listening/(&)/' "$sshd_at/log"
		sshd_try "$1" "$(sshd_port "$1")" && return 0
		sleep 0.1
		sshd_i=$((sshd_i + 1))
	done
	echo "Bail out! sshd: $(tail -n 1 "$dir/sshd/$1/log")"
	exit 99
}

# Pids of all below pid $1, nearest first.
sshd_below() {
	ps -e -o pid= -o ppid= | awk -v top="$1" '
		{ parent[$1] = $2 }
		END {
			for (p in parent)
				for (q = parent[p]; q > 1; q = parent[q])
					if (q == top) { print p; break }
		}' | sort -n
}

sshd_logins() {
	[ -e "$dir/sshd/$1/pid" ] || return 0
	sshd_below "$(cat "$dir/sshd/$1/pid")"
}

# The listener stands still first: so no login can come in between.
sshd_stop() {
	[ -e "$dir/sshd/$1/pid" ] || return 0
	sshd_pid=$(cat "$dir/sshd/$1/pid")
	rm -f "$dir/sshd/$1/pid"
	kill -STOP "$sshd_pid" 2>/dev/null || return 0
	sshd_all=$(sshd_below "$sshd_pid")
	for sshd_p in $sshd_all $sshd_pid; do
		kill "-${2:-TERM}" "$sshd_p" 2>/dev/null
		kill -CONT "$sshd_p" 2>/dev/null
	done
	wait "$sshd_pid" 2>/dev/null
	for sshd_p in $sshd_all; do
		sshd_turn=0
		while kill -0 "$sshd_p" 2>/dev/null; do
			[ $sshd_turn -lt 20 ] || kill -9 "$sshd_p" 2>/dev/null
			[ $sshd_turn -lt 60 ] || break
			sleep 0.05
			sshd_turn=$((sshd_turn + 1))
		done
	done
	return 0
}

sshd_freeze() {
	sshd_pid=$(cat "$dir/sshd/$1/pid")
	kill -STOP "$sshd_pid"
	for sshd_p in $(sshd_below "$sshd_pid"); do
		kill -STOP "$sshd_p" 2>/dev/null
	done
}

sshd_thaw() {
	sshd_pid=$(cat "$dir/sshd/$1/pid")
	for sshd_p in $(sshd_below "$sshd_pid") $sshd_pid; do
		kill -CONT "$sshd_p" 2>/dev/null
	done
}

# Its socket is not in $dir where that path is long: sun_path holds 107 bytes.
sshd_agent() {
	SSH_AUTH_SOCK=$dir/agents/$1
	ssh-agent -D -a "$SSH_AUTH_SOCK" >/dev/null 2>&1 </dev/null &
	echo $! >"$dir/agents/$1.pid"
	export SSH_AUTH_SOCK
	sshd_wait test -S "$SSH_AUTH_SOCK"
}

sshd_ask() {
	if [ ! -e "$dir/pam.so" ]; then
		# shellcheck disable=SC2086
		${AUR_CC:-cc} -shared -fPIC -o "$dir/pam.so" \
			"$AUR_SRCDIR/tests/harness/sshd_pam.c" -ldl 2>/dev/null ||
			return 1
	fi
	mkdir -p "$dir/pam"
	printf '%s' "$1" >"$dir/pam/password"
	cat >"$dir/pam/check" <<-EOF
		#!/bin/sh
		[ "\$(tr -d '\\000')" = "\$(cat $dir/pam/password)" ]
	EOF
	chmod 755 "$dir/pam/check"
	cat >"$dir/pam/sshd" <<-EOF
		auth requisite pam_exec.so expose_authtok quiet $dir/pam/check
		auth required pam_permit.so
		account required pam_permit.so
		session required pam_permit.so
	EOF
	sshd_preload=$dir/pam.so
}

sshd_cleanup() {
	for sshd_at in "$dir"/sshd/*/pid; do
		[ -e "$sshd_at" ] || continue
		sshd_at=${sshd_at%/pid}
		sshd_stop "${sshd_at##*/}"
	done
	for sshd_at in "$dir"/agents/*.pid; do
		[ -e "$sshd_at" ] || continue
		kill "$(cat "$sshd_at")" 2>/dev/null
		rm -f "$sshd_at"
	done
}
