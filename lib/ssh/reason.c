/* SPDX-License-Identifier: MIT */
/* The table of failures, and its texts with the names put in. */
#include "ssh/reason.h"

#include "base/err.h"

struct row {
	enum aur_ssh_state state;
	bool retry;
	const char *pattern, *what, *remedy;
};

static const struct row rows[AUR_SSH_REASONS] = {
    [AUR_SSH_REASON_NONE] = {AUR_SSH_UNREACHABLE, true, NULL,
	"the connection failed",
	"see more with: ssh -v {host}|see more with ssh -v"},
#define AUR_SSH_REASON(NAME, state, retry, pattern, what, remedy)              \
	[AUR_SSH_REASON_##NAME] = {                                            \
	    AUR_SSH_##state, retry, pattern, what, remedy},
#include "ssh/reason.def"
#undef AUR_SSH_REASON
};

static bool has(struct aur_slice text, struct aur_slice part)
{
	return text.n >= part.n && part.n > 0 &&
	       memmem(text.p, text.n, part.p, part.n) != NULL;
}

/* Takes the next of texts with "|" between. */
static bool next_of(struct aur_slice *s, struct aur_slice *ret_part)
{
	if (s->n == 0)
		return false;
	if (!aur_slice_until(s, '|', ret_part)) {
		*ret_part = *s;
		s->n = 0;
	}
	return true;
}

enum aur_ssh_reason aur_ssh_reason_of(struct aur_slice stderr_text)
{
	for (int i = 1; i < AUR_SSH_REASONS; i++) {
		struct aur_slice all, part;

		if (rows[i].pattern == NULL)
			continue;
		all = aur_slice_str(rows[i].pattern);
		while (next_of(&all, &part))
			if (has(stderr_text, part))
				return (enum aur_ssh_reason)i;
	}
	return AUR_SSH_REASON_NONE;
}

/* ssh ends its lines with CRLF where it speaks for itself. */
static struct aur_slice trim(struct aur_slice s)
{
	s = aur_slice_trim(s);
	while (s.n > 0 && (s.p[s.n - 1] == '\r' || s.p[s.n - 1] == ' '))
		s.n--;
	return s;
}

static bool is_warning(struct aur_slice line)
{
	return aur_slice_starts(line, "Warning: ") ||
	       aur_slice_starts(line, "** WARNING") ||
	       aur_slice_starts(line, "Pseudo-terminal will not") ||
	       aur_slice_starts(line, "@@@");
}

struct aur_slice aur_ssh_reason_line(struct aur_slice stderr_text)
{
	struct aur_slice line, last = {NULL, 0};

	while (aur_slice_line(&stderr_text, &line)) {
		line = trim(line);
		if (line.n > 0 && !is_warning(line))
			last = line;
	}
	return last;
}

enum aur_ssh_state aur_ssh_reason_state(enum aur_ssh_reason r)
{
	return rows[r].state;
}

bool aur_ssh_reason_retry(enum aur_ssh_reason r)
{
	return rows[r].retry;
}

/* Appends what {name} stands for. 1; 0 where it is not known. */
static int add_name(const struct aur_ssh_about *about, struct aur_slice name,
    struct aur_buf *out)
{
	const struct {
		const char *name, *text;
		unsigned number;
	} known[] = {
	    {"host", about->host, 0},
	    {"user", about->user, 0},
	    {"name", about->name, 0},
	    {"file", about->file, 0},
	    {"port", NULL, about->port},
	    {"line", NULL, about->line},
	};

	for (size_t i = 0; i < AUR_ARRAY_LEN(known); i++) {
		int rc;

		if (!aur_slice_is(name, known[i].name))
			continue;
		if (known[i].text == NULL && known[i].number == 0)
			return 0;
		rc = known[i].text != NULL
			 ? aur_buf_add_str(out, known[i].text)
			 : aur_buf_addf(out, "%u", known[i].number);
		return rc < 0 ? rc : 1;
	}
	return 0;
}

/* Appends one text. 1; 0 where a name in it is not known. */
static int add_text(
    const struct aur_ssh_about *about, struct aur_slice s, struct aur_buf *out)
{
	struct aur_slice plain, name;
	int rc = 1;

	while (rc == 1 && aur_slice_until(&s, '{', &plain)) {
		rc = aur_buf_add_slice(out, plain);
		if (rc == 0)
			rc = aur_slice_until(&s, '}', &name)
				 ? add_name(about, name, out)
				 : 0;
	}
	if (rc != 1)
		return rc;
	rc = aur_buf_add_slice(out, s);
	return rc < 0 ? rc : 1;
}

static int say(
    const char *texts, const struct aur_ssh_about *about, struct aur_buf *out)
{
	struct aur_slice all = aur_slice_str(texts), text;
	const size_t before = out->n;
	int rc = 0;

	while (rc == 0 && next_of(&all, &text)) {
		rc = add_text(about, text, out);
		if (rc != 1)
			aur_buf_cut(out, before);
	}
	return rc < 0 ? rc : 0;
}

int aur_ssh_reason_what(enum aur_ssh_reason r,
    const struct aur_ssh_about *about, struct aur_buf *out)
{
	return say(rows[r].what, about, out);
}

int aur_ssh_reason_remedy(enum aur_ssh_reason r,
    const struct aur_ssh_about *about, struct aur_buf *out)
{
	return say(rows[r].remedy, about, out);
}
