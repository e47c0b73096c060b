import { createSocket } from 'node:dgram';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Receiver, ShipError, withHead } from './batch.ts';

/** Facility 13 (log audit); severity by the line's level. */
const FACILITY = 13;
const severities = new Map([
  [50, 4],
  [40, 5],
]);

/** A line as RFC 5424 has it. Syslog relays may cut messages above 8 KB. */
export function syslogMessage(line: string, host: string): string {
  const level = Number(/^\{"level":(\d+)/.exec(line)?.[1] ?? 30);
  const time = Number(/"time":(\d+)/.exec(line)?.[1] ?? 0);
  const event = /"event":"(\w+)"/.exec(line)?.[1] ?? '-';
  const priority = FACILITY * 8 + (severities.get(level) ?? 6);
  const when = time === 0 ? '-' : new Date(time).toISOString();
  return `<${priority}>1 ${when} ${host.replaceAll(/[^!-~]/g, '_').slice(0, 255) || '-'} blastguard - ${event} - ${line}`;
}

/**
 * Sends lines to a syslog server: over TCP or TLS framed by their length (RFC 6587, RFC 5425), over UDP one a datagram.
 * Syslog acknowledges nothing: a batch counts as taken when the system has sent it, so what a server loses is lost.
 */
export function syslogReceiver(url: URL): Receiver {
  const way = url.protocol.replace(/^syslog\+?|:$/g, '') || 'udp';
  if (way === 'udp') return udpReceiver(url);
  let socket: Socket | undefined;
  const connected = async (): Promise<Socket> => {
    if (socket !== undefined && !socket.destroyed) return socket;
    socket = await open(url, way === 'tls');
    return socket;
  };
  return {
    lines: 1000,
    bytes: 1024 * 1024,
    async send(batch) {
      const to = await connected();
      const frames = withHead(batch).map((line) => {
        const message = syslogMessage(line, batch.host);
        return `${Buffer.byteLength(message)} ${message}`;
      });
      await new Promise<void>((done, fail) => {
        const give = (error: Error) => fail(new ShipError(error.message, true));
        to.once('error', give);
        to.write(frames.join(''), (error) => {
          to.off('error', give);
          if (error) give(error);
          else done();
        });
      });
    },
    close: () => new Promise((done) => (socket === undefined ? done() : socket.end(() => done()))),
  };
}

function open(url: URL, secure: boolean): Promise<Socket> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (secure ? 6514 : 601));
  return new Promise((done, fail) => {
    const socket = secure ? connectTls({ host, port, servername: host }) : connectTcp({ host, port });
    socket.setTimeout(15_000, () => socket.destroy(new Error('the server does not answer')));
    socket.once('error', (error) => fail(new ShipError(error.message, true)));
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      socket.setTimeout(0);
      socket.on('error', () => socket.destroy());
      done(socket);
    });
  });
}

function udpReceiver(url: URL): Receiver {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  socket.unref();
  return {
    lines: 200,
    bytes: 256 * 1024,
    async send(batch) {
      for (const line of withHead(batch)) {
        const message = Buffer.from(syslogMessage(line, batch.host)).subarray(0, 60_000);
        await new Promise<void>((done, fail) => {
          socket.send(message, Number(url.port || 514), host, (error) =>
            error ? fail(new ShipError(error.message, true)) : done(),
          );
        });
      }
    },
    close: () => new Promise((done) => socket.close(() => done())),
  };
}
