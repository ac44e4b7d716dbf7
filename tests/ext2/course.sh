# SPDX-License-Identifier: MIT
#
# The course's session with a loop device: an image in a file, ext2 on it, mounted, used, unmounted; first step by
# step, then by mount -o loop. test_loop.py runs it by busybox's shell, in a folder of a disk:
#
#	course.sh BUSYBOX IMAGE
set -ex
b=$1
img=$2
here=$($b pwd)

$b dd if=/dev/zero of=$img bs=4096 count=500
dev=$($b losetup -f)
$b losetup $dev $img
$b losetup -a
$b mke2fs $dev		# which is its mkfs -t ext2
$b mkdir mnt
$b mount -t ext2 $dev mnt
$b mount | $b grep "^$dev on $here/mnt type ext2 (rw"
$b df -hT | $b grep "^$dev  *ext2 .* $here/mnt$"
echo "Hello, world" > mnt/hello.txt
$b mkdir -p mnt/subdir/deeper
$b cp $b mnt/subdir/busybox
mnt/subdir/busybox echo "a program of the image"
$b ln -s subdir/busybox mnt/link
$b ln mnt/hello.txt mnt/subdir/hello
$b dd if=/dev/urandom of=mnt/random bs=1k count=100
$b md5sum mnt/random mnt/subdir/busybox > sums
! $b umount $here
! $b losetup -d $dev || $b losetup -a | $b grep "^$dev:"	# in use: it goes with the umount
$b df -hT mnt
$b stat -f mnt
$b umount mnt
test -z "$($b ls mnt)"
test -z "$($b losetup -a)"

$b mount -o loop -t ext2 $img mnt
$b losetup -a | $b grep "^$dev: 0 .*$img"
$b md5sum -c sums
test "$($b cat mnt/subdir/hello)" = "Hello, world"
test "$($b stat -c %h mnt/hello.txt)" = 2
$b rm mnt/random
$b mkdir mnt/again
$b df -hT mnt | $b grep ext2
$b df -hT
$b umount mnt
test -z "$($b losetup -a)"

# Read-only, and with the device bound by hand and taken away by hand.
$b losetup -r $dev $img
$b mount -t ext2 -o ro $dev mnt
$b mount | $b grep "type ext2 (ro"
! $b touch mnt/no
$b umount mnt
$b losetup -d $dev
test -z "$($b losetup -a)"
$b rmdir mnt
$b sync
echo "session over"
