/* SPDX-License-Identifier: MIT */
/*
 * The screen as lines of text, for screen readers and for terminals that can
 * do nothing else: a summary, then only what changed enough to matter, and
 * answers to commands of one letter. Text from figures; plain_run.c reads and
 * writes it.
 *
 *	rc = tui_plain_init(&p, &options);
 *	rc = tui_plain_summary(&p, &figures, &out);
 *	rc = tui_plain_changes(&p, &figures, &out);     at each sample
 *	rc = tui_plain_command(&p, line, &figures, &out);
 *	tui_plain_release(&p);
 *
 * A value is told when it is far from the one told last, and was so in the
 * sample before too: what jumps to and fro is not worth a line each time.
 * Rejected: telling averages, which nobody can check against anything.
 */
#ifndef TUI_PLAIN_H
#define TUI_PLAIN_H

#include "tui/process_list.h"
#include "tui/tui.h"

#define TUI_PLAIN_VALUES 9
#define TUI_PLAIN_MOUNTS 64

struct tui_plain_value {
	double told; /* NaN: nothing yet */
	int away;    /* samples that were far above (> 0) or below it */
};

struct tui_plain_mount {
	char name[160];
	struct tui_plain_value value;
	unsigned seen; /* the sample that had it last */
};

struct tui_plain {
	bool utc, ascii, quit;
	const char *host; /* borrowed; in front of changes; NULL: nothing */
	struct tui_plain_value value[TUI_PLAIN_VALUES];
	struct tui_plain_mount mount[TUI_PLAIN_MOUNTS];
	size_t nmount;
	unsigned samples;
	enum aur_host_state state; /* told last */
	struct tui_list list;
	struct aur_buf last; /* what Enter repeats */
};

/* 0, AUR_ENOMEM, AUR_EINVALID. */
AUR_MUST_CHECK int tui_plain_init(
    struct tui_plain *p, const struct tui_options *o);
void tui_plain_release(struct tui_plain *p);

/* These append whole lines, maybe none. 0, AUR_ENOMEM, AUR_ELIMIT. */
AUR_MUST_CHECK int tui_plain_summary(
    struct tui_plain *p, struct aur_figures *f, struct aur_buf *out);
AUR_MUST_CHECK int tui_plain_changes(
    struct tui_plain *p, struct aur_figures *f, struct aur_buf *out);
AUR_MUST_CHECK int tui_plain_processes(struct tui_plain *p,
    struct aur_figures *f, size_t most, struct aur_buf *out);
/* The host's state, where it is another than the one told last. */
AUR_MUST_CHECK int tui_plain_state(struct tui_plain *p,
    const struct aur_feed_host *host, struct aur_wall now, struct aur_buf *out);
/* Pieces of lines: "14:32:05 ", a name from elsewhere, a process. */
AUR_MUST_CHECK int tui_plain_time(
    const struct tui_plain *p, struct aur_wall at, struct aur_buf *out);
AUR_MUST_CHECK int tui_plain_name(
    const struct tui_plain *p, struct aur_slice name, struct aur_buf *out);
AUR_MUST_CHECK int tui_plain_process(const struct tui_plain *p,
    struct aur_figures *f, size_t inst, struct aur_buf *out);

/* Does what a line that was typed says, without its newline; p->quit may be
 * set then. `f` without a sample: nothing has come yet. */
AUR_MUST_CHECK int tui_plain_command(struct tui_plain *p, struct aur_slice line,
    struct aur_figures *f, struct aur_buf *out);

#endif
