/* SPDX-License-Identifier: MIT */
/*
 * The platform that has nothing: it builds everywhere, its samples have times
 * and no parts, and acting is unsupported. What a new platform starts from.
 */
#include "collect/collect_int.h"

#include "base/err.h"

const struct aur_collector *const aur__collectors[] = {NULL};

int aur__platform_open(struct aur_root *root,
    const struct aur_collect_options *options, struct aur_helper **ret_helper)
{
	root->dirfd = -1;
	root->live = options->root == NULL || options->root[0] == '\0';
	*ret_helper = NULL;
	return root->live ? 0 : AUR_EABSENT;
}

void aur__platform_close(struct aur_root *root, struct aur_helper *helper)
{
	(void)root;
	(void)helper;
}

void aur__platform_times(struct aur_root *root, struct aur_sample *s)
{
	(void)root;
	s->mono = aur_clock_mono();
	s->boot = aur_clock_boot();
	s->wall = aur_clock_wall();
}

enum aur_sight aur__platform_sight(struct aur_root *root, bool *ret_hides)
{
	(void)root;
	*ret_hides = false;
	return AUR_SIGHT_UNKNOWN;
}

int aur__platform_act(
    struct aur_root *root, const struct aur_act *act, struct aur_buf *text)
{
	(void)root;
	(void)act;
	if (text != NULL) {
		int rc = aur_buf_add_str(
		    text, "signals are not supported on this system");

		(void)rc; /* the sentence is a courtesy */
	}
	return AUR_EUNSUPPORTED;
}
