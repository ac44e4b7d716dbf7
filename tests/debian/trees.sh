# Trees of files: find, tar, cpio, cp, gzip, checksums, dd, links and times.
mkdir -p tree/a/b tree/c; seq 1000 > tree/a/thousand; echo two > tree/a/b/two; ln -s ../a/b/two tree/c/link
head -c 100000 /dev/urandom > tree/c/random; chmod 640 tree/a/b/two; touch -d '2020-02-03 04:05:06' tree/a/thousand
find tree | sort
find tree -type f -size +20k; find tree -name 't*' -type f | sort | xargs wc -c | sed 's/^ *//'
find tree -type l -exec readlink {} \; ; find tree -perm 640; find tree -newer tree/a/thousand -name two
find tree -type f -print0 | xargs -0 md5sum > sums; md5sum -c sums 2>&1 | sort
tar cf t.tar tree; tar tvf t.tar | awk '{ print $1, $NF }' | sort
mkdir x; tar xf t.tar -C x; diff -r tree x/tree && echo tar: the same; stat -c '%Y %a %s' x/tree/a/thousand
mkdir bin; ln -s $BUSYBOX bin/gzip; PATH=$PWD/bin	# tar looks for it there
tar czf t.tgz tree; mkdir z; tar xzf t.tgz -C z; diff -r tree z/tree && echo tar.gz: the same
mkdir y; find tree | cpio -o -H newc 2>/dev/null > t.cpio; (cd y; cpio -i -d < ../t.cpio 2>/dev/null); diff -r tree y/tree && echo cpio: the same
cp -a tree w; diff -r tree w && echo cp: the same; stat -c %Y w/a/thousand; readlink w/c/link
rm -r w/c; diff -r tree w; mv w/a v; ls v; rmdir w && rm -r v && ls
gzip -c tree/c/random | gunzip | cmp - tree/c/random && echo gzip: the same
bzip2 -c tree/a/thousand > b.bz2; bunzip2 -c b.bz2 | md5sum; gzip b.bz2; gunzip -t b.bz2.gz && echo good
printf abc | md5sum; printf abc | sha1sum; printf abc | sha256sum; printf abc | sha512sum | cut -c 1-32; seq 100000 | md5sum
dd if=/dev/zero bs=64k count=16 2>/dev/null | tr '\0' x | md5sum
dd if=tree/a/thousand of=part bs=10 skip=3 count=2 2>/dev/null; od -c part | head -n 1
printf 4118 | dd of=part bs=1 seek=7 conv=notrunc 2>/dev/null; wc -c < part
truncate -s 1000 part; stat -c '%n %s %F %h' part; ln part again; stat -c %h part; unlink again; rm -f part none
cp tree/a/b/two in; chmod u=rwx,go=x in; stat -c %A in; du -s tree/a/b > /dev/null && mktemp -d | sed 's/\.[^.]*$//; s/[^.]*\///'
touch -d @1000000000 in; date -u -r in; cmp in tree/a/thousand; sync; ls -R tree
