/* SPDX-License-Identifier: MIT */
/*
 * What ssh asks, from its words. It says of a key that wants a touch that
 * nothing is to be answered, and that is all it says; a host key is known by
 * the sentence, which has not changed in twenty years. Whatever else it is, it
 * is taken for a secret: a code that is typed unseen does no harm.
 */
#include "fleet/askpass_int.h"

#include <string.h>

#define HOST_KEY "The authenticity of host '"
#define SURE "Are you sure you want to continue connecting"
#define PRINT " key fingerprint is "

static const uint8_t *find(struct aur_slice s, const char *part)
{
	return s.n > 0 ? memmem(s.p, s.n, part, strlen(part)) : NULL;
}

static struct aur_slice from(struct aur_slice s, const uint8_t *p, size_t skip)
{
	size_t at = (size_t)(p - s.p) + skip;

	return aur_slice_of(s.p + at, s.n - at);
}

/* All of it on one line, without a blank at its end. */
static void flatten(struct aur_slice s, char *out, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n && n + 1 < size; i++) {
		char c = (char)s.p[i];
		bool blank = c == ' ' || (c >= '\t' && c <= '\r');

		if (blank && (n == 0 || out[n - 1] == ' '))
			continue;
		out[n++] = blank ? ' ' : c;
	}
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
}

static struct aur_slice word_before(struct aur_slice s, const uint8_t *end)
{
	const uint8_t *p = end;

	while (p > s.p && p[-1] != '\n' && p[-1] != ' ')
		p--;
	return aur_slice_of(p, (size_t)(end - p));
}

/* "The authenticity of host 'web (10.0.0.1)' can't be established.\n
 * ED25519 key fingerprint is SHA256:abc.\n ... Are you sure ...?" */
static bool read_host_key(struct aur_slice s, struct aur__asked *a)
{
	const uint8_t *print = find(s, PRINT);
	struct aur_slice name, type, value;
	char line[sizeof a->prompt];

	if (!aur_slice_starts(s, HOST_KEY) || find(s, SURE) == NULL ||
	    print == NULL)
		return false;
	name = aur_slice_of(s.p + strlen(HOST_KEY), s.n - strlen(HOST_KEY));
	if (!aur_slice_until(&name, '\'', &type))
		return false;
	name = type;
	type = word_before(s, print);
	s = from(s, print, strlen(PRINT));
	if (!aur_slice_word(&s, &value))
		return false;
	if (value.p[value.n - 1] == '.')
		value.n--;
	flatten(value, a->fingerprint, sizeof a->fingerprint);
	snprintf(line, sizeof line,
	    "unknown host key of %.*s: %.*s %s: trust it?",
	    (int)(name.n < 255 ? name.n : 255), (const char *)name.p,
	    (int)(type.n < 32 ? type.n : 32), (const char *)type.p,
	    a->fingerprint);
	flatten(aur_slice_str(line), a->prompt, sizeof a->prompt);
	a->question.kind = AUR_FLEET_ASK_HOST_KEY;
	a->question.fingerprint = a->fingerprint;
	return true;
}

bool aur__askpass_read(struct aur_slice message, struct aur__asked *a)
{
	struct aur_slice text;

	*a = (struct aur__asked){.question.kind = AUR_FLEET_ASK_SECRET};
	a->question.prompt = a->prompt;
	if (message.n == 0)
		return false;
	text = aur_slice_of(message.p + 1, message.n - 1);
	switch (message.p[0]) {
	case AUR_ASKPASS_NOTICE:
		a->question.kind = AUR_FLEET_ASK_TOUCH;
		break;
	case AUR_ASKPASS_CONFIRM:
		a->question.kind = AUR_FLEET_ASK_HOST_KEY;
		break;
	case AUR_ASKPASS_SECRET:
		break;
	default:
		return false;
	}
	if (a->question.kind != AUR_FLEET_ASK_SECRET || !read_host_key(text, a))
		flatten(text, a->prompt, sizeof a->prompt);
	a->question.echo = a->question.kind != AUR_FLEET_ASK_SECRET;
	return true;
}
