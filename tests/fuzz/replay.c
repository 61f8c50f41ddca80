/* SPDX-License-Identifier: MIT */
/*
 * A fuzz target without a fuzzer: `make check` runs each target on the empty
 * input, on every file of its corpus and on mutations of these, the same ones
 * every time. What libFuzzer finds is added to the corpus and stays found.
 * The input is copied to a block of its exact size, so that the address
 * sanitizer and valgrind see a read of one byte too many.
 *
 * The corpus is tests/fuzz/corpus/NAME for a program called fuzz_NAME. With
 * file names as arguments, only these are run, without mutations.
 */
#include <dirent.h>
#include <inttypes.h>

#include "tests/harness/tap.h"

enum {
	MAX_FILES = 1000,
	MAX_RUNS = 2000,     /* inputs in all, with mutations... */
	LONG_RUNS = 2000000, /* ... and with AUR_LONG set */
	MAX_BYTES = 1 << 20, /* of a corpus file */
};

struct input {
	char path[1024];
	uint8_t *data;
	size_t len;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* splitmix64: any seed is good, and it never changes under us. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static void run(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	if (copy == NULL)
		abort();
	if (len > 0)
		memcpy(copy, data, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

static bool read_file(struct input *in)
{
	FILE *f = fopen(in->path, "rb");
	bool good;

	if (f == NULL)
		return false;
	in->data = malloc(MAX_BYTES);
	if (in->data == NULL)
		abort();
	in->len = fread(in->data, 1, MAX_BYTES, f);
	good = !ferror(f);
	fclose(f);
	return good;
}

/* One to four of: a bit, a byte, a cut, a repeated stretch. */
static void mutate(struct input *in, uint8_t *copy, uint64_t *seed)
{
	size_t len = in->len, at, n;
	uint64_t steps = 1 + next_random(seed) % 4;

	memcpy(copy, in->data, len);
	while (steps-- > 0 && len > 0) {
		at = next_random(seed) % len;
		switch (next_random(seed) % 5) {
		case 0:
			copy[at] ^= (uint8_t)(1u << next_random(seed) % 8);
			break;
		case 1:
			copy[at] = (uint8_t)next_random(seed);
			break;
		case 2:
			copy[at] = next_random(seed) % 2 ? 0xff : 0;
			break;
		case 3:
			len = at;
			break;
		default:
			n = next_random(seed) % (len - at) + 1;
			memmove(copy, copy + at, n);
			break;
		}
	}
	run(copy, len);
}

static void replay(struct input *in, size_t mutations)
{
	uint64_t seed = in->len;
	uint8_t *copy = malloc(in->len ? in->len : 1);
	const char *name = strrchr(in->path, '/');

	if (copy == NULL)
		abort();
	name = name ? name + 1 : in->path;
	printf("# %s: %zu bytes, %zu mutations\n", name, in->len, mutations);
	fflush(stdout);
	run(in->data, in->len);
	for (size_t i = 0; i < mutations; i++)
		mutate(in, copy, &seed);
	tap_ok(true, "%s", name);
	free(copy);
}

static int by_path(const void *a, const void *b)
{
	return strcmp(
	    ((const struct input *)a)->path, ((const struct input *)b)->path);
}

static size_t list(const char *dir, struct input *ins, size_t max)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	size_t n = 0;

	if (d == NULL)
		return 0;
	while (n < max && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(
		    ins[n].path, sizeof ins[n].path, "%s/%s", dir, e->d_name);
		n++;
	}
	closedir(d);
	qsort(ins, n, sizeof *ins, by_path);
	return n;
}

static size_t corpus(const char *argv0, struct input *ins)
{
	const char *src = getenv("AUR_SRCDIR");
	const char *name = strrchr(argv0, '/');
	char dir[512];

	name = name ? name + 1 : argv0;
	if (strncmp(name, "fuzz_", 5) == 0)
		name += 5;
	snprintf(
	    dir, sizeof dir, "%s/tests/fuzz/corpus/%s", src ? src : ".", name);
	return list(dir, ins, MAX_FILES);
}

int main(int argc, char **argv)
{
	struct input *ins = calloc(MAX_FILES, sizeof *ins);
	size_t runs = getenv("AUR_LONG") ? LONG_RUNS : MAX_RUNS;
	size_t n = 0, mutations = 0;

	if (ins == NULL)
		abort();
	for (int i = 1; i < argc && n < MAX_FILES; i++, n++)
		snprintf(ins[n].path, sizeof ins[n].path, "%s", argv[i]);
	if (argc == 1) {
		run(NULL, 0);
		tap_ok(true, "the empty input");
		n = corpus(argv[0], ins);
		tap_ok(n > 0, "there is a corpus");
		mutations = n < runs ? runs / (n ? n : 1) : 0;
	}
	for (size_t i = 0; i < n; i++) {
		if (read_file(&ins[i]))
			replay(&ins[i], mutations);
		else
			tap_ok(false, "cannot read %s", ins[i].path);
		free(ins[i].data);
	}
	free(ins);
	return tap_done();
}
