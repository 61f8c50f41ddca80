/* SPDX-License-Identifier: MIT */
/*
 * A tree for a collector, made by the test: files below a temporary folder,
 * gone at the end.
 *
 *	ptree_begin();
 *	ptree_put("proc/1/stat", "1 (init) S ...");
 *	... options.root = ptree_root ...
 *	ptree_end();
 */
#ifndef TESTS_UNIT_PROCESS_TREE_H
#define TESTS_UNIT_PROCESS_TREE_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char ptree_root[64];

static int ptree_gone(
    const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void)st;
	(void)type;
	(void)f;
	return remove(path);
}

__attribute__((unused)) static void ptree_begin(void)
{
	snprintf(ptree_root, sizeof(ptree_root), "/tmp/aurora-tree-XXXXXX");
	if (mkdtemp(ptree_root) == NULL) {
		perror("mkdtemp");
		exit(99);
	}
}

__attribute__((unused)) static void ptree_remove(const char *path)
{
	char full[1200];

	snprintf(full, sizeof(full), "%s/%s", ptree_root, path);
	nftw(full, ptree_gone, 16, FTW_DEPTH | FTW_PHYS);
}

__attribute__((unused)) static void ptree_end(void)
{
	nftw(ptree_root, ptree_gone, 16, FTW_DEPTH | FTW_PHYS);
}

/* The full path of `path`, its folders made. */
static const char *ptree_path(const char *path)
{
	static char full[1200];
	size_t n = strlen(ptree_root) + 1;

	snprintf(full, sizeof(full), "%s/%s", ptree_root, path);
	for (char *p = full + n; (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		mkdir(full, 0755);
		*p = '/';
	}
	return full;
}

__attribute__((unused)) static void ptree_put_bytes(
    const char *path, const void *data, size_t size)
{
	FILE *f = fopen(ptree_path(path), "w");

	if (f == NULL || fwrite(data, 1, size, f) != size) {
		perror(path);
		exit(99);
	}
	fclose(f);
}

__attribute__((unused)) static void ptree_put(
    const char *path, const char *text)
{
	ptree_put_bytes(path, text, strlen(text));
}

/* proc/PID/stat with what most tests look at. */
__attribute__((unused)) static void ptree_stat(
    unsigned pid, const char *comm, char state, unsigned ticks, unsigned start)
{
	char path[64], text[512];

	snprintf(path, sizeof(path), "proc/%u/stat", pid);
	snprintf(text, sizeof(text),
	    "%u (%s) %c 1 %u %u 34816 %u 4194304 11 0 12 0 %u 0 0 0 20 5 3 0 "
	    "%u 8192000 500 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 "
	    "0 0 0 0 0 0 0 0 0 0 0 0 0\n",
	    pid, comm, state, pid, pid, pid, ticks, start);
	ptree_put(path, text);
}

#endif
