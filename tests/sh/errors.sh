# teak only: what the shell says when something is wrong, and its status then.
exec 2>&1
t() { sh -c "$1"; echo "= $?"; }
t 'nosuchcommand'; t '/'; t '/nosuch/x'; t /etc/passwd
t '. ./nosuch.inc; echo not reached'; t 'exec nosuch; echo no'; t 'cd /nosuch'
t 'echo $(('; t 'echo ${x!}'; t 'if true; fi'; t 'fi'; t 'echo "abc'; t "echo 'abc"; t 'case x in'; t 'echo `x'; t 'for 1 in a; do :; done'
t 'x=1 | | y'; t 'echo )'; t '(echo'; t '{ echo'; t 'while do done'; t 'f( { :; }'; t 'echo ok
fi'; t '! '; t 'a &&'; t '<'; t 'echo ${x'; t 'echo <<E
text'
t 'echo $((1/0)); echo no'; t 'echo $((1+)); echo no'; t 'x=abc; echo $((x)); echo no'; t 'echo $((09))'
t 'echo ${x?}; echo no'; t 'echo ${x:?is not set}; echo no'; t 'set -u; echo $x; echo no'; t 'readonly r=1; r=2; echo no'; t 'readonly r=1; unset r'
t 'echo > /nosuch/file; echo on'; t 'cat < /nosuch; echo $?'; t ': < /nosuch; echo no'; t 'echo >&9'; t 'echo >&x'
t 'sh -c "kill -SEGV \$\$"'; t 'sh -c "kill -KILL \$\$"; echo on'; t 'sh -c "kill -TERM \$\$"'; t 'sh -c "kill -INT \$\$"; echo on'; t 'sh -c "kill -PIPE \$\$"'
t 'f() { f; }; f'; t 'export 1a=2'; t 'unset 1a'; t 'shift 3'; t 'break; echo on'; t 'return 4; echo no'; t 'exit x'; t 'kill'; t 'trap x NOSUCH'; t 'cd a b'; t 'wait %3'; t 'fg'
t '[ 1 -eq x ]'; t '[ a'; t 'test a b'; t '[ "(" a ]'; t 'printf %z'; t 'printf %d x'; t 'read 1x'; t 'set -q'; t 'umask 9'; t 'local x'
x=$(i=0; while [ $i -lt 300 ]; do printf '$('; i=$((i+1)); done); t "echo $x"
sh -q; echo "= $?"; sh -c; echo "= $?"; sh /nosuch; echo "= $?"
