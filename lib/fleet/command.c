/* SPDX-License-Identifier: MIT */
/*
 * sshd hands a command to the login shell, whichever that is. What all of them
 * read alike is `exec sh -c '...'` with a text that has no quote, no newline,
 * and none of `\`, `!`; any other text travels as octal numbers that printf
 * turns back, so that nothing is left that a shell could read its own way, and
 * in words of a size that the old csh has room for.
 *
 * sshd's PATH is a bare one: where people put programs is added behind it. An
 * agent that is not in there may have been pushed (push.sh): it is run where
 * its directory is ours and nobody else may write there, as in /tmp anybody
 * may make one.
 */
#include "fleet/fleet_int.h"

/* csh's words have 1024 bytes. */
#define WORD_MOST 960

#define MORE_PATH "/usr/local/bin:$HOME/.local/bin"

#define PUSHED                                                                 \
	"command -v " AUR_FLEET_AGENT_COMMAND " >/dev/null || { u=$(id -u); "  \
	"for d in \"${XDG_CACHE_HOME:-$HOME/.cache}/aurora\" "                 \
	"/run/user/$u/aurora-$u /var/tmp/aurora-$u /dev/shm/aurora-$u "        \
	"/tmp/aurora-$u; do set -- $(ls -ldn \"$d\" 2>/dev/null); "            \
	"case $1/$3 in drwx?-?"                                                \
	"?-?*/$u) a=$d/" AUR_FLEET_AGENT_COMMAND "; "                          \
	"\"$a\" --version >/dev/null 2>&1 && exec \"$a\" --stdio --pushed;; "  \
	"esac; done; }; "

static bool is_plain(struct aur_slice s)
{
	if (s.n > WORD_MOST)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < ' ' || s.p[i] > '~' || s.p[i] == '\'' ||
		    s.p[i] == '\\' || s.p[i] == '!')
			return false;
	return true;
}

static bool is_letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || strchr(" ./_=:,+-", c) != NULL;
}

static int add_octal(struct aur_buf *b, struct aur_slice s)
{
	int rc = 0;
	size_t word = b->n;

	for (size_t i = 0; i < s.n && rc == 0; i++) {
		if (b->n - word > WORD_MOST) {
			rc = aur_buf_add_str(b, "' '");
			word = b->n;
		}
		if (rc == 0)
			rc = s.p[i] != '\0' && is_letter(s.p[i])
				 ? aur_buf_add_byte(b, s.p[i])
				 : aur_buf_addf(b, "\\0%03o", s.p[i]);
	}
	return rc;
}

int aur__shell_command(struct aur_buf *b, struct aur_slice script)
{
	bool plain = is_plain(script);
	int rc = aur_buf_add_str(b, plain ? "exec sh -c '"
					  : "exec sh -c 'IFS=; s=$(printf %b "
					    "\"$*\"); unset IFS; set --; "
					    "eval \"$s\"' sh '");

	if (rc == 0)
		rc =
		    plain ? aur_buf_add_slice(b, script) : add_octal(b, script);
	return rc == 0 ? aur_buf_add_byte(b, '\'') : rc;
}

int aur__agent_command(struct aur_buf *b, const char *agent)
{
	struct aur_buf script;
	int rc;

	aur_buf_init(&script, AUR__COMMAND_MAX);
	rc = aur_buf_addf(&script,
	    "PATH=\"$PATH:" MORE_PATH "\"; export PATH; %sexec %s --stdio",
	    agent != NULL ? "" : PUSHED,
	    agent != NULL ? agent : AUR_FLEET_AGENT_COMMAND);
	if (rc == 0)
		rc = aur__shell_command(b, aur_buf_peek(&script));
	aur_buf_release(&script);
	return rc;
}
