/** Between the client and a server: passes everything on, and loses what it is told to lose. */
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';

export interface FaultProxy {
  readonly url: string;
  /** What was asked, in order: `POST /REST/2.0/ticket/1/comment`. */
  readonly seen: readonly string[];
  /**
   * The next `times` requests that match are done by the server, and their answers lost (the connection breaks). Resolves when the
   * last of them was.
   */
  loseAnswers(matches: RegExp, times?: number): Promise<void>;
  /** The next request that matches is held until `pass` is called, then done by the server; its answer may have nobody to go to. */
  hold(matches: RegExp): { readonly held: Promise<void>; pass(): Promise<void> };
  /** The next request that matches gets this answer and never reaches the server. */
  answer(matches: RegExp, status: number, headers?: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

interface Rule {
  readonly matches: RegExp;
  /** Takes the request over; `pass` does it at the server and gives the answer. */
  take(pass: () => Promise<Answer>, response: ServerResponse): Promise<void>;
  times: number;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

function forward(target: URL, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: target.hostname, port: target.port, method: incoming.method, path: incoming.url, headers: incoming.headers },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: Buffer.concat(parts) }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

export async function startFaultProxy(targetUrl: string): Promise<FaultProxy> {
  const target = new URL(targetUrl);
  const seen: string[] = [];
  const rules: Rule[] = [];

  const server = createServer((incoming, response) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const line = `${incoming.method} ${incoming.url?.split('?')[0]}`;
      seen.push(line);
      const pass = () => forward(target, incoming, Buffer.concat(parts));
      const rule = rules.find((one) => one.times > 0 && one.matches.test(line));
      const work = rule
        ? ((rule.times -= 1), rule.take(pass, response))
        : pass().then(({ status, headers, body }) => void response.writeHead(status, headers).end(body));
      // The server is gone: so is the connection.
      work.catch(() => response.destroy());
    });
    incoming.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    loseAnswers(matches, times = 1) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const rule: Rule = {
        matches,
        times,
        async take(pass, response) {
          await pass();
          response.destroy();
          if (rule.times === 0) resolve();
        },
      };
      rules.push(rule);
      return promise;
    },
    hold(matches) {
      const held = Promise.withResolvers<void>();
      const go = Promise.withResolvers<void>();
      const done = Promise.withResolvers<void>();
      rules.push({
        matches,
        times: 1,
        async take(pass, response) {
          held.resolve();
          await go.promise;
          const { status, headers, body } = await pass();
          if (!response.destroyed) response.writeHead(status, headers).end(body);
          done.resolve();
        },
      });
      return {
        held: held.promise,
        pass() {
          go.resolve();
          return done.promise;
        },
      };
    },
    answer(matches, status, headers = {}) {
      const { promise, resolve } = Promise.withResolvers<void>();
      rules.push({
        matches,
        times: 1,
        async take(_pass, response) {
          response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end('{"message":"as told"}');
          resolve();
        },
      });
      return promise;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
