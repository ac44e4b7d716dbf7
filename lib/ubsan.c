// SPDX-License-Identifier: MIT
/*
 * Undefined behaviour, found while it happens: in a kernel built with UBSAN=1 the compiler puts a check
 * where an operation may have none that the language defines, and calls one of the functions below
 * when it fails. Each place is reported once, and the kernel goes on.
 *
 * Called from everywhere, with any lock held. Takes none: a place is claimed by an atomic bit in its
 * description. Reports of two CPUs may mix. Not checked itself.
 *
 * The structures are the compiler's (the ABI of libubsan).
 */
#include <linux/export.h>
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/types.h>

enum { TYPE_KIND_INT = 0 };

struct type_descriptor {
	u16	type_kind;
	u16	type_info;		/* of an integer: bit 0, signed; above it, log2 of its width in bits */
	char	type_name[];		/* in quotation marks */
};

struct source_location {
	const char *file_name;
	union {
		unsigned long reported;	/* as seen by report_begins() */
		struct {
			u32 line;
			u32 column;
		};
	};
};

#define REPORTED_BIT	31		/* of the line: little-endian, so the lower half */

/* What each handler gets, beginning with where. */
struct out_of_bounds_data {
	struct source_location location;
	struct type_descriptor *array_type, *index_type;
};

struct shift_out_of_bounds_data {
	struct source_location location;
	struct type_descriptor *lhs_type, *rhs_type;
};

struct overflow_data {
	struct source_location location;
	struct type_descriptor *type;
};

struct unreachable_data {
	struct source_location location;
};

struct invalid_value_data {
	struct source_location location;
	struct type_descriptor *type;
};

/* ------------------------------------------------------------------ values */

static bool type_is_signed(const struct type_descriptor *type)
{
	return type->type_info & 1;
}

static unsigned int type_bits(const struct type_descriptor *type)
{
	return 1U << (type->type_info >> 1);
}

/* A value of at most 64 bits is passed itself, a longer one by its address: of that the lower half. */
static s64 get_value(const struct type_descriptor *type, unsigned long val)
{
	unsigned int unused = 64 - min(type_bits(type), 64U);

	if (type_bits(type) > 64)
		return *(s64 *)val;
	return type_is_signed(type) ? (s64)(val << unused) >> unused : (s64)(val << unused >> unused);
}

static bool val_is_negative(const struct type_descriptor *type, unsigned long val)
{
	return type_is_signed(type) && get_value(type, val) < 0;
}

static const char *val_to_string(char *str, size_t size, const struct type_descriptor *type,
				 unsigned long val)
{
	if (type->type_kind != TYPE_KIND_INT)
		scnprintf(str, size, "%#lx", val);
	else if (type_is_signed(type))
		scnprintf(str, size, "%lld", get_value(type, val));
	else
		scnprintf(str, size, "%llu", (u64)get_value(type, val));
	return str;
}

/* ------------------------------------------------------------------ the frame of a report */

static bool report_begins(struct source_location *loc, const char *reason)
{
	if (test_and_set_bit(REPORTED_BIT, &loc->reported))
		return false;
	pr_err("================================================================================\n");
	pr_err("UBSAN: %s in %s:%u:%u\n", reason, loc->file_name,
	       loc->line & ~(u32)BIT(REPORTED_BIT), loc->column);
	return true;
}

static void report_ends(void)
{
	dump_stack();
	pr_err("================================================================================\n");
}

/* ------------------------------------------------------------------ called by the compiler's code */

void __ubsan_handle_out_of_bounds(void *_data, unsigned long index);
void __ubsan_handle_out_of_bounds(void *_data, unsigned long index)
{
	struct out_of_bounds_data *data = _data;
	char str[40];

	if (!report_begins(&data->location, "array-index-out-of-bounds"))
		return;
	pr_err("index %s is out of range for type %s\n",
	       val_to_string(str, sizeof(str), data->index_type, index), data->array_type->type_name);
	report_ends();
}
EXPORT_SYMBOL(__ubsan_handle_out_of_bounds);

void __ubsan_handle_shift_out_of_bounds(void *_data, unsigned long lhs, unsigned long rhs);
void __ubsan_handle_shift_out_of_bounds(void *_data, unsigned long lhs, unsigned long rhs)
{
	struct shift_out_of_bounds_data *data = _data;
	char left[40], right[40];

	if (!report_begins(&data->location, "shift-out-of-bounds"))
		return;
	val_to_string(left, sizeof(left), data->lhs_type, lhs);
	val_to_string(right, sizeof(right), data->rhs_type, rhs);
	if (val_is_negative(data->rhs_type, rhs))
		pr_err("shift exponent %s is negative\n", right);
	else if ((u64)get_value(data->rhs_type, rhs) >= type_bits(data->lhs_type))
		pr_err("shift exponent %s is too large for %u-bit type %s\n", right,
		       type_bits(data->lhs_type), data->lhs_type->type_name);
	else if (val_is_negative(data->lhs_type, lhs))
		pr_err("left shift of negative value %s\n", left);
	else
		pr_err("left shift of %s by %s places cannot be represented in type %s\n", left, right,
		       data->lhs_type->type_name);
	report_ends();
}
EXPORT_SYMBOL(__ubsan_handle_shift_out_of_bounds);

void __ubsan_handle_divrem_overflow(void *_data, unsigned long lhs, unsigned long rhs);
void __ubsan_handle_divrem_overflow(void *_data, unsigned long lhs, unsigned long rhs)
{
	struct overflow_data *data = _data;
	char str[40];

	if (!report_begins(&data->location, "division-overflow"))
		return;
	if (!get_value(data->type, rhs))
		pr_err("division by zero\n");
	else
		pr_err("division of %s by -1 cannot be represented in type %s\n",
		       val_to_string(str, sizeof(str), data->type, lhs), data->type->type_name);
	report_ends();
}
EXPORT_SYMBOL(__ubsan_handle_divrem_overflow);

void __ubsan_handle_load_invalid_value(void *_data, unsigned long val);
void __ubsan_handle_load_invalid_value(void *_data, unsigned long val)
{
	struct invalid_value_data *data = _data;
	char str[40];

	if (!report_begins(&data->location, "invalid-load"))
		return;
	pr_err("load of value %s is not a valid value for type %s\n",
	       val_to_string(str, sizeof(str), data->type, val), data->type->type_name);
	report_ends();
}
EXPORT_SYMBOL(__ubsan_handle_load_invalid_value);

/* The compiler has left out all that would come after it. */
void __noreturn __ubsan_handle_builtin_unreachable(void *_data);
void __noreturn __ubsan_handle_builtin_unreachable(void *_data)
{
	struct unreachable_data *data = _data;

	if (report_begins(&data->location, "unreachable")) {
		pr_err("calling __builtin_unreachable()\n");
		report_ends();
	}
	panic("can't return from __builtin_unreachable()");
}
EXPORT_SYMBOL(__ubsan_handle_builtin_unreachable);
