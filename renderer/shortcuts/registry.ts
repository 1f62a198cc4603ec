import { matchKeyBindingPress, parseKeybinding } from 'tinykeys';

/** Where an action works: anywhere, or only while the focus is in the directory. */
type Scope = 'anywhere' | 'directory';
export type Group = 'calls' | 'work' | 'inDirectory' | 'other';

interface Action {
  readonly group: Group;
  readonly scope: Scope;
  /** As tinykeys writes them; `$mod` is Ctrl, on a Mac Command. */
  readonly keys: string;
  /** Takes the focus somewhere: not while a dialog is open. */
  readonly moves?: true;
}

/** Every key of the window: this table drives the keys, the hints on the buttons and the sheet. */
export const actions = {
  answer: { group: 'calls', scope: 'anywhere', keys: 'F2' },
  hold: { group: 'calls', scope: 'anywhere', keys: 'F3' },
  hangUp: { group: 'calls', scope: 'anywhere', keys: 'F4' },
  mute: { group: 'calls', scope: 'anywhere', keys: 'F6' },
  transfer: { group: 'calls', scope: 'anywhere', keys: 'F8' },
  consult: { group: 'calls', scope: 'anywhere', keys: 'Shift+F8' },
  swap: { group: 'calls', scope: 'anywhere', keys: 'F7' },
  merge: { group: 'calls', scope: 'anywhere', keys: 'Shift+F7' },
  nextCall: { group: 'calls', scope: 'anywhere', keys: 'Shift+F2' },
  voicemail: { group: 'calls', scope: 'anywhere', keys: '$mod+F8' },
  dial: { group: 'calls', scope: 'anywhere', keys: 'F9', moves: true },
  redial: { group: 'calls', scope: 'anywhere', keys: 'Shift+F9' },
  search: { group: 'work', scope: 'anywhere', keys: '$mod+K', moves: true },
  note: { group: 'work', scope: 'anywhere', keys: '$mod+J', moves: true },
  cases: { group: 'work', scope: 'anywhere', keys: '$mod+Shift+L', moves: true },
  newCase: { group: 'work', scope: 'anywhere', keys: '$mod+Shift+Y', moves: true },
  done: { group: 'work', scope: 'anywhere', keys: '$mod+Enter', moves: true },
  tag1: { group: 'work', scope: 'anywhere', keys: '$mod+Digit1' },
  tag2: { group: 'work', scope: 'anywhere', keys: '$mod+Digit2' },
  tag3: { group: 'work', scope: 'anywhere', keys: '$mod+Digit3' },
  tag4: { group: 'work', scope: 'anywhere', keys: '$mod+Digit4' },
  tag5: { group: 'work', scope: 'anywhere', keys: '$mod+Digit5' },
  tag6: { group: 'work', scope: 'anywhere', keys: '$mod+Digit6' },
  hitTransfer: { group: 'inDirectory', scope: 'directory', keys: 'Enter' },
  hitConsult: { group: 'inDirectory', scope: 'directory', keys: 'Shift+Enter' },
  hitBack: { group: 'inDirectory', scope: 'directory', keys: 'Escape' },
  ready: { group: 'other', scope: 'anywhere', keys: '$mod+Shift+K' },
  keys: { group: 'other', scope: 'anywhere', keys: 'F1' },
} as const satisfies Record<string, Action>;

export type ActionId = keyof typeof actions;
export const actionIds = Object.keys(actions) as ActionId[];
export const action = (id: ActionId): Action => actions[id];

const modifiers = ['Control', 'Meta', 'Shift', 'Alt', '$mod', 'AltGraph'];

/**
 * Whether keys may be bound to an action. Refused: Alt alone or with Ctrl (AltGr on Norwegian keyboards), sequences, and anywhere a
 * key that writes.
 */
export function allowed(id: ActionId, keys: string): boolean {
  const presses = parseKeybinding(keys);
  const press = presses[0];
  if (press === undefined || presses.length !== 1) return false;
  const [mods, key] = press;
  if (typeof key !== 'string' || key === '' || mods.some((mod) => !modifiers.includes(mod))) return false;
  if (mods.includes('Alt') || mods.includes('AltGraph')) return false;
  const writes = key.length === 1 || /^(?:Digit|Key|Numpad|Enter$|Space$|Tab$|Backspace$|Delete$|Escape$|Arrow)/i.test(key);
  if (action(id).scope === 'directory') return key.length > 1 && key !== 'Tab';
  return !writes || mods.some((mod) => mod !== 'Shift');
}

export type Bindings = Readonly<Record<ActionId, string>>;

/** The keys in force: the table's, with overrides that are allowed and clash with nothing; `refused` names the others. */
export function bind(overrides: Readonly<Record<string, string>>): { readonly bindings: Bindings; readonly refused: string[] } {
  const bindings = Object.fromEntries(actionIds.map((id) => [id, actions[id].keys])) as Record<ActionId, string>;
  const refused: string[] = [];
  for (const [id, keys] of Object.entries(overrides)) {
    if (!(id in actions) || !allowed(id as ActionId, keys)) {
      refused.push(keys);
      continue;
    }
    bindings[id as ActionId] = keys;
  }
  // Two actions on one key: neither override holds, the table never clashes with itself.
  for (const id of actionIds) {
    const twin = actionIds.find((other) => other !== id && same(bindings[other], bindings[id]));
    if (twin === undefined || bindings[id] === actions[id].keys) continue;
    refused.push(bindings[id]);
    bindings[id] = actions[id].keys;
  }
  return { bindings, refused };
}

const same = (one: string, other: string): boolean => normal(one) === normal(other);
// The oldest window has no toSorted.
// oxlint-disable-next-line unicorn/no-array-sort
const normal = (keys: string): string => keys.toLowerCase().split('+').sort().join('+');

/** The action that a key press means; null: none. A key held down repeats and means nothing more; neither does composing text. */
export function actionOf(event: KeyboardEvent, bindings: Bindings, inDirectory: boolean): ActionId | null {
  if (event.repeat || event.isComposing) return null;
  const id = actionIds.find((candidate) => {
    if (action(candidate).scope === 'directory' && !inDirectory) return false;
    const press = parseKeybinding(bindings[candidate])[0];
    return press !== undefined && matchKeyBindingPress(event, press);
  });
  return id ?? null;
}

const isMac = (): boolean => typeof navigator !== 'undefined' && /Mac/.test(navigator.platform);
const shown: Readonly<Record<string, string>> = { Shift: '⇧', Enter: '↵', Escape: 'Esc', Control: 'Ctrl', Meta: '⌘' };

/** As on the keycaps: `Ctrl K`, `⇧ F8`, `F2`. */
export function keyLabel(keys: string, mac = isMac()): string {
  return keys
    .split('+')
    .map((part) => {
      if (part === '$mod') return mac ? '⌘' : 'Ctrl';
      return (
        shown[part] ??
        (part.replace(/^(?:Digit|Key)/, '').length === 1 ? part.replace(/^(?:Digit|Key)/, '').toUpperCase() : part)
      );
    })
    .join(' ');
}

/** As ARIA wants it (aria-keyshortcuts): `Control+K`. */
export function ariaKeys(keys: string, mac = isMac()): string {
  return keys
    .split('+')
    .map((part) => (part === '$mod' ? (mac ? 'Meta' : 'Control') : part.replace(/^(?:Digit|Key)/, '')))
    .join('+');
}
