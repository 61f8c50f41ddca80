#!/bin/sh
# SPDX-License-Identifier: MIT
# Fills what tables hold into the manuals, between "begin NAME" and "end NAME":
#
#	man/gen.sh AURORA PAGE...       rewrites the pages
#	man/gen.sh -c AURORA PAGE...    prints what would change; 1 if anything
#
# The tables are asked of the program and of the .def files, with jq and awk.
set -eu
check=
if [ "$1" = -c ]; then check=1 && shift; fi
aurora=$1
shift
src=$(cd "$(dirname "$0")/.." && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
"$aurora" metrics --json >"$dir/metrics"

# A text as a line of mdoc: no line of it begins a macro.
text='def text: gsub("\\\\"; "\\e") | sub("^(?<c>[.\u0027])"; "\\&\(.c)");'

# items PATTERN FILE: "NAME<tab>text" lines as a tagged list.
list() {
	echo '.Bl -tag -width Ds'
	awk -F '\t' '{ print ".It Cm " $1; print $2 }'
	echo '.El'
}

# "name<tab>summary" lines as a list, with what help tells of each; $1 is the
# word in front of the names.
described() {
	while IFS='	' read -r name summary; do
		usage=$("$aurora" help $1 $name |
			sed -n "1s/^usage: aurora ${1:+$1 }$name *//p")
		printf '.It Cm %s\n' "$name${usage:+ $usage}"
		printf '%s\n' "$summary" | sed 's/^./\U&/;s/$/./'
		"$aurora" help $1 $name | awk '
			NR > 2 && /^(options|commands)( of every command)?:/ { exit }
			NR > 3 && NF {
				if ($0 ~ /^[\047.]/)
					$0 = "\\&" $0
				gsub(/\. /, ".\n")
				print
			}'
	done | sed '1i\
.Bl -tag -width Ds
$a\
.El'
}

commands() {
	"$aurora" help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\)  */\1	/p' |
		described ""
}

# The parts of `aurora team` and others.
parts() {
	"$aurora" help "$1" | sed -n '/^commands:/,/^$/s/^  '"$1"' \(.*[a-z]\)   *\([^ ].*\)/\1	\2/p' |
		described "$1"
}


# Those before the first mark in the table, or those behind that of $1.
options() {
	awk -v want="${1-}" '
		/^\/\* Of / { now = $3; sub(/\.$/, "", now) }
		now == want' "$src/cli/opt.def" | sed -n 's/^OPT(\([A-Z_]*\), \([^,]*\), "\([^"]*\)", \([A-Z]*\), "\([^"]*\)", "\(.*\)")$/\1	\2	\3	\4	\5	\6/p' |
		awk -F '\t' '
		BEGIN { print ".Bl -tag -width Ds" }
		{
			line = ".It "
			if ($2 != "0")
				line = line "Fl " substr($2, 2, 1) " , "
			line = line "Fl -" $3
			if ($4 == "NEEDED")
				line = line " Ns = Ns Ar " $5
			if ($4 == "MAYBE")
				line = line " Ns Op = Ns Ar " $5
			print line
			print $6
		}
		END { print ".El" }'
}

exit_() {
	sed -n 's/^CLI_EXIT(\([0-9]*\), [A-Z]*, "\(.*\)")$/\1	\2/p' \
		"$src/cli/exit.def" | list
}

errors() {
	sed -n 's/^AUR_ERR(.*, "\([a-z]*\)", "\(.*\)")$/\1	\2/p' \
		"$src/lib/base/err.def" | list
}

# rows of figures of one group as a list
figures_of() {
	jq -r --arg g "$1" "$text"'
		.figures[] | select(.group == $g) |
		"\(.name)\t\(.help | text) (\(.type), \(.unit))"' \
		"$dir/metrics" | list
}

groups() {
	for g in $(jq -r '[.figures[].group] | reduce .[] as $g ([];
		if index($g) then . else . + [$g] end) | .[]' "$dir/metrics"); do
		[ "$g" = processes ] && [ "$1" != all ] && continue
		help=$(sed -n "s/^AUR_GROUP([A-Z_]*, \"$g\", \\(true\\|false\\).*/\\1/p" \
			"$src/lib/model/def/figure.def")
		mark=
		[ "$help" = true ] && mark=' []'
		[ "$g$1" = agentall ] || echo .Pp
		printf '.Cm %s%s\n' "$g" "$mark"
		figures_of "$g"
	done
}

domains() {
	jq -r "$text"'
		.domains[] | ".Ss \(.name)\(if .label == "" then "" else "[\(.label)]" end)",
		(.help | text), ".Bl -tag -width Ds",
		(.fields[] | ".It Cm \(.name)",
			"\(.help | text) (\(.type), \(.unit))"), ".El"' \
		"$dir/metrics"
}

# The lines of `help keys`; a key may be what mdoc takes for punctuation.
keys() {
	"$aurora" help keys | awk '
		function close_list() { if (open) print ".El"; open = 0 }
		/^[A-Z].*:$/ {
			close_list()
			sub(/:$/, "")
			print ".Ss " $0
			print ".Bl -tag -width Ds"
			open = 1
		}
		/^  / {
			keys = substr($0, 3)
			help = keys
			sub(/  .*/, "", keys)
			sub(/^[^ ]+( [^ ]+)*  +/, "", help)
			n = split(keys, key, " ")
			line = ".It"
			for (i = 1; i <= n; i++) {
				gsub(/\\/, "\\e", key[i])
				if (length(key[i]) == 1)
					key[i] = "\\&" key[i]
				line = line (i > 1 ? " ," : "") " Ic " key[i]
			}
			print line
			print toupper(substr(help, 1, 1)) substr(help, 2) "."
		}
		END { close_list() }'
}

section() {
	case $1 in
	commands) commands ;;
	options) options ;;
	agent) parts agent ;;
	agent-options) options agent ;;
	team) parts team ;;
	team-options) options team ;;
	exit) exit_ ;;
	errors) errors ;;
	figures) groups all ;;
	groups) groups some ;;
	processes) figures_of processes ;;
	domains) domains ;;
	keys) keys ;;
	*)
		echo "gen.sh: no section $1" >&2
		exit 1
		;;
	esac
}

bad=0
for page; do
	for name in $(sed -n 's/^\.\\" begin //p' "$page"); do
		# no blank lines, no trailing blanks: mandoc would complain
		section "$name" | sed 's/[ 	]*$//;/^$/d' >"$dir/$name"
	done
	awk -v dir="$dir" '
		/^\.\\" end / { skip = 0 }
		!skip { print }
		/^\.\\" begin / {
			file = dir "/" $3
			while ((getline line < file) > 0)
				print line
			close(file)
			skip = 1
		}' "$page" >"$dir/page"
	if [ -n "$check" ]; then
		diff -u "$page" "$dir/page" || bad=1
	elif ! cmp -s "$page" "$dir/page"; then
		cat "$dir/page" >"$page"
	fi
done
exit $bad
