/**
 * Programs that run what they are given. One row each; space-separated lists.
 *
 * `carries` says what follows the options and operands:
 * `argv` a program and its arguments · `shell` words that are joined into shell text · `texts` each word is shell text ·
 * `nothing` only what its options carry.
 */
export type Carrier = {
  readonly programs: string;
  /** Words that must come first: `run`, `compose exec`. */
  readonly after?: string;
  /** Options that take a value as the next word. */
  readonly values?: string;
  /** Options whose value is the directory that it runs in. */
  readonly directory?: string;
  /** How many words stand between the options and what is carried (the host of ssh, the duration of timeout). */
  readonly operands?: number;
  /** `NAME=value` before the command sets its environment. */
  readonly assignments?: true;
  readonly carries: 'argv' | 'shell' | 'texts' | 'nothing';
  /** Only what follows `--` is carried. */
  readonly dashes?: true;
  /** Options whose value is shell text. */
  readonly shellOptions?: string;
  /** Options after which everything is a program and its arguments. */
  readonly argvOptions?: string;
  /** Its last operand is a container image, whose entry point takes the words as arguments. */
  readonly image?: true;
  /** Without words it runs the shell text that it reads. */
  readonly input?: true;
  /** The program that the words it carries are arguments of. */
  readonly as?: string;
  /** What it carries is named as a package: `@scope/name@version`. */
  readonly packages?: true;
  /** What it carries runs on another machine or in another root: the directory is not this one. */
  readonly elsewhere?: true;
};

const nameValues = '-u --user -g --group';
const dockerRun =
  '--add-host --annotation -a --attach --blkio-weight --cap-add --cap-drop --cgroup-parent --cgroupns --cidfile --cpus --cpu-period --cpu-quota --cpu-shares -c --cpuset-cpus --cpuset-mems --detach-keys --device --dns --dns-option --dns-search --domainname --entrypoint -e --env --env-file --expose --gpus --group-add --health-cmd --health-interval -h --hostname --ip --ip6 --ipc --isolation -l --label --label-file --link --log-driver --log-opt --mac-address -m --memory --memory-reservation --memory-swap --mount --name --network --net --network-alias --oom-score-adj --pid --pids-limit --platform -p --publish --pull --restart --runtime --security-opt --shm-size --stop-signal --stop-timeout --storage-opt --sysctl --tmpfs --ulimit -u --user --userns --uts -v --volume --volume-driver --volumes-from -w --workdir';
const dockerGlobal = '-H --host --context --config -l --log-level --tlscacert --tlscert --tlskey';
const composeGlobal =
  '-f --file -p --project-name --profile --env-file --project-directory --ansi --parallel';
const kubectlGlobal =
  '-n --namespace --context --cluster --kubeconfig --user -s --server --token --as --as-group -c --container -f --filename --request-timeout --pod-running-timeout';

export const carrierTable: readonly Carrier[] = [
  {
    programs: 'sudo',
    values: `-u --user -g --group -h --host -p --prompt -C --close-from -D --chdir -R --chroot -T --command-timeout -U --other-user -r --role -t --type -a --auth-type -c --login-class`,
    directory: '-D --chdir',
    assignments: true,
    carries: 'argv',
  },
  { programs: 'pkexec', values: '-u --user', carries: 'argv' },
  { programs: 'gosu su-exec', operands: 1, carries: 'argv' },
  { programs: 'doas', values: '-u -C -a', carries: 'argv' },
  {
    programs: 'su',
    values: '-g --group -G --supp-group -s --shell -w --whitelist-environment',
    shellOptions: '-c --command --session-command',
    carries: 'nothing',
  },
  {
    programs: 'runuser',
    values: `${nameValues} -G -s --shell -w`,
    shellOptions: '-c --command --session-command',
    carries: 'argv',
  },
  {
    programs: 'env',
    values: '-u --unset -C --chdir -P --default-signal --ignore-signal --block-signal -a --argv0',
    shellOptions: '-S --split-string',
    directory: '-C --chdir',
    assignments: true,
    carries: 'argv',
  },
  { programs: 'command', carries: 'argv' },
  { programs: 'builtin', carries: 'argv' },
  { programs: 'exec', values: '-a', carries: 'argv' },
  {
    programs:
      'nohup time unbuffer catchsegv linux32 linux64 systemd-inhibit dbus-run-session dbus-launch xvfb-run faketime proot fakeroot eatmydata torsocks torify proxychains proxychains4 caffeinate cpulimit rtkit daemonize nocache pidof-run gtimeout-run busybox toybox direnv-exec winpty wine sg-run',
    values:
      '-o --output -f --format --who --what --why --mode -a -s -e -n --server-args --auth-file -l -t -w',
    carries: 'argv',
  },
  { programs: 'setsid', carries: 'argv' },
  { programs: 'nice', values: '-n --adjustment', carries: 'argv' },
  { programs: 'ionice', values: '-c --class -n --classdata -p --pid', carries: 'argv' },
  {
    programs: 'chrt',
    values: '-T --sched-runtime -P --sched-period -D --sched-deadline',
    operands: 1,
    carries: 'argv',
  },
  { programs: 'taskset', operands: 1, carries: 'argv' },
  {
    programs: 'numactl',
    values: '-m --membind -N --cpunodebind -C --physcpubind -p --preferred -i --interleave',
    carries: 'argv',
  },
  { programs: 'prlimit', carries: 'argv' },
  { programs: 'timeout gtimeout', values: '-k --kill-after -s --signal', operands: 1, carries: 'argv' },
  { programs: 'stdbuf', values: '-i --input -o --output -e --error', carries: 'argv' },
  { programs: 'chroot', values: '--userspec --groups', operands: 1, carries: 'argv', elsewhere: true },
  {
    programs: 'unshare',
    values: '-R --root -w --wd -S --setuid -G --setgid --map-user --map-group --propagation',
    directory: '-w --wd',
    carries: 'argv',
  },
  { programs: 'nsenter', values: '-t --target -S --setuid -G --setgid', carries: 'argv', elsewhere: true },
  {
    programs: 'setpriv',
    values: '--reuid --regid --groups --inh-caps --ambient-caps --bounding-set --securebits --pdeathsig',
    carries: 'argv',
  },
  { programs: 'capsh', shellOptions: '-c', carries: 'nothing' },
  {
    programs: 'firejail bwrap',
    values: '--bind --ro-bind --dev --proc --tmpfs --chdir --setenv',
    carries: 'argv',
  },
  {
    programs: 'strace ltrace',
    values: '-e -o -p -s -u -E -a -P -I -O -S -b --trace --output --attach',
    carries: 'argv',
  },
  { programs: 'valgrind perf-stat gdbserver', carries: 'argv' },
  { programs: 'watch', values: '-n --interval -q --equexit', carries: 'shell' },
  { programs: 'entr', carries: 'argv' },
  {
    programs: 'watchexec',
    values: '-w --watch -e --exts -f --filter -i --ignore -d --debounce',
    carries: 'argv',
  },
  {
    programs: 'nodemon',
    values: '-w --watch -e --ext -i --ignore -d --delay',
    shellOptions: '-x --exec',
    carries: 'nothing',
  },
  {
    programs: 'flock',
    values: '-w --timeout -E --conflict-exit-code',
    operands: 1,
    shellOptions: '-c --command',
    carries: 'argv',
  },
  {
    programs: 'script',
    values: '-T --timing -O --log-out -I --log-in -B --log-io -E --echo -o --output-limit',
    shellOptions: '-c --command',
    carries: 'nothing',
  },
  { programs: 'scriptlive', shellOptions: '-c', carries: 'nothing' },
  {
    programs: 'systemd-run',
    values:
      '-u --unit -p --property --slice --description --uid --gid --nice --on-active --on-boot --on-calendar --working-directory -E --setenv -M --machine',
    directory: '--working-directory',
    carries: 'argv',
  },
  { programs: 'machinectl', after: 'shell', operands: 1, carries: 'argv', elsewhere: true },
  { programs: 'tmux', after: 'new-session', values: '-s -n -c -x -y -t -e -F -L -S -f', carries: 'shell' },
  { programs: 'tmux', after: 'new', values: '-s -n -c -x -y -t -e -F -L -S -f', carries: 'shell' },
  { programs: 'tmux', after: 'new-window', values: '-n -c -t -e -F -L -S', carries: 'shell' },
  { programs: 'tmux', after: 'neww', values: '-n -c -t -e -F -L -S', carries: 'shell' },
  { programs: 'tmux', after: 'split-window', values: '-c -t -e -F -l -p -L -S', carries: 'shell' },
  { programs: 'tmux', after: 'run-shell', values: '-t -d -L -S', carries: 'shell' },
  { programs: 'tmux', after: 'send-keys', values: '-t -N -L -S', carries: 'texts' },
  { programs: 'tmux', after: 'send', values: '-t -N -L -S', carries: 'texts' },
  { programs: 'screen', values: '-S -c -e -h -p -s -t -T', carries: 'argv' },
  {
    programs: 'ssh autossh',
    input: true,
    values: '-b -B -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w -M',
    operands: 1,
    carries: 'shell',
    elsewhere: true,
  },
  {
    programs: 'pdsh dsh clush',
    values: '-w -x -g -X -l -f -t -u -R -M -m',
    carries: 'shell',
    elsewhere: true,
  },
  {
    programs: 'pssh parallel-ssh',
    values:
      '-h --hosts -H --host -l --user -p --par -o --outdir -e --errdir -t --timeout -O --option -x --extra-args -X --extra-arg -g --host-glob',
    carries: 'shell',
    elsewhere: true,
  },
  {
    programs: 'fab',
    values: '-H --hosts -i --identity -c --collection',
    dashes: true,
    carries: 'shell',
    elsewhere: true,
  },
  { programs: 'sshpass', values: '-p -f -d -P', carries: 'argv' },
  { programs: 'mosh', values: '-p --ssh', operands: 1, carries: 'argv', elsewhere: true },
  {
    programs: 'docker podman nerdctl finch podman-remote',
    after: 'run',
    image: true,
    values: `${dockerGlobal} ${dockerRun}`,
    operands: 1,
    carries: 'argv',
    elsewhere: true,
  },
  {
    programs: 'docker podman nerdctl finch podman-remote',
    after: 'container run',
    image: true,
    values: `${dockerGlobal} ${dockerRun}`,
    operands: 1,
    carries: 'argv',
    elsewhere: true,
  },
  {
    programs: 'docker podman nerdctl finch podman-remote',
    after: 'exec',
    values: `${dockerGlobal} -e --env --env-file -u --user -w --workdir --detach-keys`,
    operands: 1,
    carries: 'argv',
    elsewhere: true,
  },
  {
    programs: 'docker podman nerdctl finch podman-remote',
    after: 'container exec',
    values: `${dockerGlobal} -e --env --env-file -u --user -w --workdir --detach-keys`,
    operands: 1,
    carries: 'argv',
    elsewhere: true,
  },
  {
    programs: 'docker podman nerdctl finch podman-remote',
    after: 'compose run',
    values: `${dockerGlobal} ${composeGlobal} -e --env --entrypoint -l --label --name -p --publish --pull -u --user -v --volume -w --workdir`,
    operands: 1,
    carries: 'argv',
    elsewhere: true,
  },
  {
    programs: 'docker podman nerdctl finch podman-remote',
    after: 'compose exec',
    values: `${dockerGlobal} ${composeGlobal} -e --env --index -u --user -w --workdir`,
    operands: 1,
    carries: 'argv',
    elsewhere: true,
  },
  {
    programs: 'docker-compose podman-compose',
    after: 'run',
    values: `${composeGlobal} -e --entrypoint -l --label --name -u --user -v --volume -w --workdir`,
    operands: 1,
    carries: 'argv',
    elsewhere: true,
  },
  {
    programs: 'docker-compose podman-compose',
    after: 'exec',
    values: `${composeGlobal} -e --env --index -u --user -w --workdir`,
    operands: 1,
    carries: 'argv',
    elsewhere: true,
  },
  {
    programs: 'kubectl oc k kubecolor microk8s.kubectl',
    after: 'exec',
    values: kubectlGlobal,
    operands: 1,
    carries: 'argv',
    elsewhere: true,
  },
  {
    programs: 'kubectl oc k kubecolor microk8s.kubectl',
    after: 'run',
    image: true,
    values: `${kubectlGlobal} --image --env -l --labels --overrides --port --restart --image-pull-policy`,
    dashes: true,
    carries: 'argv',
    elsewhere: true,
  },
  {
    programs: 'kubectl oc k kubecolor microk8s.kubectl',
    after: 'debug',
    values: `${kubectlGlobal} --image --target --profile`,
    dashes: true,
    carries: 'argv',
    elsewhere: true,
  },
  {
    programs: 'lxc incus',
    after: 'exec',
    values: '--cwd --env --user --group',
    operands: 1,
    carries: 'argv',
    elsewhere: true,
  },
  { programs: 'lxc-attach', values: '-n --name', carries: 'argv', elsewhere: true },
  { programs: 'vagrant', after: 'ssh', shellOptions: '-c --command', carries: 'nothing', elsewhere: true },
  {
    programs: 'multipass',
    after: 'exec',
    values: '-d --working-directory',
    operands: 1,
    carries: 'argv',
    elsewhere: true,
  },
  { programs: 'limactl', after: 'shell', values: '--workdir', operands: 1, carries: 'argv', elsewhere: true },
  {
    programs: 'wsl wsl.exe',
    values: '-d --distribution -u --user --cd',
    argvOptions: '-e --exec',
    carries: 'argv',
  },
  {
    programs: 'fly flyctl',
    after: 'ssh console',
    shellOptions: '-C --command',
    values: '-a --app -r --region',
    carries: 'nothing',
    elsewhere: true,
  },
  {
    programs: 'fly flyctl',
    after: 'console',
    shellOptions: '-C --command',
    values: '-a --app -r --region --image',
    carries: 'nothing',
    elsewhere: true,
  },
  {
    programs: 'fly flyctl',
    after: 'machine exec',
    values: '-a --app --timeout --config',
    operands: 1,
    carries: 'shell',
    elsewhere: true,
  },
  {
    programs: 'heroku',
    after: 'run',
    values: '-a --app -r --remote -s --size -e --env --type',
    carries: 'shell',
    elsewhere: true,
  },
  {
    programs: 'gcloud',
    after: 'compute ssh',
    values: '--project --zone --ssh-key-file --account',
    shellOptions: '--command',
    carries: 'nothing',
    elsewhere: true,
  },
  {
    programs: 'az',
    after: 'vm run-command invoke',
    values: '-g --resource-group -n --name --command-id',
    shellOptions: '--scripts',
    carries: 'nothing',
    elsewhere: true,
  },
  {
    programs: 'ansible',
    values:
      '-i --inventory -m --module-name -u --user -l --limit -e --extra-vars -f --forks -t --tree -M --private-key --become-user --become-method',
    shellOptions: '-a --args',
    operands: 1,
    carries: 'nothing',
    elsewhere: true,
  },
  { programs: 'salt salt-ssh', after: '* cmd.run', carries: 'shell', elsewhere: true },
  { programs: 'salt-call', after: 'cmd.run', carries: 'shell' },
  {
    programs: 'poetry uv pipenv pdm hatch rye pixi conda mamba micromamba',
    after: 'run',
    values: '-n --name -p --prefix --python --with --env --env-file -m --module -e',
    carries: 'argv',
  },
  {
    programs: 'uvx npx bunx pnpx',
    packages: true,
    values: '--from --with --python -p --package --cache',
    shellOptions: '-c --call',
    carries: 'argv',
  },
  { programs: 'pipx', after: 'run', packages: true, values: '--spec --python', carries: 'argv' },
  { programs: 'bundle', after: 'exec', carries: 'argv' },
  { programs: 'pnpm', after: 'dlx', packages: true, values: '--package -C --dir', carries: 'argv' },
  { programs: 'pnpm', after: 'exec', values: '-C --dir --filter -F', carries: 'argv' },
  { programs: 'yarn', after: 'dlx', packages: true, values: '-p --package', carries: 'argv' },
  { programs: 'yarn', after: 'exec', values: '--cwd', carries: 'argv' },
  {
    programs: 'npm',
    after: 'exec',
    packages: true,
    values: '--prefix -w --workspace --package',
    shellOptions: '-c --call',
    carries: 'argv',
  },
  {
    programs: 'npm',
    after: 'x',
    packages: true,
    values: '--prefix -w --workspace --package',
    shellOptions: '-c --call',
    carries: 'argv',
  },
  { programs: 'bun', after: 'x', packages: true, carries: 'argv' },
  { programs: 'lerna turbo', after: 'exec', values: '--scope --ignore', carries: 'argv' },
  { programs: 'direnv', after: 'exec', operands: 1, carries: 'argv' },
  {
    programs: 'aws-vault',
    after: 'exec',
    values: '-d --duration -n --no-session -r --region -m --mfa-token -t --backend',
    operands: 1,
    carries: 'argv',
  },
  { programs: 'op', after: 'run', values: '--env-file --account --session', carries: 'argv' },
  {
    programs: 'doppler infisical',
    after: 'run',
    values: '-p --project -c --config -t --token --env --path --projectId --command',
    shellOptions: '--command',
    carries: 'argv',
  },
  { programs: 'dotenv dotenvx', values: '-e -f -p -v --env --file', carries: 'argv' },
  {
    programs: 'dotenv dotenvx',
    after: 'run',
    values: '-e -f -p -v --env --env-file --file',
    carries: 'argv',
  },
  { programs: 'chamber', after: 'exec', operands: 1, carries: 'argv' },
  { programs: 'envchain', operands: 1, carries: 'argv' },
  { programs: 'sops', after: 'exec-env', operands: 1, carries: 'shell' },
  {
    programs: 'envconsul',
    values: '-prefix -secret -config -consul-addr -vault-addr -log-level -kill-signal -splay',
    carries: 'argv',
  },
  { programs: 'tfenv', after: 'exec', as: 'terraform', carries: 'argv' },
  { programs: 'devbox', after: 'run', values: '-c --config -e --env --env-file', carries: 'argv' },
  { programs: 'zip', shellOptions: '-TT --unzip-command', carries: 'nothing' },
  { programs: 'teller', after: 'run', carries: 'argv' },
  {
    programs: 'granted assume',
    values: '-r --region',
    operands: 1,
    argvOptions: '--exec',
    carries: 'nothing',
  },
  { programs: 'saml2aws', after: 'exec', values: '-a --idp-account --exec-profile', carries: 'argv' },
  {
    programs: 'nix-shell',
    values: '-p --packages -I -A --attr --argstr --arg',
    shellOptions: '--run --command',
    carries: 'nothing',
  },
  {
    programs: 'nix',
    after: 'develop',
    values: '--override-input',
    argvOptions: '-c --command',
    carries: 'nothing',
  },
  { programs: 'nix', after: 'shell', argvOptions: '-c --command', carries: 'nothing' },
  { programs: 'nix', after: 'run', packages: true, carries: 'argv' },
  { programs: 'guix', after: 'shell', dashes: true, carries: 'argv' },
  { programs: 'mise asdf rtx', after: 'exec', operands: 0, values: '-C --cd -j --jobs', carries: 'argv' },
  { programs: 'mise rtx', after: 'x', values: '-C --cd -j --jobs', dashes: true, carries: 'argv' },
  { programs: 'rbenv pyenv nodenv', after: 'exec', carries: 'argv' },
  { programs: 'rvm', operands: 1, after: '* do', carries: 'argv' },
  { programs: 'nvm', after: 'exec', operands: 1, carries: 'argv' },
  { programs: 'fnm', after: 'exec', values: '--using', carries: 'argv' },
  { programs: 'volta', after: 'run', values: '--node --npm --yarn', carries: 'argv' },
  { programs: 'corepack', carries: 'argv' },
  { programs: 'coverage', after: 'run', values: '--source --omit -m', carries: 'nothing' },
  {
    programs: 'hyperfine',
    values:
      '-w --warmup -r --runs -m --min-runs -M --max-runs -p --prepare -c --cleanup -s --setup -n --command-name --export-json --export-csv --export-markdown',
    carries: 'texts',
  },
  {
    programs: 'concurrently',
    values: '-n --names -c --prefix-colors -p --prefix --max-processes -m',
    carries: 'texts',
  },
  { programs: 'git hub', after: 'bisect run', values: '-C -c --git-dir --work-tree', carries: 'argv' },
  {
    programs: 'git hub',
    after: 'submodule foreach',
    values: '-C -c --git-dir --work-tree',
    carries: 'shell',
  },
  {
    programs: 'git hub',
    after: 'rebase',
    values: '-C -c --git-dir --work-tree --onto -s --strategy -X',
    shellOptions: '-x --exec',
    carries: 'nothing',
  },
  {
    programs: 'git hub',
    after: 'filter-branch',
    shellOptions:
      '--env-filter --tree-filter --index-filter --parent-filter --msg-filter --commit-filter --tag-name-filter --setup',
    carries: 'nothing',
  },
  { programs: 'git hub', after: 'difftool', shellOptions: '-x --extcmd', carries: 'nothing' },
  {
    programs: 'tar gtar bsdtar',
    shellOptions:
      '--checkpoint-action --to-command -I --use-compress-program -F --info-script --new-volume-script --rmt-command --rsh-command',
    carries: 'nothing',
  },
  {
    programs: 'rsync',
    shellOptions: '-e --rsh',
    values: '--exclude --include --filter --files-from',
    carries: 'nothing',
  },
  {
    programs: 'make gmake',
    values: '-C --directory -f --file --makefile -j --jobs',
    shellOptions: '--eval',
    carries: 'nothing',
  },
  {
    programs: 'knife',
    after: 'ssh',
    operands: 1,
    values: '-C -x -P -a -c -i -p',
    carries: 'shell',
    elsewhere: true,
  },
  { programs: 'railway', after: 'run', values: '-s --service -e --environment', carries: 'argv' },
  {
    programs: 'railway',
    after: 'ssh',
    values: '-s --service -e --environment -p --project',
    carries: 'argv',
    elsewhere: true,
  },
  {
    programs: 'eb',
    after: 'ssh',
    values: '-n --number -r --region --profile',
    shellOptions: '-c --command',
    carries: 'nothing',
    elsewhere: true,
  },
  {
    programs: 'bolt',
    after: 'command run',
    values: '-t --targets -u --user -p --password -i --inventoryfile',
    carries: 'texts',
    elsewhere: true,
  },
  {
    programs: 'firebase',
    after: 'emulators:exec',
    values: '--only -P --project --import --config',
    carries: 'texts',
  },
  { programs: 'netlify ntl', after: 'dev:exec', values: '--context', carries: 'argv' },
  {
    programs: 'kamal',
    after: 'app exec',
    values: '-d --destination -c --config-file -h --hosts -r --roles',
    carries: 'shell',
    elsewhere: true,
  },
  {
    programs: 'kamal',
    after: 'server exec',
    values: '-d --destination -c --config-file -h --hosts',
    carries: 'shell',
    elsewhere: true,
  },
  { programs: 'sst', after: 'shell', values: '--stage', carries: 'argv' },
  { programs: 'k3s microk8s k0s minikube rke2 rancher', after: 'kubectl', as: 'kubectl', carries: 'argv' },
  {
    programs:
      'python python2 python3 python3.8 python3.9 python3.10 python3.11 python3.12 python3.13 python3.14 pypy pypy3 py',
    values: '-W -X -c',
    argvOptions: '-m',
    carries: 'nothing',
  },
];
