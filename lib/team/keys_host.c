/* SPDX-License-Identifier: MIT */
/*
 * Answers, line by line:
 *
 *	aurora-keys			the mark
 *	agent /usr/bin/aurora-agentd	nothing behind it: none
 *	sum 4038471504 75		or: sum none, link, failed
 *	...				the file, to the end less one newline
 *
 *	aurora-keys
 *	backup authorized_keys.aurora-20261126T120000
 *	written 1234 80			or: changed, link, failed
 */
#include "team/keys_host.h"

#include "base/err.h"
#include "base/limits.h"
#include "team/team_int.h"

#define MARK "aurora-keys"

static const char begin[] =
    "umask 077; PATH=\"$PATH:/usr/local/bin:$HOME/.local/bin\"\n"
    "d=$HOME/.ssh f=$HOME/.ssh/authorized_keys\n"
    "printf '\\n%s\\n' " MARK "\n";

static const char look[] =
    "case $a in /*) ;; *) a=;; esac\n"
    "printf 'agent %s\\n' \"$a\"\n"
    "if [ -h \"$f\" ]; then echo link\n"
    "elif [ ! -e \"$f\" ]; then echo sum none\n"
    "elif s=$(cksum <\"$f\"); then printf 'sum %s\\n' \"$s\"; cat \"$f\"\n"
    "else echo failed; fi\n"
    "echo\n";

/* The new file is a copy first, for the sake of mode and owner. */
static const char replace[] =
    "t=$f.aurora-new.$$\n"
    "trap 'rm -f \"$t\"' EXIT; trap 'exit 1' HUP INT TERM PIPE\n"
    "die() { echo failed; exit 0; }\n"
    "if [ -h \"$f\" ]; then echo link; exit 0; fi\n"
    "mkdir -p \"$d\" || die\n"
    "if [ -e \"$f\" ]; then now=$(cksum <\"$f\") || die\n"
    "cp -p \"$f\" \"$t\" || die\n"
    "else now=none; : >\"$t\" || die; fi\n"
    "[ \"$now\" = \"$was\" ] || { echo changed; exit 0; }\n"
    "cat >\"$t\" || die\n"
    "[ $(($(wc -c <\"$t\"))) -eq $size ] || die\n"
    "if [ -n \"$keep\" ] && [ -e \"$f\" ]; then\n"
    "b=$f.aurora-$(date +%Y%m%dT%H%M%S)\n"
    "cp -p \"$f\" \"$b\" && chmod 600 \"$b\" || die\n"
    "printf 'backup %s\\n' \"${b##*/}\"; fi\n"
    "sum=$(cksum <\"$t\") || die\n"
    "mv -f \"$t\" \"$f\" || die\n"
    "printf 'written %s\\n' \"$sum\"\n";

/* --- scripts -------------------------------------------------------------- */

static bool is_plain(const char *s)
{
	return s[0] != '\0' && s[0] != '-' &&
	       s[strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxy"
			   "z0123456789 ./_+=:,@%-")] == '\0';
}

int aur_keys_look_script(struct aur_buf *out, const char *agent)
{
	size_t n = strcspn(agent, " ");
	int rc;

	if (!is_plain(agent))
		return AUR_EINVALID;
	rc = aur_buf_add_str(out, begin);
	if (rc == 0)
		rc = aur_buf_addf(
		    out, "a=$(command -v '%.*s')\n", (int)n, agent);
	return rc == 0 ? aur_buf_add_str(out, look) : rc;
}

int aur_keys_write_script(
    struct aur_buf *out, const char *was, size_t size, bool backup)
{
	int rc = aur_buf_add_str(out, begin);

	if (rc == 0)
		rc = aur_buf_addf(out, "was='%s' size=%zu keep=%s\n", was, size,
		    backup ? "yes" : "");
	return rc == 0 ? aur_buf_add_str(out, replace) : rc;
}

/* --- answers -------------------------------------------------------------- */

/* Copies what is plain: it comes back in scripts, lines and messages. */
static bool keep(struct aur_slice s, char *out, size_t size)
{
	if (s.n >= size || memchr(s.p, '\0', s.n) != NULL)
		return false;
	memcpy(out, s.p, s.n);
	out[s.n] = '\0';
	return s.n == 0 || is_plain(out);
}

static bool keep_sum(struct aur_slice s, struct aur_keys_answer *a)
{
	return s.n > 0 && keep(s, a->sum, sizeof(a->sum)) &&
	       (strcmp(a->sum, "none") == 0 ||
		   a->sum[strspn(a->sum, "0123456789 ")] == '\0');
}

static bool take_refusal(struct aur_slice *out, struct aur_keys_answer *a)
{
	struct aur_slice rest;

	if (aur__answer_take(out, "link", &rest))
		a->word = AUR_KEYS_LINK;
	else if (aur__answer_take(out, "changed", &rest))
		a->word = AUR_KEYS_CHANGED;
	else if (aur__answer_take(out, "failed", &rest))
		a->word = AUR_KEYS_FAILED;
	else
		return false;
	return true;
}

int aur_keys_look_parse(
    struct aur_slice out, struct aur_keys_answer *ret_answer)
{
	struct aur_keys_answer a = {.word = AUR_KEYS_READ};
	struct aur_slice rest;

	if (!aur__answer_mark(&out, MARK) ||
	    !aur__answer_take(&out, "agent ", &rest))
		return AUR_EPROTOCOL;
	/* a path that a command line would not survive is none for us */
	if (memchr(rest.p, ' ', rest.n) != NULL ||
	    !keep(rest, a.agent, sizeof(a.agent)))
		a.agent[0] = '\0';
	if (!take_refusal(&out, &a)) {
		if (!aur__answer_take(&out, "sum ", &rest) ||
		    !keep_sum(rest, &a))
			return AUR_EPROTOCOL;
		if (out.n == 0 || out.p[out.n - 1] != '\n')
			return AUR_EPROTOCOL; /* it was cut */
		a.file = aur_slice_of(out.p, out.n - 1);
	}
	*ret_answer = a;
	return 0;
}

int aur_keys_write_parse(
    struct aur_slice out, struct aur_keys_answer *ret_answer)
{
	struct aur_keys_answer a = {.word = AUR_KEYS_WRITTEN};
	struct aur_slice rest;

	if (!aur__answer_mark(&out, MARK))
		return AUR_EPROTOCOL;
	if (aur__answer_take(&out, "backup ", &rest) &&
	    !keep(rest, a.backup, sizeof(a.backup)))
		return AUR_EPROTOCOL;
	if (!take_refusal(&out, &a) &&
	    (!aur__answer_take(&out, "written ", &rest) || !keep_sum(rest, &a)))
		return AUR_EPROTOCOL;
	*ret_answer = a;
	return 0;
}
