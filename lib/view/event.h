/* SPDX-License-Identifier: MIT */
/*
 * An event as people read it: a sentence, how much it matters, and how a line
 * about a whole night tells of it. event.def has a row for each kind; one that
 * has none is told by its name and its pairs.
 *
 *	rc = aur_event_text(&buf, &event);    "nginx.service failed: exit-code"
 */
#ifndef AUR_VIEW_EVENT_H
#define AUR_VIEW_EVENT_H

#include "base/buf.h"
#include "model/event.h"

enum aur_event_weight { AUR_EVENT_NOTE, AUR_EVENT_WARN, AUR_EVENT_BAD };

enum aur_event_digest {
	AUR_EVENT_REBOOTED,
	AUR_EVENT_KILLED,
	AUR_EVENT_FAILED,
	AUR_EVENT_RESTARTED,
	AUR_EVENT_FULL,
	AUR_EVENT_UNREACHABLE,
	AUR_EVENT_NOTHING, /* it is not told of */
};

enum aur_event_weight aur_event_weight(const struct aur_event *e);
enum aur_event_digest aur_event_digest(const struct aur_event *e);

/* The value of a pair; empty where there is none. */
struct aur_slice aur_event_get(const struct aur_event *e, const char *key);

/* Appends the sentence, harmless for a terminal. 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_event_text(struct aur_buf *b, const struct aur_event *e);

#endif
