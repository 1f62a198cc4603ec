import { describe, expect, test } from 'vitest';
import { actionIds, actionOf, actions, allowed, ariaKeys, bind, keyLabel } from '../../renderer/shortcuts/registry.ts';

/** A key press as the platform reports it. */
function press(key: string, change: Partial<KeyboardEvent> & { modifiers?: readonly string[] } = {}): KeyboardEvent {
  const { modifiers = [], ...rest } = change;
  return {
    key,
    code: '',
    repeat: false,
    isComposing: false,
    getModifierState: (mod: string) => modifiers.includes(mod),
    ...rest,
  } as KeyboardEvent;
}

const { bindings } = bind({});

describe('the table', () => {
  test('no two actions of one scope share a key', () => {
    for (const scope of ['anywhere', 'directory'])
      expect(
        new Set(actionIds.filter((id) => actions[id].scope === scope).map((id) => actions[id].keys.toLowerCase())).size,
      ).toBe(actionIds.filter((id) => actions[id].scope === scope).length);
  });

  test('every key of it is one that an override could be', () => {
    expect(actionIds.filter((id) => !allowed(id, actions[id].keys))).toEqual([]);
  });

  test('it holds what the face promises', () => {
    expect(bindings).toMatchObject({
      answer: 'F2',
      hold: 'F3',
      hangUp: 'F4',
      mute: 'F6',
      transfer: 'F8',
      keys: 'F1',
      search: '$mod+K',
      note: '$mod+J',
      done: '$mod+Enter',
    });
  });
});

describe('which action a press means', () => {
  test.each([
    ['F2', [], 'answer'],
    ['F4', [], 'hangUp'],
    ['F8', [], 'transfer'],
    ['F8', ['Shift'], 'consult'],
    ['F8', ['Control', 'Shift'], null],
    ['F7', [], 'swap'],
    ['k', ['Control'], 'search'],
    ['K', ['Control', 'Shift'], 'ready'],
    ['k', ['Control', 'Alt', 'AltGraph'], null],
    ['k', [], null],
    ['Enter', ['Control'], 'done'],
    ['Enter', [], null],
    ['Escape', [], null],
  ] as const)('%s with %j: %s', (key, modifiers, id) => expect(actionOf(press(key, { modifiers }), bindings, false)).toBe(id));

  test('Enter and Escape mean something in the directory only', () => {
    expect(actionOf(press('Enter'), bindings, true)).toBe('hitTransfer');
    expect(actionOf(press('Escape'), bindings, true)).toBe('hitBack');
  });

  test('a digit is known by its place on the keyboard', () =>
    expect(actionOf(press('"', { code: 'Digit2', modifiers: ['Control'] }), bindings, false)).toBe('tag2'));

  test('a key held down, or composing text, means nothing', () => {
    expect(actionOf(press('F4', { repeat: true }), bindings, false)).toBeNull();
    expect(actionOf(press('F4', { isComposing: true }), bindings, false)).toBeNull();
  });
});

describe('overrides', () => {
  test.each([
    ['answer', 'F7', true],
    ['answer', 'Shift+F2', true],
    ['answer', '$mod+A', true],
    ['answer', 'a', false],
    ['answer', 'Shift+A', false],
    ['answer', 'Enter', false],
    ['answer', 'Space', false],
    ['answer', 'Alt+A', false],
    ['answer', 'Control+Alt+E', false],
    ['answer', 'AltGraph+E', false],
    ['answer', '$mod+K $mod+S', false],
    ['answer', '', false],
  ] as const)('%s on "%s": %s', (id, keys, fine) => expect(allowed(id, keys)).toBe(fine));

  test('one that clashes gives way to the table, and is named', () => {
    const { bindings: kept, refused } = bind({ answer: 'F3' });
    expect(kept.answer).toBe('F2');
    expect(kept.hold).toBe('F3');
    expect(refused).toEqual(['F3']);
  });

  test('two may change places', () => {
    const { bindings: swapped, refused } = bind({ answer: 'F3', hold: 'F2' });
    expect([swapped.answer, swapped.hold, refused]).toEqual(['F3', 'F2', []]);
  });

  test('an unknown action or key is refused', () => {
    expect(bind({ fly: 'F7', answer: 'Alt+F2' }).refused).toEqual(['F7', 'Alt+F2']);
  });
});

test.each([
  ['$mod+K', false, 'Ctrl K', 'Control+K'],
  ['$mod+K', true, '⌘ K', 'Meta+K'],
  ['$mod+Shift+Y', false, 'Ctrl ⇧ Y', 'Control+Shift+Y'],
  ['$mod+Digit1', false, 'Ctrl 1', 'Control+1'],
  ['F8', false, 'F8', 'F8'],
  ['Enter', false, '↵', 'Enter'],
])('%s (Mac: %s) is shown as %s and told as %s', (keys, mac, shown, told) => {
  expect(keyLabel(keys, mac)).toBe(shown);
  expect(ariaKeys(keys, mac)).toBe(told);
});
