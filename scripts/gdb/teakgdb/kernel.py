# SPDX-License-Identifier: MIT
"""
What all commands share: reading the kernel's memory and walking its data structures from gdb.

Nothing here runs code in the guest or changes its memory.
"""

import contextlib

import gdb

PAGE_SHIFT = 12
PAGE_SIZE = 1 << PAGE_SHIFT
PAGE_OFFSET = 0xffff000000000000        # arch/arm64/include/asm/memory.h
RAM_OFFSET = 0x40000000                 # of the first RAM from there: MODULES_END
KERNEL_HALF = 0xffff000000000000        # addresses from here on are translated by TTBR1
LONGEST_LIST = 1 << 20                  # more entries than this: the list is broken

EL_MASK = 0xf                           # PSTATE.M; Arm ARM C5.2.18, SPSR_EL1.M
EL0T, EL1H = 0x0, 0x5


def error(*words):
    raise gdb.GdbError(" ".join(words))


def value(expression):
    """Evaluate an expression of the kernel; a missing symbol is an error in words."""
    try:
        return gdb.parse_and_eval(expression)
    except gdb.MemoryError:
        error(f"the memory of '{expression}' cannot be read: is the MMU on yet?")
    except gdb.error as e:
        error(f"'{expression}': {e}. Is build/teak.elf loaded, and does that kernel run?")


def register(name):
    """A CPU register's value, system registers too."""
    return int(value(f"${name}")) & 0xffffffffffffffff


# Whether the CPU was in user mode when the command began: kernel_view() hides that.
user_mode = False


@contextlib.contextmanager
def kernel_view():
    """Let gdb read the kernel's memory also while the CPU is in user mode.

    gdb's reads go through the MMU with the rights of the CPU's current exception level, and EL0 may
    not read the kernel. While this lasts, PSTATE says EL1; no instruction runs meanwhile.
    """
    global user_mode
    if gdb.selected_thread() is None:
        error("teak is not running here: 'target remote' first (make gdb does it).")
    pstate = register("cpsr")
    if pstate & EL_MASK != EL0T:
        yield
        return
    gdb.newest_frame().select()
    gdb.execute(f"set $cpsr = {pstate | EL1H:#x}", to_string=True)
    user_mode = True
    try:
        yield
    finally:
        user_mode = False
        gdb.execute(f"set $cpsr = {pstate:#x}", to_string=True)


class Command(gdb.Command):
    """A command named NAME whose run(argv) prints; its docstring is gdb's help."""

    NAME = None

    def __init__(self):
        super().__init__(self.NAME, gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        try:
            with kernel_view():
                self.run(gdb.string_to_argv(argument))
        except gdb.MemoryError as e:
            error(f"{self.NAME}: {e}. Either the MMU is not on yet, or a pointer leads nowhere.")


def usage(command):
    error("usage:", command.__doc__.strip().splitlines()[0])


def integer(text):
    """An argument as an unsigned number; any gdb expression will do."""
    return int(value(text).cast(gdb.lookup_type("unsigned long")))


def offset_of(kind, member):
    """Where a member lies in a structure, in bytes; unnamed unions are searched. None: no such."""
    for field in kind.fields():
        if field.name == member:
            return field.bitpos // 8
        if not field.name and field.type.strip_typedefs().code in (gdb.TYPE_CODE_UNION,
                                                                    gdb.TYPE_CODE_STRUCT):
            inner = offset_of(field.type.strip_typedefs(), member)
            if inner is not None:
                return field.bitpos // 8 + inner
    return None


def container_of(pointer, type_name, member):
    """The structure whose member the pointer points at."""
    kind = gdb.lookup_type(type_name)
    offset = offset_of(kind, member)
    if offset is None:
        error(f"{type_name} has no member {member}: these commands do not fit this kernel.")
    return (pointer.cast(gdb.lookup_type("char").pointer()) - offset).cast(kind.pointer())


def list_entries(head, type_name, member):
    """Each structure linked in the list_head `head`, as pointers."""
    node = head["next"]
    for _ in range(LONGEST_LIST):
        if node == head.address:
            return
        if int(node) == 0:
            error(f"the list at {int(head.address):#x} is not initialised, or broken.")
        yield container_of(node, type_name, member)
        node = node["next"]
    error(f"the list at {int(head.address):#x} does not come back to its head: it is broken.")


def rb_entries(root, type_name, member):
    """Each structure in an rb_root, in the order of the tree."""
    stack, node = [], root["rb_node"]
    while stack or int(node):
        while int(node):
            stack.append(node)
            node = node["rb_left"]
        node = stack.pop()
        yield container_of(node, type_name, member)
        node = node["rb_right"]


def counter(atomic):
    """The number in an atomic_t, atomic_long_t or refcount_t."""
    while atomic.type.strip_typedefs().code == gdb.TYPE_CODE_STRUCT:
        atomic = atomic[atomic.type.strip_typedefs().fields()[0]]
    return int(atomic)


def string(pointer):
    """A C string in the guest; odd bytes are shown as escapes."""
    if pointer.type.strip_typedefs().code == gdb.TYPE_CODE_PTR and int(pointer) == 0:
        return "(null)"
    return pointer.string(errors="backslashreplace")


def read_text(address, length):
    """So many bytes of text in the guest."""
    data = gdb.selected_inferior().read_memory(int(address), length).tobytes()
    return data.decode(errors="backslashreplace")


def symbol_at(address):
    """The name of the kernel symbol at exactly or just before an address, without the offset."""
    text = gdb.execute(f"info symbol {int(address):#x}", to_string=True)
    return None if text.startswith("No symbol") else text.split()[0]


def read_u64(address):
    return int.from_bytes(gdb.selected_inferior().read_memory(address, 8).tobytes(), "little")


def phys_to_virt(physical):
    """Where the linear map has a physical address."""
    return physical - int(value("memstart_addr")) + PAGE_OFFSET


def virt_to_phys(address):
    return address - PAGE_OFFSET + int(value("memstart_addr"))


def online_cpus():
    """The numbers of the CPUs that are up; 0 before the kernel has counted them."""
    count = value("__per_cpu_offset").type.range()[1] + 1
    words = value("__cpu_online_mask")["bits"]
    up = [cpu for cpu in range(count) if int(words[cpu // 64]) >> (cpu % 64) & 1]
    return up or [0]


def this_cpu():
    """The CPU that gdb is looking at: QEMU's threads are its CPUs, from 1."""
    return gdb.selected_thread().num - 1


def per_cpu(name, cpu):
    """A per-CPU variable of one CPU."""
    variable = value(name)
    address = int(variable.address) + int(value("__per_cpu_offset")[cpu])
    return gdb.Value(address & 0xffffffffffffffff).cast(variable.type.pointer()).dereference()
