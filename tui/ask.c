/* SPDX-License-Identifier: MIT */
/*
 * What the screen asks of each host: little for a row of the fleet, more of
 * the host that is looked at, and only when it is something new.
 */
#include "tui/app.h"

/* What a row of the fleet tells. */
static uint64_t row_domains(void)
{
	return AUR_WANT_DOMAIN(SYSTEM) | AUR_WANT_DOMAIN(CPU) |
	       AUR_WANT_DOMAIN(MEMORY) | AUR_WANT_DOMAIN(LOAD) |
	       AUR_WANT_DOMAIN(PRESSURE) | AUR_WANT_DOMAIN(DISK) |
	       AUR_WANT_DOMAIN(NETWORK);
}

/* What the screen needs of a host now. */
static void want_of(struct tui_app *app, size_t host, struct aur_want *want)
{
	bool here = host == app->host;

	*want = (struct aur_want){
	    .domains = row_domains(),
	    .interval = app->scene.interval,
	    .aligned = true,
	};
	if (app->view == TUI_VIEW_FLEET)
		return;
	if (here)
		want->domains |= aur_want_system();
	if (!here && !tui_app_has_all(app))
		return;
	want->domains |= AUR_WANT_DOMAIN(PROCESS);
	if (app->procs.list.threads)
		want->domains |= AUR_WANT_DOMAIN(THREAD);
	want->process_fields = tui_procs_fields(&app->procs);
	if (here && app->view == TUI_VIEW_DETAILS && !app->details.ended) {
		want->close_fields = aur_want_process_all() |
				     AUR_WANT_PROCESS(open_files) |
				     aur_want_process_sched();
		want->domains |= AUR_WANT_DOMAIN(PROCESS_LIMIT);
		want->close[want->nclose++] = app->details.key.v[0];
	}
	if ((app->mode == TUI_MODE_CPUS || app->mode == TUI_MODE_IO) &&
	    app->target[0].host == host) {
		want->close_fields |= aur_want_process_sched();
		if (want->nclose == 0)
			want->close[want->nclose++] = app->target[0].key.v[0];
	}
}

static bool ask(struct tui_app *app, size_t host)
{
	struct tui_asked *old = &app->asked[host];
	struct aur_want want;

	want_of(app, host, &want);
	if (want.domains == old->domains &&
	    want.process_fields == old->process_fields &&
	    want.close_fields == old->close_fields &&
	    want.close[0] == old->close && want.interval.ns == old->interval.ns)
		return false;
	*old = (struct tui_asked){0};
	if (app->feed->class->want(app->feed, host, &want) == 0)
		*old = (struct tui_asked){want.domains, want.process_fields,
		    want.close_fields, want.close[0], want.interval};
	return true;
}

bool tui_app_ask_all(struct tui_app *app)
{
	bool anew = false;

	tui_procs_columns(&app->procs, app->surface.w);
	for (size_t i = 0; i < app->nhost; i++)
		anew |= ask(app, i);
	return anew;
}

void tui_app_ask(struct tui_app *app)
{
	if (tui_app_ask_all(app) && app->moment.on)
		tui_moment_again(app);
}
