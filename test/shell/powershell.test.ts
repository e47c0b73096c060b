import { describe, expect, test } from 'vitest';
import { showWord } from '../../src/model/word.ts';
import { readCommands } from '../../src/shell/read.ts';
import { pretend } from './pretend.ts';
import { readers } from './readers.ts';

const read = (text: string, language: 'shell' | 'powershell' = 'powershell') =>
  readCommands(text, language, pretend(), () => {}, readers).commands.map(({ words }) =>
    words.map(showWord).join(' '),
  );

describe('the text of a PowerShell call', () => {
  test.each<[string, string, string[]]>([
    ['a command is its words', 'terraform destroy -auto-approve', ['terraform destroy -auto-approve']],
    ['a backtick continues a line', 'terraform `\n destroy', ['terraform destroy']],
    ['a backtick escapes a letter', 't`erraform destroy', ['terraform destroy']],
    ['a variable is filled in', "$x = 'terraform'; & $x destroy", ['terraform destroy']],
    [
      '`&` calls what a string names',
      '& "C:\\tools\\terraform.exe" destroy',
      ['C:\\tools\\terraform.exe destroy'],
    ],
    ['removing a tree is rm -rf', 'Remove-Item -Recurse -Force ./dist', ['rm -rf ./dist']],
    ['by an alias, options shortened', 'ri -rec ./dist', ['rm -rf ./dist']],
    [
      'removing what a pipe lists',
      'gci C:\\data -Recurse | ri -Force',
      ['gci C:\\data -Recurse', 'rm -rf C:\\data'],
    ],
    ['with -WhatIf nothing is removed', 'Remove-Item -Recurse C:\\data -WhatIf', []],
    ['Invoke-Expression runs a text', 'iex "terraform destroy"', ['terraform destroy']],
    [
      'Start-Process runs a program',
      "Start-Process terraform -ArgumentList 'destroy -auto-approve'",
      ['terraform destroy -auto-approve'],
    ],
    [
      'both branches are read',
      'if ($x) { terraform plan } else { terraform destroy }',
      ['terraform plan', 'terraform destroy'],
    ],
    ['a substitution is read', 'Write-Host "$(terraform destroy)"', ['terraform destroy', 'Write-Host …']],
    ['a comment is not', '# terraform destroy\nls <# terraform destroy #>', ['ls']],
    ['a string is data', 'Write-Host "terraform destroy"', ['Write-Host terraform destroy']],
    ['odd white space ends', 'ls\u000b\u00a0x', ['ls x']],
  ])('%s', (_, text, commands) => {
    expect(read(text)).toEqual(commands);
  });
});

describe('PowerShell and cmd.exe called from a shell', () => {
  const encoded = Buffer.from('terraform destroy', 'utf16le').toString('base64');
  test.each<[string, string]>([
    ['pwsh -c "terraform destroy"', 'terraform destroy'],
    ['pwsh -c \'$c="terraform"; & $c destroy\'', 'terraform destroy'],
    ['pwsh -c \'[IO.Directory]::Delete("C:/x", $true)\'', 'rm -rf C:/x'],
    ['pwsh -c \'[System.Diagnostics.Process]::Start("terraform", "destroy")\'', 'terraform destroy'],
    ['powershell.exe -NoProfile -Command terraform destroy', 'terraform destroy'],
    [`powershell -EncodedCommand ${encoded}`, 'terraform destroy'],
    ['echo "terraform destroy" | pwsh', 'terraform destroy'],
    ['cmd.exe /c "rd /s /q C:\\src"', 'rm -rf C:\\src'],
    ['cmd /c "cd x && del /s y"', 'rm -rf y'],
  ])('%s is read through', (line, command) => {
    expect(read(line, 'shell')).toContain(command);
  });

  test('code that is not known leaves the reading incomplete', () => {
    const reading = readCommands('pwsh -c "$CODE"', 'shell', pretend(), () => {}, readers);
    expect(reading.complete).toBe(false);
  });
});
