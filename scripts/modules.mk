# SPDX-License-Identifier: MIT
#
# The kernel's own modules: what folders of the tree list as obj-m. Each folder is copied to $(BUILD)/modules/ and built
# there by `make M=`, as anybody's would be, but with all warnings. They may use the kernel, not each other.
# Module.symvers says what other modules may use: the kernel's exports, and those of these modules.

own-modules := $(kernel-modules:%=$(BUILD)/modules/%.ko)

.PHONY: modules
modules: $(own-modules)

$(BUILD)/vmlinux.symvers: $(BUILD)/teak.elf scripts/modpost.py
	$(Q)$(NM) $< | $(PYTHON) scripts/modpost.py --kernel > $@

$(own-modules): $(BUILD)/modules/%.ko: $(BUILD)/vmlinux.symvers scripts/module.mk scripts/module.lds \
		scripts/modpost.py scripts/modules.mk
	$(Q)mkdir -p $(@D) && cp $(dir $*)* $(@D)/
	$(Q)$(MAKE) --no-print-directory M=$(@D) SYMVERS=$< "ccflags-y=-Wextra -Wmissing-prototypes \
		$(if $(WERROR),-Werror)" && touch $@

$(foreach m,$(kernel-modules),$(eval $(BUILD)/modules/$(m).ko: $(wildcard $(dir $(m))*)))

$(BUILD)/Module.symvers: $(BUILD)/vmlinux.symvers $(own-modules)
	$(Q)cat $< $(foreach m,$(own-modules),$(dir $(m))Module.symvers) > $@
