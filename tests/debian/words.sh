# Tools that read text: sed, awk, sort, cut, tr, grep, uniq, diff, xargs and more.
cat > fruit <<END
pear 3 green
apple 10 red
fig 2 brown
apple 7 green
END
sort fruit; sort -k2,2n fruit | head -n 1; sort -u -k1,1 fruit | wc -l
sed -n '2,3p' fruit; sed 's/\(.*\) \([0-9]*\) .*/\2 \1/; /^3/d' fruit
sed -i -e '1i\
first' -e 's/green/GREEN/' fruit; cat fruit; sed -i 1d fruit
awk '{ n[$1] += $2 } END { for (f in n) print f, n[f] }' fruit | sort
awk 'BEGIN { printf "%.3f %d %s\n", 2/3, 7/2, toupper("x"); while (i < 3) s = s i++; print s }'
awk -F: '{ print $NF; exit }' <<END
a:b:last
END
echo 'a line' | awk '{ "echo from a command" | getline x; print x; system("echo by system") }'
cut -d' ' -f2,3 fruit | tr -s ' ' '\t' | tail -n 2
echo hello | tr 'a-y' 'b-z' | rev
grep -n apple fruit; grep -c -i green fruit; grep -v -E '^(a|f)' fruit; grep -q kiwi fruit || echo no kiwi
printf '%s\n' a a b a | uniq -c | sed 's/^ *//'
cp fruit other; sed -i 's/fig/date/' other; diff fruit other; diff -u fruit fruit && echo no difference
diff -U0 fruit other | tail -n 2; diff -u fruit other | sed 1,2d > change; patch fruit change > /dev/null 2>&1
seq 12 | xargs -n 5 echo; printf 'a b\0c\0' | xargs -0 -n 1 echo
seq 3 | paste -s -d+ -; seq 3 | paste -s -d+ - | bc
echo '2^100; scale = 10; 1 / 7; sqrt(2)' | bc; echo '16 i FF p 2 3 ^ p' | dc
expr 6 \* 7; expr length word; echo $(printf '%o %x' 64 255)
fold -w 4 <<END
abcdefghij
END
seq 5 | tac | head -n 2; seq 9 | sed -n '$='
printf 'b 2\na 1\n' | sort > s1; printf 'a x\nb y\n' > s2; nl s2 | tr -s ' \t' '  '
hexdump -C <<END
teak
END
od -An -tx1 s2 | tr -s ' '; echo dGVhaw== | base64 -d; echo; strings /proc/self/exe | grep -c '^BusyBox v'
