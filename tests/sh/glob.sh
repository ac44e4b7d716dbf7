# File names and patterns.
cd "$1" || exit
mkdir d1 d2 d2/sub .hid; : > a.c; : > b.c; : > ab.h; : > 'sp ace'; : > d1/x.c; : > d2/y.c; : > d2/sub/z.c; : > .dot; : > '*'
echo *
echo *.c ?.c [ab].c [!a].c [a-b]*.h d*/*.c */*/*.c nothing* "*".c '*'
echo .d* .* | tr ' ' '\n' | grep -v '^\.*$'
echo d?/ d*/sub/../y.c ./*.c "$PWD"/a* | sed "s,$PWD,DIR,g"
v='*.c'; echo $v "$v" \*.c '*'.c
for f in sp*; do echo "<$f>"; done
echo \* [*] [a d1/[x]* *"*"
set -f; echo *.c; set +f
IFS=.; echo *.c; unset IFS
m() { case $1 in $2) echo "$1 ~ $2";; *) echo "$1 !~ $2";; esac; }
m abc 'a*'; m abc '*b*'; m abc '?b?'; m abc '??'; m abc '[a-c]*'; m abc '[!a]*'; m abc abc; m '' '*'; m '' '?'
m a]b 'a[]]b'; m a-b 'a[x-]b'; m aXb 'a[[:upper:]]b'; m a5b 'a[[:digit:][:space:]]b'; m 'a[b' 'a[b'; m aaaaaaaaab '*a*a*a*a*a*b*c'
m 'a*c' 'a\*c'; m abc 'a\*c'; m .x '*'; m a/b 'a*b'
case 'a*c' in "a*c") echo quoted;; esac
case abc in "a*c") echo bad;; 'a'*) echo good;; esac
case x in a|b|x) echo one of;; esac
case z in (a) echo a;; (z) echo z;; esac
case nothing in a) ;; esac; echo $?
