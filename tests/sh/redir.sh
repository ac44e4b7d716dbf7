# Redirections and here-documents.
cd "$1" || exit
echo one > f; echo two >> f; cat f; cat < f > g; cat g
echo err 2> e >&2; cat e; { echo o; echo e >&2; } > both 2>&1; cat both
nosuchcommand 2>/dev/null; echo $?; (cat < nosuchfile) 2>/dev/null || echo failed
(cat < nosuch) 2>/dev/null || echo failed; (echo x > /nosuch/dir) 2>/dev/null || echo failed
exec 3> three; echo to3 >&3; exec 3>&-; cat three; (echo x >&3) 2>/dev/null || echo closed
exec 4< f; read a <&4; read b <&4; read c <&4; echo $? "$a" "$b" "[$c]"; exec 4<&-
exec 5>&1; { echo hidden; echo shown >&5; } > h; cat h; exec 5>&-
x=v; cat <<E
$x \$x `echo cmd` $(echo sub) "q" 'q' \\ \a ${x:-"d"} ${none:-a b}
  $((1+2)) \
joined
E
cat <<'E'
$x `echo` \\ "q"
E
cat <<-E
	tabs gone
		$x
	E
cat <<A; cat <<B
a
A
b
B
cat <<E | tr a-z A-Z && echo after
pipe
E
while read l; do echo "[$l]"; done <<E
l1
 l2
E
f() { cat <<E
in function $1
E
}
f x; f y
if true; then cat <<E; fi
in if
E
echo "$(cat <<E
in sub $x
E
)"
read a b c <<E
1 2 3 4  5
E
echo "$a|$b|$c"
IFS=: read a b c <<E
x::z
E
echo "$a|$b|$c"; read -r a <<'E'
back\slash \
E
echo "$a"; read a b <<'E'
with\ space  joined \
next
E
echo "$a|$b"; read a </dev/null; echo $? "[$a]"
> empty; wc -c < empty | tr -d ' '; : > out; { echo 1; echo 2; } >> out; cat out
for i in 1 2; do echo $i; done > loop; cat loop; while read x; do echo "r$x"; done < loop
if true; then echo if; fi > iff; cat iff; (echo sub; echo sub2) > s; cat s
echo pre >f2 mid post; cat f2; >f3 echo x; cat f3; 2>&1 echo y
echo rw 1<> rwf; cat rwf; printf 'a\nb\n' | { read x; echo "x=$x"; cat; }
i=0; big=; while [ $i -lt 2000 ]; do big="$big line$i"; i=$((i+1)); done; cat <<E | wc -c | tr -d ' '
$big
E
yes 2>/dev/null | head -2; echo status
sh <<'E'
echo from stdin
E
