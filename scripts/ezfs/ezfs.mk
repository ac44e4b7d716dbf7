# SPDX-License-Identifier: MIT
#
# The EZFS host tools: mkfs.ezfs, format_disk_as_ezfs (the same program by its course name),
# fsck.ezfs, and fuzz-ezfs, the checker under sanitizers.
#
# The top Makefile includes this file; the wrappers in scripts/ run it by itself, from the top
# folder. Either way the programs land in $(BUILD)/host.

BUILD		?= build
HOSTCC		?= gcc

ezfs-src	:= scripts/ezfs
ezfs-host	:= $(BUILD)/host
ezfs-cflags	:= -std=gnu11 -O2 -g -Wall -Wextra -D_FILE_OFFSET_BITS=64 $(HOSTCFLAGS)
ezfs-san	:= -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

ezfs-check	:= check walk inodes bitmaps repair show layout disk
ezfs-mkfs-o	:= $(patsubst %,$(ezfs-host)/ezfs/%.o,mkfs tree layout disk)
ezfs-fsck-o	:= $(patsubst %,$(ezfs-host)/ezfs/%.o,fsck $(ezfs-check))
ezfs-fuzz-o	:= $(patsubst %,$(ezfs-host)/ezfs-san/%.o,fuzz $(ezfs-check))
ezfs-sanfsck-o	:= $(patsubst %,$(ezfs-host)/ezfs-san/%.o,fsck $(ezfs-check))
ezfs-sanmkfs-o	:= $(patsubst %,$(ezfs-host)/ezfs-san/%.o,mkfs tree layout disk)
ezfs-tools	:= $(addprefix $(ezfs-host)/,mkfs.ezfs format_disk_as_ezfs fsck.ezfs)
ezfs-san-tools	:= $(addprefix $(ezfs-host)/san/,mkfs.ezfs format_disk_as_ezfs fsck.ezfs)

.PHONY: ezfs-tools ezfs-test-tools fuzz-fsck
ezfs-tools: $(ezfs-tools)
ezfs-test-tools: $(ezfs-tools) $(ezfs-san-tools) $(ezfs-host)/fuzz-ezfs

# Written under another name and moved into place: a program may be wanted by several at once.
ezfs-move	= && mv -f $@.$$$$ $@

$(ezfs-host)/ezfs/%.o: $(ezfs-src)/%.c $(ezfs-src)/ezfs.mk
	@mkdir -p $(@D)
	@echo "  HOSTCC  $@"
	$(Q)$(HOSTCC) $(ezfs-cflags) -MMD -MP -MF $(@:.o=.d) -MT $@ -c $< -o $@.$$$$ $(ezfs-move)

$(ezfs-host)/ezfs-san/%.o: $(ezfs-src)/%.c $(ezfs-src)/ezfs.mk
	@mkdir -p $(@D)
	@echo "  HOSTCC  $@"
	$(Q)$(HOSTCC) $(ezfs-cflags) $(ezfs-san) -MMD -MP -MF $(@:.o=.d) -MT $@ -c $< -o $@.$$$$ $(ezfs-move)

$(ezfs-host)/mkfs.ezfs: $(ezfs-mkfs-o)
	@echo "  HOSTLD  $@"
	$(Q)$(HOSTCC) $^ -o $@.$$$$ $(ezfs-move)
$(ezfs-host)/fsck.ezfs: $(ezfs-fsck-o)
	@echo "  HOSTLD  $@"
	$(Q)$(HOSTCC) $^ -o $@.$$$$ $(ezfs-move)
$(ezfs-host)/fuzz-ezfs: $(ezfs-fuzz-o)
	@echo "  HOSTLD  $@"
	$(Q)$(HOSTCC) $(ezfs-san) $^ -o $@.$$$$ $(ezfs-move)
$(ezfs-host)/san/mkfs.ezfs: $(ezfs-sanmkfs-o)
	@mkdir -p $(@D)
	@echo "  HOSTLD  $@"
	$(Q)$(HOSTCC) $(ezfs-san) $^ -o $@.$$$$ $(ezfs-move)
$(ezfs-host)/san/fsck.ezfs: $(ezfs-sanfsck-o)
	@mkdir -p $(@D)
	@echo "  HOSTLD  $@"
	$(Q)$(HOSTCC) $(ezfs-san) $^ -o $@.$$$$ $(ezfs-move)
$(ezfs-host)/format_disk_as_ezfs $(ezfs-host)/san/format_disk_as_ezfs: %/format_disk_as_ezfs: %/mkfs.ezfs
	$(Q)ln -sf mkfs.ezfs $@

# By hand, for as long as one likes: AFL++ (package afl++) on the whole of fsck.ezfs.
fuzz-fsck: $(ezfs-host)/mkfs.ezfs
	@mkdir -p $(ezfs-host)/afl/seeds
	afl-cc $(ezfs-cflags) $(patsubst %,$(ezfs-src)/%.c,fsck $(ezfs-check)) -o $(ezfs-host)/afl/fsck.ezfs
	for l in A B C; do \
		rm -f $(ezfs-host)/afl/seeds/$$l; \
		$(ezfs-host)/mkfs.ezfs -L $$l -s 60 $(ezfs-host)/afl/seeds/$$l $(ezfs-src) || exit 1; \
	done
	afl-fuzz -i $(ezfs-host)/afl/seeds -o $(ezfs-host)/afl/out -- $(ezfs-host)/afl/fsck.ezfs -v @@

-include $(wildcard $(ezfs-host)/ezfs/*.d $(ezfs-host)/ezfs-san/*.d)
