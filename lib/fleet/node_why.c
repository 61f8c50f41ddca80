/* SPDX-License-Identifier: MIT */
/*
 * What the end of a session means for the host, and what a person can do. A
 * refused login and a host key are final: trying again would only lock the
 * user's own ssh out (sshd's PerSourcePenalties), or train people to ignore
 * the warning.
 */
#include "fleet/node_int.h"

#include <errno.h>

static const char *display(const struct aur_fleet_host *h)
{
	return h->address != NULL ? h->address : h->name;
}

static void key_unknown(
    const struct aur_fleet_host *h, struct aur__failure *why)
{
	why->state = AUR_HOST_KEY_UNKNOWN;
	why->final = true;
	snprintf(why->remedy, sizeof why->remedy,
	    "check it and accept it: ssh %s", display(h));
}

static void key_changed(const struct aur_fleet_host *h,
    const struct aur_ssh_config *config, const struct aur_ssh_session *s,
    struct aur__failure *why)
{
	const char *name =
	    config->alias != NULL ? config->alias : config->hostname;
	const char *open = "", *close = "";
	char port[8] = "";

	why->state = AUR_HOST_KEY_CHANGED;
	why->final = true;
	if (config->alias == NULL && config->port != 22) {
		open = "[";
		close = "]:";
		snprintf(port, sizeof port, "%u", config->port);
	}
	if (h->host_key != NULL)
		snprintf(why->remedy, sizeof why->remedy,
		    "if that is right, change the key that is asked for");
	else if (aur_ssh_session_failure(s)->outcome == AUR_SSH_END_KEY_REVOKED)
		snprintf(why->remedy, sizeof why->remedy,
		    "do not connect; ask who runs the host");
	else
		snprintf(why->remedy, sizeof why->remedy,
		    "if the host was set up anew: ssh-keygen -R '%s%s%s%s', "
		    "then ssh %s",
		    open, name, close, port, display(h));
}

static void refused(const struct aur_fleet_host *h, struct aur__failure *why)
{
	why->state = AUR_HOST_AUTH_FAILED;
	why->final = true;
	snprintf(why->remedy, sizeof why->remedy,
	    "ssh-copy-id %s, or ssh-add the right key", display(h));
}

void aur__node_explain(const struct aur_fleet_host *host,
    const struct aur_ssh_config *config, const struct aur_ssh_session *s,
    struct aur__failure *why)
{
	const struct aur_ssh_failure *f = aur_ssh_session_failure(s);

	snprintf(why->what, sizeof why->what, "%s", f->what);
	switch (f->outcome) {
	case AUR_SSH_END_KEY_UNKNOWN:
		key_unknown(host, why);
		break;
	case AUR_SSH_END_KEY_CHANGED:
	case AUR_SSH_END_KEY_REVOKED:
		key_changed(host, config, s, why);
		break;
	case AUR_SSH_END_REFUSED:
		refused(host, why);
		break;
	case AUR_SSH_END_UNFIT:
		why->unfit = true;
		why->final = true;
		if (f->phase == AUR_SSH_LOGIN)
			refused(host, why);
		else
			snprintf(why->remedy, sizeof why->remedy,
			    "use --via openssh");
		break;
	case AUR_SSH_END_NONE:
	case AUR_SSH_END_CLOSED:
	case AUR_SSH_END_BUSY:
	case AUR_SSH_END_GARBAGE:
	case AUR_SSH_END_LATE:
	case AUR_SSH_END_NOMEM:
		break;
	}
}

void aur__node_explain_dial(const struct aur__dial *d, struct aur__failure *why)
{
	static const struct {
		int number;
		const char *what, *remedy;
	} rows[] = {
	    {ECONNREFUSED, "connection refused",
		"is sshd running there, and on this port?"},
	    {EHOSTUNREACH, "no route to the host", ""},
	    {ENETUNREACH, "the network is unreachable", ""},
	    {ETIMEDOUT, "the connection timed out",
		"is the host up, and is it a firewall?"},
	    {ECONNRESET, "the connection was reset", ""},
	};
	int number = aur__dial_errno(d);

	if (number == 0) {
		snprintf(why->what, sizeof why->what,
		    "the name does not resolve (%s)", aur__dial_unresolved(d));
		snprintf(
		    why->remedy, sizeof why->remedy, "is it written right?");
		return;
	}
	snprintf(why->what, sizeof why->what, "%s", strerror(number));
	for (size_t i = 0; i < AUR_ARRAY_LEN(rows); i++)
		if (rows[i].number == number) {
			snprintf(
			    why->what, sizeof why->what, "%s", rows[i].what);
			snprintf(why->remedy, sizeof why->remedy, "%s",
			    rows[i].remedy);
		}
}
