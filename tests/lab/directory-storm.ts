/** Seeded changes of a directory server, for comparing its copy with it afterwards. */
import { Attribute, Change, type Client } from 'ldapts';
import type { DemoPerson, Dice } from '../../demo/people/index.ts';
import type { Place, Slapd } from './servers/slapd.ts';

export interface Storm {
  /** So many changes, over one connection. */
  blow(count: number): Promise<void>;
}

/** Adds, changes, renames, moves and deletes: never so many deletions that the copy would doubt them. */
export function storm(slapd: Slapd, people: readonly DemoPerson[], roll: Dice): Storm {
  const there: Place[] = people.map(({ id }) => ({ id, ou: 'people' }));
  const gone: DemoPerson[] = [];
  const least = Math.ceil(people.length * 0.9);
  let names = 0;

  async function one(client: Client): Promise<void> {
    const at = roll.below(there.length);
    const place = there[at]!;
    const dn = slapd.dn(place);
    const kind = roll.below(10);
    if (kind < 5) {
      const [type, values] = roll.pick<[string, string[]]>([
        ['title', [`tittel ${++names}`]],
        ['kkKeyword', [`emne ${++names}`, `sak ${names}`]],
        ['telephoneNumber', []],
        ['telephoneNumber', [`+47 22 ${String(100_000 + ++names).replace(/(..)(?=.)/g, '$1 ')}`]],
      ]);
      await client.modify(dn, new Change({ operation: 'replace', modification: new Attribute({ type, values }) }));
    } else if (kind < 7) {
      const to: Place =
        roll.fraction() < 0.5 ? { ...place, id: `r${++names}` } : { ...place, ou: place.ou === 'north' ? 'people' : 'north' };
      await client.modifyDN(dn, slapd.dn(to));
      there[at] = to;
    } else if (kind < 8 && there.length > least) {
      await (roll.fraction() < 0.5 ? client.del(dn) : client.modifyDN(dn, slapd.dn({ id: `g${++names}`, ou: 'gone' })));
      there.splice(at, 1);
      const person = people.find(({ id }) => id === place.id);
      if (person && place.ou === 'people') gone.push(person);
    } else {
      const back = gone.pop() ?? { ...roll.pick(people), id: `n${++names}` };
      await slapd.addBy(client, back);
      there.push({ id: back.id, ou: 'people' });
    }
  }

  return {
    blow: (count) =>
      slapd.asAdmin(async (client) => {
        for (let i = 0; i < count; i++) await one(client);
      }),
  };
}
