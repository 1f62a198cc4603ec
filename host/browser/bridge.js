/**
 * Served to the browser by the host as it is, and run before the bundle: puts `window.samband` there as Electron's preload does.
 *
 * @import { Bridge, Result } from '#contract'
 * @typedef {(data: unknown) => void} Listener
 * @typedef {['answer', number, Result<unknown>] | ['event', string, unknown]} FromHost
 */
'use strict';

{
  /** The host's close code (host/line.ts) for: another window has the line. */
  const elsewhere = 4009;
  const firstPauseMs = 100;
  const longestPauseMs = 2_000;

  /** @type {Map<string, Set<Listener>>} */
  const listeners = new Map();
  /** @type {Map<string, unknown[]>} What came before anybody listened: a page begins its session first, and subscribes a moment later. */
  const early = new Map();
  const earlyKept = 20;
  /** @type {Map<number, (result: Result<unknown>) => void>} */
  const waiting = new Map();
  let last = 0;
  let pauseMs = firstPauseMs;
  /** Whether this page has had the line before: it is then told what it missed. */
  let had = false;

  /** @type {Result<never>} */
  const unreachable = { ok: false, error: { code: 'unreachable', message: 'There is no line to the host.' } };

  /** @type {(text: string) => void} */
  const receive = (text) => {
    /** @type {FromHost} */
    const message = JSON.parse(text);
    if (message[0] === 'answer') {
      waiting.get(message[1])?.(message[2]);
      waiting.delete(message[1]);
    } else {
      const [, name, data] = message;
      const known = listeners.get(name);
      if (known === undefined) early.set(name, [...(early.get(name) ?? []), data].slice(-earlyKept));
      else for (const listener of known) listener(data);
    }
  };

  /** @type {(code: number) => void} */
  const dropped = (code) => {
    for (const answer of waiting.values()) answer(unreachable);
    waiting.clear();
    if (code === elsewhere) {
      location.replace('/elsewhere');
      return;
    }
    const pause = pauseMs;
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    setTimeout(() => {
      line = connect();
    }, pause);
  };

  /** @type {() => Promise<WebSocket | null>} */
  const connect = () =>
    new Promise((resolve) => {
      const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/wire${had ? '?again' : ''}`);
      socket.addEventListener('message', ({ data }) => {
        // The first word is the host's: the line is ours. Until then it may still turn us away.
        if (data === 'welcome') {
          pauseMs = firstPauseMs;
          had = true;
          resolve(socket);
        } else {
          receive(String(data));
        }
      });
      socket.addEventListener('close', ({ code }) => {
        dropped(code);
        resolve(null);
      });
    });

  /** The attempt under way, or its outcome: the line, or null. */
  let line = connect();

  const bridge = {
    /** @type {(name: string, input: unknown) => Promise<Result<unknown>>} */
    async call(name, input) {
      const socket = await line;
      if (socket === null || socket.readyState !== WebSocket.OPEN) return unreachable;
      last += 1;
      const id = last;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        socket.send(JSON.stringify([id, name, input]));
      });
    },
    /** @type {(name: string, listener: Listener) => () => void} */
    on(name, listener) {
      const known = listeners.get(name) ?? new Set();
      listeners.set(name, known);
      /** @type {Listener} A subscription of its own: the same listener may be there twice. */
      const own = (data) => listener(data);
      known.add(own);
      const missed = early.get(name) ?? [];
      early.delete(name);
      queueMicrotask(() => missed.forEach(own));
      return () => {
        known.delete(own);
      };
    },
  };

  Object.defineProperty(window, 'samband', {
    value: Object.freeze(/** @satisfies {Record<keyof Bridge, unknown>} */ (bridge)),
  });
}
