/* SPDX-License-Identifier: MIT */
/*
 * The platform that has nothing, built beside the real one: times, no parts,
 * and acting is unsupported.
 */
#include "tests/unit/collect_tree.h"

int main(void)
{
	struct aur_collect *c = tree_open("", ~(uint64_t)0 >> 1, false);
	struct aur_sample *s = tree_sample(c);
	struct aur_act act = {.kind = AUR_ACT_SIGNAL, .pid = 1};
	struct aur_buf text;

	aur_buf_init(&text, 256);
	if (!tap_ok(s != NULL, "a sample"))
		return tap_done();
	tap_eq_u64(s->npart, 0, "has no parts, whatever is wanted");
	tap_ok(s->mono.ns > 0 && s->wall.ns > 0, "but times");
	tap_eq_int(aur_collect_act(c, &act, &text), AUR_EUNSUPPORTED,
	    "nothing can be done");
	tap_ok(text.n > 0, "and it says so");
	tap_eq_int(aur_collect_act(c, &act, NULL), AUR_EUNSUPPORTED,
	    "without words too");
	tap_ok(tree_open("/tmp", 0, false) == NULL, "no tree can be read");
	aur_buf_release(&text);
	aur_sample_unref(s);
	aur_collect_free(c);
	return tap_done();
}
