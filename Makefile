# SPDX-License-Identifier: MIT
#
# teak. What you will want:
#
#	make			build everything into build/
#	make qemu		boot to a shell in this terminal (^A x ends QEMU)
#	make run CMD="ls -l /"	boot, run one command, power off; its status is make's
#	make gdb		boot halted, with gdb attached and teak's commands loaded
#	make test		run all tests
#	make test-kasan		run all tests on a kernel that the compiler checks
#	make test-mutations	do the tests notice when a lock is broken?
#	make test-seeds		the concurrency tests under 20 perturbed schedules
#	make samples		the modules of samples/
#	make modules		the kernel's own modules, which root.img has in /lib/modules
#	make M=folder		the modules of a folder, by the Makefile there (docs/modules.md)
#	make fuzz-fs		damaged disks for five minutes (FUZZ_SECONDS=, scripts/fuzz-fs --help)
#	make bench		what things cost, in instructions
#	make bench-smp		what a second CPU is worth, in this host's time
#	make bench-io		how fast files are read and written, beside the disk, in this host's time
#	make doctor		is everything here that this needs?
#
# Variables: BUILD=folder, DEBUG=1 (poisoning, lock checks), KASAN=1 and UBSAN=1 (the compiler's own
# checks: of addresses, of undefined behaviour), EZFS=m (as a module, not in the kernel), WERROR=1, V=1 (show
# commands), SMP=4 (CPUs), GIC=2 or 3, QEMUFLAGS="--mem 64M" (see scripts/qemu --help), PYTEST_ARGS.

EZFS		?= y
# What different builds make must not mix: build/debug, build/kasan-ubsan, build/ezfs-m, ...
space		:= $(subst ,, )
kind		:= $(strip $(if $(DEBUG),debug) $(if $(KASAN),kasan) $(if $(UBSAN),ubsan) \
			   $(if $(filter m,$(EZFS)),ezfs-m))
BUILD		?= $(if $(kind),build/$(subst $(space),-,$(kind)),build)
CROSS_COMPILE	?= aarch64-linux-gnu-
HOSTCC		?= gcc
PYTHON		?= /usr/bin/python3
Q		:= $(if $(V),,@)
export BUILD SMP GIC

CC		:= $(CROSS_COMPILE)gcc
LD		:= $(CROSS_COMPILE)ld
NM		:= $(CROSS_COMPILE)nm
OBJCOPY		:= $(CROSS_COMPILE)objcopy

# As many jobs as there are CPUs. A make that another one started shares the jobs of that one.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS	+= -j$(shell nproc 2>/dev/null || echo 2)
endif

everything := $(BUILD)/teak.elf $(BUILD)/Image $(BUILD)/Image-ktest $(BUILD)/root.img $(BUILD)/tests.img \
	      $(BUILD)/tests-mm.img $(BUILD)/tests-fs.img $(BUILD)/samples.img $(BUILD)/Module.symvers \
	      $(BUILD)/compile_commands.json

.PHONY: all
all: $(everything)

# ------------------------------------------------------------------ the kernel

kernel-dirs := init arch/arm64/kernel arch/arm64/mm arch/arm64/lib kernel kernel/futex kernel/irq kernel/locking \
	       kernel/module kernel/printk kernel/rcu kernel/sched kernel/time mm fs fs/ext2 fs/ezfs fs/hugetlbfs fs/iomap fs/proc fs/ramfs fs/sysfs ipc block drivers lib \
	       $(if $(KASAN),mm/kasan)

# Each folder's Makefile says obj-y := its objects, with paths from the folder, and obj-m := modules. What a.o is made
# of, if not of a.c, says a-y.
define include-dir
obj-y :=
obj-m :=
include $(1)/Makefile
kernel-objs += $$(addprefix $(BUILD)/$(1)/,$$(foreach o,$$(obj-y),$$(or $$($$(o:.o=-y)),$$(o))))
kernel-modules += $$(addprefix $(1)/,$$(obj-m:.o=))
endef
kernel-objs :=
kernel-modules :=
$(foreach d,$(kernel-dirs),$(eval $(call include-dir,$(d))))

asm-offsets := $(BUILD)/include/asm/asm-offsets.h

# Where the shadow of address 0 would lie: see arch/arm64/include/asm/memory.h.
KASAN_SHADOW_OFFSET := 0xdfff800000000000

CPPFLAGS := -nostdinc -Iarch/arm64/include -Iinclude -Iinclude/uapi -Iarch/arm64/include/uapi \
	    -I$(BUILD)/include -D__KERNEL__ $(if $(DEBUG),-DCONFIG_DEBUG) \
	    $(if $(KASAN),-DCONFIG_KASAN -DKASAN_SHADOW_OFFSET=$(KASAN_SHADOW_OFFSET)) \
	    $(if $(UBSAN),-DCONFIG_UBSAN)
WARNINGS := -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare -Wno-override-init \
	    -Wmissing-prototypes -Wvla -Wstrict-prototypes $(if $(WERROR),-Werror)
CFLAGS	 := -std=gnu11 -O2 -g -ffreestanding -mgeneral-regs-only -mno-outline-atomics -fno-pie \
	    -fno-strict-aliasing -fno-common -fno-stack-protector -fno-omit-frame-pointer \
	    -fno-asynchronous-unwind-tables -fno-unwind-tables -fno-delete-null-pointer-checks -fwrapv \
	    -fno-optimize-sibling-calls -mstrict-align -falign-functions=4 \
	    -falign-jumps=4 -falign-loops=4 -falign-labels=4 -Wframe-larger-than=$(if $(KASAN),4096,2048) $(WARNINGS)
ASFLAGS	 := -g -D__ASSEMBLY__ -fno-pie
LDFLAGS	 := -nostdlib -static --no-undefined --build-id=none -z max-page-size=4096 \
	    -z noexecstack --no-warn-rwx-segments -T linker.ld

# The compiler's checks (mm/kasan/, lib/ubsan.c), but not in the checkers themselves, nor of what uses
# free memory by its nature: slabs keep lists in it, traces read what lies on a stack.
KASAN_CFLAGS := -fsanitize=kernel-address -fasan-shadow-offset=$(KASAN_SHADOW_OFFSET) \
		--param asan-stack=1 --param asan-globals=1 \
		--param asan-instrumentation-with-call-threshold=0 -Wno-maybe-uninitialized
# Not null (the MMU finds it) nor alignment: a program's pointers are taken as they come, and the list
# macros make pointers to what would contain the list's head. Signed numbers wrap (-fwrapv).
UBSAN_CFLAGS := -fsanitize=shift,integer-divide-by-zero,unreachable,bounds,bool,enum \
		-Wno-maybe-uninitialized -Wno-array-bounds
checkers     := $(addprefix $(BUILD)/,mm/kasan/%.o arch/arm64/mm/kasan_init.o lib/ubsan.o)
not-kasan    := $(addprefix $(BUILD)/,mm/slab.o mm/slab_common.o arch/arm64/kernel/stacktrace.o)
ifdef KASAN
$(filter-out $(checkers) $(not-kasan),$(kernel-objs)): CFLAGS += $(KASAN_CFLAGS)
# memcpy() and so on are those of mm/kasan/shadow.c, which check and then call these.
$(BUILD)/arch/arm64/lib/mem%.o: ASFLAGS += -Dmemcpy=__memcpy -Dmemmove=__memmove -Dmemset=__memset
endif
ifdef UBSAN
$(filter-out $(checkers),$(kernel-objs)): CFLAGS += $(UBSAN_CFLAGS)
endif

ifdef M
# ------------------------------------------------------------------ modules outside of the tree

# make -C teak M=folder: docs/modules.md. What is here is passed on; the folder's own Makefile is read there.
.DEFAULT_GOAL := modules
ifdef KASAN
# Variables of modules have no gaps between them: nobody would forget those of one that is gone.
CFLAGS += $(KASAN_CFLAGS) --param asan-globals=0
endif
ifdef UBSAN
CFLAGS += $(UBSAN_CFLAGS)
endif
export CC LD NM PYTHON CPPFLAGS CFLAGS Q

.PHONY: modules clean
modules clean:
	@$(MAKE) --no-print-directory -f scripts/module.mk src=$(abspath $(M)) module-$@
else

# The self-tests are in a kernel of their own, Image-ktest: scripts/qemu boots it for ktest=.
ktest-objs := $(foreach o,$(kernel-objs),$(if $(filter test_%,$(notdir $(o))),$(o)))
$(ktest-objs): CFLAGS += -Os

# Small rather than fast: what runs when somebody looks, or a program, a disk, a module, a mount or a timer comes or goes;
# and what a disk is waited for after.
$(addprefix $(BUILD)/,block/partitions/%.o block/blk-sysfs.o block/bdev.o block/genhd.o \
		      drivers/base/%.o drivers/block/loop.o drivers/char/%.o drivers/firmware/%.o drivers/misc/%.o \
		      drivers/of/%.o drivers/rtc/%.o drivers/tty/%.o drivers/virtio/virtio_mmio.o \
		      fs/anon_inodes.o fs/attr.o fs/binfmt_%.o fs/buffer_page.o fs/char_dev.o fs/d_path.o fs/dcache_prune.o \
		      fs/drop_caches.o fs/eventfd.o fs/eventpoll_ctl.o fs/exec.o fs/ext2/%.o fs/ezfs/commit.o \
		      fs/ezfs/contiguous.o fs/ezfs/file.o fs/ezfs/super.o fs/fcntl.o fs/filesystems.o fs/fs_context.o \
		      fs/fs_parser.o fs/hugetlbfs/%.o fs/ioctl.o fs/iomap/%.o fs/libfs.o fs/locks.o fs/mount_syscalls.o \
		      fs/namespace.o fs/proc/%.o fs/readdir.o fs/seq_file.o fs/signalfd.o fs/splice.o fs/statfs.o fs/super.o \
		      fs/sync.o fs/sysfs/%.o fs/timerfd.o fs/utimes.o fs/xattr.o \
		      init/%.o ipc/%.o kernel/groups.o kernel/hung_task.o kernel/irq/manage.o kernel/kallsyms.o kernel/module/%.o \
		      kernel/panic.o kernel/params.o kernel/printk/%.o kernel/reboot.o kernel/resource.o kernel/sched/debug.o \
		      kernel/sched/syscalls.o kernel/signal_syscalls.o kernel/sys.o kernel/sysctl.o kernel/time/itimer.o \
		      kernel/time/posix-%.o kernel/uid.o kernel/user.o kernel/utsname.o kernel/watchdog.o lib/kstrtox.o \
		      lib/vsprintf.o \
		      mm/huge_split.o mm/hugetlb.o mm/hugetlb_vma.o mm/madvise.o mm/memblock.o mm/oom_kill.o mm/show_mem.o \
		      mm/swapfile.o mm/swapoff.o): CFLAGS += -Os

$(BUILD)/%.o: %.c Makefile
	@echo "  CC      $@"
	$(Q)mkdir -p $(@D) && $(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/%.o: %.S Makefile
	@echo "  AS      $@"
	$(Q)mkdir -p $(@D) && $(CC) $(CPPFLAGS) $(ASFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/arch/arm64/kernel/head.o $(BUILD)/arch/arm64/kernel/entry.o: $(asm-offsets)

# Offsets of structures for assembly: compile, and take the lines that the compiler wrote.
$(asm-offsets): arch/arm64/kernel/asm-offsets.c Makefile
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -MF $(BUILD)/asm-offsets.d -MT $@ -S -o $(BUILD)/asm-offsets.s $<
	$(Q)sed -n 's/^.*"->\([A-Z_0-9]*\) #*\(-*[0-9]*\)".*/#define \1 \2/p' $(BUILD)/asm-offsets.s > $@

# Linked twice: the symbol table for call traces is made from the first link (scripts/kallsyms.py).
$(BUILD)/kallsyms0.s: scripts/kallsyms.py
	@mkdir -p $(@D)
	$(Q)$(PYTHON) scripts/kallsyms.py < /dev/null > $@

$(BUILD)/%.o: $(BUILD)/%.s
	$(Q)$(CC) -c -o $@ $<

# $(1): teak or teak-ktest; $(2): its objects
define link-kernel
$(BUILD)/$(1)0.elf: $(2) $(BUILD)/kallsyms0.o linker.ld
	$$(Q)$$(LD) $$(LDFLAGS) -o $$@ $(2) $(BUILD)/kallsyms0.o

$(BUILD)/$(1).kallsyms.s: $(BUILD)/$(1)0.elf scripts/kallsyms.py
	$$(Q)$$(NM) -n $$< | $$(PYTHON) scripts/kallsyms.py > $$@

$(BUILD)/$(1).elf: $(2) $(BUILD)/$(1).kallsyms.o linker.ld
	@echo "  LD      $$@"
	$$(Q)$$(LD) $$(LDFLAGS) -o $$@ $(2) $(BUILD)/$(1).kallsyms.o
	$$(Q)$$(NM) -n $$@ | $$(PYTHON) scripts/kallsyms.py | cmp -s - $(BUILD)/$(1).kallsyms.s || \
		{ echo "kallsyms: the second link moved a function"; rm -f $$@; exit 1; }
endef
$(eval $(call link-kernel,teak,$(filter-out $(ktest-objs),$(kernel-objs))))
$(eval $(call link-kernel,teak-ktest,$(kernel-objs)))

$(BUILD)/Image: $(BUILD)/teak.elf
$(BUILD)/Image-ktest: $(BUILD)/teak-ktest.elf
$(BUILD)/Image $(BUILD)/Image-ktest:
	@echo "  OBJCOPY $@"
	$(Q)$(OBJCOPY) -O binary -R .pgtables $< $@

# ------------------------------------------------------------------ user space and disks

USER_EXTRA_CFLAGS := $(if $(WERROR),-Werror)
HOSTCFLAGS := $(if $(WERROR),-Werror)

include user/user.mk
include scripts/ezfs/ezfs.mk
include scripts/modules.mk
include scripts/images.mk
include scripts/samples.mk

# For clangd, which looks in build/ by itself. Without modules and what has them: make calls itself for those, also in a
# dry run, where nothing of what they are built with is there.
$(BUILD)/compile_commands.json: Makefile $(kernel-dirs:%=%/Makefile) user/user.mk scripts/ezfs/ezfs.mk \
				scripts/images.mk
	$(Q)scripts/gen_compile_commands.py -o $@ BUILD=$(BUILD) $(USER_PROGS) \
		$(filter-out %.json %/root.img %/samples.img %.symvers,$(everything))

# ------------------------------------------------------------------ running

.PHONY: setup setup-test qemu run gdb test test-seeds test-kasan test-linux test-mutations fuzz-fs bench bench-io bench-smp doctor clean
setup: ; @scripts/setup
setup-test: ; @scripts/setup --test

qemu: setup
	@$(MAKE) --no-print-directory all
	@scripts/qemu --disk $(BUILD)/root.img $(QEMUFLAGS)

run: all
	@scripts/run '$(subst ','\'',$(CMD))' $(QEMUFLAGS)

gdb: setup-test
	@$(MAKE) --no-print-directory all
	@scripts/gdb/start --disk $(BUILD)/root.img $(QEMUFLAGS)

test: setup-test
	@$(MAKE) --no-print-directory all
	@# A make that a test starts is no part of this one.
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m pytest -o cache_dir=$(BUILD)/.pytest_cache tests $(PYTEST_ARGS)

test-seeds:
	@TEAK_SEEDS=20 $(MAKE) --no-print-directory test PYTEST_ARGS="-k silent_whatever $(PYTEST_ARGS)"

test-kasan:
	@$(MAKE) --no-print-directory test KASAN=1 UBSAN=1 BUILD=$(BUILD)/kasan-ubsan

test-linux: setup-test
	@$(MAKE) --no-print-directory all
	@scripts/test-linux

test-mutations: setup-test
	@$(MAKE) --no-print-directory all
	@scripts/test-mutations $(MUTATIONS)

fuzz-fs: setup-test
	@scripts/fuzz-fs --seconds $(or $(FUZZ_SECONDS),300)

bench: all
	@scripts/bench $(QEMUFLAGS)

# Not by -icount, which runs the CPUs in turn: the host needs two CPUs that are free.
bench-smp: all
	@scripts/run 'mount -t ezfs /dev/vdb /tests && /tests/more/parallel' --disk $(BUILD)/root.img \
		--disk $(BUILD)/tests.img --snapshot --smp 2 $(QEMUFLAGS)

# With its disks in TMPDIR, and the host's disk is part of what is measured.
bench-io: all
	@BUILD=$(BUILD) scripts/bench-io $(QEMUFLAGS)

doctor: ; @scripts/doctor

clean:
	rm -rf $(BUILD)

-include $(kernel-objs:.o=.d) $(BUILD)/asm-offsets.d

endif # M
