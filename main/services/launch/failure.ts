import type { Fault, FaultCode } from '#contract';

/** What a person is shown when Samband cannot start, and what the program answers to whoever started it. */
export interface StartFailure {
  readonly title: string;
  readonly text: string;
  readonly exitCode: number;
}

type Tongue = 'nb' | 'nn' | 'en';

interface Words {
  readonly title: string;
  readonly callGoesOn: string;
  readonly callEnds: string;
  readonly stay: string;
  readonly leave: string;
  readonly wrongSettings: string;
  readonly newerSchema: string;
  readonly wrongKey: string;
  readonly noKeyStore: string;
  readonly damaged: string;
  readonly inUse: string;
  readonly other: string;
  readonly details: string;
}

// The window's message catalogue is not there yet: these are the words for when no window can be.
const words: Readonly<Record<Tongue, Words>> = {
  nb: {
    title: 'Samband kan ikke starte',
    callGoesOn: 'En samtale pågår. Vil du lukke Samband likevel?',
    callEnds: 'Samtalen blir brutt.',
    stay: 'Fortsett samtalen',
    leave: 'Lukk Samband',
    wrongSettings: 'Innstillingene kan ikke brukes. Be brukerstøtte rette filen som er nevnt under.',
    newerSchema:
      'Lagrede data på denne maskinen er skrevet av en nyere versjon av Samband. Ingenting er endret. Be brukerstøtte installere den nyere versjonen igjen.',
    wrongKey:
      'Lagrede data på denne maskinen kan ikke låses opp: nøkkelen passer ikke. Ingenting er endret. Be brukerstøtte sjekke at du er logget på som deg selv, og at nøkkelringen ikke er byttet.',
    noKeyStore: 'Maskinen har ikke noe trygt sted for passord. Be brukerstøtte slå på nøkkelringen.',
    damaged: 'En fil som Samband trenger, er skadet. Be brukerstøtte se på filen som er nevnt under.',
    inUse: 'Samband er allerede i gang med de samme dataene på denne maskinen. Lukk det, eller be brukerstøtte om hjelp.',
    other: 'Noe gikk galt under oppstart. Be brukerstøtte se i loggen.',
    details: 'Til brukerstøtte',
  },
  nn: {
    title: 'Samband kan ikkje starte',
    callGoesOn: 'Ein samtale er i gang. Vil du lukke Samband likevel?',
    callEnds: 'Samtalen blir broten.',
    stay: 'Hald fram',
    leave: 'Lukk Samband',
    wrongSettings: 'Innstillingane kan ikkje brukast. Be brukarstøtta rette fila som er nemnd under.',
    newerSchema:
      'Lagra data på denne maskina er skrivne av ein nyare versjon av Samband. Ingenting er endra. Be brukarstøtta installere den nyare versjonen igjen.',
    wrongKey:
      'Lagra data på denne maskina kan ikkje låsast opp: nøkkelen passar ikkje. Ingenting er endra. Be brukarstøtta sjekke at du er logga på som deg sjølv, og at nøkkelringen ikkje er bytt.',
    noKeyStore: 'Maskina har ingen trygg stad for passord. Be brukarstøtta slå på nøkkelringen.',
    damaged: 'Ei fil som Samband treng, er skadd. Be brukarstøtta sjå på fila som er nemnd under.',
    inUse: 'Samband er alt i gang med dei same dataa på denne maskina. Lukk det, eller be brukarstøtta om hjelp.',
    other: 'Noko gjekk gale under oppstart. Be brukarstøtta sjå i loggen.',
    details: 'Til brukarstøtta',
  },
  en: {
    title: 'Samband cannot start',
    callGoesOn: 'A call is going on. Close Samband all the same?',
    callEnds: 'The call will be cut off.',
    stay: 'Go on with the call',
    leave: 'Close Samband',
    wrongSettings: 'The settings cannot be used. Ask the helpdesk to correct the file named below.',
    newerSchema:
      'The data stored on this machine were written by a newer version of Samband. Nothing was changed. Ask the helpdesk to install the newer version again.',
    wrongKey:
      'The data stored on this machine cannot be unlocked: the key does not fit. Nothing was changed. Ask the helpdesk whether you are logged on as yourself and whether the key store was replaced.',
    noKeyStore: 'This machine has no safe place for passwords. Ask the helpdesk to turn the key store on.',
    damaged: 'A file that Samband needs is damaged. Ask the helpdesk to look at the file named below.',
    inUse: 'Samband is already running on the same data on this machine. Close it, or ask the helpdesk for help.',
    other: 'Something went wrong at the start. Ask the helpdesk to look at the log.',
    details: 'For the helpdesk',
  },
};

/** Code → which words, and the program's exit code (documented for the helpdesk's scripts; 1 is left to crashes). */
const kinds: Partial<
  Record<
    FaultCode,
    {
      readonly words: Exclude<keyof Words, 'title' | 'details' | 'callGoesOn' | 'callEnds' | 'stay' | 'leave'>;
      readonly exitCode: number;
    }
  >
> = {
  'invalid-input': { words: 'wrongSettings', exitCode: 10 },
  'not-found': { words: 'wrongSettings', exitCode: 10 },
  'newer-schema': { words: 'newerSchema', exitCode: 11 },
  'wrong-key': { words: 'wrongKey', exitCode: 12 },
  refused: { words: 'noKeyStore', exitCode: 13 },
  damaged: { words: 'damaged', exitCode: 14 },
  conflict: { words: 'inUse', exitCode: 16 },
};

/** The language of a locale such as `nn-NO`; Samband's own is bokmål. */
export function tongueOf(locale: string): Tongue {
  const language = locale.slice(0, 2).toLowerCase();
  if (language === 'nn') return 'nn';
  return ['nb', 'no', 'da', 'sv', ''].includes(language) ? 'nb' : 'en';
}

/** Words that the agent can pass on and the helpdesk can act on, from a fault of the start. */
export function startFailure(fault: Fault, locale: string, logFolder: string): StartFailure {
  const texts = words[tongueOf(locale)];
  const kind = kinds[fault.code] ?? { words: 'other' as const, exitCode: 15 };
  return {
    title: texts.title,
    text: `${texts[kind.words]}\n\n${texts.details}: ${fault.code}: ${fault.message}\n${logFolder}`,
    exitCode: kind.exitCode,
  };
}

/** The question when the window is to be closed in the middle of a call. */
export function leaveQuestion(locale: string): {
  readonly message: string;
  readonly detail: string;
  readonly stay: string;
  readonly leave: string;
} {
  const { callGoesOn, callEnds, stay, leave } = words[tongueOf(locale)];
  return { message: callGoesOn, detail: callEnds, stay, leave };
}
