/* SPDX-License-Identifier: MIT */
/*
 * A command's life: opened, its input written as far as it takes it, its
 * output kept as far as there is room and read on to its end, the result told
 * once. On this machine it is `sh -c`, started by the same transport.
 */
#include "fleet/exec_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

struct aur__exec {
	struct aur__exec *next;
	struct aur__execs *all;
	struct aur__exec_order order;
	struct aur__transport *transport;
	struct aur_timer *deadline;
	struct aur_buf in, out;
	bool shut;
};

static void take_off(struct aur__exec *x)
{
	struct aur__exec **p = &x->all->first;

	while (*p != NULL && *p != x)
		p = &(*p)->next;
	if (*p != NULL)
		*p = x->next;
}

static void free_exec(struct aur__exec *x)
{
	if (x->transport != NULL)
		x->order.class->free(x->transport);
	aur_timer_free(x->deadline);
	aur_buf_release(&x->in);
	aur_buf_release(&x->out);
	aur_mem_free(x);
}

/* Tells, and is gone. */
static void finish(struct aur__exec *x, const struct aur_fleet_result *result)
{
	take_off(x);
	x->order.done(x->order.arg, result);
	free_exec(x);
}

static void fail(struct aur__exec *x, int err, const char *text)
{
	struct aur_fleet_result r = {
	    .err = err, .status = -1, .text = aur_slice_str(text)};

	finish(x, &r);
}

static void read_out(struct aur__exec *x)
{
	uint8_t *chunk = x->all->world->chunk;

	for (;;) {
		int64_t n =
		    x->order.class->read(x->transport, chunk, AUR__READ_CHUNK);
		size_t room = AUR_MAX_EXEC_OUT - x->out.n;

		if (n <= 0)
			return;
		if ((size_t)n < room)
			room = (size_t)n;
		if (aur_buf_add(&x->out, chunk, room) < 0)
			return;
	}
}

static void write_in(struct aur__exec *x)
{
	while (x->in.n > 0) {
		int64_t n =
		    x->order.class->write(x->transport, aur_buf_peek(&x->in));

		if (n <= 0)
			return;
		aur_buf_take(&x->in, (size_t)n);
	}
	if (!x->shut)
		x->order.class->shut(x->transport);
	x->shut = true;
}

static void on_ready(void *arg)
{
	struct aur__exec *x = arg;

	read_out(x);
	write_in(x);
}

static void on_ended(void *arg, const struct aur__failure *why)
{
	struct aur__exec *x = arg;
	struct aur_fleet_result r = {0};

	read_out(x);
	r.status = x->order.class->status(x->transport);
	if (r.status < 0) {
		fail(x, AUR_ECLOSED, why->what);
		return;
	}
	r.out = aur_buf_peek(&x->out);
	r.text = x->order.class->words(x->transport);
	finish(x, &r);
}

static void on_step(void *arg, enum aur_fleet_step step, enum aur_fleet_how how,
    const char *text)
{
	(void)arg;
	(void)step;
	(void)how;
	(void)text;
}

/* The agent's login is where questions are asked. */
static void on_ask(void *arg, const struct aur_fleet_question *question)
{
	struct aur__exec *x = arg;

	if (question != NULL && question->kind != AUR_FLEET_ASK_TOUCH &&
	    x->order.class->answer != NULL)
		x->order.class->answer(x->transport, NULL);
}

static const struct aur__transport_handler handler = {
    .ready = on_ready,
    .ended = on_ended,
    .step = on_step,
    .ask = on_ask,
};

static void on_deadline(void *arg)
{
	fail(arg, AUR_ETIMEOUT, "the command did not end in time");
}

static bool runs_on(const struct aur__execs *e, const struct aur__route *route)
{
	for (struct aur__exec *x = e->first; x != NULL; x = x->next)
		if (x->order.route == route)
			return true;
	return false;
}

static int open_transport(struct aur__exec *x, struct aur__failure *why)
{
	const struct aur__world *w = x->all->world;
	struct aur__transport_need need = {
	    .loop = w->loop,
	    .route = x->order.route,
	    .options = w->options,
	    .pool = w->pool(w->arg, x->order.class),
	    .plain = true,
	    .batch = true,
	    .handler = &handler,
	    .arg = x,
	};
	struct aur_slice script = aur_slice_str(x->order.command);
	struct aur_buf command;
	int rc;

	aur_buf_init(&command, AUR__COMMAND_MAX);
	rc = x->order.class->remote ? aur__shell_command(&command, script)
				    : aur_buf_add_slice(&command, script);
	if (rc == 0)
		need.command = aur_buf_str(&command);
	if (rc == 0 && need.command == NULL)
		rc = AUR_ENOMEM;
	if (rc == 0)
		rc = x->order.class->open(&x->transport, &need, why);
	aur_buf_release(&command);
	return rc;
}

static int begin(struct aur__exec *x, struct aur__failure *why)
{
	const struct aur__world *w = x->all->world;
	int rc;

	if (x->order.class == NULL)
		x->order.class = w->transport(x->order.route->host->via, 0);
	if (x->order.class == NULL)
		return AUR_EUNSUPPORTED;
	aur_buf_init(&x->in, AUR_MAX_QUEUE);
	aur_buf_init(&x->out, AUR_MAX_EXEC_OUT);
	rc = aur_buf_add_slice(&x->in, x->order.input);
	if (rc == 0)
		rc = aur_timer_new(w->loop, on_deadline, x, &x->deadline);
	if (rc == 0)
		rc = open_transport(x, why);
	if (rc == 0) {
		aur_timer_start(x->deadline, x->order.most);
		write_in(x);
	}
	return rc;
}

void aur__exec_run(struct aur__execs *e, const struct aur__exec_order *order)
{
	struct aur_fleet_result r = {.status = -1};
	struct aur__failure why = {.state = AUR_HOST_UNREACHABLE};
	struct aur__exec *x = NULL;

	if (runs_on(e, order->route))
		r.err = AUR_EBUSY;
	else if ((x = aur_mem_new(1, sizeof *x)) == NULL)
		r.err = AUR_ENOMEM;
	if (r.err < 0) {
		r.text = aur_slice_str(aur_err_str(r.err));
		order->done(order->arg, &r);
		return;
	}
	x->all = e;
	x->order = *order;
	x->next = e->first;
	e->first = x;
	r.err = begin(x, &why);
	x->order.command = NULL; /* they were the caller's */
	x->order.input = (struct aur_slice){NULL, 0};
	if (r.err < 0)
		fail(x, r.err,
		    why.what[0] != '\0' ? why.what : aur_err_str(r.err));
}

void aur__execs_init(struct aur__execs *e, const struct aur__world *world)
{
	*e = (struct aur__execs){.world = world};
}

void aur__execs_release(struct aur__execs *e)
{
	while (e->first != NULL)
		fail(e->first, AUR_ECLOSED, "the program ends");
}
