/* SPDX-License-Identifier: MIT */
/*
 * What ssh says: steps out of its debug lines, and what its end means out of
 * the rest. The texts of failures are lib/ssh's table.
 */
#include "fleet/openssh_int.h"

#include "ssh/reason.h"

static const struct {
	const char *begins;
	enum aur_fleet_step step;
	enum aur_fleet_how how;
	bool with_rest; /* what stands behind is worth telling */
} told[] = {
    {"debug1: Connecting to ", AUR_FLEET_CONNECT, AUR_FLEET_BEGUN, true},
    {"debug1: Executing proxy command", AUR_FLEET_CONNECT, AUR_FLEET_BEGUN,
	false},
    {"debug1: Connection established", AUR_FLEET_CONNECT, AUR_FLEET_DONE,
	false},
    {"debug1: Local version string", AUR_FLEET_HOST_KEY, AUR_FLEET_BEGUN,
	false},
    {"debug1: Server host key: ", AUR_FLEET_HOST_KEY, AUR_FLEET_BEGUN, true},
    {"debug1: SSH2_MSG_NEWKEYS received", AUR_FLEET_HOST_KEY, AUR_FLEET_DONE,
	false},
    {"debug1: Next authentication method: ", AUR_FLEET_LOGIN, AUR_FLEET_BEGUN,
	true},
    {"Authenticated to ", AUR_FLEET_LOGIN, AUR_FLEET_DONE, false},
    {"debug1: Sending command", AUR_FLEET_AGENT, AUR_FLEET_BEGUN, false},
};

/* Lines that a telling ssh says beside. */
static const char *const chatter[] = {"debug1:", "OpenSSH_",
    "Transferred: ", "Bytes per second: ", "Authenticated to "};

bool aur__openssh_told(struct aur_slice line, bool *ret_is_step,
    enum aur_fleet_step *ret_step, enum aur_fleet_how *ret_how,
    struct aur_slice *ret_text)
{
	*ret_is_step = false;
	for (size_t i = 0; i < AUR_ARRAY_LEN(told); i++) {
		size_t n = strlen(told[i].begins);

		if (!aur_slice_starts(line, told[i].begins))
			continue;
		*ret_is_step = true;
		*ret_step = told[i].step;
		*ret_how = told[i].how;
		*ret_text = told[i].with_rest
				? aur_slice_of(line.p + n, line.n - n)
				: aur_slice_of(NULL, 0);
		return true;
	}
	for (size_t i = 0; i < AUR_ARRAY_LEN(chatter); i++)
		if (aur_slice_starts(line, chatter[i]))
			return true;
	return false;
}

/* --- the end -------------------------------------------------------------- */

static bool has(struct aur_slice text, const char *part)
{
	return memmem(text.p, text.n, part, strlen(part)) != NULL;
}

static size_t count(struct aur_slice text, const char *part)
{
	size_t n = 0, len = strlen(part);
	const uint8_t *p;

	while (
	    text.n >= len && (p = memmem(text.p, text.n, part, len)) != NULL) {
		n++;
		text.n -= (size_t)(p - text.p) + len;
		text.p = p + len;
	}
	return n;
}

/* Which hop it was that failed: NULL for the host itself. Of the chain of
 * ssh's each one whose proxy ended before a word was said tells so; the one
 * before the first of them has failed, unless it says that it was the next one
 * which did not take the connection. */
static const struct aur_fleet_host *failed_hop(
    const struct aur__route *route, struct aur_slice words)
{
	size_t behind = count(words, "UNKNOWN port 65535"), failed;

	if (route->nhop == 0 || behind == 0 || behind > route->nhop)
		return NULL;
	failed = route->nhop - behind;
	if (has(words, "stdio forwarding failed"))
		failed++;
	return failed < route->nhop ? route->hop[failed] : NULL;
}

static enum aur_host_state state_of(enum aur_ssh_reason r)
{
	switch (aur_ssh_reason_state(r)) {
	case AUR_SSH_AUTH_FAILED:
		return AUR_HOST_AUTH_FAILED;
	case AUR_SSH_KEY_UNKNOWN:
		return AUR_HOST_KEY_UNKNOWN;
	case AUR_SSH_KEY_CHANGED:
		return AUR_HOST_KEY_CHANGED;
	case AUR_SSH_NO_AGENT:
		return AUR_HOST_NO_AGENT;
	case AUR_SSH_UNREACHABLE:
	default:
		return AUR_HOST_UNREACHABLE;
	}
}

static void copy(char *to, size_t size, const struct aur_buf *from)
{
	struct aur_slice s = aur_buf_peek(from);

	snprintf(to, size, "%.*s", (int)s.n, s.n > 0 ? (const char *)s.p : "");
}

static void from_table(const struct aur_fleet_host *h, enum aur_ssh_reason r,
    struct aur__failure *why)
{
	struct aur_ssh_about about = {
	    .host = h->address, .user = h->user, .port = h->port};
	struct aur_buf what, remedy;

	aur_buf_init(&what, sizeof why->what - 1);
	aur_buf_init(&remedy, sizeof why->remedy - 1);
	why->state = state_of(r);
	why->final = !aur_ssh_reason_retry(r);
	if (aur_ssh_reason_what(r, &about, &what) == 0)
		copy(why->what, sizeof why->what, &what);
	if (aur_ssh_reason_remedy(r, &about, &remedy) == 0)
		copy(why->remedy, sizeof why->remedy, &remedy);
	aur_buf_release(&what);
	aur_buf_release(&remedy);
}

static void ssh_failed(const struct aur__route *route, struct aur_slice words,
    struct aur__failure *why)
{
	const struct aur_fleet_host *hop = failed_hop(route, words);
	const struct aur_fleet_host *h = hop != NULL ? hop : route->host;
	enum aur_ssh_reason r = aur_ssh_reason_of(words);
	struct aur_slice line = aur_ssh_reason_line(words);

	if (r != AUR_SSH_REASON_NONE) {
		from_table(h, r, why);
	} else if (line.n > 0) {
		snprintf(why->what, sizeof why->what, "%.*s", (int)line.n,
		    (const char *)line.p);
	} else {
		snprintf(why->what, sizeof why->what, "the connection ended");
	}
	if (h->host_key != NULL && why->state == AUR_HOST_KEY_UNKNOWN) {
		why->state = AUR_HOST_KEY_CHANGED;
		snprintf(why->what, sizeof why->what,
		    "the host key is not %s, the one that is set for it",
		    h->host_key);
	}
	if (hop == NULL)
		return;
	why->by_jump = true;
	why->final = false;
	why->state = AUR_HOST_UNREACHABLE;
	snprintf(why->jump, sizeof why->jump, "%s", hop->name);
}

/* sh could not run the agent. */
static void no_agent(
    const struct aur__route *route, bool found, struct aur__failure *why)
{
	const char *agent = route->host->agent;

	why->state = AUR_HOST_NO_AGENT;
	snprintf(why->what, sizeof why->what, "%s %s",
	    agent != NULL ? agent : AUR_FLEET_AGENT_COMMAND,
	    found ? "cannot be run there" : "is not installed there");
	if (found)
		snprintf(why->remedy, sizeof why->remedy,
		    "is its file system mounted noexec, or is it of another "
		    "machine?");
	else if (agent != NULL)
		snprintf(why->remedy, sizeof why->remedy,
		    "is that its command? aurora team edit host --agent "
		    "COMMAND %s",
		    route->host->name);
	else
		snprintf(why->remedy, sizeof why->remedy,
		    "aurora agent install %s; aurora team add host --install, "
		    "where it is not saved yet",
		    route->host->name);
}

void aur__openssh_explain(const struct aur__route *route, int status,
    struct aur_slice words, struct aur__failure *why)
{
	struct aur_slice line = aur_ssh_reason_line(words);
	char end[48];

	if (status == 255) {
		ssh_failed(route, words, why);
		return;
	}
	if (status == 126 || status == 127) {
		no_agent(route, status == 126, why);
		return;
	}
	if (status < 0)
		snprintf(end, sizeof end, "the connection was closed");
	else
		snprintf(end, sizeof end, "the agent ended: exit %d", status);
	if (line.n > 0)
		snprintf(why->what, sizeof why->what, "%s: %.*s", end,
		    (int)line.n, (const char *)line.p);
	else
		snprintf(why->what, sizeof why->what, "%s", end);
}
