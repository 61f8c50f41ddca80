/* SPDX-License-Identifier: MIT */
/*
 * Mounted filesystems: what process 1 has mounted (our own sandbox may be
 * read-only where the host is not), and how full each is. statvfs of a dead
 * server's mount never returns, so the helper asks; the sample carries what
 * was last known, with its age.
 *
 *	every 5 s     mountinfo is read, all are asked
 *	every sample  answers that came are taken, all are put in
 *
 * A tree has no filesystems of its own: its file `statvfs` at the top has a
 * line for each mount, "/srv 4096 1000 500 400 64 32": block size, blocks,
 * blocks free, blocks available, files, files free.
 */
#include "collect/linux/linux.h"
#include "collect/linux/parse.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"

#define PERIOD_MS 5000
#define FIRST_WAIT_MS 50
#define WAIT_MS 2
#define MOUNTS_MAX 1024u

struct mount {
	char *point; /* these three are owned */
	char *type;
	char *device;
	bool read_only, kept; /* kept: still mounted */
	bool asked, known;    /* waits for an answer; has had one */
	int err;	      /* of the last answer */
	struct aur_mono at;   /* when it came */
	struct aur_job_statvfs v;
	uint64_t id;
};

struct fs_state {
	struct aur_mono at; /* when mountinfo was read */
	struct aur_mono now;
	struct mount *mount;
	size_t n, cap;
	uint64_t last_id;
	bool own; /* process 1's mountinfo may not be read */
};

static void drop(struct mount *m)
{
	aur_mem_free(m->point);
	aur_mem_free(m->type);
	aur_mem_free(m->device);
}

static void fs_close(void *state)
{
	struct fs_state *s = state;

	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n; i++)
		drop(&s->mount[i]);
	aur_mem_free(s->mount);
	aur_mem_free(s);
}

static int fs_open(struct aur_root *root, void **ret_state)
{
	struct fs_state *s = aur_mem_new(1, sizeof(*s));

	(void)root;
	if (s == NULL)
		return AUR_ENOMEM;
	s->at = AUR__NEVER;
	*ret_state = s;
	return 0;
}

static struct mount *find(struct fs_state *s, const char *point)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->mount[i].point, point) == 0)
			return &s->mount[i];
	return NULL;
}

static struct mount *append(struct fs_state *s)
{
	if (s->n == s->cap) {
		size_t cap = s->cap == 0 ? 16 : s->cap * 2;
		void *mem = aur_mem_grow(s->mount, cap, sizeof(*s->mount));

		if (mem == NULL)
			return NULL;
		s->mount = mem;
		s->cap = cap;
	}
	return &s->mount[s->n];
}

/* Enters a mount; one that is mounted over another takes its place, and what
 * was known of the other is forgotten. */
static int enter(struct fs_state *s, const char *point,
    const struct aur__mount *line, struct aur_slice type,
    struct aur_slice device)
{
	struct mount *m = find(s, point);
	struct mount fresh = {.id = s->last_id + 1};

	if (m != NULL && aur_slice_is(type, m->type) &&
	    aur_slice_is(device, m->device)) {
		m->kept = true;
		m->read_only = line->read_only;
		return 0;
	}
	if (m == NULL && s->n >= MOUNTS_MAX)
		return 0;
	fresh.point = aur_mem_dup(point, strlen(point));
	fresh.type = aur_mem_dup(type.p, type.n);
	fresh.device = aur_mem_dup(device.p, device.n);
	fresh.read_only = line->read_only;
	fresh.kept = true;
	if (fresh.point == NULL || fresh.type == NULL || fresh.device == NULL ||
	    (m == NULL && (m = append(s)) == NULL)) {
		drop(&fresh);
		return AUR_ENOMEM;
	}
	if (m == &s->mount[s->n])
		s->n++;
	else
		drop(m);
	s->last_id++;
	*m = fresh;
	return 0;
}

static int take_line(struct fs_state *s, const struct aur__mount *line)
{
	char point[4096], type[256], device[1024];
	ptrdiff_t np = aur__mount_unescape(line->point, point, sizeof(point));
	ptrdiff_t nt = aur__mount_unescape(line->type, type, sizeof(type));
	ptrdiff_t nd =
	    aur__mount_unescape(line->device, device, sizeof(device));

	if (np < 0 || nt < 0)
		return 0;
	if (nd < 0)
		nd = 0;
	if (aur__mount_is_pseudo(aur_slice_of(point, (size_t)np),
		aur_slice_of(type, (size_t)nt)))
		return 0;
	return enter(s, point, line, aur_slice_of(type, (size_t)nt),
	    aur_slice_of(device, (size_t)nd));
}

/* Its lines may be longer than a page (overlay), so it is no kept file. */
static int read_mountinfo(
    struct fs_state *s, struct aur_root *root, struct aur_slice *ret_text)
{
	if (!s->own && aur__root_read(root, "proc/1/mountinfo", ret_text) == 0)
		return 0;
	s->own = root->live;
	return aur__root_read(root, "proc/self/mountinfo", ret_text);
}

static int list_mounts(struct fs_state *s, struct aur_root *root)
{
	struct aur__mount line;
	struct aur_slice text;
	size_t n = 0;
	int rc = read_mountinfo(s, root, &text);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < s->n; i++)
		s->mount[i].kept = false;
	while (rc == 0 && aur__parse_mount(&text, &line))
		rc = take_line(s, &line);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < s->n; i++)
		if (s->mount[i].kept)
			s->mount[n++] = s->mount[i];
		else
			drop(&s->mount[i]);
	s->n = n;
	return 0;
}

static void take_answer(
    void *arg, uint64_t tag, int err, struct aur_slice result)
{
	struct fs_state *s = arg;

	for (size_t i = 0; i < s->n; i++) {
		struct mount *m = &s->mount[i];

		if (m->id != tag)
			continue;
		m->asked = false;
		m->err = err;
		if (err == 0 && result.n == sizeof(m->v)) {
			memcpy(&m->v, result.p, sizeof(m->v));
			m->known = true;
			m->at = s->now;
		}
	}
}

static void ask_all(struct fs_state *s, struct aur_run *run)
{
	struct aur_span wait =
	    aur_span_ms(run->first ? FIRST_WAIT_MS : WAIT_MS);

	for (size_t i = 0; i < s->n; i++) {
		struct mount *m = &s->mount[i];
		int rc;

		if (m->asked)
			continue;
		m->asked = true;
		rc = aur__helper_ask(run->helper, AUR_JOB_STATVFS, m->point + 1,
		    m->id, take_answer, s);
		if (rc < 0) {
			m->asked = false;
			m->err = rc;
		}
	}
	aur__helper_poll(run->helper, wait);
}

/* The tree's file in place of the kernel. */
static void ask_tree(struct fs_state *s, struct aur_root *root)
{
	struct aur_slice text, line, word;

	if (aur__root_read(root, "statvfs", &text) < 0)
		return;
	while (aur_slice_line(&text, &line)) {
		struct mount *m = NULL;

		if (!aur_slice_word(&line, &word))
			continue;
		for (size_t i = 0; i < s->n; i++)
			if (aur_slice_is(word, s->mount[i].point))
				m = &s->mount[i];
		if (m == NULL)
			continue;
		m->known = aur_scan_next_u64(&line, &m->v.block_size) &&
			   aur_scan_next_u64(&line, &m->v.blocks) &&
			   aur_scan_next_u64(&line, &m->v.blocks_free) &&
			   aur_scan_next_u64(&line, &m->v.blocks_available) &&
			   aur_scan_next_u64(&line, &m->v.files) &&
			   aur_scan_next_u64(&line, &m->v.files_free);
		m->at = s->now;
	}
}

static void set_bytes(
    struct aur_part *p, size_t i, size_t f, uint64_t blocks, uint64_t size)
{
	if (size == 0 || blocks <= UINT64_MAX / size)
		aur_part_set(p, i, f, blocks * size);
}

static void set_sizes(struct aur_part *p, size_t i, const struct mount *m)
{
	uint64_t size = m->v.block_size;

	set_bytes(p, i, AUR_FILESYSTEM_size, m->v.blocks, size);
	set_bytes(p, i, AUR_FILESYSTEM_free, m->v.blocks_free, size);
	set_bytes(p, i, AUR_FILESYSTEM_available, m->v.blocks_available, size);
	/* btrfs and others have no fixed number of inodes, and say 0. */
	if (m->v.files == 0)
		return;
	aur_part_set(p, i, AUR_FILESYSTEM_files, m->v.files);
	aur_part_set(p, i, AUR_FILESYSTEM_files_free, m->v.files_free);
}

static int put(struct aur_run *run, struct aur_part *p, const struct mount *m)
{
	ptrdiff_t at = aur_part_add_named(p, aur_slice_str(m->point));
	size_t i = (size_t)at;
	int rc;

	if (at < 0)
		return (int)at;
	rc = aur__set_text(
	    p, i, AUR_FILESYSTEM_device, aur_slice_str(m->device));
	if (rc == 0)
		rc = aur__set_text(
		    p, i, AUR_FILESYSTEM_type, aur_slice_str(m->type));
	aur_part_set(p, i, AUR_FILESYSTEM_read_only, m->read_only);
	aur_part_set(p, i, AUR_FILESYSTEM_device_error,
	    m->err < 0 || (!m->known && m->asked));
	if (m->known) {
		set_sizes(p, i, m);
		p->inst[i].at_ns = aur_mono_since(m->at, run->sample->mono).ns;
	}
	if (m->err == 0 && !m->known && m->asked)
		aur__complain(run, "%s: no answer yet", m->point);
	/* A mount that we may not look into is no fault of the sample's. */
	if (m->err < 0 && m->err != AUR_EDENIED)
		aur__complain(run, "%s: %s", m->point, aur_err_str(m->err));
	return rc;
}

static int fs_run(void *state, struct aur_run *run, struct aur_part *part)
{
	struct fs_state *s = state;
	int rc = 0;

	s->now = run->sample->mono;
	aur__helper_poll(run->helper, aur_span_ms(0));
	if (!run->root->live ||
	    aur__is_due(s->now, s->at, aur_span_ms(PERIOD_MS))) {
		s->at = s->now;
		rc = list_mounts(s, run->root);
		if (run->root->live)
			ask_all(s, run);
		else
			ask_tree(s, run->root);
	}
	for (size_t i = 0; rc == 0 && i < s->n; i++)
		rc = put(run, part, &s->mount[i]);
	return rc;
}

const struct aur_collector aur__collector_filesystem = {
    .name = "filesystem",
    .domain = AUR_DOMAIN_FILESYSTEM,
    .open = fs_open,
    .run = fs_run,
    .close = fs_close,
};
