/* SPDX-License-Identifier: MIT */
/*
 * Opening the platform, and the times of a sample. This machine is asked by
 * its clocks. A tree tells its own time, so that its samples are the same
 * whenever they are taken:
 *
 *	boot     the first number of proc/uptime (uptime includes suspends)
 *	mono     the number of nanoseconds in the file `mono` at the top of
 *	         the tree, where there is one (a suspend is then the
 *	         difference); else the same as boot
 *	wall     btime of proc/stat plus boot
 *	boot id  proc/sys/kernel/random/boot_id
 *
 * What is missing or no number is 0.
 */
#include "collect/linux/linux.h"
#include "collect/linux/parse.h"

#include "base/err.h"
#include "base/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int aur__platform_open(struct aur_root *root,
    const struct aur_collect_options *options, struct aur_helper **ret_helper)
{
	bool live = options->root == NULL || options->root[0] == '\0';

	aur_buf_init(&root->text, AUR_MAX_PROC_FILE);
	root->live = live;
	root->dirfd = open(
	    live ? "/" : options->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root->dirfd < 0)
		return aur_err_errno(errno);
	*ret_helper = aur__helper_new(root, options->no_helper);
	return *ret_helper == NULL ? AUR_ENOMEM : 0;
}

void aur__platform_close(struct aur_root *root, struct aur_helper *helper)
{
	aur__helper_free(helper);
	aur_buf_release(&root->text);
	aur__root_close(&root->dirfd);
}

/* This machine's does not change while we run. */
static void read_boot_id(struct aur_root *root)
{
	char word[64];
	int n = aur__root_word(
	    root, "proc/sys/kernel/random/boot_id", word, sizeof(word));

	memset(root->boot_id, 0, sizeof(root->boot_id));
	if (n >= 0)
		aur__parse_uuid(aur_slice_of(word, (size_t)n), root->boot_id);
}

static void tree_times(struct aur_root *root, struct aur_sample *s)
{
	struct aur_slice text;
	uint64_t v;

	if (aur__root_read(root, "proc/uptime", &text) == 0)
		s->boot.ns = aur__parse_uptime(text);
	s->mono = s->boot;
	if (aur__root_u64(root, "mono", &v) == 0 && v <= INT64_MAX)
		s->mono.ns = (int64_t)v;
	if (aur__root_read(root, "proc/stat", &text) == 0)
		s->wall.ns = aur__parse_btime(text);
	if (s->wall.ns > 0)
		s->wall = aur_wall_add(s->wall, (struct aur_span){s->boot.ns});
}

void aur__platform_times(struct aur_root *root, struct aur_sample *s)
{
	static const uint8_t unknown[16];

	if (!root->live || memcmp(root->boot_id, unknown, sizeof(unknown)) == 0)
		read_boot_id(root);
	memcpy(s->boot_id, root->boot_id, sizeof(s->boot_id));
	if (!root->live) {
		tree_times(root, s);
		return;
	}
	s->mono = aur_clock_mono();
	s->boot = aur_clock_boot();
	s->wall = aur_clock_wall();
}
