# The shell's own language: loops, pipes, here-documents, traps, substitution, read, functions.
for i in 1 2 3; do
	for j in a b; do printf '%s%s\n' $i "$j $j"; done
done | while read -r first rest; do echo "$first then $rest"; done
n=0
while [ $n -lt 200 ]; do n=$((n + 1)); done; echo $n
until [ $n -le 190 ]; do n=$((n - 1)); [ $n -eq 195 ] && break; done; echo $n
echo "a $(echo "b $(echo c)") `echo d`"
cat <<END
here $((6 * 7)) and $(echo there)
END
cat <<'END' | tr a-z A-Z
not $((expanded))
END
cat <<-END
	without tabs
	END
twice() { local x=$1; echo "$x$x"; return 3; }
twice ab; echo "status $?"
case file.tar.gz in *.zip) echo zip ;; *.tar.*) echo tar ;; esac
x=path/to/file.c; echo ${x##*/} ${x%.c} ${x:-unset} ${y:-unset} ${#x}
printf '1 2\n3 4\n' | { read a b; read c d; echo $((a * b + c * d)); }
IFS=: read -r user _ uid _ <<END
root:x:0:0
END
echo "$user $uid"
(cd /tmp && pwd; exit 4); echo "subshell $?"
false | true; echo "pipe $?"
set -- one "two words" three; for w in "$@"; do echo "[$w]"; done; shift; echo $# "$1"
yes | head -n 3 | wc -l
seq 100000 | (sleep 0.1; tail -n 1)
(trap 'echo on the way out' EXIT; exit 0)
trap 'echo caught' USR1; kill -USR1 $$; trap - USR1
(sleep 30; echo never) & kill $!; wait $! 2>/dev/null; echo "killed $?"
for i in 3 2 1; do (sleep 0.$i; echo "slept $i") & done; wait
echo out 2>&1 >/dev/null; ls /none 2>&1; ls /none 2>/dev/null; echo $?
exec 5>/tmp/five; echo to five >&5; exec 5>&-; cat /tmp/five; rm /tmp/five
busy() { while :; do :; done; }; busy & p=$!; kill -STOP $p; kill -CONT $p; kill -9 $p; wait $p 2>/dev/null; echo $?
timeout 0.2 sleep 30 2>/dev/null; echo "timeout $?"
eval 'v=1; echo $v'; unset v; echo "${v-none}"
test -d / -a ! -f / && echo folder
