import { describe, expect, test } from 'vitest';
import { runsIn } from './reads.ts';

const files = {
  'pyproject.toml': `
[project.scripts]
shop = "shop.cli:main"
wipe = "shop.cli:wipe"
[tool.poetry.scripts]
old = { reference = "shop.cli:main", type = "console" }
[tool.poe.tasks]
test = "pytest -q"
nuke = { shell = "terraform destroy && aws s3 rb s3://x --force", cwd = "infra" }
all = ["test", { cmd = "ruff check" }, { ref = "nuke" }]
py = { script = "shop.cli:wipe()" }
[tool.pdm.scripts]
pre_release = "echo first"
release = { cmd = ["twine", "upload", "dist"] }
both = { composite = ["release --skip", "dropdb orders"] }
call = { call = "shop.cli:wipe" }
[tool.hatch.envs.default.scripts]
cov = "pytest --cov {args:tests}"
ci = ["cov", "- mypy ."]
[tool.hatch.envs.infra.scripts]
down = "terraform destroy {args}"
[tool.taskipy.tasks]
fmt = "black ."
post_fmt = "git status"
drop = { cmd = "dropdb orders" }
[tool.rye.scripts]
serve = { chain = ["prep", "flask run"] }
prep = { cmd = "echo prep" }
`,
  Pipfile: '[packages]\n[scripts]\nserve = "flask run"\ndrop = {cmd = "dropdb orders"}\n',
  'src/shop/cli.py': `
import subprocess
def main():
    subprocess.run(["echo", "hello"])
def wipe():
    subprocess.run(["terraform", "destroy"])
`,
  'tox.ini': `
[tox]
envlist = py311, lint
[testenv]
commands =
    pytest {posargs:tests} \\
        -q
[testenv:lint]
commands = ruff check
    py3: mypy .
[testenv:down]
changedir = infra
commands =
    terraform destroy
    {[testenv:lint]commands}
`,
  'noxfile.py': `
import nox
nox.options.sessions = ["tests"]
@nox.session
def tests(session):
    session.install("-e", ".")
    session.run("pytest", "tests", *session.posargs)
@nox.session(python=["3.11"], name="down")
def destroy(session):
    session.run("terraform", "destroy", external=True)
`,
  'tool.py': 'import os\nos.system("terraform destroy")\n',
};

describe('what a Python project runs', () => {
  test.each<[string, string[]]>([
    ['poe test', ['pytest -q']],
    ['poe test -k orders', ['pytest -q -k orders']],
    ['poetry run poe nuke', ['poe nuke', 'terraform destroy', 'aws s3 rb s3://x --force']],
    ['poe all', ['pytest -q', 'ruff check', 'terraform destroy', 'aws s3 rb s3://x --force']],
    ['poe py', ['terraform destroy']],
    ['poe missing', []],
    ['pdm run release', ['release', 'echo first', 'twine upload dist']],
    ['pdm both', ['echo first', 'twine upload dist --skip', 'dropdb orders']],
    ['pdm run call', ['call', 'terraform destroy']],
    ['pdm install', []],
    ['hatch run cov', ['cov', 'pytest --cov tests']],
    ['hatch run ci', ['ci', 'pytest --cov tests', 'mypy .']],
    ['hatch run infra:down -auto-approve', ['infra:down -auto-approve', 'terraform destroy -auto-approve']],
    ['hatch build', []],
    ['task fmt', ['black .', 'git status']],
    ['task drop', ['dropdb orders']],
    ['pipenv run serve', ['serve', 'flask run']],
    ['pipenv run drop', ['drop', 'dropdb orders']],
    ['uv run shop', ['shop', 'echo hello']],
    ['poetry run wipe', ['wipe', 'terraform destroy']],
    ['poetry run old', ['old', 'echo hello']],
    ['rye run serve', ['serve', 'echo prep', 'flask run']],
    ['uv run tool.py', ['tool.py', 'python tool.py', 'terraform destroy']],
    ['tox', ['ruff check', 'mypy .', 'pytest tests -q']],
    ['tox -e py311 -- -k x', ['pytest -k x -q']],
    ['tox run -e down', ['terraform destroy', 'ruff check', 'mypy .']],
    ['tox -l', []],
    ['nox', ['pytest tests …']],
    ['nox -s down', ['terraform destroy']],
    ['nox --session=down', ['terraform destroy']],
    ['nox -l', []],
  ])('%s', (line, commands) => {
    expect([...runsIn(files, line)].sort()).toEqual(commands.toSorted());
  });
});

test('files that cannot be read stop nothing', () => {
  expect(runsIn({ 'pyproject.toml': '[tool', Pipfile: '=' }, 'poe test; pipenv run x; uv run y')).toEqual([
    'pipenv run x',
    'x',
    'uv run y',
    'y',
  ]);
});
