// SPDX-License-Identifier: MIT
/*
 * From the flat device tree to the kernel's.
 *
 * setup_arch() calls in here twice. First early_init_dt_scan(), with the blob mapped and no
 * allocator yet: memory goes to memblock, bootargs to boot_command_line. Then, when pages can be
 * had, unflatten_device_tree() copies the tree into nodes and properties that point at each other;
 * the blob is not needed after. Both run on the boot CPU before any other: no locks.
 */
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/of.h>
#include <linux/of_fdt.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "fdt_reader.h"

void *initial_boot_params;
struct device_node *of_root, *of_chosen, *of_aliases;

/* Made by early_init_dt_scan(): checked, and standing before the first token. */
static struct fdt_reader flat_dt __initdata;
static int dt_root_addr_cells __initdata, dt_root_size_cells __initdata;

size_t fdt_totalsize(const void *blob)
{
	return fdt32_ld((const u8 *)blob + 4);
}

/**
 * of_scan_flat_dt - call a function for each node of the blob, parents before children
 * @it: gets a handle for of_get_flat_dt_prop(), the node's name with its unit address, and its
 *      depth, 0 for the root; a value other than 0 ends the scan
 *
 * Returns what @it returned last, or -EINVAL when the blob is broken.
 */
int __init of_scan_flat_dt(int (*it)(unsigned long node, const char *uname, int depth, void *data),
			   void *data)
{
	struct fdt_reader r = flat_dt;
	int token, ret;

	while ((token = fdt_next(&r)) != FDT_END) {
		if (token < 0)
			return token;
		if (token != FDT_BEGIN_NODE)
			continue;
		ret = it(r.token_pos, r.name, r.depth - 1, data);
		if (ret)
			return ret;
	}
	return 0;
}

/**
 * of_get_flat_dt_prop - a property of a node of the blob
 * @node: from of_scan_flat_dt()
 * @size: its length in bytes, if wanted
 *
 * Returns NULL if the node has no such property.
 */
const void *__init of_get_flat_dt_prop(unsigned long node, const char *name, int *size)
{
	struct fdt_reader r = flat_dt;

	r.pos = node;
	r.depth = 1;		/* whatever it really is: any node may stand in another */
	if (fdt_next(&r) != FDT_BEGIN_NODE)
		return NULL;
	while (fdt_next(&r) == FDT_PROP) {
		if (strcmp(r.name, name))
			continue;
		if (size)
			*size = r.len;
		return r.data;
	}
	return NULL;
}

/* A property that must be a string: NUL-terminated within its length. */
static const char *__init of_get_flat_dt_string(unsigned long node, const char *name)
{
	int len;
	const char *s = of_get_flat_dt_prop(node, name, &len);

	return s && strnlen(s, len) < len ? s : NULL;
}

static u32 __init of_get_flat_dt_u32(unsigned long node, const char *name, u32 otherwise)
{
	int len;
	const void *p = of_get_flat_dt_prop(node, name, &len);

	return p && len == 4 ? fdt32_ld(p) : otherwise;
}

int __init of_flat_dt_is_compatible(unsigned long node, const char *compat)
{
	int len;
	const char *s = of_get_flat_dt_prop(node, "compatible", &len);

	while (s && len > 0) {
		int n = strnlen(s, len) + 1;

		if (n <= len && !strcmp(s, compat))
			return 1;
		s += n;
		len -= n;
	}
	return 0;
}

static bool __init of_flat_dt_available(unsigned long node)
{
	const char *status = of_get_flat_dt_string(node, "status");

	return !status || !strcmp(status, "okay") || !strcmp(status, "ok");
}

/* Calls fn(base, size) for each range in the node's reg; its cells are counted as the root says. */
static void __init for_each_flat_reg(unsigned long node, int (*fn)(phys_addr_t, phys_addr_t))
{
	int entry = (dt_root_addr_cells + dt_root_size_cells) * 4, len;
	const u8 *reg = of_get_flat_dt_prop(node, "reg", &len);

	for (; reg && len >= entry; reg += entry, len -= entry) {
		u64 base = of_read_number(reg, dt_root_addr_cells);
		u64 size = of_read_number(reg + dt_root_addr_cells * 4, dt_root_size_cells);

		if (size && base + size - 1 >= base && fn(base, size) < 0)
			pr_err("device tree: no room to note memory %#llx + %#llx\n", base, size);
	}
}

static int __init early_init_dt_scan_node(unsigned long node, const char *uname, int depth,
					  void *data)
{
	const char *type, *args;

	if (depth == 0) {
		dt_root_addr_cells = of_get_flat_dt_u32(node, "#address-cells", 2);
		dt_root_size_cells = of_get_flat_dt_u32(node, "#size-cells", 1);
		/* Two cells are 64 bits: more is an address no CPU has. */
		if (dt_root_addr_cells < 1 || dt_root_addr_cells > 2 ||
		    dt_root_size_cells < 1 || dt_root_size_cells > 2)
			return -EINVAL;
	}
	if (depth != 1)
		return 0;

	type = of_get_flat_dt_string(node, "device_type");
	if (type && !strcmp(type, "memory") && of_flat_dt_available(node))
		for_each_flat_reg(node, memblock_add);

	if (!strcmp(uname, "chosen")) {
		args = of_get_flat_dt_string(node, "bootargs");
		if (args)
			strscpy(boot_command_line, args, COMMAND_LINE_SIZE);
	}
	return 0;
}

/**
 * early_init_dt_scan - check the blob and take memory and bootargs from it
 * @params: where it is mapped, FDT_MAX_SIZE bytes or as many as it says it has
 *
 * Returns false when it is no device tree; then there is no machine to run on.
 */
bool __init early_init_dt_scan(void *params)
{
	if (!params || fdt_reader_init(&flat_dt, params, FDT_MAX_SIZE) < 0)
		return false;
	initial_boot_params = params;
	return of_scan_flat_dt(early_init_dt_scan_node, NULL) == 0;
}

/* no-map memory must not even be mapped: it is not RAM for us at all. */
static int __init reserve_node(unsigned long node, const char *uname, int depth, void *data)
{
	bool *inside = data;

	if (depth <= 1) {
		*inside = depth == 1 && !strcmp(uname, "reserved-memory");
	} else if (depth == 2 && *inside && of_flat_dt_available(node)) {
		if (of_get_flat_dt_prop(node, "no-map", NULL))
			for_each_flat_reg(node, memblock_remove);
		else
			for_each_flat_reg(node, memblock_reserve);
	}
	return 0;
}

/**
 * early_init_fdt_scan_reserved_mem - keep the allocators off memory that the firmware still uses
 *
 * That is the reservation block and the node /reserved-memory, whose cells are by the
 * specification (sec. 3.5) those of the root. The blob itself is the caller's to reserve.
 */
void __init early_init_fdt_scan_reserved_mem(void)
{
	bool inside = false;
	u64 base, size;
	unsigned int n;

	for (n = 0; fdt_mem_rsv(initial_boot_params, n, &base, &size); n++)
		if (size && memblock_reserve(base, size) < 0)
			pr_err("device tree: no room to reserve %#llx + %#llx\n", base, size);
	of_scan_flat_dt(reserve_node, &inside);
}

struct stdout_search {
	const char	*path;		/* "/pl011@9000000" without its slash, options cut off */
	size_t		len;
	unsigned long	node;
};

static int __init find_stdout_path(unsigned long node, const char *uname, int depth, void *data)
{
	struct stdout_search *s = data;
	const char *path;

	if (depth != 1 || strcmp(uname, "chosen"))
		return 0;
	path = of_get_flat_dt_string(node, "stdout-path");
	if (path && path[0] == '/') {
		s->path = path + 1;
		s->len = strchrnul(s->path, ':') - s->path;
	}
	return 1;
}

static int __init find_stdout_node(unsigned long node, const char *uname, int depth, void *data)
{
	struct stdout_search *s = data;

	if (depth != 1 || strlen(uname) != s->len || strncmp(uname, s->path, s->len))
		return 0;
	s->node = node;
	return 1;
}

/**
 * early_init_dt_stdout - where the first messages can go: /chosen/stdout-path
 * @base: the physical address of the UART
 * @compatible: what it is, first of its names
 *
 * Only a node right under the root is found: the buses below are not walked this early.
 * -ENODEV when the tree names none.
 */
int __init early_init_dt_stdout(phys_addr_t *base, const char **compatible)
{
	struct stdout_search s = { .path = NULL };
	const void *reg;
	int len;

	of_scan_flat_dt(find_stdout_path, &s);
	if (!s.path || of_scan_flat_dt(find_stdout_node, &s) != 1)
		return -ENODEV;
	reg = of_get_flat_dt_prop(s.node, "reg", &len);
	*compatible = of_get_flat_dt_string(s.node, "compatible");
	if (!reg || len < dt_root_addr_cells * 4 || !*compatible)
		return -ENODEV;
	*base = of_read_number(reg, dt_root_addr_cells);
	return 0;
}

/* ------------------------------------------------------------------------- unflattening */

/* The tree is laid out twice: with mem NULL to learn its size, then for good. */
struct arena {
	void	*mem;
	size_t	used;
};

static void *__init arena_alloc(struct arena *a, size_t size)
{
	void *p = a->mem ? a->mem + a->used : NULL;

	a->used += ALIGN(size, sizeof(void *));
	return p;
}

static struct device_node *__init unflatten_node(struct arena *a, const char *full_name)
{
	size_t len = strlen(full_name) + 1;
	size_t base_len = strchrnul(full_name, '@') - full_name;
	struct device_node *np = arena_alloc(a, sizeof(*np));
	char *full = arena_alloc(a, len);
	char *base = arena_alloc(a, base_len + 1);

	if (np) {
		np->full_name = memcpy(full, full_name, len);
		np->name = memcpy(base, full_name, base_len);	/* the arena is zeroed */
	}
	return np;
}

static void __init unflatten_prop(struct arena *a, const struct fdt_reader *r,
				  struct device_node *np, struct property ***tail)
{
	struct property *pp = arena_alloc(a, sizeof(*pp));
	char *value = arena_alloc(a, r->len + 1UL);
	char *name = arena_alloc(a, strlen(r->name) + 1);

	if (!pp)
		return;
	pp->name = strcpy(name, r->name);
	pp->value = memcpy(value, r->data, r->len);
	pp->length = r->len;
	**tail = pp;
	*tail = &pp->next;
	if (r->len == 4 && !strcmp(name, "phandle"))
		np->phandle = fdt32_ld(value);
}

/* Lays the tree out in the arena and, if that has memory, links it. -EINVAL: a broken blob. */
static int __init unflatten_dt_nodes(struct fdt_reader r, struct arena *a,
				     struct device_node **root)
{
	struct device_node **child_tail[FDT_MAX_DEPTH + 1];
	struct device_node *np = NULL, *new;
	struct property **prop_tail = NULL;
	int token;

	child_tail[0] = root;
	while ((token = fdt_next(&r)) != FDT_END) {
		switch (token) {
		case FDT_BEGIN_NODE:
			new = unflatten_node(a, r.name);
			if (!new)
				break;
			new->parent = np;
			*child_tail[r.depth - 1] = new;
			child_tail[r.depth - 1] = &new->sibling;
			child_tail[r.depth] = &new->child;
			prop_tail = &new->properties;
			np = new;
			break;
		case FDT_PROP:
			unflatten_prop(a, &r, np, &prop_tail);
			break;
		case FDT_END_NODE:
			if (!np)
				break;
			np = np->parent;
			/* Properties come before nodes (spec. 5.4.2); a late one goes last. */
			if (np)
				for (prop_tail = &np->properties; *prop_tail; )
					prop_tail = &(*prop_tail)->next;
			break;
		default:
			return -EINVAL;
		}
	}
	return 0;
}

/**
 * unflatten_device_tree - make the tree that the rest of the kernel reads
 *
 * Everything is copied: the blob and its mapping may be dropped after.
 */
void __init unflatten_device_tree(void)
{
	struct arena a = { .mem = NULL };

	if (!initial_boot_params || unflatten_dt_nodes(flat_dt, &a, &of_root) < 0)
		panic("device tree: the blob is broken");

	a.mem = alloc_pages_exact(a.used, GFP_KERNEL | __GFP_ZERO);
	if (!a.mem)
		panic("device tree: no memory to unflatten %zu bytes", a.used);
	a.used = 0;
	unflatten_dt_nodes(flat_dt, &a, &of_root);
	initial_boot_params = NULL;

	of_chosen = of_find_node_by_path("/chosen");
	of_aliases = of_find_node_by_path("/aliases");
}
