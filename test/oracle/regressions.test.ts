import { afterAll, describe, expect, test } from 'vitest';
import { compare, emptyTally } from './compare.ts';
import { describeMiss } from './run.ts';
import { findProgram, makeSandbox } from './sandbox.ts';

/** What the oracle once found: of each of these, bash ran something that the reading had not. */
const found: readonly string[] = [
  // values
  'v=\ng()(tool $v)\nv=z g',
  'v==\nf(){\nunset v;tool $v\n}\nv= f',
  'v=\nfunction g {\nlocal v\ntr "$v"\n}\nv=z g',
  "v=\"rm a\"; bash -c '$v b'; export v; bash -c '$v c'",
  'v=;trap \'tool "$v"\' EXIT;v=l',
  'unset v;tool${v+s}',
  'v=\n"sudo" ${v+""}',
  'v=$*;npm"${v:+z}"',
  'if ];then\np=y\nfi\naz $p}',
  'v=rm; test -e none && v=echo; $v -rf data',
  'readonly v=rm\nv=echo\n$v data',
  'for p;do\nS= read v<<<};done\nv=rm; for p in; do v=x; done; "$v" a',
  'x=\']\' v=$\'\\133\\x61b]\'; set -- ${2:-rm} "$v"; tool "$@"',
  'set "+"$w"";tool "$@"',
  'if tool;then\nfunction g {\nunset v;tool${v+t} x\n}\ng\nfi',
  'if(())then\narr=\nfi\nrm "${#arr[@]}"',
  'v=rm; for q in [nr]*.txt a; do for i in 2; do v=$v$i; tool $v; done; done',
  'v=rm; w=v; eval tool "\\$${w@E}"',
  'for w in \'\'${1+ y};do\ndeclare v="$w"\ndone\npython3""${v}',
  // loops that are left, items that fall through
  "for IFSX in '' b;do break;done;'g'it\"${IFSX}\"",
  'for w in \'\' b;do if tool;then continue;fi;w=c;done;git"$w"',
  'v=rm; case x in x) unset v;;& *) tool ${v:-a};esac',
  'v=rm; case x in a) other;; x) v=b;;& c) other;; *) tool $v;esac',
  "xargs tool <<EOF\ntool ${v:+'s t'}${HOME:+'s t'}\nEOF",
  'tool "${HOME:+\'$v\'}" "${unset1:=\'a b\'}" $unset1',
  'printf x%|xargs cmd-a',
  'declare -A map=([k]=~ []=);tool "${map[k]}"',
  'printf \'%s \' "${unset2:=$(basename a/)}" |xargs redis-cli',
  'set a $(o);npm $@o',
  'set a $(tool) b;npm x$@o',
  'rm $(echo [r]*|base64) $(echo *|rev)',
  'if tool;then list=();fi;list[1]=0;env "${list[@]%?}${list[@]/a/z}"',
  'h2(){ while read l;do v=$l;done<names.txt;};v=z h2;tool "$v"',
  'cd n;tool "$PWD" "$(pwd)"',
  'cd n||tool "$PWD"; cd tree && tool "$PWD"',
  // lists
  'declare map=(\'\' [j]=z);tool "$map"',
  'declare -A map=([k]=rm [j]=z); "${map[k]}" a; tool "${map[@]}"',
  'arr=(a b c);unset \'arr[1]\';tool "${arr[@]}"',
  'list=("" b)\ncurl ${list[@]:1}\'\'',
  'f() { tool "${@:1}" "${@:2}"; }; f push x',
  'list=()\ntouch "${list[*]}" "${list[@]}"',
  'arr=()\ntool "${arr[@]}${arr[*]}" "x"',
  'IFS=:;arr=("" ~)\nnice ${arr[@]}',
  'IFS=;set a b;tool "$*"',
  'arr=(*)\ndropdb ${arr[@]%?}',
  'list=(?m.txt)\ncp "$list"',
  'case x in\na) arr=(a b);esac\nawk "${#arr[@]}${arr[0]}"',
  'for w in $;do\narr=(b);tool "${arr[x]}"\ndone',
  'readarray arr<names.txt;tool "$arr"',
  // separators
  'v=a;IFS=a;tool $v',
  'while IFS=: read a b;do tool "$b";done< <(printf "%s\\n" :b)',
  'w="a"\nIFS=a eval \'tool$w\'',
  'w=" "\nif(())then\nunset IFS\nfi\ntool $w x',
  "IFS=,\nf(){\nw=$@''\n}\nf \"\" ''\ntool $w",
  'set 2;shift 2\ngit "$1"',
  "printf '%s\\n' $$'m' $?|xargs -I} cp }",
  'if tool;then\nfor w in "$";do :\ndone\nfi\nset a $w;tool $2',
  // words
  'cp \\~; aws a=~; read v<<<a=~; tool "$v"; list=(a=~); tool $list; rm ~$(:)',
  'v=\'h\'\nkubectl "${v/\\*}" "${v/"*"}"',
  'v=rm; tool ${v//*/-}',
  "export X={3..1}; tool \"$X\"; tool $(tee<<<{,''}); x={,''}; tool $x",
  'tool {1..500}',
  'x=\'a[$(tool hidden)]\';[[ x -eq 1 ]]; ((x)); tool "${v:x:1}"',
  "declare -i y='b[$(tool hidden)]'",
  'rm "$(echo a|tr -s a)" "$(basename -a b)"',
  'tool"$(echo $o \'\')"',
  // what is read
  "printf '%s\\0' \"\" 'a b'|xargs -0 sudo",
  'xargs -n1 rm<<< "m f"',
  'b|xargs helm',
  'echo \'"x y" z\' | xargs tool',
  "echo ' \\a b' | xargs -I} tool '}'",
  '{ echo a,b;}|xargs -d, helm',
  'echo ?m.txt>f1;xargs tool<f1; echo *|tee f2;tool "$(<f2)"',
  'mapfile lines< <(<rm.txt);tool "$lines"',
  'bash<<E\n\\`tool\\` \\$v\nE',
  "printf '%s\\n' \\\\|xargs -I} other }",
  "printf '%s\\n' $v'3' x|xargs -I} touch }",
  'awk"$(printf -n)" x; tool "$(printf %d abc)"',
  'mapfile lines< <(eval echo "*");tool "$lines"',
  'tool"$(eval echo\';y\')"',
  'env -Smv *',
  'rm y>(y) z',
  'rm a <(y)b',
  'w=3;false||dropdb "${unset2:=$w}";tool "${unset2:=x y}" $unset2',
  'tool "$((n++ % m=3))" "$(echo $((n++ % m=3)))"',
  'arr=("");mkdir \'\'${arr[@]:1}; set --; mkdir ""$@""; rm "$@"; rm "$v$@"',
  "eval echo $'\\'3'|{ read a;tool\"$a\";}",
  'v=;trap \'tool "$v"\' EXIT;v=t;a=($((=)));unset v',
  'v=rm w="";eval ${v} "\\$v${v@E}"',
  'set $1};cat>f4<<E\ntool \\$1\nE\n. f4',
  'if true;then IFS=a;fi;tool $PWD $HOME',
  'if [[ $v ]];then cd "$v";fi;echo "~">f1;echo>>f1;xargs tool<f1',
  'v=\'-\';sh "${v}${u}"<<<tool',
  "bash $u -c 'tool a'",
  "find tree -exec sh '{}' \\;",
  'find -exec {} \\;',
  'rm [$()]',
  'env {${-}..}',
  "cat>./a//b.sh<<'';sh a/b.sh\nrm",
  'r<()m',
  'rm ~- ~+; cd tree; rm ~-/x ~+',
  'v=$(<rm.txt);export IFSX={$v,};"awk" $IFSX}; export x={a,b}; tool "$x"',
  'command -v rm|xargs docker; $(command -v git) a',
  'set a -;tool $2; set -e b; tool $1; set -o pipefail c; tool $1; set - ; tool $1; set -- -x -y; tool $2; set +e -- z; tool $1',
  'tool b$(command -v rm)',
  'rm ~-f',
  'find -exec sh -c {} \\;',
  'npm"${t=`("{,}")`}"',
  'list=(*);touch ${list[@]:1}',
  'eval echo "$X#"|xargs docker',
  // carriers
  'sh -c \'redis-cli"$*"\' ${@} $',
  "sh -c 'mkdir$@' $1 a",
  'for w in alpha gamma;do env A="$w" rm a;done',
  'if tool;then o=-u;else o=-i;fi;env $o rm a',
  'v=rm;"$v""$(echo "{$((=))")"',
  'rm $()\\',
  'eval "tool a\\\\"',
  // files and descriptors
  "exec 3>f7;echo 'tool'>&3;. ./f7",
  "cat>s<<'E'\nredis-cli\nE\nbash s*",
  'cd "$(echo tree)"; echo \'tool "$1"\' > t.sh; if x; then cd deep; fi; echo \'tool b\' > u.sh; bash u.sh',
  // carriers
  'setsid -w git',
  "env -S'tool' x; env -S 'tool a' b",
  'command rm -v data',
  // where the grammar is wrong
  'b=1 bc=2; rm"$b\\\nc"',
  '"`cat"{,}"`}"',
];

const bash = findProgram('bash');

describe.skipIf(bash === undefined)('what bash runs is among what is read', () => {
  const sandbox = makeSandbox();
  afterAll(sandbox.remove);

  test.each(found)('%j', (script) => {
    const tally = emptyTally();
    compare([script], sandbox, tally);
    expect(tally.misses.map(describeMiss)).toEqual([]);
    expect(tally.scripts).toBe(1);
  });
});
