/* SPDX-License-Identifier: MIT */
/*
 *	CLOSED ── units_open ──▶ AUTH ── OK ──▶ COUNT ── few ──▶ LIST
 *	                                        ▲   │             │
 *	                        signal, minute  │   │ none, many  │
 *	                                       REST ◀─────────────┘
 *
 * The manager sends a signal when the number of failed units changes, so
 * nobody is woken while nothing happens; the look each minute is for managers
 * that send none, or do not let us subscribe.
 *
 * Rejected: files (/run/systemd tells of no failure), the journal (a format
 * of its own, and readable for few), asking each unit or listening to each (a
 * wake for every mount, session and timer), and /run/systemd/private, which
 * spares the bus but lets in root alone, which the service is not.
 */
#include "agentd/daemon_units.h"

#include "agentd/daemon_dbus.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#include <inttypes.h>

#define MANAGER "org.freedesktop.systemd1"
#define MANAGER_PATH "/org/freedesktop/systemd1"
#define MANAGER_FACE "org.freedesktop.systemd1.Manager"
#define PROPERTIES "org.freedesktop.DBus.Properties"
#define BUS "org.freedesktop.DBus"
#define BUS_PATH "/org/freedesktop/DBus"

#define RULE                                                                   \
	"type='signal',sender='" MANAGER "',path='" MANAGER_PATH               \
	"',interface='" PROPERTIES                                             \
	"',member='PropertiesChanged',arg0='" MANAGER_FACE "'"

#define NAME_MOST 255 /* systemd's own */
#define GREETING_MOST 512
#define OUT_MOST 4096
/* The manager answers nobody while it reads all units again. */
#define ANSWER_S 60
#define LOOK_S 60
#define LEAST_S 1

int units_init(struct units *u, units_fn fn, void *arg)
{
	*u = (struct units){.fn = fn, .arg = arg, .most = UNITS_MOST};
	aur_buf_init(&u->in, AUR_MAX_BUS_MESSAGE);
	aur_buf_init(&u->out, OUT_MOST);
	u->seen = aur_mem_new(UNITS_MOST, sizeof(*u->seen));
	u->seeing = aur_mem_new(UNITS_MOST, sizeof(*u->seeing));
	return u->seen != NULL && u->seeing != NULL ? 0 : AUR_ENOMEM;
}

void units_release(struct units *u)
{
	aur_buf_release(&u->in);
	aur_buf_release(&u->out);
	aur_mem_free(u->seen);
	aur_mem_free(u->seeing);
	memset(u, 0, sizeof(*u));
}

void units_close(struct units *u)
{
	u->state = UNITS_CLOSED;
	u->again = false;
	aur_buf_release(&u->in);
	aur_buf_init(&u->in, AUR_MAX_BUS_MESSAGE);
	aur_buf_clear(&u->out);
}

struct aur_slice units_out(const struct units *u)
{
	return aur_buf_peek(&u->out);
}

void units_sent(struct units *u, size_t n)
{
	aur_buf_take(&u->out, n);
}

/* --- what is said --------------------------------------------------------- */

static void expect(struct units *u, enum units_state state, struct aur_mono now)
{
	u->state = state;
	u->due = aur_mono_add(now, aur_span_seconds(ANSWER_S));
}

/* "Authentication Protocol" of the specification: a NUL, then EXTERNAL with
 * the user's number, as text, in hex. */
int units_open(struct units *u, uint64_t uid, struct aur_mono now)
{
	char digits[24];
	int rc;

	units_close(u);
	u->serial = 0;
	snprintf(digits, sizeof(digits), "%" PRIu64, uid);
	rc = aur_buf_add(&u->out, "\0AUTH EXTERNAL ", 15);
	for (const char *d = digits; rc == 0 && *d != '\0'; d++)
		rc = aur_buf_addf(&u->out, "%02x", (unsigned)*d);
	if (rc == 0)
		rc = aur_buf_add_str(&u->out, "\r\n");
	expect(u, UNITS_AUTH, now);
	return rc;
}

/* A call to the bus itself, or to the manager. */
static int call(struct units *u, struct dbus_call c, struct aur_slice body)
{
	bool bus = strcmp(c.interface, BUS) == 0;

	c.serial = ++u->serial;
	c.destination = bus ? BUS : MANAGER;
	c.path = bus ? BUS_PATH : MANAGER_PATH;
	return dbus_add_call(&u->out, &c, body);
}

static int begin_messages(struct units *u)
{
	struct aur_slice none = {NULL, 0};
	struct aur_buf body;
	int rc = aur_buf_add_str(&u->out, "BEGIN\r\n");

	aur_buf_init(&body, OUT_MOST);
	if (rc == 0)
		rc = call(u,
		    (struct dbus_call){
			.interface = BUS, .member = "Hello", .signature = ""},
		    none);
	if (rc == 0)
		rc = dbus_add_string(&body, RULE);
	if (rc == 0)
		rc = call(u,
		    (struct dbus_call){.interface = BUS,
			.member = "AddMatch",
			.signature = "s",
			.no_reply = true},
		    aur_buf_peek(&body));
	/* without it the manager tells its signals to nobody */
	if (rc == 0)
		rc = call(u,
		    (struct dbus_call){.interface = MANAGER_FACE,
			.member = "Subscribe",
			.signature = "",
			.no_reply = true},
		    none);
	aur_buf_release(&body);
	return rc;
}

static int ask_count(struct units *u, struct aur_mono now)
{
	struct aur_buf body;
	int rc;

	aur_buf_init(&body, OUT_MOST);
	rc = dbus_add_string(&body, MANAGER_FACE);
	if (rc == 0)
		rc = dbus_add_string(&body, "NFailedUnits");
	if (rc == 0)
		rc = call(u,
		    (struct dbus_call){.interface = PROPERTIES,
			.member = "Get",
			.signature = "ss"},
		    aur_buf_peek(&body));
	aur_buf_release(&body);
	u->again = false;
	u->look = now;
	expect(u, UNITS_COUNT, now);
	return rc;
}

static int ask_list(struct units *u, struct aur_mono now)
{
	struct aur_buf body;
	int rc;

	aur_buf_init(&body, OUT_MOST);
	rc = dbus_add_strings(&body, "failed");
	if (rc == 0)
		rc = call(u,
		    (struct dbus_call){.interface = MANAGER_FACE,
			.member = "ListUnitsFiltered",
			.signature = "as"},
		    aur_buf_peek(&body));
	aur_buf_release(&body);
	expect(u, UNITS_LIST, now);
	return rc;
}

/* --- what is told --------------------------------------------------------- */

static void tell(struct units *u, const char *key, struct aur_slice value)
{
	struct aur_event e = {.kind = aur_slice_str("unit_failed"), .npair = 1};

	e.pair[0] = (struct aur_event_pair){aur_slice_str(key), value};
	u->fn(u->arg, &e);
}

static void tell_more(struct units *u, size_t n)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%zu", n);
	tell(u, "count", aur_slice_str(digits));
}

/* The answer is complete. */
static void settle(struct units *u, uint32_t count, bool named)
{
	u->known = true;
	u->named = named;
	u->count = count;
	u->state = UNITS_REST;
	u->due = aur_mono_add(
	    u->look, aur_span_seconds(u->again ? LEAST_S : LOOK_S));
}

static int take_count(struct units *u, struct dbus_reader *r,
    struct aur_slice signature, struct aur_mono now)
{
	struct aur_slice type;
	uint32_t count;

	if (!aur_slice_is(signature, "v") || !dbus_read_signature(r, &type) ||
	    !aur_slice_is(type, "u") || !dbus_read_u32(r, &count))
		return AUR_EPROTOCOL;
	u->asked = count;
	if (count > 0 && count <= u->most)
		return ask_list(u, now);
	if (count == 0)
		u->most = UNITS_MOST;
	if (u->known && count > u->count)
		tell_more(u, count - u->count);
	u->nseen = 0;
	settle(u, count, count == 0);
	return 0;
}

static bool is_seen(const struct units *u, uint64_t hash)
{
	for (size_t i = 0; i < u->nseen; i++)
		if (u->seen[i] == hash)
			return true;
	return false;
}

/* Name, description, load state, active state, sub state, followed unit, path,
 * job, its type, its path: (ssssssouso). */
static bool read_unit(struct dbus_reader *r, struct aur_slice *ret_name)
{
	struct aur_slice s[10];
	uint32_t job;

	if (!dbus_read_struct(r))
		return false;
	for (size_t i = 0; i < AUR_ARRAY_LEN(s); i++)
		if (i == 7 ? !dbus_read_u32(r, &job)
			   : !dbus_read_string(r, &s[i]))
			return false;
	*ret_name = s[0];
	/* the list is of any state that has this name */
	if (!aur_slice_is(s[3], "failed") || s[0].n > NAME_MOST)
		ret_name->n = 0;
	return true;
}

static int take_list(
    struct units *u, struct dbus_reader *r, struct aur_slice signature)
{
	struct dbus_reader items;
	struct aur_slice name;
	uint64_t *last = u->seen;
	size_t n = 0;

	if (!aur_slice_is(signature, "a(ssssssouso)") ||
	    !dbus_read_array(r, &items))
		return AUR_EPROTOCOL;
	while (items.at < items.n) {
		if (!read_unit(&items, &name))
			return AUR_EPROTOCOL;
		if (name.n == 0)
			continue;
		if (n < UNITS_MOST) {
			u->seeing[n] = aur_slice_hash(name);
			if (u->named && !is_seen(u, u->seeing[n]))
				tell(u, "unit", name);
		}
		n++;
	}
	if (u->named && n > UNITS_MOST)
		tell_more(u, n - UNITS_MOST);
	u->seen = u->seeing;
	u->seeing = last;
	u->nseen = n < UNITS_MOST ? n : UNITS_MOST;
	settle(u, (uint32_t)n, n <= UNITS_MOST);
	return 0;
}

/* --- what is heard -------------------------------------------------------- */

/* The greeting's one line; 0 where it is not all there. */
static int take_greeting(struct units *u, struct aur_mono now)
{
	struct aur_slice s = aur_buf_peek(&u->in), line;
	int rc;

	if (!aur_slice_until(&s, '\n', &line))
		return u->in.n >= GREETING_MOST ? AUR_EPROTOCOL : 0;
	if (line.n == 0 || line.n >= GREETING_MOST ||
	    line.p[line.n - 1] != '\r')
		return AUR_EPROTOCOL;
	if (!aur_slice_starts(line, "OK "))
		return AUR_EDENIED;
	aur_buf_take(&u->in, line.n + 1);
	rc = begin_messages(u);
	return rc < 0 ? rc : ask_count(u, now);
}

/* All that we listen to are changes of the manager; and what others send us
 * unasked costs them a look a second at most. */
static void on_signal(struct units *u)
{
	if (u->state == UNITS_REST)
		u->due = aur_mono_add(u->look, aur_span_seconds(LEAST_S));
	else
		u->again = true;
}

static int take_message(
    struct units *u, struct dbus_message *m, struct aur_mono now)
{
	if (m->type == DBUS_SIGNAL && aur_slice_is(m->interface, PROPERTIES))
		on_signal(u);
	if ((m->type != DBUS_RETURN && m->type != DBUS_ERROR) ||
	    m->reply_to != u->serial || u->state == UNITS_REST)
		return 0;
	if (m->type == DBUS_ERROR)
		return AUR_EDENIED;
	if (u->state == UNITS_COUNT)
		return take_count(u, &m->body, m->signature, now);
	return take_list(u, &m->body, m->signature);
}

static int take_messages(struct units *u, struct aur_mono now)
{
	struct dbus_message m;
	int rc;

	while ((rc = dbus_take(&u->in, &m)) == 1) {
		rc = take_message(u, &m, now);
		if (rc < 0)
			return rc;
		aur_buf_take(&u->in, m.bytes);
	}
	/* next time it is not asked for */
	if (rc == AUR_ELIMIT && u->state == UNITS_LIST)
		u->most = u->asked / 2;
	return rc;
}

int units_put(struct units *u, struct aur_slice bytes, struct aur_mono now)
{
	int rc = 0;

	while (rc == 0 && bytes.n > 0) {
		size_t n = u->in.max - u->in.n;

		n = n < bytes.n ? n : bytes.n;
		rc = aur_buf_add(&u->in, bytes.p, n);
		bytes = aur_slice_of(bytes.p + n, bytes.n - n);
		if (rc == 0 && u->state == UNITS_AUTH)
			rc = take_greeting(u, now);
		if (rc == 0 && u->state != UNITS_AUTH)
			rc = take_messages(u, now);
	}
	if (u->state == UNITS_REST && u->in.n == 0) {
		/* a list may have been long, and the next one come never */
		aur_buf_release(&u->in);
		aur_buf_init(&u->in, AUR_MAX_BUS_MESSAGE);
	}
	return rc;
}

struct aur_span units_wait(const struct units *u, struct aur_mono now)
{
	struct aur_span wait = aur_mono_since(u->due, now);

	if (wait.ns < 0)
		wait.ns = 0;
	return wait;
}

int units_turn(struct units *u, struct aur_mono now)
{
	if (aur_mono_since(u->due, now).ns > 0)
		return 0;
	return u->state == UNITS_REST ? ask_count(u, now) : AUR_ETIMEOUT;
}
