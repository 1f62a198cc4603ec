/**
 * A directory of 100,000 people and its copy, over any order of changes, broken connections and restarts of the server and of the
 * program: after each round the copy equals the server's. A slice is one round.
 */
import { dice, generatePeople } from '../../demo/people/index.ts';
import { storm } from '../lab/directory-storm.ts';
import { copyFacts, differences, serverFacts } from '../lab/directory-truth.ts';
import { ldapSettings, openWorld, type World } from '../lab/directory-world.ts';
import { startSlapd } from '../lab/servers/slapd.ts';
import { startTcpProxy } from '../lab/tcp-proxy.ts';
import type { Soak } from '../lib/soak.ts';

const PEOPLE = 100_000;

export const soak: Soak = async ({ seed, minutes, slice, say }) => {
  const until = performance.now() + minutes * 60_000;
  const roll = dice(seed);
  const people = generatePeople({ count: PEOPLE, seed });
  const slapd = await startSlapd({ people });
  const proxy = await startTcpProxy({ host: '127.0.0.1', port: slapd.port });
  const settings = ldapSettings(slapd, { url: `ldap://127.0.0.1:${proxy.port}` });
  const open = (folder?: string) =>
    openWorld({ settings, password: slapd.password, ...(folder === undefined ? {} : { folder }) });
  let here: World = await open();

  async function equal(): Promise<void> {
    const { state, fault } = await here.refresh();
    if (state !== 'fresh') throw new Error(`The copy is ${state}: ${fault}`);
    const told = differences(await serverFacts(slapd), await copyFacts(here));
    if (told.length > 0) throw new Error(told.join('\n'));
  }

  await equal();
  say(`${PEOPLE} people read, each as the server has them`);
  const weather = storm(slapd, people, roll);
  let changes = 0;
  let broken = 0;
  let rounds = 0;
  const last = () => (slice ? rounds === 1 : rounds > 0 && performance.now() >= until);
  for (; !last(); rounds++) {
    const count = 1 + roll.below(1000);
    await weather.blow(count);
    changes += count;
    if (roll.fraction() < 0.3) await slapd.restart();
    if (roll.fraction() < 0.3) {
      const { folder } = here;
      await here.close();
      here = await open(folder);
    }
    proxy.cutAfter(roll.below(200_000));
    if ((await here.refresh()).fault !== null) broken += 1;
    proxy.cutAfter(null);
    await equal();
    if (!slice) say(`${changes} changes, ${broken} broken refreshes, equal`);
  }
  await here.close();
  await proxy.stop();
  await slapd.stop();
  return { people: PEOPLE, rounds, changes, broken };
};
