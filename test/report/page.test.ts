import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appendRecord } from '../../src/host/audit-log.ts';
import { makeUser } from '../cli/built.ts';

const found = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
  .filter((path) => path !== undefined)
  .find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
const missing = found === undefined && process.env.CI !== 'true';

const user = makeUser();
const hostile = `echo '</script><script>document.title="owned"</script><img src=x onerror="document.title=\\'owned\\'"><!--' \u202e \u001b[2J && terraform destroy`;
const start = Date.now() - 5 * 3_600_000;

function record(
  i: number,
  verdict: 'deny' | 'ask' | 'pass',
  tool: string,
  input: string,
  rule?: string,
): void {
  appendRecord(
    {
      time: start + i * 60_000,
      event: 'PreToolUse',
      session: `session-${i % 3}`,
      toolUse: `use-${i}`,
      project: i % 2 ? '/work/shop' : '/work/infra',
      tool,
      input,
      verdict,
      halted: false,
      rules: rule === undefined ? [] : [rule],
      took: i,
      msg: verdict,
    } as never,
    user.state,
  );
}

describe.skipIf(missing)(
  `the page of a report in a real browser${missing ? ' (skipped: no chromium; apt-get install chromium)' : ''}`,
  () => {
    let browser: Browser;
    let page: Page;
    const requests: string[] = [];
    const errors: string[] = [];
    const file = join(user.home, 'report.html');

    beforeAll(async () => {
      for (let i = 0; i < 200; i++) record(i, 'pass', i % 4 ? 'Bash' : 'Read', `ls ${i}`);
      for (let i = 0; i < 20; i++)
        record(i, 'deny', 'Bash', i === 0 ? hostile : 'terraform destroy', 'terraform/destroy');
      for (let i = 0; i < 10; i++) record(i, 'ask', 'Bash', 'git push --force', 'git/push-force');
      appendRecord(
        {
          time: Date.now(),
          event: 'PostToolUse',
          session: 'session-0',
          toolUse: 'use-3',
          tool: 'Bash',
          outcome: 'done',
          msg: 'done',
        } as never,
        user.state,
      );
      expect(user.run(['report', '--html', file]).status).toBe(0);
      browser = await chromium.launch({
        executablePath: found ?? '/usr/bin/chromium',
        args: ['--no-sandbox'],
      });
      page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      page.on('request', (request) => requests.push(request.url()));
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => errors.push(message.text()));
      await page.goto(pathToFileURL(file).href);
    }, 60_000);
    afterAll(async () => {
      await browser?.close();
      user.remove();
    });

    const tiles = async () => (await page.locator('.tile b').allTextContents()).slice(0, 4);

    test('shows what there is, without an error and without asking anything of anybody', async () => {
      expect(await tiles()).toEqual(['230', '20', '10', '200']);
      expect(requests).toEqual([pathToFileURL(file).href]);
      expect(errors).toEqual([]);
    });

    test('a hostile command stays text', async () => {
      expect(await page.title()).toBe('blastguard report');
      expect(await page.locator('img').count()).toBe(0);
      expect(await page.locator('script').count()).toBe(2);
      const shown = await page.locator('#stopped code', { hasText: 'owned' }).first().textContent();
      expect(shown).toContain('</script><script>document.title="owned"</script><img src=x');
      expect(shown).toContain('\\u{202e}');
      expect(shown).toContain('\\u{1b}[2J');
    });

    test('its policy lets no other script run and nothing be loaded', async () => {
      const refused = await page.evaluate(`(async () => {
        const violated = [];
        document.addEventListener('securitypolicyviolation', (event) => violated.push(event.effectiveDirective));
        const script = document.createElement('script');
        script.textContent = 'document.title = "owned"';
        const image = document.createElement('img');
        image.src = 'https://example.com/x.png';
        document.body.append(script, image);
        await new Promise((done) => setTimeout(done, 200));
        script.remove();
        image.remove();
        return violated.sort();
      })()`);
      expect(refused).toEqual(['img-src', 'script-src-elem']);
      expect(await page.title()).toBe('blastguard report');
      errors.length = 0;
    });

    test('filters by click, by list and by text, and clears', async () => {
      await page.locator('#by-rule button', { hasText: 'git/push-force' }).click();
      expect(await tiles()).toEqual(['10', '0', '10', '0']);
      expect(await page.locator('#active').textContent()).toBe('Only: rule git/push-force');
      expect(await page.locator('#stopped tbody tr').count()).toBe(10);
      await page.keyboard.press('Escape');
      expect(await tiles()).toEqual(['230', '20', '10', '200']);
      await page.locator('select[name=project]').selectOption({ label: '/work/shop' });
      expect(await tiles()).toEqual(['115', '10', '5', '100']);
      await page.keyboard.press('Escape');
      await page.locator('select[name=verdict]').selectOption('deny');
      expect(await tiles()).toEqual(['20', '20', '0', '0']);
      await page.locator('#clear').click();
      await page.locator('body').press('/');
      await page.keyboard.type('document.title');
      expect(await page.locator('#stopped tbody tr').count()).toBe(1);
      await page.keyboard.press('Escape');
    });

    test('the plot is read and entered by keyboard', async () => {
      await page.locator('#plot').focus();
      await page.keyboard.press('Home');
      expect(await page.locator('#plot-at').textContent()).toMatch(
        /^\d{4}-.* denied, \d+ asked, \d+ passed$/,
      );
      const all = Number((await tiles())[0]);
      await page.keyboard.press('Enter');
      expect(Number((await tiles())[0])).toBeLessThan(all);
      expect(await page.locator('#active').textContent()).toMatch(/^Only: \d{4}-.* to /);
      await page.keyboard.press('Backspace');
      expect(Number((await tiles())[0])).toBe(all);
    });

    test('a session opens to its story', async () => {
      const session = page.locator('#sessions details').first();
      await session.locator('summary').focus();
      await page.keyboard.press('Enter');
      await session.locator('tbody tr').nth(10).waitFor();
      expect(await session.locator('tbody tr').count()).toBeGreaterThan(10);
    });

    test('lists what was asked and then approved, and the slowest decisions', async () => {
      expect(await page.locator('#candidates tbody tr').allTextContents()).toEqual([
        '1asked, then approvedgit/push-forcegit push --force',
      ]);
      expect(await page.locator('#slowest tbody tr').first().textContent()).toMatch(/^199/);
    });

    test.each(['light', 'dark'] as const)('text can be read in %s', async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      const contrast = await page.evaluate<Record<string, number>>(`(() => {
        const light = (colour) => {
          const [r, g, b] = colour.match(/[0-9.]+/g).map((part) => {
            const value = Number(part) / 255;
            return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const ground = light(getComputedStyle(document.querySelector('section.full')).backgroundColor);
        const ratio = (selector) => {
          const ink = light(getComputedStyle(document.querySelector('section ' + selector)).color);
          return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
        };
        return Object.fromEntries(['h2', '.note', 'td', '.verdict.deny', 'button'].map((each) => [each, ratio(each)]));
      })()`);
      for (const [what, ratio] of Object.entries(contrast))
        expect({ what, ratio: ratio > 4.5 }).toEqual({ what, ratio: true });
    });

    test('fits a narrow screen', async () => {
      await page.setViewportSize({ width: 400, height: 800 });
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400);
    });
  },
);

describe('blastguard report', () => {
  const other = makeUser();
  afterAll(other.remove);
  beforeAll(async () => {
    await other.bash('ls');
    await other.bash('terraform destroy');
    await other.call('Read', { file_path: join(other.project, '=cmd|calc') });
    other.run(['stop', '--reason', 'incident 42']);
    await other.bash('ls');
    other.run(['resume', '--yes']);
  });

  test('in the terminal', () => {
    const { stdout } = other.run(['report']);
    expect(stdout).toMatch(/^4 calls in 1 sessions?, /);
    expect(stdout).toContain('2 denied (1 by the kill switch), 0 asked, 2 passed');
    expect(stdout).toMatch(/1 +0 +0 +terraform\/destroy/);
    expect(stdout).toContain('kill switch thrown: incident 42');
  });

  test('as JSON and as CSV', () => {
    expect(JSON.parse(other.run(['report', '--json']).stdout)).toMatchObject({
      calls: 4,
      halted: 1,
      verdicts: { deny: 2, ask: 0, pass: 2 },
      actions: [{ action: 'resume' }, { action: 'stop' }],
    });
    const [head, ...rows] = other.run(['report', '--csv']).stdout.trim().split('\n');
    expect(head).toBe('hour,project,tool,rule,environment,deny,ask,pass');
    const sum = rows
      .map((row) => row.split(',').slice(-3).map(Number))
      .reduce((a, b) => a.map((each, i) => each + (b[i] ?? 0)));
    expect(sum).toEqual([2, 0, 2]);
  });

  test('a spreadsheet takes no field for a formula', () => {
    appendRecord(
      {
        time: Date.now(),
        event: 'PreToolUse',
        session: 's',
        project: '=HYPERLINK("x")',
        tool: '@a',
        verdict: 'pass',
        rules: [],
        msg: '',
      } as never,
      other.state,
    );
    expect(other.run(['report', '--csv']).stdout).toContain(`"'=HYPERLINK(""x"")",'@a`);
  });

  test.each([
    [['--html', 'a', '--json'], 64, 'exclude each other'],
    [['--since', 'x'], 64, 'neither a time span'],
    [['--html', '/nonexistent/a.html'], 1, 'no such file or directory'],
  ])('%j says what is wrong', (args, status, words) => {
    expect(other.run(['report', ...args])).toMatchObject({ status, stderr: expect.stringContaining(words) });
  });

  test('since a time', () =>
    expect(other.run(['report', '--since', '2099-01-01']).stdout).toBe(
      'nothing was recorded in that time\n',
    ));

  test('the page holds the data once and ends nowhere before', () => {
    const file = join(other.home, 'r.html');
    other.run(['report', '--html', file]);
    expect(readFileSync(file, 'utf8').match(/<\/script>/g)).toHaveLength(2);
  });
});
