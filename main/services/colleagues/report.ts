/** A report to whoever looks after the directory, in the words that they read. Pure. */
import type { DirectoryReport, NoteSubmission, Person } from '#contract';
import { mailLink } from './messages.ts';

/** Whoever looks after the directory works in Norwegian, whatever the agent's window speaks. */
const kinds: Readonly<Record<DirectoryReport['kind'], string>> = {
  wrongNumber: 'Feil nummer',
  missingKeywords: 'Mangler stikkord',
  left: 'Har sluttet',
  other: 'Annet',
};

const subjectOf = (report: DirectoryReport, person: Person) =>
  `Personkatalogen: ${kinds[report.kind]} – ${person.name}`.slice(0, 200).toWellFormed();

/** Which entry it is, as the directory shows it, and what the agent says of it. */
function bodyOf(report: DirectoryReport, person: Person): string {
  const lines = [
    `${kinds[report.kind]}: ${person.name}`,
    [person.title, person.unit, person.agency].filter((part) => part !== '').join(', '),
    person.email ?? '',
    ...person.numbers.map(({ value }) => value),
    `Stikkord: ${person.keywords.join(', ') || '(ingen)'}`,
    `Katalogens nøkkel: ${person.id}`,
  ].filter((line) => line !== '');
  return report.text.trim() === '' ? lines.join('\n') : `${report.text.trim()}\n\n${lines.join('\n')}`;
}

/** The report as a note that becomes a case of its own; no call's draft goes with it. */
export function reportNote(report: DirectoryReport, person: Person, queue: string | undefined): NoteSubmission {
  const subject = subjectOf(report, person);
  return {
    id: report.id,
    callId: `report:${report.id}`,
    target: {
      kind: 'newCase',
      subject,
      contactId: null,
      number: null,
      origin: 'directory',
      ...(queue === undefined ? {} : { queue }),
    },
    text: bodyOf(report, person),
    tags: [],
  };
}

export function reportMail(report: DirectoryReport, person: Person, address: string): string {
  return mailLink(address, subjectOf(report, person), bodyOf(report, person));
}
