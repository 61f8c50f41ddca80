/* SPDX-License-Identifier: MIT */
/*
 * What the files of the spool share: the list of segments (_index), records of
 * the open one (_record), blocks of the sealed ones (_block), sealing (_seal),
 * taking up what was left (_start), the disk (_sync), the folder (_folder).
 * daemon_spool.c draws them all.
 */
#ifndef AGENTD_DAEMON_SPOOL_INT_H
#define AGENTD_DAEMON_SPOOL_INT_H

#include "agentd/daemon_spool.h"
#include "agentd/place.h"
#include "pack/pack.h"
#include "wire/encode.h"

#include <sys/types.h>

#define SPOOL_OPEN "open"	/* the open segment */
#define SPOOL_CLOSING "closing" /* blocks of it that are finished */
#define SPOOL_MENDING "mending" /* what is sound of a damaged one */
#define SPOOL_LOCK "lock"

/* --- the list of segments ------------------------------------------------- */

struct segment {
	uint64_t serial;	/* rising: the newest has the highest */
	int64_t from_ms, to_ms; /* wall time of all in it, since 1970 */
	int64_t up_s;		/* how long its boot had been up at its end */
	uint8_t boot_id[16];
	bool damaged;	/* set aside */
	uint64_t bytes; /* of the file; not in the name */
};

struct spool_index {
	struct segment *seg; /* by serial, ascending */
	size_t n, cap;
	uint64_t bytes; /* of all */
};

#define SPOOL_NAME 128

/* A segment's name, and back: AUR_EINVALID for names that are none. */
void spool__name(const struct segment *g, char out[SPOOL_NAME]);
AUR_MUST_CHECK int spool__name_take(
    struct aur_slice name, struct segment *ret_g);

/* Reads the folder. 0, AUR_EIO, AUR_ENOMEM. */
AUR_MUST_CHECK int spool__index_read(struct spool_index *x, int folder_fd);
/* 0, AUR_ENOMEM, AUR_ELIMIT (AUR_MAX_SEGMENTS). */
AUR_MUST_CHECK int spool__index_add(
    struct spool_index *x, const struct segment *g);
void spool__index_remove(struct spool_index *x, size_t i);
void spool__index_release(struct spool_index *x);
/* The highest serial, 0 where there is none; whether one is sealed. */
uint64_t spool__index_last(const struct spool_index *x);
bool spool__index_has(const struct spool_index *x, uint64_t serial);

/* --- records of the open segment ------------------------------------------ */

enum record_kind {
	RECORD_HEAD = 1,    /* struct record_head */
	RECORD_SYSTEM = 2,  /* frames of one sample */
	RECORD_WHOLE = 3,   /* of processes: the stream opens with it */
	RECORD_PROCESS = 4, /* of processes: builds on the one before */
	RECORD_EVENT = 5,   /* one frame */
	RECORD_STOP = 6,    /* the service ended of its own will */
};

struct record {
	enum record_kind kind;
	struct aur_wall at;
	struct aur_slice payload;
};

struct record_head {
	uint64_t serial; /* that it will be sealed with */
	uint64_t event;	 /* number of the last event before it */
	uint8_t boot_id[16];
};

/* Appends. 0, AUR_ELIMIT, AUR_ENOMEM. */
AUR_MUST_CHECK int spool__record_add(
    struct aur_buf *out, const struct record *r);
AUR_MUST_CHECK int spool__head_add(
    struct aur_buf *out, const struct record_head *h, struct aur_wall at);
/* AUR_EINVALID, AUR_EVERSION (of a later form). */
AUR_MUST_CHECK int spool__head_take(
    struct aur_slice payload, struct record_head *ret_h);

/* Reads the record at *at of a file of `size` bytes into `buf`, from which the
 * result borrows, and moves *at behind it. 0; AUR_EABSENT: the end;
 * AUR_EINVALID: torn or damaged; AUR_EIO, AUR_ENOMEM. */
AUR_MUST_CHECK int spool__record_read(int fd, uint64_t *at, uint64_t size,
    struct aur_buf *buf, struct record *ret_r);

/* --- blocks of sealed segments -------------------------------------------- */

/* Appends a block with its head to a file. 0, or an aur_err and errno. */
AUR_MUST_CHECK int spool__block_write(int fd, struct aur_slice block);

/* Reads the next sound block at or behind *at into `buf`, and moves *at behind
 * it. Sets *ret_damaged where something had to be skipped for that. 0;
 * AUR_EABSENT: the end; AUR_EIO, AUR_ENOMEM. */
AUR_MUST_CHECK int spool__block_read(int fd, uint64_t *at, struct aur_buf *buf,
    struct aur_block *ret_block, bool *ret_damaged);

/* --- the folder ----------------------------------------------------------- */

/* Makes, opens and locks it. 0, or an error as of spool_open. */
AUR_MUST_CHECK int spool__folder_open(const char *path, int *ret_folder_fd,
    int *ret_lock_fd, char *why, size_t size);
/* All of it. 0, or an aur_err and errno. */
AUR_MUST_CHECK int spool__write_all(int fd, struct aur_slice s);
/* As pread, but in one go and until the file's end: their number, -1. */
ssize_t spool__read_some(int fd, void *p, size_t n, uint64_t at);
/* All of `n`: 0, AUR_ETRUNCATED, AUR_EIO. */
AUR_MUST_CHECK int spool__read_all(int fd, void *p, size_t n, uint64_t at);
/* Whether the file system has room beyond what is left to others. */
bool spool__has_room(int folder_fd);

/* --- bringing it to the disk ---------------------------------------------- */

struct spool_sync;

/* A thread that waits for the disk. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int spool__sync_new(struct spool_sync **ret_y);
void spool__sync_free(struct spool_sync *y); /* waits; NULL is fine */
/* Has what is written to `fd` synced. False: the one before is not done. */
bool spool__sync_ask(struct spool_sync *y, int fd);
/* Whether one has been on its way for seconds, by the clock of this machine. */
bool spool__sync_is_slow(struct spool_sync *y);
/* errno of one that failed since it was asked last; 0: none. */
int spool__sync_failed(struct spool_sync *y);
/* Has a sealed segment synced, and the folder that its name is in; waits for
 * one before it. False: it cannot, and nothing is done. */
bool spool__sync_ask_sealed(struct spool_sync *y, int fd, int folder_fd);
/* Whether that is done, waiting for it if need be; then errno, or 0. */
bool spool__sync_sealed(struct spool_sync *y, bool wait, int *ret_errno);

/* --- the spool ------------------------------------------------------------ */

/* Chunks of processes: this long, or this many bytes of frames, but at least
 * some times the whole table that it begins with. */
#define SPOOL_CHUNK_NS (600 * AUR_SECOND_NS)
#define SPOOL_CHUNK_BYTES (256u << 10)
#define SPOOL_CHUNK_TABLES 4
#define SPOOL_CHUNK_MOST (8u << 20) /* whatever the table's size */
/* An open segment is sealed at this part of all that may be kept, if it is of
 * some size: it is several times as large as what becomes of it. */
#define SPOOL_OPEN_PART 4
#define SPOOL_OPEN_BYTES (256u << 10)
/* Frames of events of one segment; and of those that wait for the disk. */
#define SPOOL_EVENT_BYTES (64u << 10)
#define SPOOL_HOUR_NS (3600 * AUR_SECOND_NS)

struct chunk {
	uint64_t at, end; /* where in the open file it begins and ends */
	uint64_t bytes;	  /* of frames */
	uint64_t whole;	  /* of the first of them */
	uint32_t rows;	  /* 0: there is none */
	struct aur_wall from, to;
};

struct lane {
	struct aur_encoder *encoder;
	bool opened; /* since the segment or chunk began */
};

struct spool {
	struct spool_options o; /* but for folder */
	char folder[PLACE_MAX];
	int folder_fd, lock_fd;
	struct spool_index index;
	struct spool_past past;
	struct spool_walk *walks;
	struct spool_sync *sync;

	/* recording; nothing of it is there while it is stopped */
	char trouble[PLACE_MAX + 128]; /* "": it records */
	int open_fd, closing_fd;
	unsigned settling; /* commits since a seal that is not on the disk
			      yet, plus 1; 0: all is */

	uint64_t serial;	/* of the open segment */
	uint8_t boot_id[16];	/* its */
	uint64_t size;		/* bytes of it that are written */
	uint64_t closing;	/* of the other */
	struct aur_buf out;	/* records that are not written yet */
	struct aur_buf scratch; /* frames of one record, or of a chunk */
	struct lane system, process;
	struct aur_packer *packer;
	struct chunk chunk;
	struct aur_buf events; /* frames */
	uint32_t nevent;
	struct aur_wall event_from, event_to;
	bool has_time; /* there is something in the segment: */
	struct aur_wall from, to;
	int64_t hour;	    /* since 1970, of its first */
	struct aur_mono up; /* CLOCK_BOOTTIME of the last sample */

	struct aur_buf waiting; /* events for when it records again */
	uint64_t event;		/* number of the last one */
	struct aur_mono wrote, synced, looked, sealed;
	bool has_wrote, has_synced, has_looked, has_sealed;
	bool dirty;
	struct aur_wall now; /* as told last */
};

/* Stops recording, for that reason: an aur_err, with errno where it is
 * AUR_EIO. Gives it back. */
int spool__stop(struct spool *s, int rc, const char *what);
/* Frees what is there while it records. */
void spool__forget(struct spool *s);

/* Notes that the segment has something of this time. */
void spool__note(struct spool *s, struct aur_wall at);

/* Writes what gathered; waits for a seal. 0, or stopped. */
AUR_MUST_CHECK int spool__flush(struct spool *s);

/* The open segment gets its head, and is empty: at once, or when what was
 * sealed has settled. 0, or stopped. */
AUR_MUST_CHECK int spool__begin(struct spool *s);
/* Where the sealed segment is on the disk, empties the open one and writes what
 * gathered. 0, or stopped. */
AUR_MUST_CHECK int spool__settle(struct spool *s, bool wait);

/* Takes up or makes the open segment. 0, or stopped. */
AUR_MUST_CHECK int spool__start(struct spool *s);

/* Makes a block of the chunk, where there is one. 0, or stopped. */
AUR_MUST_CHECK int spool__end_chunk(struct spool *s);
/* Packs what the packer has. 0, or stopped. */
AUR_MUST_CHECK int spool__end_span(struct spool *s);
/* Adds an event's frame to those of the segment; one that is of another hour
 * than they, or earlier, begins another block. 0, AUR_ELIMIT (they are too
 * many: seal), AUR_ENOMEM, or stopped. */
AUR_MUST_CHECK int spool__add_event(
    struct spool *s, struct aur_slice frame, struct aur_wall when);
/* Seals the segment and begins the next. 0, or stopped. */
AUR_MUST_CHECK int spool__seal(struct spool *s);

/* Removes what is too old or too much. */
void spool__retain(struct spool *s);

/* Says a line where somebody listens. */
void spool__say(const struct spool *s, const char *fmt, ...) AUR_PRINTF(2, 3);

/* Walks know of no spool any more. */
void spool__leave_walks(struct spool *s);

/* Sets a segment aside, and keeps what is sound of it. */
void spool__mend(struct spool *s, const struct segment *g);

#endif
