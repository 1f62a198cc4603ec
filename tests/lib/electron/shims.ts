/**
 * What the shell uses of Electron 45 and Node 22, for the older Electron that the tests may have to do with. Tests only: production
 * knows nothing of it, and an Electron that has these keeps its own.
 */
import { app, type Protocol } from 'electron';

if (typeof URL.canParse !== 'function') {
  URL.canParse = (text: string | URL, base?: string | URL) => {
    try {
      return new URL(text, base) instanceof URL;
    } catch {
      return false;
    }
  };
}

/** As much of fetch's Response as the shell fills in. */
class PlainResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly #body: Uint8Array | string;

  constructor(
    body: Uint8Array | string,
    init: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
  ) {
    this.#body = body;
    this.status = init.status;
    this.headers = init.headers;
  }

  get data(): Buffer {
    return Buffer.from(this.#body);
  }
}

if (typeof globalThis.Response !== 'function') Object.defineProperty(globalThis, 'Response', { value: PlainResponse });

/** protocol.handle (Electron 25) over registerBufferProtocol. */
function addHandle(protocol: Protocol): void {
  if (typeof protocol.handle === 'function') return;
  protocol.handle = (scheme, handler) => {
    protocol.registerBufferProtocol(scheme, (request, respond) => {
      const answer = async () => {
        // The handler reads these two, and gives the Response from above.
        const response = await handler({ url: request.url, method: request.method } as Request);
        const { status, headers, data } = response as unknown as PlainResponse;
        respond({
          statusCode: status,
          headers: { ...headers },
          mimeType: headers['Content-Type']?.split(';', 1)[0] ?? '',
          data,
        });
      };
      void answer();
    });
  };
}

app.on('session-created', (session) => addHandle(session.protocol));

/** What a navigation's event says itself (Electron 24), where it still comes beside the event. */
app.on('web-contents-created', (_created, contents) => {
  const complete = (event: object, url: unknown) => {
    if (!('url' in event)) Object.assign(event, { url });
  };
  contents.prependListener('will-navigate', complete);
  contents.prependListener('will-redirect', complete);
});
