# SPDX-License-Identifier: MIT
#
# The programs of user/: a small libc, the shell, init, the tools, the tests and the benchmarks.
# Included by the top Makefile, which sets CROSS_COMPILE, BUILD and Q; paths are from its folder.
#
# What it gives:
#   USER_PROGS   toolbox, sh and init		USER_TESTS, USER_BENCH	one program a source file
#   TOOLBOX_NAMES	the tools' names for /bin	TOOLBOX_SBIN_NAMES	and for /sbin
# Each program is stripped; beside it NAME.debug keeps the symbols for gdb.
# USER_EXTRA_CFLAGS is for the caller, as for -Werror.

# All tools are one file, toolbox, with a hard link for each name: an EZFS disk has 39 inodes and a
# folder holds 32 names, so /bin leaves room for sh and a few of the user's own.
TOOLBOX_NAMES := cat chmod chrt cp date dd echo env free grep head hexdump kill ln ls mkdir mv \
		 nice ps rm rmdir sleep sort stat tail test touch uname wc
TOOLBOX_SBIN_NAMES := [ clear cmp df dmesg false id insmod lsmod mkswap modinfo mount pgviz poweroff printf pwd reboot \
		      replace rmmod seq stty swapoff swapon sync tee top true umount uptime yes
# Names that are another tool's: NAME:TOOL
TOOLBOX_ALIASES := [:test reboot:poweroff

toolbox-tools := $(sort $(filter-out $(foreach a,$(TOOLBOX_ALIASES),$(firstword $(subst :, ,$a))), \
		   $(TOOLBOX_NAMES) $(TOOLBOX_SBIN_NAMES)))

user-out := $(BUILD)/user
USER_CC := $(CROSS_COMPILE)gcc
USER_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -ffreestanding -nostdinc -Iuser/lib/include \
	       -isystem $(shell $(USER_CC) -print-file-name=include) \
	       -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables -mno-outline-atomics \
	       -ffunction-sections -fdata-sections -fno-common -MMD -MP $(USER_EXTRA_CFLAGS)
# The default page size of 64 KiB stays, as in other Linux programs; without -z norelro the linker
# would fill the file up to the next multiple of it.
USER_LDFLAGS := -static -nostdlib -no-pie -Wl,--gc-sections -Wl,--build-id=none -Wl,-z,norelro
USER_LIBS := $(user-out)/lib/crt0.o $(user-out)/lib/libc.a

libc-objs := $(addprefix $(user-out)/lib/,$(addsuffix .o,$(basename $(notdir \
	     $(wildcard user/lib/*.c user/lib/*.S)))))
toolbox-objs := $(toolbox-tools:%=$(user-out)/bin/toolbox/%.o) $(user-out)/bin/toolbox.o
sh-objs := $(patsubst user/%.c,$(user-out)/%.o,$(wildcard user/bin/sh.c user/bin/sh/*.c))
init-objs := $(user-out)/bin/init.o
test-names := $(patsubst user/tests/%.c,%,$(wildcard user/tests/*.c user/tests/mm/*.c user/tests/fs/*.c \
	      user/tests/modules/*.c))
posix-objs := $(patsubst user/%.c,$(user-out)/%.o,$(wildcard user/tests/fs/posix-checks/*.c))
bench-names := $(basename $(notdir $(wildcard user/bench/*.c)))

USER_PROGS := $(addprefix $(user-out)/,toolbox sh init)
USER_TESTS := $(test-names:%=$(user-out)/tests/%)
USER_BENCH := $(bench-names:%=$(user-out)/bench/%)
user-all := $(USER_PROGS) $(USER_TESTS) $(USER_BENCH)

.PHONY: user FORCE

user: $(user-all)

# The compiler may make a loop into a call of memcpy or memset; not inside these themselves.
$(user-out)/lib/mem.o $(user-out)/lib/string.o: USER_CFLAGS += -fno-tree-loop-distribute-patterns

$(user-out)/lib/libc.a: $(filter-out $(user-out)/lib/crt0.o,$(libc-objs))
	@echo "  AR      $@"
	$(Q)rm -f $@ && $(CROSS_COMPILE)ar rcs $@ $^

# Applets are programs like any other: only here does each one's main get a name of its own.
$(user-out)/bin/toolbox/%.o: user/bin/%.c
	@echo "  CC      $@"
	$(Q)mkdir -p $(@D) && $(USER_CC) $(USER_CFLAGS) -Dmain=$*_main -c -o $@ $<

$(user-out)/bin/toolbox.o: $(user-out)/bin/applets.h
$(user-out)/bin/toolbox.o: USER_CFLAGS += -I$(user-out)/bin

# Rewritten only when the list of names changes.
$(user-out)/bin/applets.h: FORCE
	@mkdir -p $(@D)
	@{ for t in $(toolbox-tools); do echo "APPLET(\"$$t\", $${t}_main)"; done; \
	   for a in $(TOOLBOX_ALIASES); do echo "APPLET(\"$${a%:*}\", $${a#*:}_main)"; done; \
	} > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(user-out)/%.o: user/%.c
	@echo "  CC      $@"
	$(Q)mkdir -p $(@D) && $(USER_CC) $(USER_CFLAGS) -c -o $@ $<

$(user-out)/%.o: user/%.S
	@echo "  AS      $@"
	$(Q)mkdir -p $(@D) && $(USER_CC) $(USER_CFLAGS) -c -o $@ $<

# For tap.h and what else all tests share.
$(user-out)/tests/mm/%.o $(user-out)/tests/fs/%.o $(user-out)/tests/modules/%.o: USER_CFLAGS += -Iuser/tests

$(user-out)/toolbox.debug: $(toolbox-objs)
$(user-out)/sh.debug: $(sh-objs)
$(user-out)/init.debug: $(init-objs)
$(user-out)/tests/fs/posix.debug: $(posix-objs)
$(USER_TESTS:%=%.debug) $(USER_BENCH:%=%.debug): %.debug: %.o

$(user-all:%=%.debug): $(USER_LIBS)
	@echo "  LD      $@"
	$(Q)mkdir -p $(@D) && $(USER_CC) $(USER_LDFLAGS) -o $@ $(filter %.o,$^) \
		$(user-out)/lib/libc.a -lgcc

$(user-all): %: %.debug
	$(Q)$(CROSS_COMPILE)strip -o $@ $<

-include $(patsubst %.o,%.d,$(libc-objs) $(toolbox-objs) $(sh-objs) $(init-objs) \
	   $(posix-objs) $(USER_TESTS:%=%.o) $(USER_BENCH:%=%.o))
