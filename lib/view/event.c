/* SPDX-License-Identifier: MIT */
#include "view/event.h"

#include "base/compiler.h"
#include "base/text.h"

static const struct row {
	const char *kind;
	enum aur_event_weight weight;
	enum aur_event_digest digest;
	const char *sentence;
} rows[] = {
#define AUR_EVENT_LOOK(kind, WEIGHT, DIGEST, sentence)                         \
	{kind, AUR_EVENT_##WEIGHT, AUR_EVENT_##DIGEST, sentence},
#include "view/event.def"
#undef AUR_EVENT_LOOK
};

static const struct row *row_of(const struct aur_event *e)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(rows); i++)
		if (aur_slice_is(e->kind, rows[i].kind))
			return &rows[i];
	return NULL;
}

enum aur_event_weight aur_event_weight(const struct aur_event *e)
{
	const struct row *r = row_of(e);

	return r != NULL ? r->weight : AUR_EVENT_NOTE;
}

enum aur_event_digest aur_event_digest(const struct aur_event *e)
{
	const struct row *r = row_of(e);

	return r != NULL ? r->digest : AUR_EVENT_NOTHING;
}

static size_t pair_of(const struct aur_event *e, struct aur_slice key)
{
	for (size_t i = 0; i < e->npair && i < AUR_EVENT_PAIRS; i++)
		if (aur_slice_eq(e->pair[i].key, key))
			return i;
	return SIZE_MAX;
}

struct aur_slice aur_event_get(const struct aur_event *e, const char *key)
{
	size_t at = pair_of(e, aur_slice_str(key));

	return at == SIZE_MAX ? aur_slice_str("") : e->pair[at].value;
}

/* Takes "{key}" off the front; its name. */
static struct aur_slice take_key(struct aur_slice *s)
{
	struct aur_slice key;

	*s = aur_slice_of(s->p + 1, s->n - 1);
	if (!aur_slice_until(s, '}', &key))
		key = aur_slice_str("");
	return key;
}

/* Whether all keys up to the ']' are there. */
static bool is_whole(const struct aur_event *e, struct aur_slice s)
{
	while (s.n > 0 && s.p[0] != ']') {
		if (s.p[0] == '{') {
			if (pair_of(e, take_key(&s)) == SIZE_MAX)
				return false;
		} else
			s = aur_slice_of(s.p + 1, s.n - 1);
	}
	return true;
}

static int put_key(struct aur_buf *b, const struct aur_event *e,
    struct aur_slice key, uint32_t *said)
{
	size_t at = pair_of(e, key);

	if (at == SIZE_MAX)
		return aur_buf_add_byte(b, '?');
	*said |= (uint32_t)1 << at;
	return aur_text_add_safe(b, e->pair[at].value);
}

static int put_sentence(struct aur_buf *b, const struct aur_event *e,
    struct aur_slice s, uint32_t *said)
{
	struct aur_slice left_out;
	int rc = 0;

	while (s.n > 0 && rc == 0) {
		uint8_t c = s.p[0];

		if (c == '{') {
			rc = put_key(b, e, take_key(&s), said);
			continue;
		}
		s = aur_slice_of(s.p + 1, s.n - 1);
		if (c == '[' && !is_whole(e, s))
			(void)aur_slice_until(&s, ']', &left_out);
		else if (c != '[' && c != ']')
			rc = aur_buf_add_byte(b, c);
	}
	return rc;
}

/* Of no use to people. */
static bool is_dull(struct aur_slice key)
{
	return aur_slice_is(key, "start_ticks");
}

static int put_rest(struct aur_buf *b, const struct aur_event *e, uint32_t said)
{
	int rc = 0;

	for (size_t i = 0; i < e->npair && i < AUR_EVENT_PAIRS && rc == 0;
	     i++) {
		if ((said >> i & 1) || is_dull(e->pair[i].key))
			continue;
		rc = aur_buf_add_str(b, ", ");
		if (rc == 0)
			rc = aur_text_add_safe(b, e->pair[i].key);
		if (rc == 0)
			rc = aur_buf_add_byte(b, ' ');
		if (rc == 0)
			rc = aur_text_add_safe(b, e->pair[i].value);
	}
	return rc;
}

int aur_event_text(struct aur_buf *b, const struct aur_event *e)
{
	const struct row *r = row_of(e);
	uint32_t said = 0;
	int rc;

	if (r != NULL)
		rc = put_sentence(b, e, aur_slice_str(r->sentence), &said);
	else
		rc = aur_text_add_safe(b, e->kind);
	return rc < 0 ? rc : put_rest(b, e, said);
}
