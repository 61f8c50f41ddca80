/* SPDX-License-Identifier: MIT */
/*
 * What becomes of a span: the block of its times, then one for each domain;
 * those are finish_domain.c's.
 */
#include "pack/pack_int.h"

#include "base/err.h"
#include "base/mem.h"

static int make_room(struct aur__finish *f, size_t rows)
{
	f->value = aur_mem_new(rows, sizeof(*f->value));
	f->mono = aur_mem_new(rows, sizeof(*f->mono));
	f->row = aur_mem_new(rows, sizeof(*f->row));
	/* one more than rows: 0 turns it off, each row may turn it again */
	f->toggle = aur_mem_new(rows + 1, sizeof(*f->toggle));
	return f->value != NULL && f->mono != NULL && f->row != NULL &&
		       f->toggle != NULL
		   ? 0
		   : AUR_ENOMEM;
}

static void begin_block(
    struct aur__finish *f, enum aur_block_kind kind, const char *name)
{
	aur__writer_clear(&f->w);
	f->w.kind = kind;
	f->block = (struct aur_block){.kind = kind,
	    .name = aur_slice_str(name),
	    .from = f->p->from_wall,
	    .to = f->p->to_wall,
	    .rows = f->p->rows};
	memcpy(f->block.boot_id, f->p->boot_id, sizeof(f->block.boot_id));
}

static int pack_times(struct aur__finish *f)
{
	struct aur_packer *p = f->p;
	int rc = 0;

	begin_block(f, AUR_BLOCK_TIMES, "");
	for (size_t i = 0; rc == 0 && i < AUR__TIME_COLUMNS; i++) {
		size_t n = aur__growing_read(&p->time[i].growing, &p->pool,
		    AUR_KIND_I64, f->value, p->rows);

		if (i == AUR__TIME_MONO)
			memcpy(f->mono, f->value, n * sizeof(*f->mono));
		rc = aur__writer_column(
		    &f->w, AUR_KIND_I64, f->value, n, NULL, 0);
	}
	return rc < 0 ? rc : aur__writer_finish(&f->w, &f->block);
}

static int pack_domain(struct aur__finish *f, struct aur__kept_domain *d,
    aur_block_fn fn, void *arg)
{
	int rc;

	begin_block(f, AUR_BLOCK_COLUMNS, d->domain->name);
	rc = aur__finish_domain(f, d);
	if (rc == 0)
		rc = aur__writer_finish(&f->w, &f->block);
	if (rc == AUR_ELIMIT)
		return 0;
	return rc < 0 ? rc : fn(arg, &f->block);
}

static int pack_all(struct aur__finish *f, aur_block_fn fn, void *arg)
{
	int rc = pack_times(f);

	if (rc == 0)
		rc = fn(arg, &f->block);
	for (size_t i = 0; rc == 0 && i < f->p->ndomain; i++)
		if (f->p->domain[i].rows > 0)
			rc = pack_domain(f, &f->p->domain[i], fn, arg);
	return rc;
}

int aur_packer_finish(
    struct aur_packer *p, int effort, aur_block_fn fn, void *arg)
{
	struct aur__finish f = {.p = p};
	int rc;

	if (p->rows == 0)
		return 0;
	rc = aur__writer_init(&f.w, effort);
	if (rc == 0)
		rc = make_room(&f, p->rows);
	if (rc == 0)
		rc = pack_all(&f, fn, arg);
	aur__writer_release(&f.w);
	aur_mem_free(f.value);
	aur_mem_free(f.mono);
	aur_mem_free(f.row);
	aur_mem_free(f.toggle);
	aur__packer_clear(p);
	return rc;
}
