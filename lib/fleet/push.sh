# SPDX-License-Identifier: MIT
# What is done on a host for its agent, as one text for `sh -c`: settings
# (push.c writes them) stand before it, an agent's bytes come on stdin. POSIX
# sh, no more tools than busybox has. Each line of the answer begins with
# @aurora, so that the noise of rc files is not taken for one.
#
#	verb=probe	tells what is there, and changes nothing
#	verb=put	place, sum: an agent for our logins
#	verb=user	sum: an agent with a unit of the user's systemd
#	verb=system	sum: the same of the host's systemd, or OpenRC
#	verb=remove	takes away what put, user and system left
#
# A private directory is ours, and nobody else may write there: in /tmp another
# user may have been faster.
umask 022
uid=$(id -u)
name=aurora-agentd
marker="written by 'aurora agent install'"
bin=$HOME/.local/bin
unit=${XDG_CONFIG_HOME:-$HOME/.config}/systemd/user/$name.service
sysbin=/usr/local/bin
sysunit=/etc/systemd/system/$name.service
openrc=/etc/init.d/$name
become=
[ "$uid" = 0 ] || become='sudo -n'
if [ -z "${XDG_RUNTIME_DIR-}" ] && [ -d "/run/user/$uid" ]; then
	XDG_RUNTIME_DIR=/run/user/$uid
	export XDG_RUNTIME_DIR
fi

say() {
	printf '@aurora %s\n' "$*"
}
fail() {
	say failed "$*"
	exit 1
}

place() {
	case $1 in
	0) echo "${XDG_CACHE_HOME:-$HOME/.cache}/aurora" ;;
	1) echo "/run/user/$uid/aurora-$uid" ;;
	2) echo "/var/tmp/aurora-$uid" ;;
	3) echo "/dev/shm/aurora-$uid" ;;
	4) echo "/tmp/aurora-$uid" ;;
	esac
}
mine() {
	set -- $(ls -ldn "$1" 2>/dev/null)
	case ${1-}/${3-} in
	drwx?-??-?*/"$uid") ;;
	*) return 1 ;;
	esac
}
marked() {
	grep -qs "$marker" "$1"
}

# The mount that $1 is on: the longest that leads there, the last of those.
is_noexec() {
	long=0 noexec=1
	while read -r _ at _ how _; do
		case $1/ in
		"${at%/}"/*)
			[ ${#at} -ge $long ] || continue
			long=${#at}
			case ,$how, in
			*,noexec,*) noexec=0 ;;
			*) noexec=1 ;;
			esac
			;;
		esac
	done </proc/mounts
	return $noexec
}
judge() {
	up=$1
	while [ ! -e "$up" ] && [ ! -L "$up" ]; do up=${up%/*}; up=${up:-/}; done
	if [ "$up" = "$1" ] && ! mine "$1"; then
		echo foreign
	elif [ ! -d "$up" ] || [ ! -w "$up" ]; then
		echo unwritable
	elif is_noexec "$1"; then
		echo noexec
	else
		echo good
	fi
}

version() {
	set -- $("$1" --version 2>/dev/null </dev/null)
	case ${1-} in
	$name) echo "${2-}" ;;
	*) echo - ;;
	esac
}
found() {
	[ ! -f "$2" ] || say found "$1" "$(version "$2")" "$2"
}
has_systemd() {
	systemctl "$@" show-environment >/dev/null 2>&1
}
is_active() {
	systemctl "$@" is-active --quiet $name.service
}
may_become() {
	[ "$uid" = 0 ] || sudo -n true >/dev/null 2>&1 </dev/null
}
lingers() {
	loginctl show-user "$uid" --property=Linger 2>/dev/null |
		grep -qx Linger=yes
}

probe() {
	say system "$(uname -sm)"
	say uid "$uid"
	PATH=$PATH:/usr/local/bin:$HOME/.local/bin
	path=$(command -v $name) && found path "$path"
	for i in 0 1 2 3 4; do
		at=$(place $i)
		say place $i "$(judge "$at")" "$at"
		mine "$at" && found pushed "$at/$name"
	done
	if marked "$unit"; then
		found user "$bin/$name"
		is_active --user && say runs user
	fi
	if marked "$sysunit" || marked "$openrc"; then
		found system "$sysbin/$name"
		{ is_active || rc-service $name status; } >/dev/null 2>&1 &&
			say runs system
	fi
	may_become && say has root
	has_systemd --user && say has user
	lingers && say has linger
	if has_systemd; then
		say has systemd
	elif command -v rc-update >/dev/null && [ -d /etc/init.d ]; then
		say has openrc
	fi
	say done
}

hash() {
	{ sha256sum || shasum -a 256 || openssl dgst -sha256 -r; } 2>/dev/null
}
# Takes the agent from stdin into $1, and makes sure that it is what was sent
# and that it runs here, before anything has that name.
receive() {
	new=$1/.$name.$$
	trap 'rm -f "$new"' EXIT
	cat >"$new" 2>/dev/null || fail "cannot write in $1"
	got=$(hash <"$new") || fail "no sha256sum, shasum or openssl"
	[ "${got%% *}" = "$sum" ] || fail "the agent was damaged on its way"
	chmod 755 "$new"
	"$new" --version >/dev/null 2>&1 </dev/null
	code=$?
	[ $code != 126 ] || fail "noexec $1"
	[ $code = 0 ] || fail "the agent does not run here: exit $code"
}
private() {
	(umask 077 && mkdir -p "$1") 2>/dev/null
	mine "$1" && [ -w "$1" ] || fail "cannot write in $1"
}

put() {
	at=$(place "$place")
	private "$at"
	receive "$at"
	mv -f "$new" "$at/$name" || fail "cannot write in $at"
	say did "put $at/$name"
	say done
}

user() {
	has_systemd --user || fail "no systemd for users"
	mkdir -p "$bin" "${unit%/*}" || fail "cannot write in $HOME"
	if [ -e "$bin/$name" ] && ! marked "$unit"; then
		fail "$bin/$name is not from here"
	fi
	linger=kept
	if marked "$unit" && grep -qs 'linger: ours' "$unit"; then
		linger=ours
	fi
	receive "$bin"
	if lingers; then
		:
	elif loginctl enable-linger >/dev/null 2>&1 && lingers; then
		say did "let the services of this user outlive its logins"
		linger=ours
	else
		linger=none
	fi
	mv -f "$new" "$bin/$name" || fail "cannot write in $bin"
	say did "put $bin/$name"
	{
		echo "# $marker; linger: $linger"
		unit_text
	} >"$unit" || fail "cannot write $unit"
	say did "wrote $unit"
	systemctl --user daemon-reload &&
		systemctl --user enable $name.service >/dev/null 2>&1 &&
		systemctl --user restart $name.service ||
		fail "systemd did not start it: systemctl --user status $name"
	say did "enabled and started $name.service of the user"
	[ $linger != none ] || say lacks linger
	say done
}

has_account() {
	id aurora >/dev/null 2>&1
}
account() {
	has_account && return
	{
		$become useradd --system --user-group --no-create-home \
			--home-dir / --shell /usr/sbin/nologin aurora ||
			{ $become addgroup -S aurora &&
				$become adduser -S -D -H -G aurora aurora; }
	} >/dev/null 2>&1
	has_account || fail "cannot make the user aurora"
	say did "made the user aurora"
}
# root_file FILE MODE: from stdin.
root_file() {
	$become sh -c 'cat >"$1.new" && chmod "$2" "$1.new" && mv -f "$1.new" "$1"' \
		sh "$1" "$2" || fail "cannot write $1"
	say did "wrote $1"
}
system() {
	may_become || fail "not root, and sudo wants a password"
	if [ -e "$sysbin/$name" ] && ! marked "$sysunit" && ! marked "$openrc"; then
		fail "$sysbin/$name is not from here"
	fi
	kind=
	has_systemd && kind=systemd
	[ -n "$kind" ] || { command -v rc-update >/dev/null && kind=openrc; }
	[ -n "$kind" ] || fail "neither systemd nor OpenRC runs here"
	for i in 0 1 2 3 4; do
		stage=$(place $i)
		[ "$(judge "$stage")" = good ] && break
		stage=
	done
	[ -n "$stage" ] || fail "no directory to put it in first"
	had=
	[ -d "$stage" ] && had=1
	private "$stage"
	receive "$stage"
	account
	# the unit first: what is marked can be taken away again
	if [ $kind = systemd ]; then
		{ echo "# $marker"; unit_text; } |
			root_file "$sysunit" 644 || exit 1
	else
		openrc_text | sed -e '1a\' -e "# $marker" |
			root_file "$openrc" 755 || exit 1
	fi
	root_file "$sysbin/$name" 755 <"$new"
	rm -f "$new"
	[ -n "$had" ] || rmdir "$stage" 2>/dev/null
	if [ $kind = systemd ]; then
		$become systemctl daemon-reload &&
			$become systemctl enable $name.service >/dev/null 2>&1 &&
			$become systemctl restart $name.service ||
			fail "systemd did not start it: systemctl status $name"
	else
		$become rc-update add $name default >/dev/null 2>&1 &&
			$become rc-service $name restart >/dev/null 2>&1 ||
			fail "OpenRC did not start it: rc-service $name status"
	fi
	say did "enabled and started the service $name"
	say done
}

gone() {
	[ -e "$1" ] || return 0
	${2-} rm -f "$1" && say did "took away $1" || say remains "$1"
}
# What a service recorded is the host's, and may be wanted still.
recorded() {
	[ ! -d "$1" ] || say remains "what it recorded: rm -r $1"
}
remove_user() {
	marked "$unit" || return 0
	systemctl --user disable --now $name.service >/dev/null 2>&1 &&
		say did "stopped and disabled $name.service of the user"
	grep -qs 'linger: ours' "$unit" &&
		loginctl disable-linger >/dev/null 2>&1 &&
		say did "services of this user end with its logins again"
	gone "$bin/$name"
	gone "$unit"
	recorded "${XDG_STATE_HOME:-$HOME/.local/state}/aurora/spool"
	systemctl --user daemon-reload >/dev/null 2>&1
}
remove_system() {
	marked "$sysunit" || marked "$openrc" || return 0
	if ! may_become; then
		say remains "$sysbin/$name and its service: that takes root"
		return 0
	fi
	if marked "$sysunit"; then
		$become systemctl disable --now $name.service >/dev/null 2>&1 &&
			say did "stopped and disabled the service $name"
		gone "$sysunit" "$become"
		$become systemctl daemon-reload >/dev/null 2>&1
	fi
	if marked "$openrc"; then
		$become rc-service $name stop >/dev/null 2>&1
		$become rc-update del $name default >/dev/null 2>&1 &&
			say did "stopped and disabled the service $name"
		gone "$openrc" "$become"
	fi
	gone "$sysbin/$name" "$become"
	recorded /var/lib/aurora
	has_account && say remains "the user aurora: userdel aurora"
}
remove() {
	for i in 0 1 2 3 4; do
		at=$(place $i)
		mine "$at" || continue
		gone "$at/$name"
		rmdir "$at" 2>/dev/null
	done
	remove_user
	remove_system
	PATH=$PATH:/usr/local/bin:$HOME/.local/bin
	path=$(command -v $name) && say remains "$path: not from here"
	say done
}

$verb
exit 0
