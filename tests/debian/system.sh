# What the system says about itself. Figures that change are only checked to be figures.
uname -s -m; hostname
date -u -d @1234567890; date -u -d '2024-02-29 12:00' '+%j %A'; [ $(date +%s) -gt 1600000000 ] && echo the clock is set
df -k / | awk 'NR == 2 { print NF, ($2 > 1000 && $3 > 100 && $4 > 0 ? "blocks" : $0), $6 }'
mount | grep -c ' on / type '; grep -c . /proc/mounts > /dev/null && echo mounts
mkdir m; mount -t ramfs none m && echo x > m/x && umount m && ls m && echo mounted and unmounted; rmdir m
free | awk '/^Mem/ { print NF, ($2 > 20000 && $3 > 0 && $2 == $3 + $4 + $6 || $2 > $3 + $4 ? "kB" : $0) }'
ps > p; grep -c '[s]ystem.sh' p; rm p; ps -o pid,ppid,comm | awk '$1 == 1 { print $2, $3 != "" }'
sh -c 'ps -o pid,args' | grep -c 'sh -c [p]s'
top -b -n1 | awk '/^Mem:/ { m = 1 } /^CPU:/ { c = 1 } /top -b -n1/ { t++ } END { print m, c, t }'
uptime | grep -c 'load average'; expr $(nproc) - $(grep -c ^processor /proc/cpuinfo); id -u; id -un 2>/dev/null || echo no name; whoami 2>/dev/null || echo nobody
sleep 100 & p=$!; sleep 0.1; kill -0 $p && echo alive; pidof sleep > /dev/null && echo found; cat /proc/$p/comm
tr '\0' ' ' < /proc/$p/cmdline; echo; readlink /proc/$p/exe | sed 's/.*\///'; kill $p; wait $p 2>/dev/null; kill -0 $p 2>/dev/null || echo dead
time -p true 2>&1 | sed 's/[0-9.]*$//'; cat /proc/uptime | awk '{ print NF }'
ulimit -n; ulimit -s; umask 027; touch u; stat -c %a u; umask 022; rm u
[ -c /dev/null ] && echo x > /dev/null && wc -c < /dev/null
head -c 20 /dev/zero | od -An -tx1 | tr -d ' \n'; echo; head -c 4000 /dev/urandom | gzip | wc -c | awk '{ print ($1 > 3900) }'
echo x > /dev/full; env -i A=1 env; hostname teak2 && hostname; hostname teak; which none || echo none
chroot / $BUSYBOX echo chroot; mkfifo f && { echo through a fifo > f & cat f; wait; }; rm f; usleep 1000; busybox 2>/dev/null | head -n 1 | cut -c 1-9
mknod n c 1 3 && echo x > n && stat -c '%F %t %T' n; rm n; setsid sh -c 'echo session'; nohup echo hup 2>/dev/null
dmesg | grep -c 'Unable to handle'; seq 3 | tee t1 | tail -n 1; cat t1 | wc -l; watch -t true < /dev/null > /dev/null & sleep 0.2; kill $!; wait $! 2>/dev/null; echo $?
