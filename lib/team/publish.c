/* SPDX-License-Identifier: MIT */
/*
 * The place is the one where the agent looks (agentd/place_team.c). An answer
 * is a word behind the mark:
 *
 *	aurora-team
 *	written                 or: removed, changed, link, nohash, failed
 */
#include "team/publish.h"

#include "base/err.h"
#include "team/team_int.h"

#define MARK "aurora-team"

static const char begin[] =
    "umask 077\n"
    "printf '\\n%s\\n' " MARK "\n"
    "die() { echo \"${1-failed}\"; exit 0; }\n"
    "s=${XDG_STATE_HOME-}; case $s in /*) ;; *) s=$HOME/.local/state ;; esac\n"
    "d=$s/aurora/teams f=$d/$id.json old=$d/$id.previous.json\n"
    "hash() { { sha256sum || shasum -a 256 || openssl dgst -sha256 -r; } "
    "2>/dev/null; }\n";

/* The copy is made before the comparison, so that between that and the last
 * rename there is nothing to wait for. */
static const char replace[] =
    "t=$d/.$id.new.$$\n"
    "trap 'rm -f \"$t\"' EXIT; trap 'exit 1' HUP INT TERM PIPE\n"
    "mkdir -p \"$d\" || die\n"
    "cat >\"$t\" || die\n"
    "[ $(($(wc -c <\"$t\"))) -eq $size ] || die\n"
    "now=$(hash <\"$t\") || die nohash\n"
    "[ ! -h \"$f\" ] || die link\n"
    "if [ -e \"$f\" ]; then [ -f \"$f\" ] || die link\n"
    "now=$(hash <\"$f\") || die; now=${now%% *}\n"
    "else now=none; fi\n"
    "[ \"$now\" = \"$was\" ] || die changed\n"
    "if [ -e \"$f\" ]; then ln -f \"$f\" \"$old\" 2>/dev/null ||\n"
    "cp -p \"$f\" \"$old\" || die; fi\n"
    "mv -f \"$t\" \"$f\" || die\n"
    "echo written\n";

static const char take_away[] = "rm -f \"$f\" \"$old\" || die\n"
				"rmdir \"$d\" \"$s/aurora\" 2>/dev/null\n"
				"echo removed\n";

static const struct {
	const char *word;
	enum aur_publish_word is;
} words[] = {
    {"written", AUR_PUBLISH_WRITTEN},
    {"removed", AUR_PUBLISH_REMOVED},
    {"changed", AUR_PUBLISH_CHANGED},
    {"link", AUR_PUBLISH_LINK},
    {"nohash", AUR_PUBLISH_NO_HASH},
    {"failed", AUR_PUBLISH_FAILED},
};

static bool is_id(const char *s)
{
	size_t n = strspn(s,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

	return n >= 8 && n <= 64 && s[n] == '\0' && s[0] != '-';
}

static bool is_sum(const char *s)
{
	return strcmp(s, "none") == 0 ||
	       (strlen(s) == AUR_PUBLISH_SUM - 1 &&
		   s[strspn(s, "0123456789abcdef")] == '\0');
}

int aur_publish_script(
    struct aur_buf *out, const char *id, const char *was, size_t size)
{
	int rc;

	if (!is_id(id) || !is_sum(was))
		return AUR_EINVALID;
	rc = aur_buf_addf(out, "id=%s was=%s size=%zu\n", id, was, size);
	if (rc == 0)
		rc = aur_buf_add_str(out, begin);
	return rc == 0 ? aur_buf_add_str(out, replace) : rc;
}

int aur_unpublish_script(struct aur_buf *out, const char *id)
{
	int rc;

	if (!is_id(id))
		return AUR_EINVALID;
	rc = aur_buf_addf(out, "id=%s\n", id);
	if (rc == 0)
		rc = aur_buf_add_str(out, begin);
	return rc == 0 ? aur_buf_add_str(out, take_away) : rc;
}

int aur_publish_parse(struct aur_slice out, enum aur_publish_word *ret_word)
{
	struct aur_slice line;

	if (!aur__answer_mark(&out, MARK) || !aur_slice_line(&out, &line))
		return AUR_EPROTOCOL;
	for (size_t i = 0; i < AUR_ARRAY_LEN(words); i++)
		if (aur_slice_is(line, words[i].word)) {
			*ret_word = words[i].is;
			return 0;
		}
	return AUR_EPROTOCOL;
}
