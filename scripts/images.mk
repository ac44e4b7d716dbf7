# SPDX-License-Identifier: MIT
#
# The disks: root.img, the root filesystem, and tests.img, with the test and benchmark programs.
# Included by the top Makefile after user.mk and ezfs.mk, whose lists it uses.

# 4096-byte blocks
ROOT_BLOCKS	?= 4096
TESTS_BLOCKS	?= 4096

image-deps := $(BUILD)/host/mkfs.ezfs $(USER_PROGS) scripts/make-root scripts/images.mk

# An image is made anew, so that the same files always make the same bytes.
$(BUILD)/root.img: $(image-deps) user/hello.txt
	@echo "  MKFS    $@"
	$(Q)TOOLBOX_NAMES="$(TOOLBOX_NAMES)" TOOLBOX_SBIN_NAMES="$(TOOLBOX_SBIN_NAMES)" \
		scripts/make-root $(BUILD)
	$(Q)rm -f $@
	$(Q)SOURCE_DATE_EPOCH=1767225600 $(BUILD)/host/mkfs.ezfs -s $(ROOT_BLOCKS) $@ $(BUILD)/root

$(BUILD)/tests.img: $(BUILD)/host/mkfs.ezfs $(USER_TESTS) $(USER_BENCH) scripts/images.mk
	@echo "  MKFS    $@"
	$(Q)rm -rf $(BUILD)/tests-root && mkdir -p $(BUILD)/tests-root/bench
	$(Q)cp $(USER_TESTS) $(BUILD)/tests-root/ && cp $(USER_BENCH) $(BUILD)/tests-root/bench/
	$(Q)rm -f $@
	$(Q)SOURCE_DATE_EPOCH=1767225600 $(BUILD)/host/mkfs.ezfs -s $(TESTS_BLOCKS) $@ $(BUILD)/tests-root
