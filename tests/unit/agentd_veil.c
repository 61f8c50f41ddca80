/* SPDX-License-Identifier: MIT */
/*
 * What a reader is shown of blocks that were kept of all: tables of three
 * users' processes are packed, veiled, and read again as that reader would.
 */
#include "agentd/daemon_veil.h"
#include "base/err.h"
#include "base/limits.h"
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"
#include "tests/unit/model_make.h"
#include "wire/decode.h"
#include "wire/encode.h"
#include "wire/frame.h"

#define TABLES 20
#define SECRET "/bin/sh\0-c\0secret"

static void add_process(struct aur_part *p, uint64_t pid, uint64_t uid)
{
	size_t i = make_key(p, pid, pid * 10);

	aur_part_set(p, i, AUR_PROCESS_uid, uid);
	aur_part_set(p, i, AUR_PROCESS_read_bytes, 4096);
	aur_part_set(p, i, AUR_PROCESS_open_files, 5);
	aur_part_set(p, i, AUR_PROCESS_rss, 8192 * pid);
	make_text(p, i, AUR_PROCESS_name, "sh");
	make_sure(aur_part_set_text(p, i, AUR_PROCESS_cmdline,
		      aur_slice_of(SECRET, sizeof(SECRET) - 1)) == 0,
	    "no command line");
}

/* Processes 1 (root's), 20 (of user 1000), 30 (of 1001), and in every other
 * table one more of 1001. */
static struct aur_sample *table(struct aur_strs *strs, unsigned nth)
{
	struct aur_sample *s = make_sample(strs, 5.0 * nth);
	struct aur_part *p = make_part(s, AUR_DOMAIN_PROCESS);

	add_process(p, 1, 0);
	add_process(p, 20, 1000);
	add_process(p, 30, 1001);
	if (nth % 2 == 1)
		add_process(p, 100 + nth, 1001);
	return s;
}

static void frames(struct aur_buf *out)
{
	const struct aur_domain *d = aur_domain_get(AUR_DOMAIN_PROCESS);
	struct aur_strs *strs = make_strs();
	struct aur_encoder *e = NULL;

	make_sure(aur_encoder_new(&e, 3) == 0 &&
		      aur_encoder_open(e, "process", &d, 1, out) == 0,
	    "no encoder");
	for (unsigned i = 0; i < TABLES; i++) {
		struct aur_sample *s = table(strs, i);

		make_sure(aur_encoder_sample(e, s, out) == 0, "no table");
		aur_sample_unref(s);
	}
	aur_encoder_free(e);
	aur_strs_unref(strs);
}

static void pack(const char *name, struct aur_slice raw, struct aur_buf *out)
{
	struct aur_block b = {.kind = AUR_BLOCK_FRAMES,
	    .name = aur_slice_str(name),
	    .from = {1795000000 * AUR_SECOND_NS},
	    .to = {1795000095 * AUR_SECOND_NS},
	    .rows = TABLES};

	memset(b.boot_id, MAKE_BOOT, sizeof(b.boot_id));
	make_sure(
	    aur_block_frames(&b, raw, AUR_PACK_EFFORT, out) == 0, "no block");
}

static void make_block(struct aur_buf *out)
{
	struct aur_buf raw;

	aur_buf_init(&raw, AUR_MAX_BLOCK_RAW);
	frames(&raw);
	pack("process", aur_buf_peek(&raw), out);
	aur_buf_release(&raw);
}

/* What a reader finds in a block. */
struct found {
	unsigned tables, rows, own, io, others_io, secrets, names,
	    owned_secrets;
};

static void look(const struct aur_sample *s, uint64_t uid, struct found *f)
{
	const struct aur_part *p = aur_sample_get(s, AUR_DOMAIN_PROCESS);

	f->tables++;
	for (size_t i = 0; p != NULL && i < p->n; i++) {
		bool own = aur_part_cell(p, i, AUR_PROCESS_uid) == uid;
		bool io = aur_part_has(p, i, AUR_PROCESS_read_bytes) ||
			  aur_part_has(p, i, AUR_PROCESS_open_files);
		struct aur_slice text = {NULL, 0};
		bool has = aur_part_text(p, i, AUR_PROCESS_cmdline, &text);

		f->rows++;
		f->own += own;
		f->io += own && io;
		f->others_io += !own && io;
		f->secrets += !own && text.n == sizeof(SECRET) - 1;
		f->owned_secrets += own && text.n == sizeof(SECRET) - 1;
		f->names += has && aur_slice_is(text, "/bin/sh");
	}
}

static int take(struct aur_decoder *d, const struct aur_frame *fr, uint64_t uid,
    struct found *f)
{
	const struct aur_part *part;
	struct aur_sample *s = NULL;
	int rc = 0;

	if (fr->type == AUR_MSG_STREAM_OPEN)
		rc = aur_decoder_open(d, fr->payload);
	else if (fr->type == AUR_MSG_SAMPLE_BEGIN)
		rc = aur_decoder_begin(d, fr->payload);
	else if (fr->type == AUR_MSG_PART)
		rc = aur_decoder_part(d, fr->payload, &part);
	else
		rc = aur_decoder_end(d, fr->payload, &s);
	if (s != NULL)
		look(s, uid, f);
	aur_sample_unref(s);
	return rc;
}

static struct found read_block(struct aur_slice bytes, uint64_t uid)
{
	struct aur_strs *strs = make_strs();
	struct aur_decoder *d = NULL;
	struct found f = {0};
	struct aur_frame fr;
	struct aur_buf raw;
	struct aur_slice in;
	int rc;

	aur_buf_init(&raw, AUR_MAX_BLOCK_RAW);
	rc = aur_block_open_frames(bytes, &raw);
	in = aur_buf_peek(&raw);
	if (rc == 0)
		rc = aur_decoder_new(&d, strs);
	while (rc == 0 && aur_frame_take(&in, &fr) == 1)
		rc = take(d, &fr, uid, &f);
	tap_ok(rc == 0 && in.n == 0, "a block that can be read");
	aur_decoder_free(d);
	aur_buf_release(&raw);
	aur_strs_unref(strs);
	return f;
}

static struct found veiled(struct aur_slice bytes, const struct view_peer *peer)
{
	struct aur_block head, now = {.rows = 0};
	struct veil *v = NULL;
	struct aur_buf out;
	struct found f = {0};
	unsigned steps = 0;
	int rc = aur_block_head(bytes, &head);

	aur_buf_init(&out, AUR_MAX_BLOCK);
	tap_eq_int(veil_how(&head, peer), VEIL_SOME, "it needs a veil");
	if (rc == 0)
		rc = veil_new(&v, &head, peer);
	if (rc == 0)
		while ((rc = veil_step(v, 8)) == 1)
			steps++;
	tap_eq_u64(steps, TABLES / 8, "made a few tables at a time");
	if (rc == 0)
		rc = veil_take(v, &out);
	veil_free(v);
	if (rc == 0)
		rc = aur_block_head(aur_buf_peek(&out), &now);
	tap_ok(rc == 0 && now.kind == head.kind &&
		   aur_slice_eq(now.name, head.name) &&
		   now.from.ns == head.from.ns && now.to.ns == head.to.ns &&
		   memcmp(now.boot_id, head.boot_id, 16) == 0 &&
		   now.rows == TABLES,
	    "and is of the same time and tables");
	if (rc == 0)
		f = read_block(aur_buf_peek(&out), peer->uid);
	aur_buf_release(&out);
	return f;
}

static void test_processes(struct aur_slice bytes)
{
	struct view_peer peer = {.uid = 1001};
	struct found all = read_block(bytes, 1001), f;

	tap_ok(all.rows == TABLES * 3 + TABLES / 2 && all.secrets == 2 * TABLES,
	    "a block of %u processes", all.rows);
	f = veiled(bytes, &peer);
	tap_ok(f.tables == TABLES && f.rows == all.rows,
	    "a user is shown all processes");
	tap_ok(f.others_io == 0 && f.io == f.own && f.own == TABLES * 3 / 2,
	    "I/O and open files of his own");
	tap_ok(f.secrets == 0 && f.names == 2 * TABLES,
	    "recorded command lines of others are names of programs");
	tap_eq_u64(f.owned_secrets, f.own, "his own are whole");
	peer.cmdline = VIEW_NONE;
	f = veiled(bytes, &peer);
	tap_ok(f.secrets == 0 && f.names == 0, "or nothing, by the settings");
	peer.only_own = true;
	f = veiled(bytes, &peer);
	tap_ok(f.rows == f.own && f.own == TABLES * 3 / 2,
	    "with hidepid he is shown his own");
	peer.uid = 4711;
	f = veiled(bytes, &peer);
	tap_ok(f.tables == TABLES && f.rows == 0, "who has none none");
}

static void how(enum aur_block_kind kind, const char *name, const char *text,
    enum veil_what user, enum veil_what hidden)
{
	const struct view_peer root = {.whole = true, .only_own = true};
	const struct view_peer one = {.uid = 1000};
	const struct view_peer own = {.uid = 1000, .only_own = true};
	const struct aur_block b = {.kind = kind, .name = aur_slice_str(name)};

	tap_ok(veil_how(&b, &root) == VEIL_PLAIN, "%s: root has it as it is",
	    text);
	tap_ok(veil_how(&b, &one) == user && veil_how(&b, &own) == hidden,
	    "  others by the rule");
}

static void test_how(void)
{
	how(AUR_BLOCK_TIMES, "", "times", VEIL_PLAIN, VEIL_PLAIN);
	how(AUR_BLOCK_COLUMNS, "cpu", "cpu", VEIL_PLAIN, VEIL_PLAIN);
	how(AUR_BLOCK_COLUMNS, "tasks", "sums of processes", VEIL_PLAIN,
	    VEIL_HIDE);
	how(AUR_BLOCK_COLUMNS, "thread", "threads", VEIL_PLAIN, VEIL_HIDE);
	how(AUR_BLOCK_FRAMES, "event", "events", VEIL_PLAIN, VEIL_HIDE);
	how(AUR_BLOCK_FRAMES, "process", "processes", VEIL_SOME, VEIL_SOME);
	how(AUR_BLOCK_FRAMES, "other", "what nobody knows", VEIL_HIDE,
	    VEIL_HIDE);
}

static int make_veil(struct aur_slice bytes)
{
	const struct view_peer peer = {.uid = 1000};
	struct aur_block head;
	struct veil *v = NULL;
	struct aur_buf out;
	int rc = aur_block_head(bytes, &head);

	aur_buf_init(&out, AUR_MAX_BLOCK);
	if (rc == 0)
		rc = veil_new(&v, &head, &peer);
	if (rc == 0)
		while ((rc = veil_step(v, 1)) == 1)
			continue;
	if (rc == 0)
		rc = veil_take(v, &out);
	veil_free(v);
	aur_buf_release(&out);
	return rc;
}

/* A sound block of frames that are none, or not whole. */
static void test_damaged(void)
{
	struct aur_buf raw, out;

	aur_buf_init(&raw, AUR_MAX_BLOCK_RAW);
	aur_buf_init(&out, AUR_MAX_BLOCK);
	frames(&raw);
	aur_buf_cut(&raw, raw.n - 1);
	pack("process", aur_buf_peek(&raw), &out);
	tap_eq_int(make_veil(aur_buf_peek(&out)), AUR_EINVALID,
	    "frames that are cut short");
	aur_buf_clear(&out);
	aur_buf_take(&raw, 40);
	pack("process", aur_buf_peek(&raw), &out);
	tap_ok(make_veil(aur_buf_peek(&out)) == AUR_EINVALID,
	    "frames without their begin");
	aur_buf_release(&raw);
	aur_buf_release(&out);
}

static void test_memory(struct aur_slice bytes)
{
	unsigned long nth = 0;
	bool met = true;
	int rc = 0;

	while (met && fail_begin(++nth)) {
		rc = make_veil(bytes);
		met = fail_end();
		if (rc < 0 && rc != AUR_ENOMEM)
			break;
	}
	tap_ok(rc == 0 && !met, "every allocation fails without harm");
	printf("# %lu allocations\n", nth - 1);
}

int main(void)
{
	struct aur_buf block;

	aur_buf_init(&block, AUR_MAX_BLOCK);
	make_block(&block);
	test_how();
	test_processes(aur_buf_peek(&block));
	test_damaged();
	test_memory(aur_buf_peek(&block));
	aur_buf_release(&block);
	return tap_done();
}
