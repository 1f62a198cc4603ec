import { isCast } from './cast.ts';
import type { Colleague } from './callers/index.ts';
import type { DemoPerson } from './people/index.ts';

/** `22 05 10 14`, `004722051014` and `+47 22 05 10 14` are one number; five digits are a short one. */
export function dialled(number: string): string {
  const bare = number.replace(/[^\d+]/g, '').replace(/^00/, '+');
  return /^\d{8}$/.test(bare) ? `+47${bare}` : bare;
}

/** Every seventeenth is in a conversation already: somebody has to be, so that a refused transfer can be seen. */
const busyEvery = 17;

/** The directory as the exchange knows it: who answers a number, and how. Null: nobody has it. */
export function colleagues(people: readonly DemoPerson[]): (number: string) => Colleague | null {
  const byNumber = new Map<string, { readonly person: DemoPerson; readonly at: number }>();
  people.forEach((person, at) => {
    for (const number of [person.landline, person.mobile, person.shortNumber])
      if (number) byNumber.set(dialled(number), { person, at });
  });
  return (number) => {
    const found = byNumber.get(dialled(number));
    if (!found) return null;
    const { person, at } = found;
    // A code with a colon closes the day, one with a semicolon leaves it open.
    const absent = person.absence !== null && !/^\p{L}+;/u.test(person.absence);
    const greeting = /barnehage/i.test(`${person.unit} ${person.title}`) ? 'kollega-barnehage' : 'kollega';
    return {
      temper: absent ? 'doesNotAnswer' : at % busyEvery === busyEvery - 1 && !isCast(person) ? 'busy' : 'answers',
      greeting,
    };
  };
}
