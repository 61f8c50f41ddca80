/* SPDX-License-Identifier: MIT */
/*
 * A folder, of which one program at a time holds the lock and writes:
 *
 *	lock            flock(2), as long as somebody records
 *	looked          when somebody looked last: ns as text, by anybody
 *	index.db        host(id, ident, name)
 *	2026-W48.db     a week, by UTC; another table for each kind of thing:
 *
 *	  host    the same again, so that a lost index costs nothing
 *	  log     host kind stream t0 t1 n sum | frames   (wire/encode.h)
 *	  block   host step kind name t0 t1 boot own whole | b  (pack/pack.h)
 *	  roll    host step name t0 t1 | b      columns on a grid (roll_int.h)
 *	  hour    host t0               hours whose rolls are to be made
 *	  event   host boot number t | frame
 *
 *	2026-W48.db.corrupt-2026-11-26   was damaged; what could be read of it
 *	                                 stands in the file that took its place
 *
 * Rows have numbers (no WITHOUT ROWID): that is how a damaged file is read
 * past its damage. A block and a row of the log carry a sum of their own, for
 * SQLite has none of a page. A week is a file so that retention is unlinking
 * and damage stays small.
 *
 * The life of a span:
 *
 *	live sample ──▶ log ───── an hour ────▶ block, own = 1 ──┐
 *	                 │ told by the host's?                   │ gives way
 *	                 └──▶ deleted                            ▼
 *	host's block ──────────────────────────────▶ block, own = 0, whole = 1
 *	                                                         │ hour
 *	                                     10 s, 1 min, 15 min ◀┤ roll_make.c
 *	                                                         │ 2 days
 *	                     block, step = 60: a sample a minute ◀┘ thin.c
 *	                                                 2 weeks │
 *	                                                         ▼
 *	                             deleted; then the tiers, each in its time
 *
 * Whether a span has come whole is known when another one begins: until then
 * it is read, but the host is asked for it again (whole = 0).
 *
 * Rejected: a row for a sample (15 to 35 bytes each); a table for a series (a
 * moment is all series at once, and a host has hundreds); one file (one bad
 * page, one lost history; deleting two years' worth row by row).
 */
#include "base/err.h"
#include "base/mem.h"
#include "history/aside_int.h"
#include "history/read_int.h"
#include "history/store_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define SCAN_NS AUR_SECOND_NS

/* --- the folder ----------------------------------------------------------- */

/* Makes it and what is above it, for its owner alone. 0; why the first that
 * is not there could not be made: AUR_EDENIED, AUR_EIO, AUR_ENOMEM. */
static int make_folder(const char *folder)
{
	char *path = aur_mem_dup(folder, strlen(folder));
	bool last = false;
	int rc = 0;

	if (path == NULL)
		return AUR_ENOMEM;
	for (char *p = path + 1; rc == 0 && !last; p++) {
		last = *p == '\0';
		if (*p != '/' && !last)
			continue;
		*p = '\0';
		if (mkdir(path, 0700) < 0 && errno != EEXIST)
			rc = errno == EACCES || errno == EROFS ? AUR_EDENIED
							       : AUR_EIO;
		if (rc < 0 && access(path, F_OK) == 0)
			rc = 0;
		if (!last)
			*p = '/';
	}
	aur_mem_free(path);
	return rc;
}

/* The name of a file system over a network, by statfs(2); NULL: it is none. In
 * such a one neither locks nor shared memory can be trusted. */
static const char *network(const char *folder)
{
	static const struct {
		uint32_t magic;
		const char *name;
	} known[] = {{0x6969, "nfs"}, {0xff534d42, "cifs"}, {0xfe534d42, "smb"},
	    {0x517b, "smb"}, {0x5346414f, "afs"}, {0x73757245, "coda"},
	    {0x564c, "ncp"}, {0x00c36400, "ceph"}, {0x0bd00bd0, "lustre"}};
	struct statfs fs;

	if (statfs(folder, &fs) < 0)
		return NULL;
	for (size_t i = 0; i < AUR_ARRAY_LEN(known); i++)
		if ((uint32_t)fs.f_type == known[i].magic)
			return known[i].name;
	return NULL;
}

/* Takes the lock. 0; AUR_EBUSY: somebody has it; AUR_EDENIED, AUR_EIO. */
static int take_lock(struct aur_history *h)
{
	const char *path = aur__weeks_path(&h->weeks, "lock");
	int fd;

	if (path == NULL)
		return AUR_ENOMEM;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return errno == EACCES || errno == EROFS ? AUR_EDENIED
							 : AUR_EIO;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		int rc = errno == EWOULDBLOCK ? AUR_EBUSY : AUR_EIO;

		(void)close(fd);
		return rc;
	}
	h->lock = fd;
	return 0;
}

void aur__scan(struct aur_history *h, bool now)
{
	struct aur_mono t = aur_clock_mono();

	if (!now && h->scanned.ns != 0 && t.ns - h->scanned.ns < SCAN_NS)
		return;
	h->scanned = t;
	(void)!aur__weeks_scan(&h->weeks);
	if (h->writer == NULL)
		aur__store_hosts_learn(h);
}

void aur__read_begin(struct aur_history *h)
{
	if (h->weeks.reading == 0)
		aur__scan(h, false);
	aur__weeks_begin(&h->weeks);
}

void aur__read_end(struct aur_history *h)
{
	aur__weeks_end(&h->weeks);
	if (h->weeks.reading == 0)
		aur_unpacker_rest(h->cache->unpacker);
}

/* --- opening -------------------------------------------------------------- */

static void set_index_aside(struct aur_history *h)
{
	(void)!aur__set_aside(
	    &h->weeks, "index.db", AUR__INDEX, h->why, sizeof(h->why));
}

static int open_index(struct aur_history *h, struct aur__db *ret_db)
{
	int rc = AUR_EINVALID;

	for (int turn = 0; rc == AUR_EINVALID && turn < 2; turn++) {
		const char *path;

		if (turn > 0)
			set_index_aside(h);
		path = aur__weeks_path(&h->weeks, "index.db");
		rc = path == NULL
			 ? AUR_ENOMEM
			 : aur__db_open(ret_db, path, AUR__WRITE, AUR__INDEX);
		if (rc == 0 && turn == 0)
			rc = aur__db_check(ret_db);
		if (rc < 0)
			aur__db_close(ret_db);
	}
	return rc;
}

/* Begins to record. */
static int start_writer(struct aur_history *h)
{
	struct aur__db index = {0};
	int rc = open_index(h, &index);

	if (rc == 0)
		rc = aur__store_hosts_read(h, &index);
	if (rc < 0) {
		aur__db_close(&index);
		return rc;
	}
	if (h->why[0] != '\0' || h->nhost == 0)
		aur__store_hosts_lost(h);
	rc = aur__writer_new(&h->writer, h->folder, &index, h->most_bytes);
	if (rc == 0)
		rc = aur__store_hosts_put(h);
	return rc;
}

static void unlock(struct aur_history *h)
{
	if (h->lock >= 0)
		(void)close(h->lock);
	h->lock = -1;
}

/* Records if it can; says in h->why why not. 0, or an error that ends it. */
int aur__record_try(struct aur_history *h)
{
	const char *fs = network(h->folder);
	int rc;

	if (fs != NULL) {
		(void)snprintf(h->why, sizeof(h->why),
		    "%s is on a network file system (%s): nothing is recorded "
		    "there; set XDG_DATA_HOME to a folder of this machine",
		    h->folder, fs);
		return 0;
	}
	rc = take_lock(h);
	if (rc == 0)
		rc = start_writer(h);
	if (rc == 0)
		return 0;
	unlock(h);
	h->foreign = rc == AUR_EBUSY;
	if (rc == AUR_EBUSY)
		(void)snprintf(h->why, sizeof(h->why),
		    "another program records this history; this one only "
		    "reads");
	else if (rc == AUR_EDENIED)
		(void)snprintf(h->why, sizeof(h->why),
		    "%s may not be written to: nothing is recorded", h->folder);
	else if (rc == AUR_ELIMIT)
		(void)snprintf(h->why, sizeof(h->why),
		    "the disk of %s is full: nothing is recorded", h->folder);
	else
		return rc;
	return 0;
}

static int open_store(
    struct aur_history *h, const struct aur_history_options *o)
{
	int rc, made = AUR_EABSENT;

	h->folder = aur_mem_dup(o->folder, strlen(o->folder));
	if (h->folder == NULL)
		return AUR_ENOMEM;
	if (o->record)
		made = make_folder(o->folder);
	rc = aur__weeks_init(&h->weeks, h->folder, AUR__READ);
	if (rc == 0 && o->early) /* aur__scan finds what is there */
		return aur__cache_new(&h->cache);
	if (rc == 0 && access(o->folder, F_OK) < 0)
		return errno == ENOENT && made < 0 ? made : AUR_EIO;
	if (rc == 0)
		rc = aur__weeks_scan(&h->weeks);
	if (rc == 0 && o->record)
		rc = aur__record_try(h);
	if (rc == 0 && h->writer == NULL) {
		rc = aur__store_hosts_index(h);
		if (rc == AUR_EINVALID) { /* the weeks know them, too */
			aur__store_hosts_lost(h);
			(void)snprintf(h->why, sizeof(h->why),
			    "index.db of the history is damaged");
			rc = 0;
		}
		if (rc == AUR_EABSENT && o->record)
			rc = 0;
	}
	if (rc == 0)
		rc = aur__cache_new(&h->cache);
	return rc;
}

static void explain(
    const struct aur_history_options *o, int rc, char *why, size_t size)
{
	const char *folder = o->folder;

	if (o->record && access(folder, F_OK) < 0 && rc != AUR_ENOMEM)
		(void)snprintf(why, size,
		    "nothing is recorded (%s): %s cannot be made",
		    aur_err_str(rc), folder);
	else if (rc == AUR_EABSENT)
		(void)snprintf(
		    why, size, "nothing has been recorded in %s", folder);
	else if (rc == AUR_EVERSION)
		(void)snprintf(why, size,
		    "the history in %s was written by a later Aurora: use that "
		    "one, or move the folder away",
		    folder);
	else if (rc == AUR_EDENIED)
		(void)snprintf(why, size, "%s may not be opened", folder);
	else
		(void)snprintf(why, size,
		    "the history in %s cannot be opened: %s", folder,
		    aur_err_str(rc));
}

int aur_history_open(struct aur_history **ret_h,
    const struct aur_history_options *options, char *why, size_t size)
{
	struct aur_history *h = aur_mem_new(1, sizeof(*h));
	int rc = AUR_ENOMEM;

	if (h != NULL) {
		h->lock = -1;
		h->log = options->log;
		h->most_bytes = options->most_bytes != 0 ? options->most_bytes
							 : AUR_HISTORY_BYTES;
		aur_buf_init(&h->frames, AUR_MAX_FRAME);
		aur_buf_init(&h->trouble, 4096);
		rc = open_store(h, options);
	}
	if (rc < 0) {
		explain(options, rc, why, size);
		aur_history_close(h);
		return rc;
	}
	*ret_h = h;
	return 0;
}

static void rest_cache(struct aur__cache *c)
{
	for (size_t i = 0; i < AUR__CHUNKS; i++)
		if (c->chunk[i].used <= c->rested)
			aur__chunk_release(&c->chunk[i]);
	for (size_t i = 0; i < AUR__SPANS; i++)
		if (c->span[i].used <= c->rested)
			aur__span_release(&c->span[i]);
	c->rested = c->uses;
}

void aur_history_rest(struct aur_history *h)
{
	rest_cache(h->cache);
	aur__weeks_rest(&h->weeks);
	aur_buf_release(&h->frames);
	aur_buf_init(&h->frames, AUR_MAX_FRAME);
}

void aur_history_close(struct aur_history *h)
{
	if (h == NULL)
		return;
	/* the writer's connections are the last, so that they tidy up */
	aur__cache_free(h->cache);
	aur__weeks_release(&h->weeks);
	aur__writer_free(h->writer);
	aur__store_hosts_release(h);
	unlock(h);
	aur_buf_release(&h->frames);
	aur_buf_release(&h->trouble);
	aur_mem_free(h->folder);
	aur_mem_free(h);
}
