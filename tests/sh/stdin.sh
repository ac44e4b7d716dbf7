# teak only: a script on standard input shares it with its commands, to the byte; messages.
exec 2>&1
sh <<'E'
echo from stdin
read x
this is data
echo "x=$x"
E
printf 'echo a\nread v\nDATA\necho "v=$v"\n' | sh
