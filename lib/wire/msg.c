/* SPDX-License-Identifier: MIT */
/*
 * Payloads of the small messages, in the order of their fields; PROTOCOL.md
 * lists the same. Written by hand and not from a table: there are few, each
 * is a dozen lines, and no two are alike.
 */
#include "wire/msg.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/varint.h"
#include "wire/frame.h"
#include "wire/pay.h"

static const char *const capability_name[] = {
#define AUR_CAPABILITY(NAME, name) name,
#include "wire/capability.def"
#undef AUR_CAPABILITY
};

/* Runs the steps of a put or take until one fails. */
#define STEP(rc, step)                                                         \
	do {                                                                   \
		if ((rc) == 0)                                                 \
			(rc) = (step);                                         \
	} while (0)

static int put_capabilities(struct aur_buf *b, uint32_t bits)
{
	uint64_t n = 0;
	int rc;

	for (unsigned i = 0; i < AUR_CAPABILITY_COUNT; i++)
		n += (bits >> i) & 1;
	rc = aur_varint_add(b, n);
	for (unsigned i = 0; i < AUR_CAPABILITY_COUNT; i++)
		if ((bits >> i) & 1)
			STEP(rc, aur__put_text(
				     b, aur_slice_str(capability_name[i])));
	return rc;
}

static int take_capabilities(struct aur_slice *in, uint32_t *ret_bits)
{
	uint64_t n;
	int rc = aur__take_max(in, AUR_MAX_CAPABILITIES, &n);

	*ret_bits = 0;
	for (; rc == 0 && n > 0; n--) {
		struct aur_slice name;

		rc = aur__take_text(in, &name);
		if (rc < 0)
			break;
		for (unsigned i = 0; i < AUR_CAPABILITY_COUNT; i++)
			if (aur_slice_is(name, capability_name[i]))
				*ret_bits |= 1u << i;
	}
	return rc;
}

int aur_hello_put(struct aur_buf *b, const struct aur_hello *hello)
{
	int rc = aur_varint_add(b, hello->version);

	STEP(rc, aur__put_text(b, hello->agent));
	STEP(rc, aur__put_text(b, hello->mode));
	STEP(rc, aur__put_text(b, hello->role));
	STEP(rc, aur_varint_add(b, hello->recording));
	STEP(rc, aur__put_i64(b, hello->wall.ns));
	STEP(rc, put_capabilities(b, hello->capabilities));
	if (hello->sight != AUR_SIGHT_UNKNOWN)
		STEP(rc, aur__put_text(
			     b, aur_slice_str(aur_sight_name(hello->sight))));
	return rc;
}

int aur_hello_take(struct aur_slice in, struct aur_hello *ret_hello)
{
	struct aur_hello h = {0};
	struct aur_slice sight = {NULL, 0};
	uint64_t version;
	int rc = aur__take_max(&in, UINT32_MAX, &version);

	STEP(rc, aur__take_text(&in, &h.agent));
	STEP(rc, aur__take_text(&in, &h.mode));
	STEP(rc, aur__take_text(&in, &h.role));
	STEP(rc, aur__take_bool(&in, &h.recording));
	STEP(rc, aur__take_i64(&in, &h.wall.ns));
	STEP(rc, take_capabilities(&in, &h.capabilities));
	if (in.n > 0)
		STEP(rc, aur__take_text(&in, &sight));
	h.sight = aur_sight_find(sight);
	if (rc < 0)
		return rc;
	h.version = (uint32_t)version;
	*ret_hello = h;
	return 0;
}

int aur_error_put(struct aur_buf *b, const struct aur_error *error)
{
	int rc = aur__put_err(b, error->err);

	STEP(rc, aur__put_text(b, error->text));
	return rc;
}

int aur_error_take(struct aur_slice in, struct aur_error *ret_error)
{
	struct aur_error e;
	int rc = aur__take_err(&in, &e.err);

	STEP(rc, aur__take_text(&in, &e.text));
	if (rc == 0)
		*ret_error = e;
	return rc;
}

int aur_ping_put(struct aur_buf *b, uint64_t token)
{
	return aur_varint_add(b, token);
}

int aur_ping_take(struct aur_slice in, uint64_t *ret_token)
{
	return aur__take_u64(&in, ret_token);
}

static const struct {
	enum aur_act_kind kind;
	enum aur_msg message;
	uint32_t needs;
} acts[] = {
    {AUR_ACT_SIGNAL, AUR_MSG_SIGNAL, AUR_CAN(ACT)},
    {AUR_ACT_NICE, AUR_MSG_RENICE, AUR_CAN(ACT)},
    {AUR_ACT_AFFINITY, AUR_MSG_AFFINITY, AUR_CAN(AFFINITY)},
    {AUR_ACT_IO_PRIORITY, AUR_MSG_IO_PRIORITY, AUR_CAN(IO_PRIORITY)},
};

enum aur_msg aur_request_message(enum aur_act_kind kind)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(acts); i++)
		if (acts[i].kind == kind)
			return acts[i].message;
	return AUR_MSG_SIGNAL; /* no such kind; not reached */
}

enum aur_act_kind aur_request_kind(uint32_t message)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(acts); i++)
		if ((uint32_t)acts[i].message == message)
			return acts[i].kind;
	return (enum aur_act_kind)0;
}

uint32_t aur_request_needs(enum aur_act_kind kind)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(acts); i++)
		if (acts[i].kind == kind)
			return acts[i].needs;
	return 0;
}

/* As many words as there are up to the last that is not 0. */
static int put_cpus(struct aur_buf *b, const struct aur_cpus *cpus)
{
	size_t n = AUR_CPUS_WORDS;
	int rc;

	while (n > 0 && cpus->word[n - 1] == 0)
		n--;
	rc = aur_varint_add(b, n);
	for (size_t i = 0; i < n; i++)
		STEP(rc, aur_varint_add(b, cpus->word[i]));
	return rc;
}

static int take_cpus(struct aur_slice *in, struct aur_cpus *ret_cpus)
{
	uint64_t n = 0;
	int rc = aur__take_max(in, AUR_CPUS_WORDS, &n);

	for (size_t i = 0; i < n; i++)
		STEP(rc, aur__take_u64(in, &ret_cpus->word[i]));
	return rc;
}

int aur_request_put(struct aur_buf *b, const struct aur_request *request)
{
	int rc = aur_varint_add(b, request->id);

	STEP(rc, aur__put_i64(b, request->deadline.ns));
	STEP(rc, aur_varint_add(b, request->act.pid));
	STEP(rc, aur_varint_add(b, request->act.start_ticks));
	STEP(rc, aur__put_i64(b, request->act.value));
	if (request->act.kind == AUR_ACT_AFFINITY)
		STEP(rc, put_cpus(b, &request->act.cpus));
	return rc;
}

int aur_request_take(struct aur_slice in, enum aur_act_kind kind,
    struct aur_request *ret_request)
{
	struct aur_request r = {.act.kind = kind};
	int64_t value = 0;
	int rc = aur__take_u64(&in, &r.id);

	STEP(rc, aur__take_i64(&in, &r.deadline.ns));
	STEP(rc, aur__take_u64(&in, &r.act.pid));
	STEP(rc, aur__take_u64(&in, &r.act.start_ticks));
	STEP(rc, aur__take_i64(&in, &value));
	if (kind == AUR_ACT_AFFINITY)
		STEP(rc, take_cpus(&in, &r.act.cpus));
	if (rc < 0)
		return rc;
	if (value < INT32_MIN || value > INT32_MAX)
		return AUR_ERANGE;
	r.act.value = (int32_t)value;
	*ret_request = r;
	return 0;
}

int aur_reply_put(struct aur_buf *b, const struct aur_reply *reply)
{
	int rc = aur_varint_add(b, reply->request);

	STEP(rc, aur__put_err(b, reply->reply.err));
	STEP(rc, aur__put_text(b, reply->reply.text));
	return rc;
}

int aur_reply_take(struct aur_slice in, struct aur_reply *ret_reply)
{
	struct aur_reply r;
	int rc = aur__take_u64(&in, &r.request);

	STEP(rc, aur__take_err(&in, &r.reply.err));
	STEP(rc, aur__take_text(&in, &r.reply.text));
	if (rc == 0)
		*ret_reply = r;
	return rc;
}

int aur_event_put(struct aur_buf *b, const struct aur_event *event)
{
	int rc = aur_buf_add(b, event->boot_id, sizeof(event->boot_id));

	STEP(rc, aur_varint_add(b, event->number));
	STEP(rc, aur__put_i64(b, event->when.ns));
	STEP(rc, aur__put_text(b, event->kind));
	STEP(rc, aur_varint_add(b, event->npair));
	for (size_t i = 0; i < event->npair; i++) {
		STEP(rc, aur__put_text(b, event->pair[i].key));
		STEP(rc, aur__put_text(b, event->pair[i].value));
	}
	return rc;
}

int aur_event_take(struct aur_slice in, struct aur_event *ret_event)
{
	struct aur_event e;
	uint64_t n = 0;
	int rc = aur__take_bytes(&in, e.boot_id, sizeof(e.boot_id));

	STEP(rc, aur__take_u64(&in, &e.number));
	STEP(rc, aur__take_i64(&in, &e.when.ns));
	STEP(rc, aur__take_text(&in, &e.kind));
	STEP(rc, aur__take_max(&in, AUR_EVENT_PAIRS, &n));
	e.npair = (size_t)n;
	for (size_t i = 0; rc == 0 && i < e.npair; i++) {
		rc = aur__take_text(&in, &e.pair[i].key);
		STEP(rc, aur__take_text(&in, &e.pair[i].value));
	}
	if (rc == 0)
		*ret_event = e;
	return rc;
}

int aur_gap_put(struct aur_buf *b, const struct aur_gap *gap)
{
	int rc = aur__put_i64(b, gap->from.ns);

	STEP(rc, aur__put_i64(b, gap->to.ns));
	STEP(rc, aur__put_text(b, gap->reason));
	return rc;
}

int aur_gap_take(struct aur_slice in, struct aur_gap *ret_gap)
{
	struct aur_gap g;
	int rc = aur__take_i64(&in, &g.from.ns);

	STEP(rc, aur__take_i64(&in, &g.to.ns));
	STEP(rc, aur__take_text(&in, &g.reason));
	if (rc == 0)
		*ret_gap = g;
	return rc;
}
