#!/bin/sh
# SPDX-License-Identifier: MIT
# The course's EZFS session on a fresh exercise disk: session.sh DEVICE LAYOUT [TYPE]. Run in the guest by
# test_ezfs_layouts.py, which looks at the disk afterwards. Says OK at its end, or what was wrong.
dev=$1 layout=$2 type=${3:-ezfs}

fail() { echo "FAILED: $*"; exit 1; }
same() { [ "$2" = "$3" ] || fail "$1: expected '$3', saw '$2'"; }
refused() { "$@" 2>/dev/null && fail "'$*' was not refused"; return 0; }
zeros() { dd if=/dev/zero bs=4096 count=$1 status=none; }

[ -d /mnt ] || mkdir /mnt
mount -t $type $dev /mnt || fail mount
cd /mnt || fail cd

# what is there
same "ls" "$(echo *)" "hello.txt subdir"
same "hello.txt" "$(cat hello.txt)" "Hello world!"
same "modes" "$(echo $(stat -c %a . hello.txt))" "777 666"
same "inodes" "$(stat -c %i:%s:%b hello.txt)" "2:13:8"
same "inodes" "$(stat -c %i:%s:%b subdir)" "3:4096:8"
same "inodes" "$(stat -c %i:%s:%b subdir/names.txt)" "4:16:8"
same "inodes" "$(stat -c %i:%s:%b subdir/big_img.jpeg)" "5:29296:64"
same "inodes" "$(stat -c %i:%s:%b subdir/big_txt.txt)" "6:4169:16"
cp subdir/big_img.jpeg subdir/big_txt.txt /tmp/
printf 'Hello world!\n' > /tmp/hello.txt

# to append
cat subdir/big_img.jpeg >> subdir/big_txt.txt || fail append
same "big_txt.txt" "$(stat -c %s:%b subdir/big_txt.txt)" "33465:72"
cat /tmp/big_txt.txt /tmp/big_img.jpeg > /tmp/sum
cmp subdir/big_txt.txt /tmp/sum || fail "big_txt.txt differs"
cat /tmp/big_txt.txt >> hello.txt || fail append
same "hello.txt" "$(stat -c %s:%b hello.txt)" "4182:16"
cat /tmp/hello.txt /tmp/big_txt.txt > /tmp/sum
cmp hello.txt /tmp/sum || fail "hello.txt differs"
sync

# to change in the middle
cp /tmp/hello.txt edit.txt
printf 4118 | dd of=edit.txt bs=1 seek=7 conv=notrunc status=none
same "edit.txt" "$(cat edit.txt)" "Hello w4118!"
rm edit.txt

# a gap
printf start > gap; printf end | dd of=gap bs=4096 seek=101 conv=notrunc status=none || fail gap
dd if=gap of=/tmp/gap bs=4096 skip=1 count=100 status=none; zeros 100 > /tmp/zeros
cmp /tmp/gap /tmp/zeros || fail "the gap is not zeros"
same "behind the gap" "$(dd if=gap bs=4096 skip=101 status=none)" "end"
rm gap

# empty, longer, shorter
touch empty
same "empty" "$(stat -c %s:%b empty)" "0:0"
yes | dd of=empty bs=4096 count=5 iflag=fullblock status=none
dd if=/dev/null of=empty bs=1 seek=5000 status=none
same "shorter" "$(stat -c %s:%b empty)" "5000:16"
dd if=/dev/null of=empty bs=1 seek=20000 status=none
dd if=empty of=/tmp/tail bs=1000 skip=5 status=none
dd if=/dev/zero of=/tmp/zeros bs=1000 count=15 status=none
cmp /tmp/tail /tmp/zeros || fail "behind the old end are not zeros"
: > empty
same "emptied" "$(stat -c %s:%b empty)" "0:0"
rm empty

# for ever
before=$(stat -f /mnt)
for r in 1 2 3 4 5 6 7 8 9 10; do
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do touch t$i || fail "touch t$i in round $r"; done
	rm t1 t2 t3 t4 t5 t6 t7 t8 t9 t10 t11 t12 t13 t14 || fail "rm in round $r"
done
same "room" "$(stat -f /mnt)" "$before"

# removed and still open
exec 3> open 4< open
rm open
echo still here >&3
same "the open file" "$(cat <&4)" "still here"
exec 3>&- 4>&-
same "room" "$(stat -f /mnt)" "$before"

# folders and names
mkdir d d/e
refused rmdir d
refused rm d
refused touch xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
echo 1 > na; echo 2 > name; refused cat nam
mv na d/e/x; ln d/e/x y; same "links" "$(stat -c %h y)" "2"
rm -r d name y || fail "rm -r"

# programs
cp /bin/sh prog; chmod 755 prog
same "a program" "$(./prog -c 'echo from the disk')" "from the disk"
rm prog

# another time
cd / && umount /mnt || fail umount
mount -t $type $dev /mnt || fail "mount again"
cmp /mnt/hello.txt /tmp/sum || fail "hello.txt differs after mount"
same "big_txt.txt" "$(stat -c %s:%b /mnt/subdir/big_txt.txt)" "33465:72"
umount /mnt || fail umount
rm /tmp/*
echo "OK $layout"
