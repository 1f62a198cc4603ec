/** `npm run lab`: real servers and telephones to point the app at, until Ctrl+C. */
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { writeAppFiles } from '../lib/app.ts';
import { colleague as person, line, startLab, type Lab } from './lab.ts';
import { installPackages, isDebian, missingPackages } from './packages.ts';
import { releaseAll, scratch } from './process.ts';

const say = (text: string) => console.log(text);

/** Citizens with a telephone; the last one is nobody's contact. */
const citizens = [
  { name: 'Nora Bø', number: '+4790112233', says: 1000, cases: ['Plass i Solsiden barnehage', 'Søknad om redusert betaling'] },
  { name: 'Ali Hussain', number: '+4792211334', says: 1300, cases: ['Flytting til ny bydel'] },
  { name: null, number: '+4798765432', says: 700, cases: [] },
];

async function people(lab: Lab) {
  for (const { name, number, cases } of citizens) {
    if (name === null) continue;
    const contact = await lab.requestTracker.seedContact({ name, mobile: number });
    for (const subject of cases) await lab.requestTracker.seedTicket({ subject, requestor: contact.name });
  }
  await lab.telephone({
    number: (person.landline ?? '').replaceAll(' ', ''),
    displayName: person.name,
    says: 1700,
    answers: 'auto',
  });
  return Promise.all(citizens.map(({ number, says }) => lab.telephone({ number, says })));
}

if (!isDebian() && missingPackages().length > 0) {
  console.error(`The lab's servers are Debian packages; these are missing: ${missingPackages().join(' ')}`);
  process.exit(1);
}
if (missingPackages().length > 0) installPackages(say);

say('Starting rtpengine, Kamailio, slapd, Request Tracker and telephones …');
const lab = await startLab({ people: 3000 });
const telephones = await people(lab);
const files = writeAppFiles(lab.app, scratch('lab-app'));
const { kamailio, slapd, requestTracker } = lab;

say(`
The lab is up.
  SIP        ${kamailio.wsUrl} (agent1, pw-agent1), ${kamailio.wssUrl ?? ''}; telephones: udp 127.0.0.1:${kamailio.sipPort}
  directory  ${slapd.ldapsUrl} (${slapd.bindDn}, ${slapd.password}), CA ${slapd.caFile}
  CRM        ${requestTracker.url} (root, password)

Point the app at it, in another terminal:
  npm start -- --config ${files.settings} --provision ${files.provision} --data ${join(files.folder, 'data')}

Enter: the next citizen calls ${line.name} (${citizens.map(({ name, number }) => name ?? number).join(', then ')}).
To pass a call on: ${person.name} answers by itself (search for "${person.keywords[0]}").
Ctrl+C: everything stops, and what it stored is removed.`);

let next = 0;
const input = createInterface({ input: process.stdin });
input.on('line', () => {
  const index = next++ % telephones.length;
  lab.callLine(telephones[index]!).then(
    () => say(`${citizens[index]!.name ?? citizens[index]!.number} calls.`),
    (error: unknown) => say(`That call did not work: ${error instanceof Error ? error.message : String(error)}`),
  );
});

const stop = () => {
  say('Stopping the lab …');
  input.close();
  void releaseAll().then(() => process.exit(0));
};
process.once('SIGINT', stop).once('SIGTERM', stop);
