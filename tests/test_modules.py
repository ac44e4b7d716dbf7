# SPDX-License-Identifier: MIT
"""Modules: built outside of the tree, loaded, used, in use, unloaded; and refused, with the reason in the log."""

import os
import re
import shutil
import subprocess

import pytest

import tap
from teak import BUILD, KASAN, TOP, KernelPanic, host_tool

SEED = int(os.environ.get("TEAK_SEED", "1"))
# Bytes that may be gone after a hundred loads: a slab page here and there.
LEAK_KIB = 64


def build(folder, *variables, target="modules"):
    """make M=folder, as docs/modules.md says it, with the flags of the build under test."""
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    return subprocess.run(["make", "-C", TOP, f"M={folder}", f"BUILD={os.path.relpath(BUILD, TOP)}", *flags(),
                           *variables, target], capture_output=True, text=True, env=env)


def flags():
    return [f"{name}=1" for name, word in (("DEBUG", "debug"), ("KASAN", "kasan"), ("UBSAN", "ubsan"))
            if os.environ.get(name) or word in os.path.basename(BUILD)]


def make_module(folder, name, source, *variables):
    """NAME.ko made of one file; returns its path."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.c").write_text(source)
    (folder / "Makefile").write_text(f"obj-m := {name}.o\n")
    done = build(folder, *variables)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / f"{name}.ko"


def disk(tmp_path, *files):
    """A disk that has these files, of modules without what gdb wants."""
    root = tmp_path / "disk"
    root.mkdir(exist_ok=True)
    for path in files:
        if str(path).endswith(".ko"):
            subprocess.run(["aarch64-linux-gnu-objcopy", "--strip-debug", path,
                            root / os.path.basename(path)], check=True)
        else:
            shutil.copy(path, root)
    image = tmp_path / "disk.img"
    host_tool("mkfs.ezfs", "-s", "1024", image, root)
    return image


@pytest.fixture
def guest(boot, root_img, samples_img):
    """teak in a folder that has the modules of samples/."""
    teak = boot(disks=[root_img, samples_img])
    teak.check("mount -t ezfs /dev/vdb /mnt; cd /mnt; dmesg -n 1")
    return teak


def log(teak):
    """What the kernel has said since it was asked before."""
    return teak.check("dmesg -c")


def refused(teak, command, *words):
    """The command fails; the log says why."""
    log(teak)
    done = teak.run(command)
    assert done.status, f"{command} did not fail: {done.output}"
    said = log(teak)
    for word in words:
        assert re.search(word, said), f"no '{word}' after {command}: {done.output}{said}"
    return done.output


# ------------------------------------------------------------------ the samples

def test_hello_comes_and_goes(guest):
    log(guest)
    guest.check('insmod hello.ko count=2 whom="dear students" colour=red')
    said = log(guest)
    assert said.count("hello: hello, dear students") == 2, said
    assert "hello: unknown parameter 'colour' ignored" in said, said
    modules = guest.check("cat /proc/modules")
    assert re.fullmatch(r"hello \d+ 0 - Live 0xffff00003[c-f][0-9a-f]{6}\n", modules), modules
    assert re.search(r"^hello +\d+  0$", guest.check("lsmod"), re.M), guest.check("lsmod")
    assert "loaded already" in refused(guest, "insmod hello.ko")
    log(guest)
    guest.check("rmmod hello")
    assert "hello: goodbye, dear students" in log(guest)
    assert guest.check("cat /proc/modules") == ""
    assert "not loaded" in refused(guest, "rmmod hello")
    guest.poweroff()


def test_what_a_module_says_of_itself(guest):
    out = guest.check("modinfo hello.ko")
    assert out.startswith("filename:       hello.ko\n"), out
    assert "license:        MIT\n" in out and "description:    Says hello\n" in out, out
    assert "parm:           count:how often to say it; less than 1 is refused (int)\n" in out, out
    assert "parm:           whom:who is greeted (charp)\n" in out and "parmtype" not in out, out
    assert guest.check("modinfo -d hello.ko") == guest.check("modinfo -F description hello.ko") == "Says hello\n"
    assert guest.check("uname -r").strip() in guest.check("modinfo -F vermagic hello.ko")
    assert "not a module" in refused(guest, "modinfo /bin/sh")
    assert "No such file" in refused(guest, "modinfo none.ko")
    guest.poweroff()


def test_sys_module(guest):
    assert guest.check("ls /sys/module") == ""
    guest.check("insmod hello.ko count=2 whom='dear students'; cd /sys/module/hello")
    assert guest.check("ls").split() == ["holders", "initstate", "parameters", "refcnt"]
    assert guest.check("cat initstate refcnt parameters/count parameters/whom; ls holders") == "live\n0\n2\ndear students\n"
    assert guest.check("stat -c '%A %n' parameters/count").startswith("-r--r--r--")
    assert guest.run("echo 3 > parameters/count").status, "a parameter of mode 0444 was written"
    guest.check("cd /mnt; exec 3< /sys/module/hello/refcnt; rmmod hello")
    assert "No such device" in guest.run("cat <&3").output
    guest.check("exec 3<&-; insmod ring.ko; insmod rot13.ko")
    assert guest.check("cat /sys/module/ring/refcnt; ls /sys/module/ring/holders") == "1\nrot13\n"
    assert guest.check("cat /sys/module/ring/holders/rot13/refcnt") == "0\n"
    guest.check("rmmod rot13; test -z \"$(ls /sys/module/ring/holders)\"; rmmod ring")
    refused(guest, "insmod hello.ko count=0")
    assert guest.check("ls /sys/module") == ""
    guest.poweroff()


def test_kallsyms(guest):
    """Address, type, name, module; for who may not know addresses they are zeros."""
    nm = subprocess.run(["aarch64-linux-gnu-nm", f"{BUILD}/teak.elf"], capture_output=True, text=True, check=True).stdout
    address = {fields[2]: fields[:2] for fields in map(str.split, nm.splitlines()) if len(fields) == 3}
    guest.check("insmod ring.ko; cat /proc/kallsyms > /dev/shm/k")
    out = guest.check("grep -E ' do_exit$| start_kernel$| vfs_read$| ring_' /dev/shm/k")
    lines = {name: first for first, name in re.findall(r"^([0-9a-f]{16} [Tt]) (\w+)", out, re.M)}
    for name in ("do_exit", "start_kernel", "vfs_read"):
        assert lines[name] == " ".join(address[name]), (name, lines[name], address[name])
    base = int(guest.check("cat /proc/modules").split()[5], 16)
    assert re.search(r"^[0-9a-f]{16} T ring_set_filter\t\[ring\]$", out, re.M), out
    assert re.search(r"^[0-9a-f]{16} t ring_\w+\t\[ring\]$", out, re.M), out
    assert base <= int(lines["ring_set_filter"].split()[0], 16) < base + 0x10000
    assert int(guest.check("wc -l < /dev/shm/k")) > 3000
    guest.poweroff()


def test_init_may_refuse_and_leaves_nothing(guest):
    assert "Invalid parameters" in refused(guest, "insmod hello.ko count=0")
    refused(guest, "insmod hello.ko count=many", "hello: `many' invalid for parameter `count'")
    refused(guest, "insmod hello.ko count=99999999999", "hello: `99999999999' too large for parameter `count'")
    assert guest.check("cat /proc/modules") == ""
    guest.poweroff()


def test_character_device_in_use(guest):
    guest.check("insmod ring.ko size=8")
    guest.check("insmod rot13.ko")
    assert re.search(r"^ring \d+ 1 rot13, Live", guest.check("cat /proc/modules"), re.M)
    assert re.search(r"^ring +\d+  1 rot13$", guest.check("lsmod"), re.M), guest.check("lsmod")
    assert guest.check("echo Grnx > /dev/ring; head -n 1 /dev/ring") == "Teak\n"
    assert "in use" in refused(guest, "rmmod ring")
    guest.check("rmmod rot13")
    assert guest.check("echo teak > /dev/ring; head -n 1 /dev/ring") == "teak\n"
    guest.check("exec 3</dev/ring")
    assert re.search(r"^ring \d+ 1 - Live", guest.check("cat /proc/modules"), re.M)
    assert "in use" in refused(guest, "rmmod ring")
    guest.check("exec 3<&-; rmmod ring")
    assert guest.run("cat /dev/ring").status, "the device outlived its module"
    refused(guest, "insmod rot13.ko", r"rot13: Unknown symbol ring_set_filter \(err -2\)",
            r"rot13: Unknown symbol ring_clear_filter \(err -2\)")
    guest.poweroff()


def test_filesystem_in_use(guest):
    guest.check("insmod memfs.ko; grep memfs /proc/filesystems; mount -t memfs none /tmp")
    assert "in use" in refused(guest, "rmmod memfs")
    guest.check("mkdir /tmp/a /tmp/a/b; cp hello.ko /tmp/a/b/x; ln /tmp/a/b/x /tmp/y; ln -s a/b/x /tmp/z")
    guest.check("cmp /tmp/z hello.ko; mv /tmp/a/b /tmp/b; cmp /tmp/b/x /tmp/y; rm -r /tmp/a")
    guest.check("cd /tmp/b")
    assert guest.run("umount /tmp").status, "unmounted while it was somebody's folder"
    guest.check("cd /mnt; umount /tmp; rmmod memfs")
    assert guest.run("mount -t memfs none /tmp").status
    assert "memfs" not in guest.check("cat /proc/filesystems; cat /proc/slabinfo")
    guest.poweroff()


def test_switches_are_traced(guest):
    guest.check("insmod schedtrace.ko; sleep 0.1; cat /proc/schedtrace > /tmp/trace")
    text = guest.check("cat /tmp/trace")
    assert int(re.match(r"switches (\d+)", text).group(1)) > 0, text
    assert re.search(r"^\[ *\d+\.\d{6}\] cpu \d+: .+/\d+ \(sleeps\) -> .+/\d+$", text, re.M), text
    guest.check("rmmod schedtrace; true | true; sleep 0.1")
    assert guest.run("cat /proc/schedtrace").status
    guest.poweroff()


@pytest.mark.slow
def test_a_hundred_loads_leave_no_memory_behind(guest):
    cycle = ("insmod hello.ko whom=x; insmod ring.ko; insmod rot13.ko; insmod memfs.ko; mount -t memfs none /tmp; "
             "echo x > /tmp/x; umount /tmp; insmod schedtrace.ko; rmmod rot13 ring memfs schedtrace hello; "
             "insmod hello.ko count=0 2>/tmp/x")
    free = "echo 3 > /proc/sys/vm/drop_caches; grep MemFree /proc/meminfo"

    def measure(times):
        for _ in range(times // 5):
            guest.check(f"i=0; while [ $i -lt 5 ]; do {cycle}; i=$((i+1)); done; dmesg -c > /dev/null")
        return int(re.search(r"MemFree: +(\d+)", guest.check(free)).group(1))

    # Each CPU comes to keep a few pages and slabs of its own, once; a leak is in every round.
    free_kib = [measure(5)]
    lost = []
    while not lost or lost[-1] > LEAK_KIB and len(lost) < 4:
        free_kib.append(measure(20))    # of six each
        lost.append(free_kib[-2] - free_kib[-1])
    assert lost[-1] <= LEAK_KIB, f"{lost} KiB are gone after each hundred loads"
    guest.poweroff()


# ------------------------------------------------------------------ what is refused

MINIMAL = """
#include <linux/init.h>
#include <linux/module.h>
{before}
static int __init start(void) {{ {body} return 0; }}
module_init(start);
{after}
MODULE_LICENSE("MIT");
"""
EXIT = "static void __exit stop(void) { }\nmodule_exit(stop);"


def test_unknown_symbols_when_built_and_when_loaded(boot, root_img, tmp_path):
    source = MINIMAL.format(before="void no_such_function(void); void start_kernel(void);",
                            body="no_such_function(); start_kernel();", after=EXIT)
    folder = tmp_path / "wanting"
    folder.mkdir()
    (folder / "wanting.c").write_text(source)
    (folder / "Makefile").write_text("obj-m := wanting.o\n")
    done = build(folder)
    assert done.returncode and 'ERROR: modpost: "no_such_function" [' in done.stdout, done
    done = build(folder, "KBUILD_MODPOST_WARN=1")
    assert done.returncode == 0 and "WARNING: modpost" in done.stdout, done
    teak = boot(disks=[root_img, disk(tmp_path, folder / "wanting.ko")])
    teak.check("mount -t ezfs /dev/vdb /mnt; cd /mnt")
    refused(teak, "insmod wanting.ko", r"wanting: Unknown symbol no_such_function \(err -2\)",
            r"wanting: Unknown symbol start_kernel \(err -2\)")     # there, but not exported
    assert teak.check("cat /proc/modules") == ""
    teak.poweroff()


def test_wrong_files_are_refused(boot, root_img, tmp_path):
    hello = os.path.join(BUILD, "samples", "hello", "hello.ko")
    plain = tmp_path / "hello.ko"
    subprocess.run(["aarch64-linux-gnu-objcopy", "--strip-debug", hello, plain], check=True)
    good = plain.read_bytes()
    magic = b"vermagic=6.1.0-teak"
    assert good.count(magic) == 1
    files = {"magic": good.replace(magic, b"vermagic=6.1.1-teak"), "short": good[:len(good) // 2], "text": b"x" * 500,
             "name": good.replace(b"name=hello", b"nama=hello"), "whole": good}
    os.mkdir(tmp_path / "files")
    for name, data in files.items():
        (tmp_path / "files" / name).write_bytes(data)
    stay = make_module(tmp_path / "stay", "stay", MINIMAL.format(before="", body="", after=""))
    percpu = make_module(tmp_path / "percpu", "percpu", MINIMAL.format(
        before="#include <linux/percpu.h>\nDEFINE_PER_CPU(int, mine);", body="mine = 1;", after=EXIT))
    teak = boot(disks=[root_img, disk(tmp_path, *(tmp_path / "files" / f for f in files), stay, percpu)])
    teak.check("mount -t ezfs /dev/vdb /mnt; cd /mnt")
    refused(teak, "insmod magic", "hello: version magic '6.1.1-teak .*' should be '6.1.0-teak SMP preempt mod_unload ")
    refused(teak, "insmod short", "Invalid module file: ")
    refused(teak, "insmod text", "Invalid module file: not a little-endian ELF file")
    refused(teak, "insmod name", "Invalid module file: .modinfo gives no name")
    refused(teak, "insmod percpu.ko", "percpu: has per-CPU variables")
    teak.check("insmod whole; rmmod hello")
    # One that has no exit function stays.
    teak.check("insmod stay.ko")
    assert "busy" in refused(teak, "rmmod stay")
    teak.poweroff()


def test_errors_of_the_system_calls(guest):
    tap.check(guest.run("./modcalls").output, "modcalls")
    guest.poweroff()


@pytest.mark.parametrize("module", ["hello.ko", "ring.ko"])
def test_damaged_modules_are_refused(guest, module):
    count = 300 if KASAN else 2000
    print(f"seed {SEED}")
    done = guest.run(f"./modfuzz {module} {SEED} {count}")
    assert done.output.endswith(f"refused {count}\n") and done.status == 0, f"seed {SEED}: {done.output[-500:]}"
    guest.check("insmod hello.ko; rmmod hello")
    guest.poweroff()


# ------------------------------------------------------------------ mistakes of modules

@pytest.fixture(scope="module")
def trouble_img(tmp_path_factory):
    """A disk with the module that makes mistakes."""
    tmp_path = tmp_path_factory.mktemp("trouble")
    shutil.copytree(f"{TOP}/tests/modules/trouble", tmp_path / "trouble")
    done = build(tmp_path / "trouble")
    assert done.returncode == 0, done.stdout + done.stderr
    return disk(tmp_path, tmp_path / "trouble" / "trouble.ko")


def test_kinds_of_parameters(boot, root_img, trouble_img):
    teak = boot(disks=[root_img, trouble_img], snapshot=True)
    teak.check("mount -t ezfs /dev/vdb /mnt; cd /mnt; dmesg -c >/tmp/x")
    teak.check("insmod trouble.ko numbers=1,-2,0x10 flag big=18446744073709551615 text=seven; rmmod trouble")
    assert "numbers 3: 1 -2 16 0, flag 1, big 18446744073709551615, text 'seven'" in log(teak)
    for wrong in ("numbers=1,2,3,4,5", "big=-1", "text=eightchr", "numbers", "flag=maybe"):
        refused(teak, f"insmod trouble.ko {wrong}", "(invalid|too large) for parameter")
    refused(teak, "insmod trouble.ko what=error")
    assert teak.check("cat /proc/modules") == ""
    teak.check("insmod trouble.ko what=fixup; rmmod trouble")
    assert "get_user said -14" in log(teak)
    teak.poweroff()


def test_a_warning_names_the_module(boot, root_img, trouble_img):
    teak = boot(disks=[root_img, trouble_img], snapshot=True, faults=True)
    teak.check("mount -t ezfs /dev/vdb /mnt; cd /mnt; insmod trouble.ko what=warn")
    said = log(teak)
    assert re.search(r"WARNING: at .*trouble.c:\d+, in trouble_warn\+0x[0-9a-f]+/0x[0-9a-f]+ \[trouble\]", said), said
    teak.check("rmmod trouble")


MISTAKES = {
    "bug": [r"kernel BUG at .*trouble.c:\d+, in trouble_bug\+\S+ \[trouble\]", "Modules linked in: trouble",
            r"Call trace:\s.* trouble_bug\+\S+ \[trouble\]"],
    "text": ["write to read-only memory", r"pc : trouble_write\+\S+ \[trouble\]"],
    "rodata": ["write to read-only memory", r"pc : trouble_write\+\S+ \[trouble\]"],
    "exec": ["execute from non-executable memory", "Modules linked in: trouble"],
}


@pytest.mark.parametrize("what", MISTAKES)
def test_mistakes_are_caught_and_named(boot, root_img, trouble_img, what):
    teak = boot(disks=[root_img, trouble_img], snapshot=True, faults=True)
    teak.check("mount -t ezfs /dev/vdb /mnt; cd /mnt")
    teak.sendline(f"insmod trouble.ko what={what}")
    with pytest.raises(KernelPanic):
        teak.wait_end()
    for wanted in MISTAKES[what]:
        assert re.search(wanted, teak.transcript, re.S), f"no '{wanted}' in\n{teak.transcript}"


# ------------------------------------------------------------------ building

def test_clean_removes_what_was_built(tmp_path):
    for name in os.listdir(f"{TOP}/samples/chardev"):
        shutil.copy(f"{TOP}/samples/chardev/{name}", tmp_path)
    before = sorted(os.listdir(tmp_path))
    done = build(tmp_path)
    assert done.returncode == 0 and (tmp_path / "rot13.ko").exists(), done
    again = build(tmp_path)
    assert again.returncode == 0 and "CC" not in again.stdout and "LD" not in again.stdout, again.stdout
    done = build(tmp_path, target="clean")
    assert done.returncode == 0 and sorted(os.listdir(tmp_path)) == before, os.listdir(tmp_path)


def test_a_module_has_a_file_in_sys(boot, root_img, tmp_path):
    """As docs/sysfs.md shows it; it goes with the module, also under one who has it open."""
    ko = make_module(tmp_path, "answer", """
#include <linux/kobject.h>
#include <linux/kstrtox.h>
#include <linux/module.h>

static struct kobject *mine;
static int answer = 42;

static ssize_t answer_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\\n", answer);
}

static ssize_t answer_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf, size_t count)
{
	int err = kstrtoint(buf, 0, &answer);

	return err ? err : count;
}
static struct kobj_attribute answer_attribute = __ATTR(answer, 0644, answer_show, answer_store);

static int __init make(void)
{
	int err;

	mine = kobject_create_and_add("mine", NULL);
	if (!mine)
		return -ENOMEM;
	err = sysfs_create_file(mine, &answer_attribute.attr);
	if (err)
		kobject_put(mine);
	return err;
}

static void __exit unmake(void)
{
	kobject_put(mine);
}

module_init(make);
module_exit(unmake);
MODULE_LICENSE("GPL");
""")
    teak = boot(disks=[root_img, disk(tmp_path, ko)])
    teak.check("mount -t ezfs /dev/vdb /mnt; insmod /mnt/answer.ko")
    assert teak.check("cat /sys/mine/answer; echo 7 > /sys/mine/answer; cat /sys/mine/answer") == "42\n7\n"
    assert teak.run("echo many > /sys/mine/answer").status
    teak.check("exec 3</sys/mine/answer; rmmod answer")
    assert teak.run("head -n 1 <&3").status and "mine" not in teak.check("exec 3<&-; ls /sys")
    teak.poweroff()


@pytest.mark.skipif(KASAN or not shutil.which("clang"), reason="no clang here, or the flags of gcc's KASAN")
def test_modules_of_clang_load(boot, root_img, tmp_path):
    """Its code has other relocations than gcc's."""
    for name in os.listdir(f"{TOP}/samples/chardev"):
        shutil.copy(f"{TOP}/samples/chardev/{name}", tmp_path)
    done = build(tmp_path, "CC=clang --target=aarch64-linux-gnu -Wno-unknown-warning-option")
    assert done.returncode == 0, done.stdout + done.stderr
    teak = boot(disks=[root_img, disk(tmp_path, tmp_path / "ring.ko", tmp_path / "rot13.ko")])
    teak.check("mount -t ezfs /dev/vdb /mnt; cd /mnt; insmod ring.ko; insmod rot13.ko")
    assert teak.check("echo Grnx > /dev/ring; head -n 1 /dev/ring") == "Teak\n"
    teak.check("rmmod rot13 ring")
    teak.poweroff()
