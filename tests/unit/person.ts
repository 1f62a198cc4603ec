import type { Person } from '#contract';

/** A person of the directory, with nothing but what is given. */
export function personOf(given: Partial<Person> = {}): Person {
  return {
    id: 'p1',
    name: 'Kari Bø',
    givenName: 'Kari',
    familyName: 'Bø',
    title: '',
    unit: '',
    agency: '',
    keywords: [],
    workplace: '',
    email: null,
    numbers: [],
    nicknames: [],
    deputy: null,
    alternativeNumber: null,
    manager: null,
    openingHours: null,
    switchboardNote: null,
    absence: null,
    availability: 'unknown',
    calendar: null,
    hours: null,
    favourite: false,
    readAt: '2026-11-22T12:00:00.000Z',
    ...given,
  };
}
