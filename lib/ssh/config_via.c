/* SPDX-License-Identifier: MIT */
/*
 * What only the system's ssh can do. A setting that merely allows something,
 * as Debian allows GSSAPI everywhere, is no reason where nothing would come
 * of it.
 */
#include "ssh/config.h"

static bool said(const char *text)
{
	return text != NULL;
}

bool aur_ssh_config_wants_openssh(const struct aur_ssh_config *c,
    const struct aur_ssh_seen *seen, struct aur_buf *why)
{
	const bool token = c->security_key_provider != NULL &&
			   strcmp(c->security_key_provider, "internal") != 0;
	const struct {
		bool holds;
		const char *why;
	} reasons[] = {
	    {seen->control_open, "a ControlMaster connection is open"},
	    {said(c->proxy_command), "ProxyCommand is set"},
	    {said(c->proxy_jump) && c->n_hops == 0,
		"ProxyJump is more than we can read"},
	    {c->certificate_files.n > 0, "CertificateFile is set"},
	    {said(c->pkcs11_provider), "PKCS11Provider is set"},
	    {token, "SecurityKeyProvider is set"},
	    {c->gssapi && seen->ticket,
		"GSSAPI is allowed, and there is a ticket"},
	    {c->hostbased, "HostbasedAuthentication is set"},
	    {said(c->known_hosts_command), "KnownHostsCommand is set"},
	    {said(c->revoked_host_keys), "RevokedHostKeys is set"},
	    {c->host_key_dns, "VerifyHostKeyDNS is set"},
	    {c->canonicalize, "CanonicalizeHostname is set"},
	    {said(c->bind_interface), "BindInterface is set"},
	    {said(c->odd_file), "a file's name has tokens that only ssh knows"},
	};

	for (size_t i = 0; i < AUR_ARRAY_LEN(reasons); i++) {
		if (!reasons[i].holds)
			continue;
		if (why != NULL) {
			aur_buf_clear(why);
			/* the answer stands without the words */
			if (aur_buf_add_str(why, reasons[i].why) < 0)
				aur_buf_clear(why);
		}
		return true;
	}
	return false;
}
