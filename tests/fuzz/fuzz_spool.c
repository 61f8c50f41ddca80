/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as what a spool's folder holds. The first byte chooses: a name; a
 * sealed segment; an open one as it stands; or rows of (kind, length,
 * payload), made into records with the right checksums, of which a service
 * takes up what it can. Readers end, and stay inside the file.
 */
#include "agentd/daemon_spool_int.h"
#include "base/err.h"
#include "base/limits.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int file_of(struct aur_slice bytes)
{
	int fd = memfd_create("spool", MFD_CLOEXEC);

	if (fd < 0 || spool__write_all(fd, bytes) < 0)
		abort();
	return fd;
}

static void try_name(struct aur_slice s)
{
	struct segment g;
	char name[SPOOL_NAME];

	if (spool__name_take(s, &g) < 0)
		return;
	spool__name(&g, name);
	if (!aur_slice_is(s, name))
		abort();
}

static void try_blocks(struct aur_slice s)
{
	struct aur_buf buf;
	struct aur_block block;
	bool damaged = false;
	uint64_t at = 0, before = 0;
	int fd = file_of(s);

	aur_buf_init(&buf, AUR_MAX_BLOCK);
	while (spool__block_read(fd, &at, &buf, &block, &damaged) == 0) {
		if (at <= before || at > s.n)
			abort();
		before = at;
	}
	aur_buf_release(&buf);
	close(fd);
}

static void try_records(struct aur_slice s)
{
	struct aur_buf buf;
	struct record r;
	struct record_head head;
	uint64_t at = 0, before = 0;
	int fd = file_of(s);

	aur_buf_init(&buf, AUR_MAX_SPOOL_RECORD);
	while (spool__record_read(fd, &at, s.n, &buf, &r) == 0) {
		if (at <= before || at > s.n || r.payload.n >= s.n)
			abort();
		before = at;
		if (r.kind == RECORD_HEAD &&
		    spool__head_take(r.payload, &head) == 0 &&
		    head.serial > INT64_MAX)
			abort();
	}
	aur_buf_release(&buf);
	close(fd);
}

static void add_records(struct aur_slice s, struct aur_buf *out)
{
	struct record_head head = {.serial = 1, .boot_id = {1}};
	struct aur_wall at = {1795356000 * AUR_SECOND_NS};

	if (spool__head_add(out, &head, at) < 0)
		abort();
	while (s.n >= 3) {
		size_t n = (size_t)s.p[1] | (size_t)s.p[2] << 8;
		struct record r = {(enum record_kind)(s.p[0] & 7), at,
		    aur_slice_of(s.p + 3, n < s.n - 3 ? n : s.n - 3)};

		if (spool__record_add(out, &r) < 0)
			abort();
		at.ns += (int64_t)(s.p[0] >> 3) * AUR_SECOND_NS * 10;
		n = r.payload.n + 3;
		s = aur_slice_of(s.p + n, s.n - n);
	}
}

static void write_open(const char *folder, struct aur_slice s)
{
	struct aur_buf buf;
	char path[128];
	FILE *f;

	aur_buf_init(&buf, 1 << 24);
	add_records(s, &buf);
	snprintf(path, sizeof(path), "%s/" SPOOL_OPEN, folder);
	f = fopen(path, "wb");
	if (f == NULL || fwrite(buf.mem + buf.head, 1, buf.n, f) != buf.n ||
	    fclose(f) != 0)
		abort();
	aur_buf_release(&buf);
}

static void walk(struct spool *s)
{
	struct aur_wall from = {0}, to = {INT64_MAX};
	struct spool_walk *w = NULL;
	struct aur_buf buf;

	aur_buf_init(&buf, AUR_MAX_BLOCK);
	if (spool__seal(s) < 0 || spool_walk_begin(s, 7, from, to, &w) < 0)
		abort();
	while (spool_walk_next(w, &buf) == 0)
		;
	spool_walk_end(w);
	aur_buf_release(&buf);
}

static void empty(struct spool *s, const char *folder)
{
	static const char *const names[] = {
	    SPOOL_OPEN, SPOOL_CLOSING, SPOOL_LOCK};
	char path[128];

	spool_limit(s, 0, (struct aur_span){0});
	spool__retain(s);
	spool__forget(s); /* no clean end: nothing is written */
	spool_close(s, (struct serve_now){0});
	for (size_t i = 0; i < AUR_ARRAY_LEN(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	rmdir(folder);
}

/* A service takes up what another left. */
static void try_start(struct aur_slice s)
{
	struct spool_options o = {
	    .most_bytes = UINT64_MAX, .most_age = {INT64_MAX}, .boot_id = {1}};
	struct serve_now now = {{1}, {1795356000 * AUR_SECOND_NS}};
	char memory[] = "/dev/shm/aurora-fuzz-XXXXXX";
	char disk[] = "/tmp/aurora-fuzz-XXXXXX", why[256];
	struct spool *spool = NULL;

	o.folder = mkdtemp(memory);
	if (o.folder == NULL)
		o.folder = mkdtemp(disk);
	o.strs = aur_strs_new(AUR_MAX_STRING_BYTES);
	if (o.folder == NULL || o.strs == NULL)
		abort();
	write_open(o.folder, s);
	if (spool_open(&spool, &o, now, why, sizeof(why)) < 0 ||
	    spool_trouble(spool) != NULL)
		abort();
	walk(spool);
	empty(spool, o.folder);
	aur_strs_unref(o.strs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aur_slice s = aur_slice_of(data, size);

	if (size == 0)
		return 0;
	s = aur_slice_of(data + 1, size - 1);
	switch (data[0] & 3) {
	case 0:
		try_name(s);
		break;
	case 1:
		try_blocks(s);
		break;
	case 2:
		try_records(s);
		break;
	default:
		try_start(s);
	}
	return 0;
}
