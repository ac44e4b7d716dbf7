# Builtins.
cd "$1" || exit
mkdir dir; cd dir; echo "${PWD#$1}" "$(basename "$(pwd)")"; cd ..; cd - | sed "s,$1,T,"; cd "$OLDPWD"; cd nosuch 2>/dev/null || echo failed
test -e dir && test -d dir && [ ! -f dir ] && echo ok; : > file; [ -f file ] && [ ! -s file ] && [ -r file ] && echo ok
[ a = a ] && [ a != b ] && [ 1 -lt 2 ] && [ 2 -ge 2 ] && [ -n x ] && [ -z "" ] && [ x ] && [ ! "" ] && echo ok
[ a = b ]; echo $?; [ 1 -eq x ] 2>/dev/null; echo $?; [ ]; echo $?; test; echo $?; [ "!" = x ]; echo $?; [ -f = -f ]; echo $?; [ ! ]; echo $?
[ a = a -a b = b ] && [ a = b -o b = b ] && [ \( a = b -o c = c \) -a d = d ] && echo ok; [ "(" = "(" ] && echo paren
echo -n no newline; echo; echo 'tab\there' 'oct\0101' 'stop\c' unseen; echo; echo a  b "c  d"; echo; echo -- -x
printf '%s-%s\n' a b c; printf '%d %5d|%-5d|%05d %x %X %o %c %%\n' 42 42 42 42 255 255 8 xyz; printf 'no args %s %d\n'; printf '\101\t|\n'
printf '%b|%s|' 'a\tb\0101' 'a\tb'; printf '%.3s|%5s|%-5s|\n' abcdef ab ab; printf '%*d %.3d %+d\n' 5 42 7 3; printf '%d %d\n' 0x10 "'A"; printf "%s\n" "$@" | sed "s,$1,T,"
true; echo $?; false; echo $?; :; echo $?; : arg $(echo x); type cd read | head -2; command -v cd; command -v nosuch; echo $?
f() { echo func; }; command -v f; type f; command echo via command; echo() { printf 'my echo\n'; }; echo a; command echo b; unset -f echo
set -- a b c; shift; echo $*; shift 2; echo $#; set -- -x y; echo $1; set a b; echo $2
umask 027; umask; umask 22; umask; x=1; unset x; echo ${x-gone}; export XX=1; env | grep '^XX='; unset XX; env | grep '^XX='
trap 'echo trapped' USR1; kill -USR1 $$; echo after; trap - USR1; trap '' USR1; kill -USR1 $$; echo ignored; sh -c 'kill -USR1 $$; echo inherited'
trap 'echo usr2 $?' USR2; (exit 3); kill -USR2 $$; trap - USR2
(trap 'echo bye' EXIT; echo in sub); (trap 'echo bye $?' 0; exit 3); echo $?; sh -c 'trap "echo e1" EXIT; sh -c "exit 2"; true'
sh -c 'trap "echo got; exit 5" TERM; kill $$; echo no'; echo $?; (trap 'echo x' INT; trap)
sleep 0 & p=$!; wait $p; echo $?; (exit 7) & wait $!; echo $?; wait; echo $?; sh -c 'kill -TERM $$' 2>/dev/null & wait $! 2>/dev/null; echo $?
. /dev/null; echo $?; wait 999999 2>/dev/null; echo $?; { sleep 0.1; echo bg; } & wait; echo done
sh -c 'echo "$0" "$@" $#' name a "b c"; sh -c 'exit'; echo $?; sh -c ''; echo $?; echo 'echo "$0|$1"' > s; sh s arg | sed "s,^$1/,,"
sh -e -c 'false; echo no'; echo $?; sh -ec 'false || echo yes'; sh -s x y <<'E'
echo "$1 $2"
E
chmod +x s; ./s viaexec | sed 's,.*/,,'; printf '#!/bin/sh\necho hashbang $1\n' > t; chmod +x t; ./t q
(exec echo replaced; echo no); (exec nosuchcmd 2>/dev/null; echo no) 2>/dev/null; echo $?; exec 3<&0; sh -x -c 'echo traced "a b"' 2>&1
x=$(set -e; false; echo no); echo "$? [$x]"; echo $(( $(echo 1) + 1 )); : $((n=5)); echo $n; readonly R=1; readonly | grep '^readonly R='; export -p | grep -c PATH=
while getline=$(echo x); do echo $getline; break; done; kill -0 $$; echo $?; kill -0 999999 2>/dev/null; echo $?; exit 9
