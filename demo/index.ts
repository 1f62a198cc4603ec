import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import type { settingsFile } from '../main/services/settings/schema.ts';
import { startDemoCalendars, type DemoCalendars } from './calendars.ts';
import { startCallers, type Callers, type CallersOptions } from './callers/index.ts';
import { colleagues } from './colleagues.ts';
import { startControl } from './control.ts';
import { startDemoCrm, type DemoCrm } from './crm/index.ts';
import { demoDirectory } from './directory.ts';
import { startExchange, type Exchange } from './exchange/index.ts';
import { openFolder, openPeople } from './folder.ts';
import { agent, citizens, commonTags, domain, lines } from './world.ts';

export { demoDirectoryFile } from './directory.ts';
export { resetDemo } from './folder.ts';

export interface DemoOptions {
  /** Everything that the demo stores is in it. */
  readonly folder: string;
  /** Default: 10,000. */
  readonly people?: number;
  /** Default: now; absences in the directory are current then. */
  readonly today?: Date;
  /** How quickly people call and talk; for tests. */
  readonly tempo?: Pick<CallersOptions, 'rhythm' | 'pace' | 'colleaguePace'>;
}

export interface Demo {
  /** For the app: `--config`, `--provision`, `--policy` (a file that is not there, so that a machine's own policy stays out), `--data`. */
  readonly settingsFile: string;
  readonly provisionFile: string;
  readonly policyFile: string;
  readonly appFolder: string;
  readonly people: number;
  readonly contacts: number;
  readonly exchange: Exchange;
  readonly crm: DemoCrm;
  readonly calendars: DemoCalendars;
  readonly callers: Callers;
  stop(): Promise<void>;
}

const secret = () => randomBytes(18).toString('base64url');

/** Starts the demo's world on the loopback interface: a directory file, a CRM, a telephone exchange, and people who call and answer. */
export async function startDemo({
  folder,
  people: count = 10_000,
  today = new Date(),
  tempo = {},
}: DemoOptions): Promise<Demo> {
  await openFolder(folder);
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const one of stops.splice(0).toReversed()) await one();
  };
  try {
    const { people, csvFile } = await openPeople(folder, count, today);
    const crm = await startDemoCrm({ folder: join(folder, 'crm'), agentName: agent.name });
    stops.push(() => crm.stop());
    const calendars = await startDemoCalendars(people, today);
    stops.push(() => calendars.stop());

    const outside = { user: 'utenfra', password: secret() };
    const inside = { user: 'innenfra', password: secret() };
    const password = secret();
    const colleague = colleagues(people);
    const exchange = await startExchange({
      domain,
      accounts: [
        { user: agent.user, password },
        { ...outside, gateway: true },
        { ...inside, gateway: true },
      ],
      lines: Object.values(lines).map(({ number, name }) => ({
        number,
        name,
        agents: [agent.user],
        waitedSeconds: () => Math.random() ** 2 * 90,
      })),
      resolve: (number) => (colleague(number) ? inside.user : null),
    });
    stops.push(() => exchange.stop());
    const callers = await startCallers({
      exchange,
      outside,
      inside,
      agent: agent.user,
      citizens: citizens(crm.contacts),
      colleague,
      ...tempo,
    });
    stops.push(() => callers.stop());
    const control = await startControl(() => callers.callNow());
    stops.push(() => control.stop());

    const settings: z.input<typeof settingsFile> = {
      agent: { id: agent.id, name: agent.name },
      telephone: {
        uri: `sip:${agent.user}@${domain}`,
        displayName: agent.name,
        servers: [exchange.url],
        // Everything is on this machine: what has not been gathered at once does not exist.
        iceGatheringTimeoutMs: 200,
        greetings: Object.fromEntries(Object.values(lines).map(({ name, greeting }) => [name, greeting])),
      },
      crm: { kind: 'request-tracker', url: crm.url, ...crm.names },
      directory: demoDirectory(csvFile),
      calendars: { kind: 'caldav', url: calendars.url, user: calendars.user },
      policy: {
        requiredTags: 1,
        suggestedTags: {
          '*': [...commonTags],
          ...Object.fromEntries(Object.values(lines).map(({ name, tags }) => [name, [...tags]])),
        },
        answerWithinSeconds: 20,
        country: 'NO',
      },
      demo: { control: control.url },
    };
    const files = { settingsFile: join(folder, 'settings.json'), provisionFile: join(folder, 'provision.json') };
    await writeFile(files.settingsFile, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
    await writeFile(
      files.provisionFile,
      JSON.stringify({ secrets: { sip: password, crm: crm.token, calendar: calendars.password } }),
      { mode: 0o600 },
    );
    // The app deletes it when it has taken the passwords over; if it never came to that, nothing may be left.
    stops.push(() => rm(files.provisionFile, { force: true }));
    return {
      ...files,
      policyFile: join(folder, 'no-policy.json'),
      appFolder: join(folder, 'app'),
      people: people.length,
      contacts: crm.contacts.length,
      exchange,
      crm,
      calendars,
      callers,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
