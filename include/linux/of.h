/* SPDX-License-Identifier: MIT */
/*
 * The device tree: what the machine is made of, as nodes with properties.
 *
 * Built once at boot from the flat tree (drivers/of/fdt.c) and never changed or freed after, so it
 * is read without locks and of_node_get()/of_node_put() count nothing. Property values are bytes as
 * the firmware gave them: numbers in them are big-endian cells of 32 bits.
 */
#ifndef _LINUX_OF_H
#define _LINUX_OF_H

#include <linux/compiler.h>
#include <linux/types.h>

typedef u32 phandle;

struct property {
	const char	*name;
	int		length;		/* bytes */
	const void	*value;		/* a NUL stands behind the last byte */
	struct property	*next;
};

struct device_node {
	const char		*name;		/* "pl011" */
	const char		*full_name;	/* "pl011@9000000"; the root's is "" */
	phandle			phandle;
	struct property		*properties;
	struct device_node	*parent, *child, *sibling;
};

/* One row of a driver's table of what it can drive; an empty row ends it. */
struct of_device_id {
	char		compatible[64];
	const void	*data;
};

#define MAX_PHANDLE_ARGS	16

/* A reference to a node with arguments: an interrupt, a clock. */
struct of_phandle_args {
	struct device_node	*np;
	int			args_count;
	u32			args[MAX_PHANDLE_ARGS];
};

extern struct device_node *of_root, *of_chosen, *of_aliases;

static inline struct device_node *of_node_get(struct device_node *node) { return node; }
static inline void of_node_put(struct device_node *node) { }

/* Walking. Each takes where to start behind (NULL: from the top) and returns NULL at the end. */
struct device_node *of_find_all_nodes(struct device_node *prev);
struct device_node *of_find_node_by_path(const char *path);
struct device_node *of_find_node_by_name(struct device_node *from, const char *name);
struct device_node *of_find_node_by_type(struct device_node *from, const char *type);
struct device_node *of_find_node_by_phandle(phandle handle);
struct device_node *of_find_compatible_node(struct device_node *from, const char *type,
					    const char *compat);
struct device_node *of_find_matching_node_and_match(struct device_node *from,
						    const struct of_device_id *matches,
						    const struct of_device_id **match);
struct device_node *of_get_parent(const struct device_node *node);
struct device_node *of_get_next_child(const struct device_node *node, struct device_node *prev);
struct device_node *of_get_next_available_child(const struct device_node *node,
						struct device_node *prev);
struct device_node *of_get_next_cpu_node(struct device_node *prev);

#define for_each_of_allnodes(dn) \
	for ((dn) = of_find_all_nodes(NULL); (dn); (dn) = of_find_all_nodes(dn))
#define for_each_child_of_node(parent, child) \
	for ((child) = of_get_next_child(parent, NULL); (child); \
	     (child) = of_get_next_child(parent, child))
#define for_each_available_child_of_node(parent, child) \
	for ((child) = of_get_next_available_child(parent, NULL); (child); \
	     (child) = of_get_next_available_child(parent, child))
#define for_each_compatible_node(dn, type, compat) \
	for ((dn) = of_find_compatible_node(NULL, type, compat); (dn); \
	     (dn) = of_find_compatible_node(dn, type, compat))
#define for_each_matching_node_and_match(dn, matches, match) \
	for ((dn) = of_find_matching_node_and_match(NULL, matches, match); (dn); \
	     (dn) = of_find_matching_node_and_match(dn, matches, match))
#define for_each_matching_node(dn, matches) for_each_matching_node_and_match(dn, matches, NULL)
#define for_each_node_by_type(dn, type) \
	for ((dn) = of_find_node_by_type(NULL, type); (dn); (dn) = of_find_node_by_type(dn, type))
#define for_each_of_cpu_node(cpu) \
	for ((cpu) = of_get_next_cpu_node(NULL); (cpu); (cpu) = of_get_next_cpu_node(cpu))

/* What a node is. */
bool of_node_name_eq(const struct device_node *np, const char *name);
int of_device_is_compatible(const struct device_node *device, const char *compat);
bool of_device_is_available(const struct device_node *device);
const struct of_device_id *of_match_node(const struct of_device_id *matches,
					 const struct device_node *node);

/* Properties. -EINVAL: there is none; -ENODATA: it is empty; -EOVERFLOW: it is too short. */
struct property *of_find_property(const struct device_node *np, const char *name, int *lenp);
const void *of_get_property(const struct device_node *node, const char *name, int *lenp);
bool of_property_read_bool(const struct device_node *np, const char *propname);
int of_property_count_elems_of_size(const struct device_node *np, const char *propname,
				    int elem_size);
int of_property_read_u32_index(const struct device_node *np, const char *propname, u32 index,
			       u32 *out_value);
int of_property_read_u32_array(const struct device_node *np, const char *propname, u32 *out_values,
			       size_t sz);
int of_property_read_u64(const struct device_node *np, const char *propname, u64 *out_value);
int of_property_read_string(const struct device_node *np, const char *propname,
			    const char **out_string);
int of_property_match_string(const struct device_node *np, const char *propname,
			     const char *string);

static inline int of_property_read_u32(const struct device_node *np, const char *propname,
				       u32 *out_value)
{
	return of_property_read_u32_array(np, propname, out_value, 1);
}

static inline bool of_property_present(const struct device_node *np, const char *propname)
{
	return of_property_read_bool(np, propname);
}

/* References to other nodes. */
struct device_node *of_parse_phandle(const struct device_node *np, const char *phandle_name,
				     int index);
int of_parse_phandle_with_args(const struct device_node *np, const char *list_name,
			       const char *cells_name, int index, struct of_phandle_args *out_args);

/* The number made of the next @size cells, at most two. */
static inline u64 of_read_number(const void *cell, int size)
{
	const u8 *b = cell;
	u64 r = 0;

	for (size *= 4; size > 0; size--)
		r = r << 8 | *b++;
	return r;
}

int of_n_addr_cells(struct device_node *np);
int of_n_size_cells(struct device_node *np);

/*
 * Tables collected by the linker: a driver puts a row into the section __<table>_of_table and the
 * boot code finds all rows between the section's two ends.
 */
struct of_declare_entry {
	const char	*compatible;
	const void	*fn;
};

typedef int (*of_init_fn_2)(struct device_node *node, struct device_node *parent);
typedef int (*of_init_fn_1_ret)(struct device_node *node);

#define _OF_DECLARE(table, name, compat, function, fn_type)				\
	static const struct of_declare_entry __of_table_##name				\
	__attribute__((used, section("__" #table "_of_table"))) =			\
		{ compat, (function) == (fn_type)NULL ? (function) : (function) }

#define OF_DECLARE_1_RET(table, name, compat, fn)	\
	_OF_DECLARE(table, name, compat, fn, of_init_fn_1_ret)
#define OF_DECLARE_2(table, name, compat, fn)		\
	_OF_DECLARE(table, name, compat, fn, of_init_fn_2)

#endif
