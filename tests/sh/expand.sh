# Parameter expansion, quoting, field splitting.
x=5; y="a b  c"; unset z
echo $x $y "$y" ${#y} ${x:-d} ${z:-d e} "${z:-d  e}" ${x:+set} "[${z:+set}]"
echo "${z=assigned}" $z; e=; echo "[${e-unset}] [${e:-empty}] [${e+set}] [${e:+full}]"
p=/usr/local/lib.tar.gz
echo ${p##*/} ${p%.*} ${p%%.*} ${p#*/} "${p%"${p#?}"}" "${p#'*'}"
star='*'; echo "${p#"$star"}" ${p##$star/}
count() { echo $#; }
count; count ""; count "" ''; count $z$e; count $e; count "$e"; count a"$e"b
set -- 1 "2 3" ""; count "$@"; count $@; count $*; count "$*"; count x"$@"y
for a in "$@"; do echo "<$a>"; done
for a do echo "{$a}"; done
echo "$*"; IFS=,; echo "$*" $*; IFS=; echo "$*"; unset IFS; echo "$*"
set --; count "$@"; count "$*"; count x"$@"; count ${1+"$@"}
IFS=:; v=a:b::c:; count $v; for f in $v; do echo "[$f]"; done
IFS=': '; v=' a : b  c :: d '; for f in $v; do echo "[$f]"; done
IFS=x; v=axbxxc; for f in $v"x"$v; do echo "[$f]"; done; unset IFS
echo 'single $x `no` \' "double \$x \`\" \\ \a $x" back\ slash\
joined
echo "a'b" 'c"d' "${z:-it's}" "${nope:-'q'}" ${nope:-'q q'} "${nope:-"in ner"}"
echo ${nope:-${nope2:-${nope3:-deep}}} "${nope:-$(echo "sub  shell")}"
set -- a b c d e f g h i j k; echo $10 ${10} ${11} $# ${#}; shift 3; echo $1 $#
echo $((1+2*3)) $(( (1+2)*3 )) $((7/2)) $((-7/2)) $((-7%3)) $((1<<10)) $((0x1f+010)) $((~0)) $((!5))
i=3; echo $((i+=4)) $i $((i==7 ? 10 : 20)) $((i>3 && i<9)) $((0 || 0)) $((i&6|1^3)) $(($i*2)) $((i <<= 2)) $i
echo $(( 1 ? 2 : 3 ? 4 : 5 )) $((1-1-1)) $((2*3%4)) $((-(-3))) $((9223372036854775807+1))
echo $((0 && (j=5))) ${j-unset} $((1 || (j=6))) ${j-unset}
echo "$((1+
2))" $((`echo 4`+$(echo 5)))
echo a$(echo b; echo; echo)c "$(printf 'x\n\ny\n\n')" `echo \`echo nested\` "q  q"` "`echo "in  q"`"
v=$(exit 7); echo $?; v=$(echo out; exit 3) || echo failed $? $v
echo $(case x in x) echo paren;; esac) $( (echo sub) ) "$(echo ")")" # comment )
echo a#b '#' #c
w='a b'; r=$w; echo "$r"; r=$w"c  d"; echo "$r"; r=`echo $w`; echo "$r"
export E="x y" F=$w; sh -c 'echo "$E" "$F"'
A=1 B=$A sh -c 'echo "[$A] [$B]"'; echo "[$A]"
A=0; A=1; echo ${A}2$A; set -- "$@"; echo ${#x} ${#nope} ${#1}
(unset nope; echo ${nope?} 2>/dev/null; echo not reached); echo $?
(: ${nope:?}) 2>/dev/null; echo $?
readonly ro=1; (ro=2; echo not reached) 2>/dev/null; echo $? $ro
set -u; (echo $nope; echo no) 2>/dev/null; echo $?; echo ${nope-ok}; set +u
q='$x `y`'; eval "echo \"$q\" '$q'" 2>/dev/null
echo "\$" "a\
b" \\ "\\" '\\' \" "$" $ a$
