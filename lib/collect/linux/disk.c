/* SPDX-License-Identifier: MIT */
/*
 * Block devices: /proc/diskstats, and from /sys/class/block what each is.
 * What a device is does not change while it is there, so it is looked up when
 * it is first seen and then once a minute, for its size. A device that has
 * done nothing since boot (an idle loop, an empty drive) is left out.
 *
 * Totals count the lowest layer once: whole devices that are not built of
 * others, which /sys tells by `slaves`.
 */
#include "collect/linux/linux.h"
#include "collect/linux/parse.h"

#include "base/err.h"
#include "base/mem.h"

#define LOOK_AGAIN_MS 60000
#define DISKS_MAX 8192u

struct disk {
	char name[64];
	uint64_t major, minor;
	struct aur_mono at; /* when it was looked up */
	bool whole, counted, have_size;
	uint64_t size; /* bytes */
};

struct disk_state {
	int fd;
	struct disk *disk;
	size_t n, cap;
};

static int disk_open(struct aur_root *root, void **ret_state)
{
	struct disk_state *s = aur_mem_new(1, sizeof(*s));

	(void)root;
	if (s == NULL)
		return AUR_ENOMEM;
	s->fd = -1;
	*ret_state = s;
	return 0;
}

static void disk_close(void *state)
{
	struct disk_state *s = state;

	if (s == NULL)
		return;
	aur__root_close(&s->fd);
	aur_mem_free(s->disk);
	aur_mem_free(s);
}

/* "sys/class/block/NAME/what"; /sys writes '!' for '/' (cciss!c0d0). */
static void path_of(
    const struct disk *d, const char *what, char *out, size_t size)
{
	const size_t head = strlen("sys/class/block/");

	snprintf(out, size, "sys/class/block/%s/%s", d->name, what);
	for (size_t i = 0; d->name[i] != '\0'; i++)
		if (d->name[i] == '/')
			out[head + i] = '!';
}

static void look_up(struct disk *d, struct aur_run *run)
{
	struct aur_slice name = aur_slice_str(d->name);
	char path[128];
	uint64_t sectors;

	d->at = run->sample->mono;
	path_of(d, "size", path, sizeof(path));
	d->have_size = aur__root_u64(run->root, path, &sectors) == 0 &&
		       sectors <= UINT64_MAX / 512;
	if (d->have_size) {
		d->size = sectors * 512;
		path_of(d, "partition", path, sizeof(path));
		d->whole = !aur__root_has(run->root, path);
	} else {
		d->whole = !aur__disk_is_partition(name);
	}
	d->counted = d->whole && !aur__disk_is_virtual(name);
	if (d->counted && d->have_size) {
		path_of(d, "slaves", path, sizeof(path));
		d->counted = !aur__root_has_entry(run->root, path);
	}
}

static bool is_same(const struct disk *d, const struct aur__diskstat *t)
{
	return d->major == t->major && d->minor == t->minor &&
	       aur_slice_is(t->name, d->name);
}

/* The device at place `i`, where it was the last time too, or a new one in
 * its stead. NULL: out of memory, or a name that no disk has. */
static struct disk *find(struct disk_state *s, size_t i,
    const struct aur__diskstat *t, struct aur_run *run)
{
	struct disk *d;

	if (i >= s->cap) {
		size_t cap = s->cap == 0 ? 16 : s->cap * 2;
		void *mem = aur_mem_grow(s->disk, cap, sizeof(*s->disk));

		if (mem == NULL)
			return NULL;
		s->disk = mem;
		s->cap = cap;
	}
	d = &s->disk[i];
	if (i < s->n && is_same(d, t) && run->root->live &&
	    !aur__is_due(run->sample->mono, d->at, aur_span_ms(LOOK_AGAIN_MS)))
		return d;
	memcpy(d->name, t->name.p, t->name.n);
	d->name[t->name.n] = '\0';
	d->major = t->major;
	d->minor = t->minor;
	look_up(d, run);
	if (i >= s->n)
		s->n = i + 1;
	return d;
}

static bool is_idle(const struct aur__diskstat *t)
{
	for (size_t k = 0; k < AUR_ARRAY_LEN(t->v); k++)
		if (t->v[k] != 0)
			return false;
	return true;
}

static int add(
    struct aur_part *part, const struct disk *d, const struct aur__diskstat *t)
{
	ptrdiff_t at = aur_part_add_named(part, t->name);
	size_t i = (size_t)at;

	if (at < 0)
		return (int)at;
	for (size_t f = 0; f < AUR_ARRAY_LEN(t->v); f++)
		aur_part_set(part, i, f, t->v[f]);
	aur_part_set(part, i, AUR_DISK_whole, d->whole);
	aur_part_set(part, i, AUR_DISK_counted, d->counted);
	if (d->have_size)
		aur_part_set(part, i, AUR_DISK_size, d->size);
	return 0;
}

/* Names are unique in the kernel's list, but a tree may hold anything. */
static bool is_new(const struct aur_part *part, struct aur_slice name)
{
	return aur_part_find_named(part, name) < 0;
}

static int disk_run(void *state, struct aur_run *run, struct aur_part *part)
{
	struct disk_state *s = state;
	struct aur_slice text;
	struct aur__diskstat t;
	size_t place = 0;
	int rc = aur__root_reread(run->root, &s->fd, "proc/diskstats", &text);

	if (rc < 0) /* some containers have none */
		return rc == AUR_EABSENT ? AUR_EUNSUPPORTED : rc;
	/* look_up reads words only, which leave root->text as it is. */
	while (rc == 0 && place < DISKS_MAX && aur__parse_diskstat(&text, &t)) {
		struct disk *d;

		if (is_idle(&t) || t.name.n >= sizeof(d->name) ||
		    t.name.p[0] == '.' || !is_new(part, t.name))
			continue;
		d = find(s, place++, &t, run);
		rc = d == NULL ? AUR_ENOMEM : add(part, d, &t);
	}
	if (place < s->n)
		s->n = place;
	return rc;
}

const struct aur_collector aur__collector_disk = {
    .name = "disk",
    .domain = AUR_DOMAIN_DISK,
    .open = disk_open,
    .run = disk_run,
    .close = disk_close,
};
