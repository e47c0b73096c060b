import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const python = (name: string): string => join(root, '.cache/python/bin', name);

/** Where a Python tool of test/requirements.txt lies; undefined where they are not installed. */
export const pythonTool = (name: string): string | undefined =>
  existsSync(python(name)) ? python(name) : undefined;

/** Why tests that need these tools are skipped, for their names. In CI they must be there. */
export const needsPython = (name: string): { readonly skip: boolean; readonly because: string } => {
  const absent = pythonTool(name) === undefined;
  return {
    skip: absent && process.env.CI !== 'true',
    because: absent ? ` (skipped: ${name} is not in .cache/python; npm run test-tools)` : '',
  };
};

async function freePort(): Promise<number> {
  const server = createSocket();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

export type Server = { readonly url: string; stop(): void };

/** A moto server: IAM and STS as AWS speaks them, on loopback. */
export async function startMoto(): Promise<Server> {
  const port = await freePort();
  const child = spawn(python('moto_server'), ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' },
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 200; tries += 1) {
    const answered = await fetch(`${url}/moto-api/`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answered) return { url, stop: () => child.kill() };
    await new Promise((done) => setTimeout(done, 100));
  }
  child.kill();
  throw new Error('moto did not start');
}

type Decide = (action: string) => 'allowed' | 'explicitDeny' | 'implicitDeny';

const PAGE = 20;

/**
 * The server behind, and in front of it SimulatePrincipalPolicy, which moto lacks, with answers of the documented shape
 * and in pages. https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
export async function startSimulator(
  behind: string,
  decide: Decide,
): Promise<Server & { readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const form = new URLSearchParams(body.toString());
      if (form.get('Action') === 'SimulatePrincipalPolicy') {
        const names = [...form].flatMap(([key, value]) =>
          key.startsWith('ActionNames.member.') ? [value] : [],
        );
        const start = Number(form.get('Marker') ?? 0);
        const page = names.slice(start, start + PAGE);
        asked.push(...page);
        outgoing.setHeader('content-type', 'text/xml');
        return outgoing.end(answer(page, start + PAGE < names.length ? start + PAGE : undefined, decide));
      }
      const { method, headers } = incoming;
      const forwarded = request(`${behind}${incoming.url}`, { method, headers }, (response) => {
        outgoing.writeHead(response.statusCode ?? 500, response.headers);
        response.pipe(outgoing);
      });
      forwarded.end(body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked, stop: () => server.close() };
}

const answer = (names: readonly string[], next: number | undefined, decide: Decide): string =>
  `<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
  <SimulatePrincipalPolicyResult>
    <IsTruncated>${next !== undefined}</IsTruncated>${next === undefined ? '' : `<Marker>${next}</Marker>`}
    <EvaluationResults>${names.map((name) => result(name, decide(name))).join('')}</EvaluationResults>
  </SimulatePrincipalPolicyResult>
  <ResponseMetadata><RequestId>1cdb5b0a-4c15-11e5-b121-bd8c7EXAMPLE</RequestId></ResponseMetadata>
</SimulatePrincipalPolicyResponse>`;

const result = (name: string, decision: string): string =>
  `<member>
    <EvalActionName>${name}</EvalActionName><EvalResourceName>*</EvalResourceName>
    <EvalDecision>${decision}</EvalDecision><MatchedStatements/><MissingContextValues/>
    <PermissionsBoundaryDecisionDetail>
      <AllowedByPermissionsBoundary>${decision === 'allowed'}</AllowedByPermissionsBoundary>
    </PermissionsBoundaryDecisionDetail>
  </member>`;
