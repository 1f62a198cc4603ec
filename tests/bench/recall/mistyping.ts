/** Slips of the hand on a Norwegian keyboard, and how far two words are from each other. */
import type { Dice } from '../../../demo/people/index.ts';

const ROWS = ['qwertyuiopå', 'asdfghjkløæ', 'zxcvbnm'];

/** The keys beside this one. */
function neighbours(letter: string): string[] {
  const row = ROWS.find((keys) => keys.includes(letter));
  if (row === undefined) return [];
  const at = row.indexOf(letter);
  return [row[at - 1], row[at + 1]].filter((key) => key !== undefined);
}

/** One slip: a letter left out, doubled, swapped with the next, or the key beside it. The first letter is mostly right. */
export function mistyped(text: string, roll: Dice): string {
  const at = roll.fraction() < 0.05 ? 0 : 1 + roll.below(text.length - 1);
  const letter = text.charAt(at);
  const before = text.slice(0, at);
  const after = text.slice(at + 1);
  const beside = neighbours(letter);
  return roll.pick([
    before + after,
    before + letter + letter + after,
    before + after.charAt(0) + letter + after.slice(1),
    before + (beside.length > 0 ? roll.pick(beside) : letter) + after,
  ]);
}

/** Letters too many, too few, wrong, or two swapped (optimal string alignment). */
export function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 9;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      let cell = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cell = Math.min(cell, before[j - 2]! + 1);
      row.push(cell);
    }
    before = above;
    above = row;
  }
  return above[b.length]!;
}
