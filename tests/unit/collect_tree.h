/* SPDX-License-Identifier: MIT */
/* What the tests of lib/collect share: samples of trees, and their cells. */
#ifndef TESTS_UNIT_COLLECT_TREE_H
#define TESTS_UNIT_COLLECT_TREE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "collect/collect.h"
#include "tests/harness/tap.h"

#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The path of a fixture; static storage. */
__attribute__((unused)) static const char *tree_path(const char *name)
{
	static char path[1024];
	const char *src = getenv("AUR_SRCDIR");

	snprintf(path, sizeof(path), "%s/tests/fixtures/linux/%s",
	    src != NULL ? src : ".", name);
	return path;
}

/* A collector for the folder `root` that wants `domains`; NULL: none. */
__attribute__((unused)) static struct aur_collect *tree_open(
    const char *root, uint64_t domains, bool no_helper)
{
	struct aur_collect_options o = {.root = root, .no_helper = no_helper};
	struct aur_want want = {.domains = domains,
	    .process_fields = aur_want_process_all(),
	    .interval = {AUR_SECOND_NS}};
	struct aur_collect *c = NULL;

	if (aur_collect_new(&c, &o) < 0)
		return NULL;
	aur_collect_want(c, &want);
	return c;
}

__attribute__((unused)) static struct aur_sample *tree_sample(
    struct aur_collect *c)
{
	struct aur_sample *s = NULL;

	if (c == NULL || aur_collect_sample(c, NULL, NULL, &s) < 0)
		return NULL;
	return s;
}

/* The index of an instance: by name, by number, or the one ("" or NULL). */
__attribute__((unused)) static ptrdiff_t tree_find(
    const struct aur_part *p, const char *name)
{
	if (p == NULL || p->n == 0)
		return -1;
	if (p->domain->key == AUR_KEY_NUMBER) {
		uint64_t v = 0;

		for (; name != NULL && *name != '\0'; name++)
			v = v * 10 + (uint64_t)(*name - '0');
		return aur_part_find(p, (struct aur_key){{v, 0}}, 0);
	}
	if (p->domain->key == AUR_KEY_STRING)
		return aur_part_find_named(p, aur_slice_str(name));
	return 0;
}

/* A cell as a number in its unit; NaN where it is absent. */
__attribute__((unused)) static double tree_number(const struct aur_sample *s,
    enum aur_domain_id id, const char *name, const char *field)
{
	const struct aur_part *p = aur_sample_get(s, id);
	ptrdiff_t i = tree_find(p, name);
	int f = aur_domain_field(aur_domain_get(id), aur_slice_str(field));
	double v;

	if (i < 0 || f < 0 || !aur_part_number(p, (size_t)i, (size_t)f, &v))
		return NAN;
	return v;
}

/* A cell as text, in static storage; NULL where it is absent. */
__attribute__((unused)) static const char *tree_text(const struct aur_sample *s,
    enum aur_domain_id id, const char *name, const char *field)
{
	static char out[512];
	const struct aur_part *p = aur_sample_get(s, id);
	ptrdiff_t i = tree_find(p, name);
	int f = aur_domain_field(aur_domain_get(id), aur_slice_str(field));
	struct aur_slice t;

	if (i < 0 || f < 0 || !aur_part_text(p, (size_t)i, (size_t)f, &t))
		return NULL;
	snprintf(out, sizeof(out), "%.*s", (int)t.n, (const char *)t.p);
	return out;
}

/* Open descriptors of this process. */
__attribute__((unused)) static int tree_count_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		closedir(d);
	return n;
}

/* Our child, if it is the only one; 0 for none. */
__attribute__((unused)) static int tree_child_pid(void)
{
	char path[64];
	int pid = 0;
	FILE *f;

	snprintf(
	    path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	f = fopen(path, "r");
	for (int c; f != NULL && (c = fgetc(f)) >= '0' && c <= '9';)
		pid = pid * 10 + (c - '0');
	if (f != NULL)
		fclose(f);
	return pid;
}

/* Children of this process that are still there, dead or alive. */
__attribute__((unused)) static bool tree_has_child(void)
{
	char path[64], text[64] = "";
	FILE *f;

	snprintf(
	    path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	f = fopen(path, "r");
	if (f == NULL)
		return false;
	if (fgets(text, sizeof(text), f) == NULL)
		text[0] = '\0';
	fclose(f);
	return text[0] != '\0';
}

#endif
