/** What is typed letter by letter while people are looked for. */
import { dice, type DemoPerson, type Dice } from '../../../demo/people/index.ts';

/** What an agent might type to reach this person. */
function intended(person: DemoPerson, roll: Dice): string {
  const first = person.givenName.split(/[ -]/)[0] ?? '';
  const kinds = [
    () => person.name,
    () => `${first} ${person.familyName}`,
    () => `${person.familyName} ${first.slice(0, 1)}`,
    () => roll.pick(person.keywords),
    () => `${roll.pick(person.keywords)} ${person.agency.split(' ').at(-1) ?? ''}`,
    () => person.unit,
    () => `${person.title} ${person.unit}`,
    () => (person.mobile ?? person.landline ?? person.name).replace('+47 ', ''),
    () => (person.landline ?? person.mobile ?? person.name).replaceAll(' ', '').slice(-5),
    () => person.email,
  ];
  return roll.pick(kinds)();
}

const LETTERS = 'abcdefghijklmnoprstuvyæøå'.split('');

/** One wrong, missing, doubled or swapped letter. */
function misspelt(text: string, roll: Dice): string {
  const at = 1 + roll.below(Math.max(1, text.length - 2));
  const rest = text.slice(at + 1);
  const before = text.slice(0, at);
  const letter = text.charAt(at);
  return roll.pick([
    before + rest,
    before + letter + letter + rest,
    before + roll.pick(LETTERS) + rest,
    before + rest.charAt(0) + letter + rest.slice(1),
  ]);
}

/** Every state of the search field while people are being looked for, letter by letter. */
export function keystrokes(people: readonly DemoPerson[], count: number, seed: number): string[] {
  const roll = dice(seed);
  const out: string[] = [];
  while (out.length < count) {
    let text = intended(roll.pick(people), roll);
    if (roll.fraction() < 0.25) text = misspelt(text, roll);
    if (roll.fraction() < 0.3) text = text.toLowerCase().replaceAll('å', 'aa').replaceAll('ø', 'o');
    for (let end = 1; end <= text.length; end++) out.push(text.slice(0, end));
  }
  return out.slice(0, count);
}
