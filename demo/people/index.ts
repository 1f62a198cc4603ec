export { generatePeople, type DemoPerson, type PeopleOptions } from './generate.ts';
export { peopleCsv, peopleLdif, personAttributes, personDn } from './formats.ts';
export { dice, type Dice } from './random.ts';
