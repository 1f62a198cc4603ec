/** Short forms of given names as they are used in Norway, beside those that the directory itself has of a person. */
import { fold } from './fold.ts';

/** Short form: the names that it stands for. */
const SHORT_FORMS = `
  Adri: Adrian, Adriana
  Alex: Aleksander, Alexander, Aleksandra, Alexandra
  Anders: Andreas
  Andy: Andreas, Anders
  Bea: Beate, Beatrice, Beathe
  Ben: Benjamin, Bendik, Benedikt
  Bente: Benedikte
  Beth: Elisabeth, Elizabeth
  Betty: Elisabeth, Elizabeth
  Bibbi: Birgit, Birgitte
  Bitten: Birgit, Birgitte
  Cathrine: Katarina, Catharina
  Chris: Christian, Christina, Christine, Christoffer, Kristian, Kristine
  Dan: Daniel
  Dani: Daniel, Daniela
  Danny: Daniel
  Eli: Elisabeth, Elise, Elin
  Elle: Elena, Eline
  Elsa: Elisabeth
  Erika: Frederika
  Fred: Fredrik, Alfred
  Frida: Fredrikke
  Gabe: Gabriel
  Gitte: Birgitte
  Grete: Margrete, Margrethe
  Gunn: Gunhild, Gunnhild, Gunvor
  Gustav: Gustaf
  Hanna: Johanna
  Hanne: Johanne
  Hans: Johannes, Johan
  Harry: Harald
  Heidi: Adelheid
  Henke: Henrik
  Ina: Karina, Katarina, Martina
  Inga: Ingeborg, Ingrid, Inger
  Inge: Ingebrigt, Ingeborg
  Bella: Isabella
  Isa: Isabel, Isabell, Isabella, Isak
  Jan: Johan, Johannes
  Jens: Johannes
  Joe: Johannes, Josef
  Jon: Johan, Johannes, John
  Kaja: Karoline, Katarina
  Kalle: Karl
  Kari: Katarina
  Kate: Katarina, Kathrine, Katrine
  Kathi: Katarzyna, Katharina
  Kata: Katarina, Katarzyna
  Kim: Joakim
  Kris: Kristian, Christian, Kristine, Kristina, Kristin, Kristoffer, Christoffer
  Lars: Laurits, Lauritz
  Lasse: Lars
  Lena: Magdalena, Helena
  Lene: Helene, Magdalene
  Line: Karoline, Caroline, Eline, Pauline
  Lina: Karolina
  Lisa: Elisabeth
  Lisbeth: Elisabeth
  Lise: Elisabeth
  Liv: Olivia
  Lotte: Charlotte
  Mads: Mathias, Matias
  Magga: Margrete, Margrethe
  Maja: Maria
  Malin: Magdalena
  Mari: Maria, Marie, Marianne
  Marit: Margrete, Margrethe
  Max: Maximilian, Maksimilian
  Mette: Margrete, Margrethe
  Mia: Maria, Emilia, Amelia
  Mikke: Mikkel, Mikael
  Mikael: Michael
  Mina: Vilhelmina, Hermine
  Mo: Mohammed, Mohamed, Muhammad, Mohammad, Muhammed
  Nico: Nikolai, Nicolai, Nicolas
  Niko: Nikolai, Nicolai, Nikolas
  Nils: Nikolai, Nicolai
  Ola: Olav, Olaf
  Ole: Olav, Olaf
  Peder: Petter
  Per: Peder, Petter
  Pia: Olympia
  Ragna: Ragnhild
  Rikke: Henrikke, Fredrikke, Ulrikke
  Sara: Zahra
  Sebbe: Sebastian
  Sigga: Sigrid
  Siri: Sigrid
  Sissi: Sissel, Cecilie
  Sissel: Cecilie
  Sofi: Sofie, Sofia
  Steff: Stefan, Steffen
  Stian: Kristian, Christian
  Stine: Kristine, Christine, Kristin, Kristina, Ernestine
  Sven: Svein
  Teo: Teodor, Theodor
  Tina: Kristina, Christina, Martina
  Tine: Kristine, Martine, Albertine
  Tobben: Torbjørn
  Tom: Thomas, Tomas, Tomasz
  Tommy: Thomas, Tomas
  Tor: Torbjørn, Torstein, Tormod, Torkel
  Tora: Torunn, Torill
  Trine: Katrine, Catrine, Kathrine, Cathrine
  Vic: Viktor, Victor, Viktoria, Victoria
  Vilde: Alvhilde
  Ville: Vilhelm, William
  Wenke: Wenche
`;

const fullNames = new Map<string, Set<string>>();
const shortForms = new Map<string, Set<string>>();

function put(map: Map<string, Set<string>>, name: string, other: string): void {
  const known = map.get(name);
  if (known) known.add(other);
  else map.set(name, new Set([other]));
}

for (const line of SHORT_FORMS.trim().split('\n')) {
  const [short = '', names = ''] = line.split(':');
  for (const name of names.split(',')) {
    put(fullNames, fold(short.trim()), fold(name.trim()));
    put(shortForms, fold(name.trim()), fold(short.trim()));
  }
}

const NOTHING: ReadonlySet<string> = new Set();

/** The names that a short form stands for; all folded. */
export const standsFor = (short: string): ReadonlySet<string> => fullNames.get(short) ?? NOTHING;

/** The short forms of a name; all folded. */
export const shortFormsOf = (name: string): ReadonlySet<string> => shortForms.get(name) ?? NOTHING;

export const isShortFor = (short: string, name: string): boolean => standsFor(short).has(name);
