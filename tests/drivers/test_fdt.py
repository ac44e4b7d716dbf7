# SPDX-License-Identifier: MIT
"""The device tree parser, built for the host with the address sanitizer."""
import pathlib
import subprocess

import pytest

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
OF = TOP / "drivers" / "of"
ROUNDS = 20000

# Everything that the parser knows, in a tree of its own: two banks of memory, a reserved region, one
# that must not be mapped, a disabled bank, a reservation entry, bootargs.
TREE = """
/dts-v1/;
/memreserve/ 0x48000000 0x1000;
/ {
	#address-cells = <2>;
	#size-cells = <2>;
	chosen { bootargs = "root=/dev/vda ro"; stdout-path = "/pl011@9000000:115200n8"; };
	memory@40000000 { device_type = "memory"; reg = <0 0x40000000 0 0x8000000>,
							<1 0x00000000 0 0x4000000>; };
	memory@90000000 { device_type = "memory"; reg = <0 0x90000000 0 0x1000>; status = "disabled"; };
	reserved-memory {
		#address-cells = <2>; #size-cells = <2>; ranges;
		fw@41000000 { reg = <0 0x41000000 0 0x2000>; };
		secret@42000000 { reg = <0 0x42000000 0 0x3000>; no-map; };
	};
	clk: clock { #clock-cells = <0>; clock-frequency = <24000000>; compatible = "fixed-clock"; };
	pl011@9000000 { compatible = "arm,pl011", "arm,primecell"; reg = <0 0x9000000 0 0x1000>;
			clocks = <&clk>; };
};
"""


@pytest.fixture(scope="module")
def fuzzer(tmp_path_factory):
    """fdt.c, its parser and base.c, compiled with the kernel's own headers for them."""
    exe = tmp_path_factory.mktemp("fdt") / "fdt_fuzz"
    subprocess.run(
        ["cc", "-std=gnu11", "-g", "-O1", "-Wall", "-Wno-format-truncation",
         "-fsanitize=address,undefined", "-fno-sanitize-recover=all",
         f"-I{HERE}/shim", f"-idirafter{TOP}/include",
         f"{HERE}/fdt_fuzz.c", f"{OF}/fdt.c", f"{OF}/fdt_reader.c", f"{OF}/base.c",
         "-o", str(exe)], check=True)
    return exe


@pytest.fixture(scope="module")
def blob(tmp_path_factory):
    path = tmp_path_factory.mktemp("dtb") / "test.dtb"
    subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb", "-o", str(path)], input=TREE.encode(),
                   check=True)
    return path


def run(fuzzer, blob, rounds):
    done = subprocess.run([str(fuzzer), str(blob), "1", str(rounds)], capture_output=True, text=True,
                          timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def test_reads_memory_reservations_bootargs_and_console(fuzzer, blob):
    lines = run(fuzzer, blob, 0)
    assert lines[:8] == [
        "memory 0x40000000 0x8000000",
        "memory 0x100000000 0x4000000",
        "reserved 0x48000000 0x1000",
        "reserved 0x41000000 0x2000",
        "no-map 0x42000000 0x3000",
        "stdout 0x9000000 arm,pl011",
        "bootargs root=/dev/vda ro",
        "nodes 9",
    ]
    assert "uart pl011" in lines


def test_broken_blobs_are_refused_or_harmless(fuzzer, blob):
    assert run(fuzzer, blob, ROUNDS)[-1].endswith(f"of {ROUNDS} mutated blobs")


def test_qemus_own_tree(fuzzer, tmp_path):
    dtb = tmp_path / "virt.dtb"
    subprocess.run(["qemu-system-aarch64", "-M", f"virt,dumpdtb={dtb}", "-cpu", "cortex-a72",
                    "-nic", "none", "-display", "none", "-m", "256M"], check=True,
                   capture_output=True, timeout=60)
    # QEMU pads its tree to 1 MiB: write it anew, so that mutations hit something.
    small = tmp_path / "small.dtb"
    subprocess.run(["dtc", "-q", "-I", "dtb", "-O", "dtb", "-o", str(small), str(dtb)], check=True)
    lines = run(fuzzer, small, ROUNDS // 4)
    assert "memory 0x40000000 0x10000000" in lines
    assert "stdout 0x9000000 arm,pl011" in lines
