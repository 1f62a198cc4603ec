import type { Person } from '#contract';

/** The number that a transfer or call to a person takes: the first that the directory gives. */
export const numberOf = (person: Person): string | null => person.numbers[0]?.value ?? null;
