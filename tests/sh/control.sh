# Compound commands, functions, status.
if true; then echo 1; elif false; then echo 2; else echo 3; fi
if false; then echo 1; elif true; then echo 2; else echo 3; fi
if false; then echo 1; elif false; then echo 2; else echo 3; fi
if false; then echo 1; fi; echo $?
i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo w$i; done; echo $?
until [ $i -eq 0 ]; do i=$((i-1)); [ $i -eq 1 ] && continue; echo u$i; done
for a in 1 2 3; do for b in x y z; do [ $b = y ] && continue 2; [ $a = 3 ] && break 2; echo $a$b; done; done; echo end $a$b
for x in; do echo never; done; echo $?
while false; do :; done; echo $?
while :; do break; done; echo $?
for i in 1 2; do (exit 5); done; echo $?
f() { echo "f($#): $1"; [ "$1" -gt 0 ] || return 42; f $(($1-1)); }
f 3; echo $?
g() ( x=inner; echo $x; exit 4 )
x=outer; g; echo $? $x
h() { for q in 1 2 3; do [ $q = 2 ] && return $q; done; }
h; echo $? $q
io() { cat; } <<E
from the definition
E
io
k() { k() { echo redefined; }; echo first; }; k; k; unset -f k; k 2>/dev/null; echo $?
l() { local v=in; v2=glob; echo $v; m; }; m() { echo "m sees $v"; }; v=out; l; echo $v $v2
V=1 f 0; echo "[$V]"
{ echo a; echo b; } | while read l; do echo "got $l"; done
(cd /; pwd); { exit_in() { (exit 9); }; exit_in; }; echo $?
true && false || echo c; false && echo no; echo $?
! false; echo $?; ! true | false; echo $?; ! { true; }; echo $?
true | false; echo $?; false | true; echo $?; (exit 3) | (exit 4); echo $?
echo a && echo b || echo c; false || false && echo d; echo $?
case $(echo b) in a) echo a;; b) echo b; (exit 6);; esac; echo $?
nosuchcommand 2>/dev/null; echo $?; /etc/passwd 2>/dev/null; echo $?; / 2>/dev/null; echo $?; /nosuch/x 2>/dev/null; echo $?
sh -c 'kill -9 $$' 2>/dev/null; echo $?; sh -c 'exit 300'; echo $?
eval 'echo eval; (exit 8)'; echo $?; eval; echo $?; eval 'for i in 1 2; do' 'echo $i; done'
x=1; eval y=\$x; echo $y; z=y; eval echo \$$z
. ./lib.inc arg; echo $? $sourced
set -e; if false; then :; fi; false || true; ! true; while false; do :; done
(false; echo not reached); echo not reached either
