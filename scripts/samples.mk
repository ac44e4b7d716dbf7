# SPDX-License-Identifier: MIT
#
# The modules of samples/, built outside of the tree as anybody's would be: each folder is copied to
# $(BUILD)/samples/ and built there by `make M=`. And samples.img, a disk that has them without what gdb wants, and the
# test programs of user/tests/modules.

samples := $(notdir $(patsubst %/,%,$(wildcard samples/*/)))
samples-built := $(samples:%=$(BUILD)/samples/%/.built)

.PHONY: samples
samples: $(samples-built)

$(samples-built): $(BUILD)/samples/%/.built: $(BUILD)/Module.symvers scripts/module.mk scripts/module.lds \
		scripts/modpost.py
	$(Q)mkdir -p $(@D) && cp samples/$*/* $(@D)/
	$(Q)$(MAKE) --no-print-directory M=$(@D) && touch $@

$(foreach s,$(samples),$(eval $(BUILD)/samples/$(s)/.built: $(wildcard samples/$(s)/*)))

$(BUILD)/samples.img: $(samples-built) $(tests-modules) $(BUILD)/host/mkfs.ezfs scripts/samples.mk
	@echo "  MKFS    $@"
	$(Q)rm -rf $(BUILD)/samples-root && mkdir -p $(BUILD)/samples-root
	$(Q)for ko in $(BUILD)/samples/*/*.ko; do \
		$(OBJCOPY) --strip-debug $$ko $(BUILD)/samples-root/$${ko##*/}; done
	$(Q)cp $(tests-modules) $(BUILD)/samples-root/
	$(Q)rm -f $@
	$(Q)SOURCE_DATE_EPOCH=1767225600 $(BUILD)/host/mkfs.ezfs -s 1024 $@ $(BUILD)/samples-root
