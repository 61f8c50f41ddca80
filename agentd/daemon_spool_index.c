/* SPDX-License-Identifier: MIT */
/*
 * The list of segments is the listing of the folder: what must be known of one
 * to find it stands in its name, so there is no index to be lost, and none to
 * be wrong.
 *
 *	0000000012-1795332309120-1795335907120-86400-BOOTID.seg
 *	│          │             │             │     └ 32 hexadecimal digits
 *	│          │             │             └ seconds since its boot
 *	│          └ first       └ last: milliseconds since 1970
 *	└ serial: segments in the order in which they were made, whatever the
 *	  clock said
 *
 * One that was set aside ends in ".damaged". Names that are none of these are
 * somebody else's, and left alone.
 */
#include "agentd/daemon_spool_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/scan.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define SOUND ".seg"
#define DAMAGED ".damaged"

void spool__name(const struct segment *g, char out[SPOOL_NAME])
{
	char boot[33];

	for (unsigned i = 0; i < 16; i++)
		snprintf(boot + (size_t)2 * i, 3, "%02x", g->boot_id[i]);
	snprintf(out, SPOOL_NAME,
	    "%010" PRIu64 "-%" PRId64 "-%" PRId64 "-%" PRId64 "-%s%s",
	    g->serial, g->from_ms, g->to_ms, g->up_s, boot,
	    g->damaged ? DAMAGED : SOUND);
}

static bool take_number(struct aur_slice *s, int64_t *ret_v)
{
	struct aur_slice part;
	uint64_t v;

	/* digits alone: one name for one segment */
	if (!aur_slice_until(s, '-', &part) || aur_scan_u64(part, &v) < 0 ||
	    v > INT64_MAX)
		return false;
	*ret_v = (int64_t)v;
	return true;
}

static bool take_boot(struct aur_slice *s, uint8_t boot_id[16])
{
	if (s->n < 32)
		return false;
	for (unsigned i = 0; i < 16; i++) {
		uint64_t v;

		if (aur_scan_hex(aur_slice_of(s->p + (size_t)2 * i, 2), &v) < 0)
			return false;
		boot_id[i] = (uint8_t)v;
	}
	*s = aur_slice_of(s->p + 32, s->n - 32);
	return true;
}

int spool__name_take(struct aur_slice name, struct segment *ret_g)
{
	struct segment g = {0};
	struct aur_slice s = name;
	char again[SPOOL_NAME];
	int64_t serial;

	if (!take_number(&s, &serial) || !take_number(&s, &g.from_ms) ||
	    !take_number(&s, &g.to_ms) || !take_number(&s, &g.up_s) ||
	    !take_boot(&s, g.boot_id))
		return AUR_EINVALID;
	g.serial = (uint64_t)serial;
	g.damaged = aur_slice_is(s, DAMAGED);
	spool__name(&g, again);
	if (!aur_slice_is(name, again) || g.to_ms < g.from_ms)
		return AUR_EINVALID;
	*ret_g = g;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct segment *x = a, *y = b;

	if (x->serial != y->serial)
		return x->serial < y->serial ? -1 : 1;
	return (int)y->damaged - (int)x->damaged;
}

static int append(struct spool_index *x, const struct segment *g)
{
	if (x->n == AUR_MAX_SEGMENTS)
		return AUR_ELIMIT;
	if (x->n == x->cap) {
		size_t cap = x->cap < 32 ? 32 : x->cap + x->cap / 2;
		struct segment *seg =
		    aur_mem_grow(x->seg, cap, sizeof(*x->seg));

		if (seg == NULL)
			return AUR_ENOMEM;
		x->seg = seg;
		x->cap = cap;
	}
	x->seg[x->n++] = *g;
	x->bytes += g->bytes;
	return 0;
}

int spool__index_add(struct spool_index *x, const struct segment *g)
{
	int rc = append(x, g);

	/* nearly always the newest: nothing moves */
	if (rc == 0 && x->n > 1 && compare(g, &x->seg[x->n - 2]) < 0)
		qsort(x->seg, x->n, sizeof(*x->seg), compare);
	return rc;
}

static int add_file(struct spool_index *x, int folder_fd, const char *name)
{
	struct segment g;
	struct stat st;

	if (spool__name_take(aur_slice_str(name), &g) < 0 ||
	    fstatat(folder_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    !S_ISREG(st.st_mode))
		return 0;
	g.bytes = (uint64_t)st.st_size;
	return append(x, &g);
}

int spool__index_read(struct spool_index *x, int folder_fd)
{
	const struct dirent *e;
	int rc = 0, fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;

	if (dir == NULL) {
		if (fd >= 0)
			close(fd);
		return AUR_EIO;
	}
	spool__index_release(x);
	while (rc == 0 && (e = readdir(dir)) != NULL)
		rc = add_file(x, folder_fd, e->d_name);
	closedir(dir);
	if (x->n > 0)
		qsort(x->seg, x->n, sizeof(*x->seg), compare);
	return rc == AUR_ELIMIT ? 0 : rc;
}

void spool__index_remove(struct spool_index *x, size_t i)
{
	x->bytes -= x->seg[i].bytes;
	x->n--;
	memmove(&x->seg[i], &x->seg[i + 1], (x->n - i) * sizeof(*x->seg));
}

void spool__index_release(struct spool_index *x)
{
	aur_mem_free(x->seg);
	memset(x, 0, sizeof(*x));
}

uint64_t spool__index_last(const struct spool_index *x)
{
	return x->n > 0 ? x->seg[x->n - 1].serial : 0;
}

bool spool__index_has(const struct spool_index *x, uint64_t serial)
{
	for (size_t i = x->n; i-- > 0 && x->seg[i].serial >= serial;)
		if (x->seg[i].serial == serial)
			return true;
	return false;
}
