import { type Batch, type Receiver, ShipError, withHead } from './batch.ts';

const TIMEOUT = 15_000;

export type Headers = Readonly<Record<string, string>>;

/** Sends each batch as lines of JSON (application/x-ndjson). */
export const httpReceiver = (url: URL, headers: Headers): Receiver => ({
  lines: 1000,
  bytes: 1024 * 1024,
  send: async (batch) => {
    await post(url, headers, 'application/x-ndjson', `${withHead(batch).join('\n')}\n`);
  },
  close: async () => {},
});

/** Sends each batch as an OTLP/HTTP request with logs in JSON, as the OpenTelemetry protocol 1.x has them. */
export const otlpReceiver = (url: URL, headers: Headers): Receiver => ({
  lines: 500,
  bytes: 1024 * 1024,
  async send(batch) {
    const answer = await post(url, headers, 'application/json', JSON.stringify(otlpLogs(batch)));
    const rejected = Number(parsed(answer)?.partialSuccess?.rejectedLogRecords ?? 0);
    if (rejected > 0) throw new ShipError(`the collector refused ${rejected} of the records`, false);
  },
  close: async () => {},
});

type Partial = { readonly partialSuccess?: { readonly rejectedLogRecords?: string | number } };

function parsed(answer: string): Partial | undefined {
  try {
    return JSON.parse(answer);
  } catch {
    return undefined;
  }
}

async function post(url: URL, headers: Headers, type: string, body: string): Promise<string> {
  const credentials =
    url.username === ''
      ? {}
      : {
          authorization: `Basic ${Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`).toString('base64')}`,
        };
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  let response: Response;
  try {
    response = await fetch(bare, {
      method: 'POST',
      // A redirect could carry the log, and what authorises it, somewhere else.
      redirect: 'error',
      headers: { 'content-type': type, ...credentials, ...headers },
      body,
      signal: AbortSignal.timeout(TIMEOUT),
    });
  } catch (error) {
    throw new ShipError(causeOf(error), true);
  }
  const text = (await response.text().catch(() => '')).slice(0, 4096);
  if (response.ok) return text;
  const { status } = response;
  const retry = status === 408 || status === 429 || status >= 500;
  const seconds = Number(response.headers.get('retry-after'));
  const after = seconds > 0 ? Math.min(seconds, 300) * 1000 : undefined;
  throw new ShipError(`the receiver answered ${status}: ${text.slice(0, 200).trim()}`, retry, after);
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

const severities = new Map([
  [30, [9, 'INFO']],
  [40, [13, 'WARN']],
  [50, [17, 'ERROR']],
] as const);

/** A batch as an ExportLogsServiceRequest in the JSON form of OTLP. */
export function otlpLogs(batch: Batch): object {
  return {
    resourceLogs: [
      {
        resource: { attributes: [text('service.name', 'blastguard'), text('host.name', batch.host)] },
        scopeLogs: [{ scope: { name: 'blastguard' }, logRecords: withHead(batch).map(logRecord) }],
      },
    ],
  };
}

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

function logRecord(line: string): object {
  let entry: Readonly<Record<string, unknown>> = {};
  try {
    entry = JSON.parse(line);
  } catch {
    // a torn line is sent as it is
  }
  const [severityNumber, severityText] = severities.get(entry.level as 30) ?? [9, 'INFO'];
  const time = typeof entry.time === 'number' ? String(BigInt(Math.round(entry.time)) * 1_000_000n) : '0';
  return {
    timeUnixNano: time,
    observedTimeUnixNano: time,
    severityNumber,
    severityText,
    body: { stringValue: typeof entry.msg === 'string' ? entry.msg : String(entry.event ?? 'line') },
    attributes: [
      text('event.name', `blastguard.${String(entry.event ?? 'line')}`),
      ...['session', 'project', 'tool', 'verdict', 'input', 'outcome', 'action', 'by', 'stage'].flatMap(
        (key) => (typeof entry[key] === 'string' ? [text(`blastguard.${key}`, entry[key])] : []),
      ),
      ...(Array.isArray(entry.rules) && entry.rules.length > 0
        ? [text('blastguard.rules', entry.rules.join(','))]
        : []),
      // With this the seals can be followed where the records arrive.
      text('log.record.original', line),
    ],
  };
}
