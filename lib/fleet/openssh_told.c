/* SPDX-License-Identifier: MIT */
/*
 * What ssh says: steps out of its debug lines, and what its end means out of
 * the rest. Of several lines the one whose row stands first is the reason; the
 * others follow from it.
 */
#include "fleet/openssh_int.h"

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

#define RETRY false
#define FINAL true

static const struct reason {
	const char *says;
	enum aur_host_state state;
	bool final;
	const char *what, *remedy;
} reasons[] = {
    {"REMOTE HOST IDENTIFICATION HAS CHANGED", AUR_HOST_KEY_CHANGED, FINAL,
	"the host key differs from the known one",
	"if the host was set up anew, take the old key out with ssh-keygen -R "
	"and look at the new one with ssh"},
    {"REVOKED HOST KEY DETECTED", AUR_HOST_KEY_CHANGED, FINAL,
	"the host key was revoked", "ask who revoked it"},
    {"host key is known for ", AUR_HOST_KEY_UNKNOWN, FINAL,
	"the host key is not known", "connect once with ssh, to look at it"},
    {"Host key verification failed", AUR_HOST_KEY_UNKNOWN, FINAL,
	"the host key is not known", "connect once with ssh, to look at it"},
    {"Permission denied (", AUR_HOST_AUTH_FAILED, FINAL,
	"the login was refused", "try it with ssh; is the key the right one?"},
    {"Too many authentication failures", AUR_HOST_AUTH_FAILED, FINAL,
	"the login was refused: too many keys were offered",
	"name the right one with IdentityFile in ~/.ssh/config"},
    {"Could not resolve hostname", AUR_HOST_UNREACHABLE, RETRY,
	"the name does not resolve", "is it written right?"},
    {"Connection refused", AUR_HOST_UNREACHABLE, RETRY, "connection refused",
	"is sshd running there, and on this port?"},
    {"No route to host", AUR_HOST_UNREACHABLE, RETRY, "no route to the host",
	""},
    {"Network is unreachable", AUR_HOST_UNREACHABLE, RETRY,
	"the network is unreachable", ""},
    {"Connection timed out", AUR_HOST_UNREACHABLE, RETRY,
	"the connection timed out", "is the host up, and is it a firewall?"},
    {"Operation timed out", AUR_HOST_UNREACHABLE, RETRY,
	"the connection timed out", "is the host up, and is it a firewall?"},
    {"Timeout, server ", AUR_HOST_UNREACHABLE, RETRY,
	"the host does not answer any more", ""},
    {"Connection closed by ", AUR_HOST_UNREACHABLE, RETRY,
	"the host closed the connection", ""},
    {" closed by remote host", AUR_HOST_UNREACHABLE, RETRY,
	"the host closed the connection", ""},
    {"Connection reset by peer", AUR_HOST_UNREACHABLE, RETRY,
	"the connection was reset", ""},
    {"Bad configuration option", AUR_HOST_UNREACHABLE, FINAL,
	"ssh does not read its configuration", "try it with ssh"},
};

static const struct reason *reason_of(struct aur_slice words)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(reasons); i++)
		if (has(words, reasons[i].says))
			return &reasons[i];
	return NULL;
}

/* The last line that is not empty. */
static struct aur_slice last_line(struct aur_slice words)
{
	struct aur_slice rest = aur_slice_trim(words), last = {NULL, 0}, line;

	while (aur_slice_line(&rest, &line))
		last = aur_slice_trim(line);
	return last.n > 256 ? aur_slice_of(last.p, 256) : last;
}

static void ssh_failed(const struct aur__route *route, struct aur_slice words,
    struct aur__failure *why)
{
	const struct aur_fleet_host *hop = failed_hop(route, words);
	const struct aur_fleet_host *h = hop != NULL ? hop : route->host;
	const struct reason *r = reason_of(words);
	struct aur_slice line = last_line(words);

	if (r != NULL) {
		why->state = r->state;
		why->final = r->final;
		snprintf(why->what, sizeof why->what, "%s", r->what);
		snprintf(why->remedy, sizeof why->remedy, "%s", r->remedy);
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
	snprintf(why->remedy, sizeof why->remedy,
	    found ? "is its file system mounted noexec, or is it of another "
		    "machine?"
		  : "install aurora-agentd in /usr/local/bin or ~/.local/bin "
		    "of that host");
}

void aur__openssh_explain(const struct aur__route *route, int status,
    struct aur_slice words, struct aur__failure *why)
{
	struct aur_slice line = last_line(words);
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
