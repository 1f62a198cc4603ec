/** The whole lab: a media relay, a SIP server, a directory and a case system, each the real thing, and telephones on it. */
import { generatePeople, type DemoPerson } from '../../demo/people/index.ts';
import type { AppOptions } from '../lib/app.ts';
import { startBaresip, type Baresip, type BaresipOptions } from './servers/baresip.ts';
import { startKamailio, type Kamailio } from './servers/kamailio.ts';
import { startRequestTracker, type RequestTracker } from './servers/request-tracker.ts';
import { startRtpengine, type Rtpengine } from './servers/rtpengine.ts';
import { startSlapd, type Slapd } from './servers/slapd.ts';

/** The service line that citizens call, and the words that go with it. */
export const line = { number: '02180', name: 'Barnehageopptak', greeting: 'Barnehageopptak, hva kan jeg hjelpe deg med?' };

/** Somebody in the directory whom a call can be passed on to, found by a word that nobody else has. */
export const colleague: DemoPerson = {
  id: 'lab-colleague',
  name: 'Ågot Ødegård',
  givenName: 'Ågot',
  familyName: 'Ødegård',
  title: 'Rådgiver',
  unit: 'Barnehageseksjonen',
  agency: 'Bydel Grünerløkka',
  keywords: ['bytteplass', 'søskenprioritet'],
  workplace: 'Markveien 57',
  email: 'agot.odegard@example.no',
  landline: '+47 22 05 10 14',
  mobile: null,
  shortNumber: null,
  nicknames: [],
  deputyId: null,
  alternativeNumber: null,
  managerId: null,
  openingHours: null,
  switchboardNote: null,
  absence: null,
};

export interface LabOptions {
  /** How many other people the directory has. */
  readonly people?: number;
}

export interface Lab {
  readonly rtpengine: Rtpengine;
  readonly kamailio: Kamailio;
  readonly requestTracker: RequestTracker;
  readonly slapd: Slapd;
  /** What the app of agent1 is given to work here. */
  readonly app: AppOptions;
  /** A telephone on this exchange, reached by its number. */
  telephone(options: Omit<BaresipOptions, 'exchangePort'>): Promise<Baresip>;
  /** Has somebody call the agent's line. */
  callLine(caller: Baresip): Promise<void>;
}

/** Starts all servers. They end with the test (tests/lib/setup.ts), or with the process. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const telephony = async () => {
    // In this order: Kamailio gives up for a minute on a relay that does not answer.
    const rtpengine = await startRtpengine();
    const kamailio = await startKamailio({
      rtpengine,
      tls: true,
      lines: { [line.number]: { queue: line.name, agent: 'agent1', waitSeconds: 42 } },
    });
    return { rtpengine, kamailio };
  };
  const people = [...generatePeople({ count: options.people ?? 500, seed: 1 }), colleague];
  const [{ rtpengine, kamailio }, requestTracker, slapd] = await Promise.all([
    telephony(),
    startRequestTracker(),
    startSlapd({ people }),
  ]);
  return {
    rtpengine,
    kamailio,
    requestTracker,
    slapd,
    app: {
      settings: {
        agent: { id: 'agent1', name: 'Åse Agent' },
        telephone: {
          uri: `sip:agent1@${kamailio.domain}`,
          displayName: 'Åse Agent',
          servers: [kamailio.wsUrl],
          greetings: { [line.name]: line.greeting },
        },
        crm: {
          kind: 'request-tracker',
          url: requestTracker.url,
          queue: 'Kontaktsenter',
          tagField: 'Merkelapper',
          clientIdField: 'KlientId',
        },
        directory: {
          kind: 'ldap',
          url: slapd.ldapsUrl,
          caFile: slapd.caFile,
          bindDn: slapd.bindDn,
          baseDn: slapd.baseDn,
          refreshSeconds: 5,
        },
        policy: {
          requiredTags: 1,
          suggestedTags: { [line.name]: ['barnehage', 'opptak', 'klage'], '*': ['skjema', 'purring', 'ros'] },
          answerWithinSeconds: 20,
          // Its telephones are sent on with a plain REFER: they know no Replaces, and are deaf after a hold.
          transfer: 'blind',
        },
      },
      secrets: { sip: 'pw-agent1', crm: requestTracker.token, directory: slapd.password },
    },
    async telephone(wanted) {
      const phone = await startBaresip({ ...wanted, exchangePort: kamailio.sipPort });
      await kamailio.routeNumber(wanted.number, phone.contact);
      return phone;
    },
    callLine: (caller) => caller.call(`sip:${line.number}@${kamailio.domain}`),
  };
}
