import { fc, test as prop } from './search-properties.ts';
import { describe, expect, test } from 'vitest';
import { fold, foldWithOrigin, words } from '../../main/db/search/fold.ts';
import { parseQuery } from '../../main/db/search/query.ts';
import { errorsToBeginning, Trie } from '../../main/db/search/trie.ts';

describe('folding', () => {
  test.each([
    ['Håkon', 'Haakon'],
    ['HÅKON', 'hakon'],
    ['Ødegård', 'Oedegaard'],
    ['Ødegård', 'odegard'],
    ['Sæther', 'Saether'],
    ['Jörg', 'Jørg'],
    ['Björn', 'Bjoern'],
    ['Schäfer', 'Schæfer'],
    ['André', 'Andre'],
    ['Łukasz', 'Lukasz'],
    ['Åse', 'A\u030ase'], // decomposed, as macOS writes it
    ['Ánne', 'Anne'],
    ['Đoković', 'Dokovic'],
  ])('%s is found as %s', (a, b) => expect(fold(a)).toBe(fold(b)));

  test('what folds apart stays apart', () => {
    expect(new Set(['Bær', 'Ber', 'Bør', 'Bar'].map(fold)).size).toBe(4);
  });

  prop('is idempotent', [fc.string({ unit: 'grapheme' })], (text) => expect(fold(fold(text))).toBe(fold(text)));

  prop('each folded unit comes from a place in the original, in order', [fc.string({ unit: 'binary' })], (text) => {
    const { text: folded, origin } = foldWithOrigin(text);
    expect(origin).toHaveLength(folded.length + 1);
    expect(origin.at(-1)).toBe(text.length);
    for (let i = 1; i < origin.length; i++) expect(origin[i]).toBeGreaterThanOrEqual(origin[i - 1]!);
  });

  test('words end at spaces, hyphens and signs', () => {
    expect(words("Anne-Lise O'Brien, St. Hanshaugen (02 180)")).toEqual([
      'anne',
      'lise',
      'o',
      'brien',
      'st',
      'hanshaugen',
      '02',
      '180',
    ]);
  });
});

describe('what was typed', () => {
  const texts = (typed: string) => parseQuery(typed).map(({ kind, text }) => `${kind}:${text}`);
  test.each([
    ['', []],
    ['  - ', []],
    ['Kari Ødegård', ['text:kari', 'text:odegard']],
    ['22 05 10 14', ['digits:22051014']],
    ['+47 22 05 10 14', ['digits:4722051014']],
    ['0047 22051014', ['digits:4722051014']],
    ['bydel 12', ['text:bydel', 'digits:12']],
    ['kari.nord@oslo', ['text:kari', 'text:nord', 'domain:@oslo']],
    ['a b c d e f g h i j', ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((letter) => `text:${letter}`)],
  ])('%j', (typed, expected) => expect(texts(typed)).toEqual(expected));
});

/** Optimal string alignment, by the book. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      let cell = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cell = Math.min(cell, rows[i - 2]![j - 2]! + 1);
      row.push(cell);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

/** The least errors of any beginning of `word`; unless the word ends there, the last typed letter is not one too many. */
function slowErrors(typed: string, word: string): number {
  let least = distance(typed, word);
  for (let end = 0; end < word.length; end++) {
    const whole = distance(typed, word.slice(0, end));
    const tooMany = distance(typed.slice(0, -1), word.slice(0, end)) + 1;
    if (whole < tooMany) least = Math.min(least, whole);
  }
  return least;
}

describe('typing errors', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 9 });

  prop(
    'the tree finds what comparing with each word finds',
    [fc.uniqueArray(letters, { maxLength: 40 }), letters, fc.constantFrom(1, 2)],
    (all, typed, max) => {
      const sorted = all.toSorted((a, b) => (a < b ? -1 : 1));
      const found = new Map<string, number>();
      new Trie(sorted).near(typed, max, (from, to, errors) => {
        for (let i = from; i < to; i++) found.set(sorted[i]!, Math.min(errors, found.get(sorted[i]!) ?? 9));
      });
      for (const word of sorted) {
        const errors = errorsToBeginning(typed, word, max);
        const one = found.get(word) ?? 9;
        expect({ word, within: one <= max }).toEqual({ word, within: errors <= max });
        if (errors <= max) expect({ word, errors: one }).toEqual({ word, errors });
      }
    },
  );

  prop('within the errors that the textbook counts', [letters, letters], (typed, word) => {
    const slow = slowErrors(typed, word);
    for (const max of [1, 2]) {
      const fast = errorsToBeginning(typed, word, max);
      expect(fast <= max).toBe(slow <= max);
      if (slow <= max) expect(fast).toBe(slow);
    }
  });
});
