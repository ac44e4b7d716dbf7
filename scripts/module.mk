# SPDX-License-Identifier: MIT
#
# Builds the modules of one folder. The top Makefile calls it, for `make M=folder`, with src, the folder, and
# the compiler's flags; it runs in teak's folder, as Linux's does.
#
# The folder's Kbuild or Makefile says
#
#	obj-m := a.o b.o		modules a.ko and b.ko
#	b-objs := x.o y.o		what b is made of, or b-y; a is made of a.c
#	ccflags-y := -DX		further flags; CFLAGS_x.o for one file
#
# Steps: compile; link what a module is made of into name.o; scripts/modpost.py looks whether all that is undefined
# is exported by somebody, and writes name.mod.c with struct module; link both into name.ko.

.PHONY: module-modules module-clean
module-modules:

.SUFFIXES:

obj := $(src)
# What may be used: by the kernel's own modules only what is in the kernel (scripts/modules.mk).
SYMVERS ?= $(BUILD)/Module.symvers
KERNELRELEASE := 6.1.0-teak
include $(firstword $(wildcard $(src)/Kbuild) $(src)/Makefile)

modules := $(patsubst %.o,%,$(obj-m))
ifneq ($(findstring /,$(modules)),)
$(error obj-m: folders below $(src) are not supported: build each by itself)
endif

# $(1): a module. Its parts, or none when it is one file of its own name.
parts = $(addprefix $(src)/,$(sort $($(1)-objs) $($(1)-y)))
all-parts := $(sort $(foreach m,$(modules),$(or $(call parts,$(m)),$(src)/$(m).o)))

# Students' code is not ours: no -Wextra, and warnings stop nothing.
module-cflags = $(filter-out -Wextra -Werror -Wmissing-prototypes,$(CFLAGS)) -DMODULE \
		-DKBUILD_BASENAME='"$(basename $(@F))"' -DKBUILD_MODNAME='"$(modname)"' $(ccflags-y) $(CFLAGS_$(@F))
# The name of the module that an object belongs to, as in a C name.
modname = $(subst -,_,$(or $(firstword $(foreach m,$(modules),$(if $(filter $@,$(call parts,$(m))),$(m)))),$(basename $(basename $(@F)))))

$(all-parts): $(src)/%.o: $(src)/%.c $(src)/.flags
	@echo "  CC [M]  $@"
	$(Q)$(CC) $(CPPFLAGS) $(module-cflags) -MMD -MP -MF $(src)/.$*.o.d -c -o $@ $<

# Other flags, or another kernel: everything anew.
module-state := $(shell echo '$(subst ','\'',$(CC) $(CPPFLAGS) $(CFLAGS) $(ccflags-y))' | cksum; cksum $(SYMVERS))
ifneq ($(module-state),$(shell cat $(src)/.flags 2>/dev/null))
.PHONY: $(src)/.flags
endif
$(src)/.flags:
	@echo '$(module-state)' > $@

# A module of several parts: linked into one object, so that their names are resolved among themselves.
define link-parts
$(src)/$(1).o: $(call parts,$(1))
	@echo "  LD [M]  $$@"
	$$(Q)$$(LD) -r -o $$@ $(call parts,$(1))
endef
$(foreach m,$(modules),$(if $(call parts,$(m)),$(eval $(call link-parts,$(m)))))

$(SYMVERS):
	@echo "There is no $@: build the kernel first, by make in $(CURDIR)."; exit 1

# All of the folder's at once: they may use each other's exports.
$(src)/Module.symvers: $(modules:%=$(src)/%.o) $(SYMVERS)
	@echo "  MODPOST $@"
	$(Q)$(PYTHON) scripts/modpost.py --nm $(NM) $(if $(KBUILD_MODPOST_WARN),--warn) -o $@ \
		$(addprefix -s ,$(SYMVERS) $(KBUILD_EXTRA_SYMBOLS)) $(modules:%=$(src)/%.o)

$(modules:%=$(src)/%.mod.o): $(src)/%.mod.o: $(src)/Module.symvers
	$(Q)$(CC) $(CPPFLAGS) $(module-cflags) -c -o $@ $(src)/$*.mod.c

$(modules:%=$(src)/%.ko): %.ko: %.o %.mod.o scripts/module.lds
	@echo "  LD [M]  $@"
	$(Q)$(LD) -r -z noexecstack --build-id=none -T scripts/module.lds -o $@ $*.o $*.mod.o

module-modules: $(modules:%=$(src)/%.ko)

module-clean:
	rm -f $(foreach m,$(modules),$(addprefix $(src)/$(m).,o ko mod.c mod.o)) $(all-parts) \
		$(patsubst $(src)/%.o,$(src)/.%.o.d,$(all-parts)) $(src)/Module.symvers $(src)/.flags

-include $(patsubst $(src)/%.o,$(src)/.%.o.d,$(all-parts))
