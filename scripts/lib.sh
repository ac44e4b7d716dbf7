# SPDX-License-Identifier: MIT
#
# Which tools teak needs, and which Debian package has each. Sourced by setup and doctor.
#
# Two sets: "run" builds and boots teak, "test" is run and what `make test` needs besides.
# The checks are file tests and shell builtins only: `make qemu` runs them every time.

# Debian's own python: another python3 may come first in PATH, without pytest.
PYTHON=/usr/bin/python3
DIST_PACKAGES=/usr/lib/python3/dist-packages
CROSS=aarch64-linux-gnu-

die()
{
	echo "${0##*/}: $*" >&2
	exit 1
}

# On an arm64 host the native compiler is the "cross" compiler.
on_arm64()
{
	[ -e /lib/ld-linux-aarch64.so.1 ] && [ ! -e /lib64/ld-linux-x86-64.so.2 ]
}

# clang's sanitizers and libFuzzer: a package of their own in some releases, of clang's in others.
has_clang_runtime()
{
	ls "$(clang -print-resource-dir 2>/dev/null)"/lib/*/libclang_rt.fuzzer*.a >/dev/null 2>&1
}

has_command()
{
	command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || [ -x "/sbin/$1" ]
}

# need PACKAGE TEST...: adds PACKAGE to $missing when the test fails.
need()
{
	package=$1
	shift
	"$@" || case " $missing " in
	*" $package "*) ;;
	*) missing="$missing $package" ;;
	esac
}

need_run_set()
{
	need qemu-system-arm has_command qemu-system-aarch64
	if on_arm64; then
		need gcc has_command ${CROSS}gcc
	else
		need gcc-aarch64-linux-gnu has_command ${CROSS}gcc
	fi
	need gcc has_command gcc
	need libc6-dev test -e /usr/include/stdio.h
	need make has_command make
	need python3 test -x $PYTHON
}

need_test_set()
{
	need_run_set
	need gdb-multiarch has_command gdb-multiarch
	need python3-pytest test -e $DIST_PACKAGES/pytest
	need python3-pexpect test -e $DIST_PACKAGES/pexpect
	need e2fsprogs has_command e2fsck
	need fdisk has_command sfdisk
	need qemu-utils has_command qemu-img
	need qemu-user has_command qemu-aarch64
	need device-tree-compiler has_command dtc
	need clang has_command clang
	need libclang-rt-dev has_clang_runtime
	need llvm has_command llvm-symbolizer
	if ! on_arm64; then
		need libc6-dev-arm64-cross test -e /usr/aarch64-linux-gnu/lib/libc.a
	fi
}

# Prints the packages of SET ("run" or "test") that are not there, on one line.
missing_packages()
{
	missing=
	"need_$1_set"
	echo ${missing# }
}

install_line()
{
	echo "apt-get update && ${2:-}apt-get install --yes --no-install-recommends $1"
}
