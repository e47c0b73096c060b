import { describe, expect, test } from 'vitest';
import { commandsIn, readLine } from './pretend.ts';

describe('what a command carries is read', () => {
  test.each<[line: string, ...commands: string[]]>([
    ['sudo a b', 'a b'],
    ['sudo -u root -E X=1 a b', 'a b'],
    ['sudo -- a -b', 'a -b'],
    ['doas -u x a', 'a'],
    ['env -i A=1 -u B a b', 'a b'],
    ["env -S 'a b' c", 'a b c'],
    ['nohup nice -n 5 ionice -c3 a', 'a'],
    ['timeout --signal KILL 5 a', 'a'],
    ['time -p a', 'a'],
    ['stdbuf -oL a', 'a'],
    ['setsid -w a', 'a'],
    ['command a; builtin echo; exec a b', 'a', 'a b'],
    ["su - deploy -c 'a b'", 'a b'],
    ["su root -c 'a b'", 'a b'],
    ['strace -f -e trace=file a', 'a'],
    ['xargs -n 1 a b < /dev/null', 'a b …'],
    ['echo x y | xargs -n1 a', 'a x', 'a y', 'a x y'],
    ['echo x | xargs -I{} a {} -{}', 'a x -x'],
    ["printf '%s\\0' 'x y' z | xargs -0 a", 'a x y z'],
    ['echo "\'x y\' z" | xargs a', 'a x y z'],
    ['find . -name "*.log" -exec a {} \\; -o -exec b {} +', 'a ./*.log', 'b ./*.log'],
    ['find . -exec sh -c \'a "$1"\' _ {} \\;', 'a .'],
    ['parallel a ::: x y', 'a x', 'a y'],
    ["ssh -p 22 host 'a b; c'", 'a b', 'c'],
    ['docker run --rm -e X=1 -v /a:/b image a b', 'a b'],
    ['docker exec -it web a b', 'a b'],
    ['docker compose run --rm web a', 'a'],
    ["kubectl exec -n x pod -- sh -c 'a b'", 'a b'],
    ['npx a b', 'a b'],
    ['poetry run a b', 'a b'],
    ['bundle exec a b', 'a b'],
    ['aws-vault exec prod -- a b', 'a b'],
    ["flock /tmp/l -c 'a b'", 'a b'],
    ["watch -n 5 'a b'", 'a b'],
    ["script -c 'a b' /dev/null", 'a b'],
    ["bash -lc 'a b' x", 'a b'],
    ["bash -o pipefail -c 'a b'", 'a b'],
    ["zsh -c 'a'", 'a'],
    ["busybox sh -c 'a b'", 'a b'],
    ["git -c alias.x='!a b' x c", 'a b c'],
    ["GIT_SSH_COMMAND='a b' git fetch", 'a b'],
    ['git bisect run a b', 'a b'],
    ["git submodule foreach 'a b'", 'a b'],
    ["git rebase -x 'a b' main", 'a b'],
    ["tar cf x --checkpoint=1 --checkpoint-action=exec='a b' y", 'a b'],
    ["echo '0 5 * * * a b' | crontab -", 'a b'],
    ["echo 'a b' | at now", 'a b'],
    ['chroot /mnt a b', 'a b'],
    ['coproc a b', 'a b'],
    ['sudo -nu root a b', 'a b'],
    ['nix run nixpkgs#a -- b', 'a b'],
    ['nix run .#packages.x86_64-linux.a -- b', 'a b'],
    ["screen -dmS x a b; screen -S x -X stuff 'c d\\n'", 'a b', 'c d'],
    ['aws ssm send-command --document-name X --parameters \'commands=["a b","c"]\'', 'a b', 'c'],
    ["aws ssm send-command --parameters commands='a b' --targets Key=x", 'a b'],
    ['aws ssm send-command --parameters \'{"commands":["a b"]}\'', 'a b'],
    ["MANPAGER='a b' man ls; EDITOR='c d' crontab -e", 'a b', 'c d'],
    ["psql -c '\\! a b'; sqlite3 x '.shell c d'; mysql -e '\\! e f'", 'a b', 'c d', 'e f'],
    ["make SHELL='a b' x", 'a b'],
    ['$(command -v a) b', '…/a b'],
    ["find . | grep -E '\\.pyc$' | xargs a", 'a ./found-*'],
    ['find . | grep . | xargs a', 'a .'],
    ['echo a b | grep a | xargs c', 'c a b'],
    ['find . | grep -v x | xargs a', 'a …'],
    ["bash -euo pipefail -c 'a b'", 'a b'],
    ["bash -euxo pipefail -O extglob -c 'a b'", 'a b'],
    ['pkexec --user root a b', 'a b'],
    ['gosu postgres a b', 'a b'],
    ["pdsh -w 'web[1-9]' a b; pssh -h hosts -i 'c d'; fab -H x -- e f", 'a b', 'c d', 'e f'],
    ['envconsul -prefix x a b; devbox run -- c; tfenv exec d', 'a b', 'c', 'terraform d'],
    ["zip -TT 'a b' x.zip y", 'a b'],
    [
      "ssh -o ProxyCommand='a b' host; ssh -oLocalCommand=c host; ssh -o 'RemoteCommand e f' host",
      'a b',
      'c',
      'e f',
    ],
    ["aws ssm start-session --target i-1 --parameters command='a b'", 'a b'],
    ["(crontab -l; echo '0 5 * * * a b') | crontab -", 'a b'],
    ['kubectl run x --rm -it --image=amazon/aws-cli -- s3 ls', 'aws s3 ls'],
    ['kubectl run x --image amazon/aws-cli --command -- a b', 'a b'],
    ["a >(b) <<< c; echo 'd e' > >(sh)", 'a /dev/fd/63', 'b'],
    ['v=; [ "$X" ] && v=-u; sudo $v root a', 'a', 'root a'],
  ])('%s', (line, ...commands) => {
    const found = commandsIn(line);
    expect(commands.filter((command) => !found.includes(command))).toEqual([]);
  });

  test.each<[line: string, ...not: string[]]>([
    ['command -v a', 'a'],
    ['PAGER=a man b', 'a'],
    ["psql -c 'SELECT 1'", '1'],
    ['sudo -l a', ''],
    ["echo 'a b' | cat", 'a b'],
    ["git commit -m 'a b'", 'a b'],
    ['man a', 'a'],
    ["bash -n -c 'a b'", 'a b'],
    ['ssh -o User=a host', 'a'],
    ['go test a', 'a'],
    ["grep 'a b' x", 'a b'],
  ])('%s carries nothing', (line, ...not) => {
    const found = commandsIn(line);
    expect(not.filter((command) => found.includes(command))).toEqual([]);
  });

  test('the way to a command is told, outermost first', () => {
    const found = readLine("sudo env X=1 bash -c 'xargs a'").commands.find(
      ({ words: [program] }) => program?.kind === 'known' && program.text === 'a',
    );
    expect(found?.via).toEqual(['sudo', 'env', 'bash -c', 'xargs']);
    expect([...(found?.environment.keys() ?? [])]).toContain('X');
  });

  test.each([
    ['env -C /srv/x a', '/srv/x'],
    ['env --chdir=/srv/x a', '/srv/x'],
    ['sudo -D /srv/x a', '/srv/x'],
    ['env -C sub a', '/home/dev/project/sub'],
    ['docker run -v "$PWD:/w" -w /w image a', '/home/dev/project'],
    ['docker run --mount type=bind,src=/srv/x,dst=/w --workdir=/w/y image a', '/srv/x/y'],
    ['docker run -v data:/w -w /w image a', undefined],
    ['docker run -v /x:/y -w /w image a', undefined],
  ])('%s runs in %s', (line, directory) => {
    const found = readLine(line).commands.find(
      ({ words: [program] }) => program?.kind === 'known' && program.text === 'a',
    );
    expect(found).toBeDefined();
    expect(found?.cwd).toBe(directory);
  });

  test('elsewhere, the directory is not known', () => {
    const cwds = readLine('docker exec web a; ssh h a; kubectl exec p -- a')
      .commands.filter(({ words: [program] }) => program?.kind === 'known' && program.text === 'a')
      .map(({ cwd }) => cwd);
    expect(new Set(cwds)).toEqual(new Set([undefined]));
  });
});
