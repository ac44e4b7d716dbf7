// SPDX-License-Identifier: MIT
/*
 * Finding nodes and properties of the device tree.
 *
 * Called by drivers at boot and by anyone later. The tree never changes once it is built, so all
 * of this may be called from any context without a lock.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/of.h>
#include <linux/string.h>

/* ------------------------------------------------------------------------- nodes */

/**
 * of_find_all_nodes - the node after @prev, parents before children; NULL at the end
 */
struct device_node *of_find_all_nodes(struct device_node *prev)
{
	if (!prev)
		return of_root;
	if (prev->child)
		return prev->child;
	while (prev && !prev->sibling)
		prev = prev->parent;
	return prev ? prev->sibling : NULL;
}

/* Is the path component of @len bytes the node's name, with the unit address or without? */
static bool component_is(const struct device_node *np, const char *component, size_t len)
{
	return (strlen(np->full_name) == len && !strncmp(np->full_name, component, len)) ||
	       (strlen(np->name) == len && !strncmp(np->name, component, len));
}

/**
 * of_find_node_by_path - a node by its full path, or by an alias and a path below it
 * @path: "/intc@8000000", "serial0"; what follows a ':' (options of a console) is ignored
 */
struct device_node *of_find_node_by_path(const char *path)
{
	struct device_node *np = of_root, *child;
	size_t len;

	if (*path != '/') {
		const char *target;
		char alias[32];

		len = strcspn(path, "/:");
		if (!of_aliases || len >= sizeof(alias))
			return NULL;
		memcpy(alias, path, len);
		alias[len] = '\0';
		/* A target must be a full path, or an alias could lead in circles. */
		if (of_property_read_string(of_aliases, alias, &target) < 0 || *target != '/')
			return NULL;
		np = of_find_node_by_path(target);
		path += len;
	}

	while (np && *path == '/') {
		path++;
		len = strcspn(path, "/:");
		if (len == 0)
			continue;
		for_each_child_of_node(np, child)
			if (component_is(child, path, len))
				break;
		np = child;
		path += len;
	}
	return np;
}

struct device_node *of_find_node_by_name(struct device_node *from, const char *name)
{
	do {
		from = of_find_all_nodes(from);
	} while (from && !of_node_name_eq(from, name));
	return from;
}

static bool of_node_is_type(const struct device_node *np, const char *type)
{
	const char *s;

	return of_property_read_string(np, "device_type", &s) == 0 && !strcmp(s, type);
}

struct device_node *of_find_node_by_type(struct device_node *from, const char *type)
{
	do {
		from = of_find_all_nodes(from);
	} while (from && !of_node_is_type(from, type));
	return from;
}

struct device_node *of_find_node_by_phandle(phandle handle)
{
	struct device_node *np;

	if (!handle)
		return NULL;
	for_each_of_allnodes(np)
		if (np->phandle == handle)
			return np;
	return NULL;
}

/**
 * of_find_compatible_node - the next node that a driver for @compat can drive
 * @type: device_type that it must have too, or NULL
 */
struct device_node *of_find_compatible_node(struct device_node *from, const char *type,
					    const char *compat)
{
	do {
		from = of_find_all_nodes(from);
	} while (from && !(of_device_is_compatible(from, compat) &&
			   (!type || of_node_is_type(from, type))));
	return from;
}

/**
 * of_find_matching_node_and_match - the next node that is in a driver's table
 * @match: where to put the row that it matched, or NULL
 */
struct device_node *of_find_matching_node_and_match(struct device_node *from,
						    const struct of_device_id *matches,
						    const struct of_device_id **match)
{
	const struct of_device_id *m = NULL;

	do {
		from = of_find_all_nodes(from);
	} while (from && !(m = of_match_node(matches, from)));
	if (match)
		*match = m;
	return from;
}

struct device_node *of_get_parent(const struct device_node *node)
{
	return node ? node->parent : NULL;
}

struct device_node *of_get_next_child(const struct device_node *node, struct device_node *prev)
{
	if (prev)
		return prev->sibling;
	return node ? node->child : NULL;
}

struct device_node *of_get_next_available_child(const struct device_node *node,
						struct device_node *prev)
{
	do {
		prev = of_get_next_child(node, prev);
	} while (prev && !of_device_is_available(prev));
	return prev;
}

struct device_node *of_get_next_cpu_node(struct device_node *prev)
{
	struct device_node *cpus = prev ? prev->parent : of_find_node_by_path("/cpus");

	do {
		prev = of_get_next_child(cpus, prev);
	} while (prev && !of_node_is_type(prev, "cpu"));
	return prev;
}

bool of_node_name_eq(const struct device_node *np, const char *name)
{
	return np && !strcmp(np->name, name);
}

/**
 * of_device_is_compatible - how well does @compat describe the device?
 *
 * Its "compatible" lists names from the most exact to the most general. Returns 0 when @compat is
 * not among them, else more for an earlier one.
 */
int of_device_is_compatible(const struct device_node *device, const char *compat)
{
	int index = of_property_match_string(device, "compatible", compat);

	return index < 0 ? 0 : INT_MAX - index;
}

/**
 * of_device_is_available - false when the tree says that the device is not to be used
 */
bool of_device_is_available(const struct device_node *device)
{
	const char *status;

	if (!device)
		return false;
	if (of_property_read_string(device, "status", &status) < 0)
		return true;
	return !strcmp(status, "okay") || !strcmp(status, "ok");
}

/**
 * of_match_node - the row of a driver's table that describes the node best, or NULL
 */
const struct of_device_id *of_match_node(const struct of_device_id *matches,
					 const struct device_node *node)
{
	const struct of_device_id *best = NULL;
	int score, best_score = 0;

	for (; matches && matches->compatible[0]; matches++) {
		score = of_device_is_compatible(node, matches->compatible);
		if (score > best_score) {
			best = matches;
			best_score = score;
		}
	}
	return best;
}

/* ------------------------------------------------------------------------- properties */

struct property *of_find_property(const struct device_node *np, const char *name, int *lenp)
{
	struct property *pp = np ? np->properties : NULL;

	while (pp && strcmp(pp->name, name))
		pp = pp->next;
	if (pp && lenp)
		*lenp = pp->length;
	return pp;
}

const void *of_get_property(const struct device_node *node, const char *name, int *lenp)
{
	struct property *pp = of_find_property(node, name, lenp);

	return pp ? pp->value : NULL;
}

/* A flag is true by being there at all. */
bool of_property_read_bool(const struct device_node *np, const char *propname)
{
	return of_find_property(np, propname, NULL);
}

int of_property_count_elems_of_size(const struct device_node *np, const char *propname,
				    int elem_size)
{
	struct property *pp = of_find_property(np, propname, NULL);

	if (!pp)
		return -EINVAL;
	return pp->length % elem_size ? -EINVAL : pp->length / elem_size;
}

/* The property's bytes from @offset, if there are at least @size of them; or a negative errno. */
static int find_cells(const struct device_node *np, const char *propname, size_t offset,
		      size_t size, const u8 **cells)
{
	struct property *pp = of_find_property(np, propname, NULL);

	if (!pp)
		return -EINVAL;
	if (!pp->length)
		return -ENODATA;
	if (offset + size > pp->length)
		return -EOVERFLOW;
	*cells = (const u8 *)pp->value + offset;
	return 0;
}

int of_property_read_u32_index(const struct device_node *np, const char *propname, u32 index,
			       u32 *out_value)
{
	const u8 *cells;
	int ret = find_cells(np, propname, index * sizeof(u32), sizeof(u32), &cells);

	if (!ret)
		*out_value = of_read_number(cells, 1);
	return ret;
}

/**
 * of_property_read_u32_array - the first @sz numbers of a property
 *
 * @out_values is not touched unless all of them are there.
 */
int of_property_read_u32_array(const struct device_node *np, const char *propname, u32 *out_values,
			       size_t sz)
{
	const u8 *cells;
	int ret = find_cells(np, propname, 0, sz * sizeof(u32), &cells);

	for (; !ret && sz; sz--, cells += sizeof(u32))
		*out_values++ = of_read_number(cells, 1);
	return ret;
}

int of_property_read_u64(const struct device_node *np, const char *propname, u64 *out_value)
{
	const u8 *cells;
	int ret = find_cells(np, propname, 0, sizeof(u64), &cells);

	if (!ret)
		*out_value = of_read_number(cells, 2);
	return ret;
}

/**
 * of_property_read_string - the first string of a property, not copied
 *
 * -EILSEQ when it does not end within the property.
 */
int of_property_read_string(const struct device_node *np, const char *propname,
			    const char **out_string)
{
	struct property *pp = of_find_property(np, propname, NULL);

	if (!pp)
		return -EINVAL;
	if (!pp->length)
		return -ENODATA;
	if (strnlen(pp->value, pp->length) >= pp->length)
		return -EILSEQ;
	*out_string = pp->value;
	return 0;
}

/**
 * of_property_match_string - which one of a list of strings is @string, counted from 0
 *
 * -ENODATA when it is not there.
 */
int of_property_match_string(const struct device_node *np, const char *propname, const char *string)
{
	struct property *pp = of_find_property(np, propname, NULL);
	const char *s, *end;
	int i;

	if (!pp)
		return -EINVAL;
	s = pp->value;
	end = s + pp->length;
	for (i = 0; s < end; i++, s += strlen(s) + 1)
		if (!strcmp(s, string))
			return i;
	return -ENODATA;
}

/* ------------------------------------------------------------------------- references */

/*
 * Steps over the list "phandle cells.. phandle cells.." to entry @index. How many cells follow a
 * phandle stands in the node that it names, under cells_name; NULL: none.
 */
static int parse_phandle_list(const struct device_node *np, const char *list_name,
			      const char *cells_name, int index, struct of_phandle_args *out)
{
	struct property *pp = of_find_property(np, list_name, NULL);
	const u8 *p, *end;
	u32 i, count = 0;

	if (!pp)
		return -ENOENT;
	p = pp->value;
	for (end = p + pp->length; end - p >= 4; p += count * 4) {
		out->np = of_find_node_by_phandle(of_read_number(p, 1));
		p += 4;
		if (!out->np ||
		    (cells_name && of_property_read_u32(out->np, cells_name, &count)) ||
		    count > MAX_PHANDLE_ARGS || end - p < count * 4)
			return -EINVAL;
		if (index--)
			continue;
		out->args_count = count;
		for (i = 0; i < count; i++)
			out->args[i] = of_read_number(p + i * 4, 1);
		return 0;
	}
	return -ENOENT;
}

/**
 * of_parse_phandle - the node that entry @index of a plain list of phandles names
 */
struct device_node *of_parse_phandle(const struct device_node *np, const char *phandle_name,
				     int index)
{
	struct of_phandle_args args;

	return parse_phandle_list(np, phandle_name, NULL, index, &args) ? NULL : args.np;
}

/**
 * of_parse_phandle_with_args - entry @index of a list of references with arguments
 * @cells_name: the property of the node referred to that tells how many, "#clock-cells"
 *
 * -ENOENT when the list has no such entry, -EINVAL when it makes no sense.
 */
int of_parse_phandle_with_args(const struct device_node *np, const char *list_name,
			       const char *cells_name, int index, struct of_phandle_args *out_args)
{
	return parse_phandle_list(np, list_name, cells_name, index, out_args);
}

/* The cells of a node's own addresses are counted by its parent; the specification's defaults. */
int of_n_addr_cells(struct device_node *np)
{
	u32 cells = 2;

	if (np->parent)
		of_property_read_u32(np->parent, "#address-cells", &cells);
	return cells;
}

int of_n_size_cells(struct device_node *np)
{
	u32 cells = 1;

	if (np->parent)
		of_property_read_u32(np->parent, "#size-cells", &cells);
	return cells;
}
