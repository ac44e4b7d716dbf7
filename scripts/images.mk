# SPDX-License-Identifier: MIT
#
# The disks: root.img, the root filesystem, tests.img, with the test and benchmark programs, and tests-mm.img and
# tests-fs.img, with the test programs of memory management and of file systems, and make bench-io's.
# Included by the top Makefile after user.mk and ezfs.mk, whose lists it uses.

# 4096-byte blocks
ROOT_BLOCKS	?= 4096
TESTS_BLOCKS	?= 4096

image-deps := $(BUILD)/host/mkfs.ezfs $(USER_PROGS) $(own-modules) scripts/make-root scripts/images.mk

# An image is made anew, so that the same files always make the same bytes.
$(BUILD)/root.img: $(image-deps) user/hello.txt
	@echo "  MKFS    $@"
	$(Q)TOOLBOX_NAMES="$(TOOLBOX_NAMES)" TOOLBOX_SBIN_NAMES="$(TOOLBOX_SBIN_NAMES)" \
		OBJCOPY="$(OBJCOPY)" MODULES="$(own-modules)" scripts/make-root $(BUILD)
	$(Q)rm -f $@
	$(Q)SOURCE_DATE_EPOCH=1767225600 $(BUILD)/host/mkfs.ezfs -s $(ROOT_BLOCKS) $@ $(BUILD)/root

# A folder has room for 32 names, and the disk for 37 programs. So the second half of the tests, by name, is
# in the folder more, but for those that are called by their path; of the benchmarks there is only the one
# that takes several CPUs (make bench puts the others on a disk of its own).
tests-mm := $(filter $(user-out)/tests/mm/%,$(USER_TESTS))
tests-fs := $(filter $(user-out)/tests/fs/%,$(USER_TESTS))
tests-first := $(addprefix $(user-out)/tests/,run-tests badcalls epoll leaks races sched sharing sigframe)
tests-modules := $(filter $(user-out)/tests/modules/%,$(USER_TESTS))
tests-rest := $(filter-out $(tests-first) $(tests-mm) $(tests-fs) $(tests-modules),$(USER_TESTS))
tests-root := $(tests-first) $(wordlist 1,16,$(tests-rest))
tests-more := $(filter-out $(tests-root),$(tests-rest)) $(user-out)/bench/parallel

$(BUILD)/tests.img: $(BUILD)/host/mkfs.ezfs $(USER_TESTS) $(USER_BENCH) scripts/images.mk
	@echo "  MKFS    $@"
	$(Q)rm -rf $(BUILD)/tests-root && mkdir -p $(BUILD)/tests-root/more
	$(Q)cp $(tests-root) $(BUILD)/tests-root/ && cp $(tests-more) $(BUILD)/tests-root/more/
	$(Q)rm -f $@
	$(Q)SOURCE_DATE_EPOCH=1767225600 $(BUILD)/host/mkfs.ezfs -s $(TESTS_BLOCKS) $@ $(BUILD)/tests-root

$(BUILD)/tests-mm.img: $(tests-mm)
$(BUILD)/tests-fs.img: $(tests-fs) $(user-out)/bench/diskspeed
$(BUILD)/tests-mm.img $(BUILD)/tests-fs.img: %.img: $(BUILD)/host/mkfs.ezfs $(user-out)/tests/run-tests scripts/images.mk
	@echo "  MKFS    $@"
	$(Q)rm -rf $*-root && mkdir -p $*-root
	$(Q)cp $(filter $(user-out)/tests/% $(user-out)/bench/%,$^) $*-root/
	$(Q)rm -f $@
	$(Q)SOURCE_DATE_EPOCH=1767225600 $(BUILD)/host/mkfs.ezfs -s $(TESTS_BLOCKS) $@ $*-root
