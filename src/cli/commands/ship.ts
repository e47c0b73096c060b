import { setTimeout as sleep } from 'node:timers/promises';
import { stateDir } from '../../host/places.ts';
import type { Receiver } from '../../host/ship/batch.ts';
import { httpReceiver, otlpReceiver } from '../../host/ship/http.ts';
import { syslogReceiver } from '../../host/ship/syslog.ts';
import { shipS3 } from '../../lazy.ts';
import { count } from '../../report/count.ts';
import { type Arguments, UsageError } from '../args.ts';
import type { CliCommand } from '../command.ts';
import { faultText } from '../fault.ts';
import { notAPerson } from '../person.ts';
import { shipNew } from '../shipping.ts';
import { type ExitCode, printable, type Terminal } from '../terminal.ts';

export const ship: CliCommand = {
  name: 'ship',
  summary: 'Send the audit log to where your team keeps logs, from where it stopped last time.',
  usage: '--to URL [--follow] [--header-from VARIABLE] [--tries N] [--json]',
  options: {
    to: {
      value: 'URL',
      help: 'otlp+https://HOST[:PORT], https://… (lines of JSON), s3://BUCKET/PREFIX, syslog[+tcp|+tls]://HOST; also BLASTGUARD_SHIP_TO',
    },
    follow: { short: 'f', help: 'go on as more is written' },
    'header-from': {
      value: 'VARIABLE',
      help: 'a variable that holds a header, such as `Authorization: Bearer …`',
    },
    tries: { value: 'N', help: 'how often a batch is tried (default: 5; with --follow: without end)' },
    json: { help: 'say how much was sent in JSON' },
  },
  examples: [
    ['blastguard ship --to otlp+http://localhost:4318', 'to an OpenTelemetry collector'],
    ["blastguard ship --to 's3://audit/blastguard?region=eu-central-1' --follow", 'to S3, as it is written'],
  ],
  run: shipLog,
};

async function shipLog(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  // Shipping is for cron and services, so no terminal is asked for; Claude Code alone is refused.
  const refusal = notAPerson(terminal, true);
  if (refusal !== undefined) {
    terminal.err(`blastguard: only a person may ship the log: ${refusal}\n`);
    return 1;
  }
  const url = targetOf(args.text('to') ?? terminal.env.BLASTGUARD_SHIP_TO);
  const follow = args.flag('follow');
  const tries = args.number('tries', 1) ?? (follow ? Number.POSITIVE_INFINITY : 5);
  const receiver = receiverFor(url, headersOf(args.text('header-from'), terminal));
  const target = shownUrl(url);
  const shipping = {
    stateDir: stateDir(terminal.env),
    target,
    receiver,
    tries,
    told(event: { sent: number } | { failed: string; again: number }) {
      if ('failed' in event)
        terminal.err(
          `blastguard: ${target}: ${printable(event.failed)}; trying again in ${(event.again / 1000).toFixed(1)} s\n`,
        );
    },
  };
  let sent = 0;
  try {
    sent += await shipNew(shipping);
    if (!args.flag('json') || !follow) say(sent, target, args, terminal);
    while (follow) {
      await sleep(1000);
      const more = await shipNew(shipping);
      if (more > 0) say(more, target, args, terminal);
    }
  } catch (error) {
    const why = faultText(error);
    terminal.err(`blastguard: ${target}: ${printable(why)}; what was not taken is sent the next time\n`);
    return 1;
  } finally {
    await receiver.close();
  }
  return 0;
}

function say(sent: number, target: string, args: Arguments, { out }: Terminal): void {
  if (args.flag('json')) out(`${JSON.stringify({ sent, target })}\n`);
  else out(sent === 0 ? `${target}: nothing new\n` : `${target}: ${count(sent, 'line')} sent\n`);
}

const PROTOCOLS = /^(?:otlp\+https?|https?|s3|syslog(?:\+(?:tcp|tls|udp))?):$/;

function targetOf(text: string | undefined): URL {
  if (text === undefined || text === '')
    throw new UsageError('say where to: --to URL, such as otlp+http://localhost:4318');
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UsageError('--to is not a URL');
  }
  if (PROTOCOLS.test(url.protocol)) return url;
  throw new UsageError(
    `--to begins with \`${url.protocol}\`, which is none of otlp+http, otlp+https, http, https, s3, syslog, syslog+tcp, syslog+tls`,
  );
}

/** What of a URL may be shown: neither a password nor what could be a token in its query. */
function shownUrl(url: URL): string {
  const { protocol, host, pathname } = url;
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}

function receiverFor(url: URL, headers: Readonly<Record<string, string>>): Receiver {
  if (url.protocol === 's3:') return shipS3().s3Receiver(url);
  if (url.protocol.startsWith('syslog')) return syslogReceiver(url);
  if (!url.protocol.startsWith('otlp+')) return httpReceiver(url, headers);
  const plain = new URL(url.href.replace(/^otlp\+/, ''));
  if (plain.pathname === '/') plain.pathname = '/v1/logs';
  return otlpReceiver(plain, headers);
}

function headersOf(variable: string | undefined, terminal: Terminal): Readonly<Record<string, string>> {
  if (variable === undefined) return {};
  const found = /^([!#$%&'*+.^_`|~\w-]+):\s*(\S[^\r\n]*)$/.exec(terminal.env[variable] ?? '');
  if (found === null) throw new UsageError(`the variable \`${variable}\` holds no header (\`Name: value\`)`);
  return { [(found[1] ?? '').toLowerCase()]: found[2] ?? '' };
}
