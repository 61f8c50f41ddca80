/* SPDX-License-Identifier: MIT */
/*
 * A report is a claim by a local user. It is told as one: the uid is not
 * claimed but known, so nobody can speak for another; the member is what the
 * key on this host's line says, and is as good as that user is.
 */
#include "agentd/daemon_report.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/scan.h"

#include <inttypes.h>
#include <stdio.h>

enum form { NUMBER, WORD, TEXT };

static const struct {
	const char *key;
	enum form form;
} known[] = {
    {"pid", NUMBER},
    {"start_ticks", NUMBER},
    {"name", TEXT},
    {"signal", NUMBER},
    {"nice", NUMBER},
    {"cpus", TEXT},
    {"io_priority", TEXT},
    {"member", WORD},
};

static bool is_kind(struct aur_slice kind)
{
	static const char *const kinds[] = {"process_signal", "process_nice",
	    "process_affinity", "process_io_priority"};

	for (size_t i = 0; i < AUR_ARRAY_LEN(kinds); i++)
		if (aur_slice_is(kind, kinds[i]))
			return true;
	return false;
}

static bool is_number(struct aur_slice s)
{
	uint64_t v;

	if (s.n > 1 && s.p[0] == '-')
		s = aur_slice_of(s.p + 1, s.n - 1);
	return aur_scan_u64(s, &v) == 0;
}

static bool is_word(struct aur_slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '.' || c == '_' ||
			c == '-'))
			return false;
	}
	return s.n > 0 && s.n <= 63;
}

static bool is_good(const struct aur_event_pair *pair)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(known); i++) {
		if (!aur_slice_is(pair->key, known[i].key))
			continue;
		if (known[i].form == NUMBER)
			return is_number(pair->value);
		if (known[i].form == WORD)
			return is_word(pair->value);
		return pair->value.n <= AUR_MAX_REPORT_VALUE;
	}
	return false;
}

static bool has(const struct aur_event *e, struct aur_slice key)
{
	for (size_t i = 0; i < e->npair; i++)
		if (aur_slice_eq(e->pair[i].key, key))
			return true;
	return false;
}

int report_check(const struct aur_event *said, uint64_t uid,
    char digits[REPORT_DIGITS], struct aur_event *ret_event)
{
	struct aur_event e = {.kind = said->kind};

	if (!is_kind(said->kind))
		return AUR_EINVALID;
	/* one place is for the uid */
	for (size_t i = 0; i < said->npair; i++)
		if (e.npair < AUR_EVENT_PAIRS - 1 && is_good(&said->pair[i]) &&
		    !has(&e, said->pair[i].key))
			e.pair[e.npair++] = said->pair[i];
	if (!has(&e, aur_slice_str("pid")) ||
	    !has(&e, aur_slice_str("start_ticks")))
		return AUR_EINVALID;
	snprintf(digits, REPORT_DIGITS, "%" PRIu64, uid);
	e.pair[e.npair++] = (struct aur_event_pair){
	    aur_slice_str("uid"), aur_slice_str(digits)};
	*ret_event = e;
	return 0;
}
