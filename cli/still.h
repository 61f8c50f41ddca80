/* SPDX-License-Identifier: MIT */
/*
 * A feed of hosts that nobody reaches: it stands where the live one would,
 * when a bundle is looked at. Each host is unreachable and says why.
 */
#ifndef CLI_STILL_H
#define CLI_STILL_H

#include "cli/hosts.h"
#include "model/feed.h"

/* Of these hosts, which have been reached for and outlive it. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int still_new(
    struct aur_feed **ret_feed, const struct hosts *hosts);

#endif
