#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Turn the kernel's own symbols into a table that the kernel carries, so that a call trace has names.

    nm -n teak.elf | scripts/kallsyms.py > kallsyms.s

The kernel is linked twice: first with an empty table (made from empty input), then with the table
made from the first link. The table must lie behind _etext, so that its size moves no function;
feeding the second link's nm output back in must give the same table, and the build checks that.

The section .kallsyms holds, all sorted by address and the same for the same input:

    u32 kallsyms_num_syms
    u32 kallsyms_offsets[]         address - _text; the highest bit: it is global
                                   (of __init functions by way of the linker script's symbol
                                   kallsyms_inittext: they lie behind the table, which moves them)
    u16 kallsyms_name_offsets[]    where the name starts in kallsyms_names
    u8 kallsyms_pairs[128][2]      what the bytes 128 to 255 of a name stand for: two bytes, which may be
                                   such themselves
    u8 kallsyms_names[]            NUL-terminated names, one after the other
    u32 kallsyms_num_exports
    u16 kallsyms_exports[]         what modules may use: indices of names, sorted by name; those from
                                   kallsyms_num_syms on are
    s32 kallsyms_data[]            variables: their distance from the field

The most frequent pair of bytes becomes one byte, 128 times, which takes half of the room.

Text symbols between _stext and _etext and those of .init.text are kept, and the variables that are exported:
EXPORT_SYMBOL(x) is a local symbol __export_x. What it exports must be global and not of the init sections. Of several names for one address the last in
the table is the one to print (kallsyms_lookup() finds that one): global after weak after local, and
a function after a marker such as __irqentry_text_start.
"""

import re
import sys
from collections import Counter

TEXT_TYPES = "wtWT"                     # the preferred one last
EXPORT = "__export_"
GLOBAL = 1 << 31
MARKER = re.compile(r"^(_[se]?text|\w+_(start|end|begin))$")


def read_symbols(lines):
    """The list of (address, type, name) of nm's output; undefined symbols have no address."""
    symbols = []
    for line in lines:
        fields = line.split()
        if len(fields) == 3:
            symbols.append((int(fields[0], 16), fields[1], fields[2]))
    return symbols


def select(symbols):
    """The text symbols in their order, as (offset, name, global?); an offset is an assembler's expression."""
    address = {name: addr for addr, _, name in symbols}
    try:
        text, start, end = (address[name] for name in ("_text", "_stext", "_etext"))
    except KeyError as e:
        sys.exit(f"kallsyms.py: the linker script defines no symbol {e}")

    init = address.get("__inittext_begin", 0)
    init_end = address.get("__inittext_end", 0)

    def offset(addr):
        return addr - text if addr < end else f"kallsyms_inittext+{addr - init}"

    def rank(symbol):
        addr, kind, name = symbol
        return addr, not MARKER.match(name), TEXT_TYPES.index(kind), name

    chosen = [s for s in symbols
              if (start <= s[0] < end or init <= s[0] < init_end)
              and s[1] in TEXT_TYPES and s[2][0] not in ".$"]
    return [(offset(addr), name, kind.isupper()) for addr, kind, name in sorted(chosen, key=rank)]


def table(label, directive, values):
    """One labelled array; eight values a line keep the assembler quick."""
    out = [f"\t.globl {label}", f"{label}:"]
    for i in range(0, len(values), 8):
        out.append(f"\t{directive} " + ", ".join(map(str, values[i:i + 8])))
    return out


def compress(names):
    """The names as bytes, NUL-terminated, and the pairs of bytes that 128, 129 ... stand for."""
    data, pairs = b"".join(name.encode() + b"\0" for name in names), []
    if not data.isascii():
        sys.exit("kallsyms.py: a function's name is not ASCII")
    for code in range(128, 256):
        counts = Counter(zip(data, data[1:]))
        # Of equals the least, so that the same names always give the same table.
        pair = min((p for p in counts if 0 not in p), key=lambda p: (-counts[p], p), default=(0, 0))
        pairs.append(pair)
        data = data.replace(bytes(pair), bytes([code])) if pair != (0, 0) else data
    return data, pairs


def exported(symbols, functions):
    """The exported variables, sorted, and the indices of all exports sorted by name."""
    marks = {name[len(EXPORT):] for _, kind, name in symbols if kind in "aA" and name.startswith(EXPORT)}
    text = next((addr for addr, _, name in symbols if name == "_text"), 0)
    known = {name: (addr - text, kind) for addr, kind, name in symbols if kind.isupper()}
    # A static function may have the same name as a global one.
    index = {name: i for i, (offset, name, _) in enumerate(functions) if known.get(name, (None,))[0] == offset}
    data = sorted(name for name in marks if known.get(name, (0, ""))[1] in ("D", "B", "R", "V"))
    index.update((name, len(functions) + i) for i, name in enumerate(data))
    for name in sorted(marks):
        if name not in index:
            sys.exit(f"kallsyms.py: EXPORT_SYMBOL({name}): no such global symbol, or one of the init sections")
    return data, [index[name] for name in sorted(marks)]


def assembly(symbols, data_symbols, exports):
    data, pairs = compress([name for _, name, _ in symbols] + data_symbols)
    name_offsets, position = [], 0
    for name in data.split(b"\0")[:-1]:
        name_offsets.append(position)
        position += len(name) + 1
    if position > 0xffff:
        sys.exit(f"kallsyms.py: {position} bytes of names are too many for offsets of 16 bits")
    out = ["/* Made by scripts/kallsyms.py. */", '\t.section .kallsyms, "a"', "\t.balign 8"]
    out += table("kallsyms_num_syms", ".long", [len(symbols)])
    out += table("kallsyms_offsets", ".long", 
                 [offset if not is_global else f"{offset}+{GLOBAL}" if isinstance(offset, str) else offset + GLOBAL
                  for offset, _, is_global in symbols])
    out += table("kallsyms_name_offsets", ".short", name_offsets)
    out += table("kallsyms_pairs", ".byte", [byte for pair in pairs for byte in pair])
    out += table("kallsyms_names", ".byte", list(data))
    out += ["\t.balign 4"]
    out += table("kallsyms_num_exports", ".long", [len(exports)])
    out += ["\t.globl kallsyms_data", "kallsyms_data:"] + [f"\t.long {name} - ." for name in data_symbols]
    out += table("kallsyms_exports", ".short", exports)
    # Without this note the linker would think that an executable stack is wanted.
    out += ["\t.balign 8", '\t.section .note.GNU-stack, "", %progbits']
    return "\n".join(out) + "\n"


def main():
    symbols = read_symbols(sys.stdin)
    functions = select(symbols) if symbols else []
    sys.stdout.write(assembly(functions, *exported(symbols, functions)))


main()
