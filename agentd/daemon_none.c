/* SPDX-License-Identifier: MIT */
/* The service that an agent of libc alone does not have. */
#include "agentd/daemon.h"

#include <stdio.h>

int daemon_run(const char *config)
{
	(void)config;
	fputs("aurora-agentd: this one is no service, it speaks on stdin and "
	      "stdout alone: give --stdio, or install the full agent\n",
	    stderr);
	return 2;
}
