# SPDX-License-Identifier: MIT
#
# What test_ext2.py does to a disk, in the disk's root folder: by busybox in teak, with the path of it as
# the argument, and by the host's tools without.
set -e
b=$1

mkdir unpacked
cd unpacked
$b tar xf ../files.tar
# Half of it goes, from the middle of folders and whole folders.
for i in 0 2 4 6 8; do $b rm -r d$i; done
for i in 1 3 5 7 9; do $b rm -f d$i/*0-* d$i/*3-*; done

# Renamed: within a folder, to another one, onto a file, onto an empty folder, a folder with its "..".
for i in 1 3 5 7 9 11 13; do $b mv d$i new$i; done
$b mkdir -p moved/a/b target/empty
$b mv moved/a target
$b mv target/a moved
for f in d10/*; do $b mv "$f" moved/a; done
echo first > one; echo second > two
$b mv one two
$b mkdir gone; $b rmdir gone
cat two

# Links.
for i in 1 2 3 4 5 6 7 8 9 10; do $b ln two link$i; done
$b rm link3 link5
$b ln -s "$(printf 'long%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20)" slow
$b ln -s short fast
$b ln -s gone again; $b rm again

# A folder that grows over many blocks, and is emptied from both ends.
$b mkdir wide
i=0
while [ $i -lt 600 ]; do echo $i > wide/a-long-name-so-that-blocks-fill-up-$i; i=$((i + 1)); done
while [ $i -gt 400 ]; do i=$((i - 1)); $b rm wide/a-long-name-so-that-blocks-fill-up-$i; done
i=0
while [ $i -lt 100 ]; do $b rm wide/a-long-name-so-that-blocks-fill-up-$i; i=$((i + 1)); done

# Contents: appended, written in the middle, cut, with holes; over all that one level of blocks holds.
$b cat ../files.tar > copy
$b cp copy copy2
$b dd if=../bin/busybox of=copy2 bs=1000 seek=700 count=900 conv=notrunc 2> /dev/null
$b dd if=/dev/null of=copy2 bs=1 seek=1234567 2> /dev/null
printf tail >> copy2
$b dd if=../bin/busybox of=holes bs=3000 seek=200 count=3 2> /dev/null
$b dd if=../bin/busybox of=holes bs=3000 seek=7 count=3 conv=notrunc 2> /dev/null
$b dd if=/dev/null of=holes bs=1 seek=50000 2> /dev/null
$b dd if=/dev/null of=holes bs=1 seek=90000 2> /dev/null
$b rm copy
