import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge, EventName } from '#contract';

type Listener = (data: unknown) => void;

const listeners = new Map<string, Set<Listener>>();

/** What came before anybody listened: a page begins its session first, and subscribes a moment later. Bounded: a page may never listen. */
const early = new Map<string, unknown[]>();
const earlyKept = 20;

// One listener for the one channel that main speaks on; the sender of the event object never reaches the page.
ipcRenderer.on('samband:event', (_event, name: unknown, data: unknown) => {
  if (typeof name !== 'string') return;
  const known = listeners.get(name);
  if (known === undefined) early.set(name, [...(early.get(name) ?? []), data].slice(-earlyKept));
  else for (const listener of known) listener(data);
});

/**
 * All that the window gets of Electron: two functions over two fixed channels. Which calls and events there are is the contract's,
 * and main checks it; nothing here can name another channel.
 */
const bridge = {
  async call(name: unknown, input: unknown) {
    try {
      return await ipcRenderer.invoke('samband:call', name, input);
    } catch (error) {
      // Main is gone, or the input cannot be copied: the contract says that a call never rejects.
      return { ok: false, error: { code: 'unreachable', message: error instanceof Error ? error.message : 'no answer' } };
    }
  },
  on(name: EventName, listener: Listener) {
    const known = listeners.get(name) ?? new Set();
    listeners.set(name, known);
    // A function of its own for every subscription: the same listener may be subscribed twice.
    const own: Listener = (data) => {
      listener(data);
    };
    known.add(own);
    const missed = early.get(name) ?? [];
    early.delete(name);
    queueMicrotask(() => missed.forEach(own));
    return () => {
      known.delete(own);
    };
  },
};

// The generic signatures are the renderer's view; at run time names and data are whatever they are, and main checks them.
contextBridge.exposeInMainWorld('samband', bridge satisfies Record<keyof Bridge, unknown>);
