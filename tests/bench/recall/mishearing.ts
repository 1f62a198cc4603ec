/**
 * How a name that was said comes to be written by somebody who only heard it: Norwegian sounds and the ways in which they are spelt. Made from
 * the sounds alone, apart from the search's own key (main/db/search/sound.ts), which must not be consulted here: what is measured
 * must not be its own measure.
 */

interface Confusion {
  /** Where it may happen: one place of it is changed. */
  readonly heard: RegExp;
  readonly written: readonly string[];
}

// Sounds as spelt in names → other spellings of (nearly) the same sound. Lower case.
const CONFUSIONS: readonly Confusion[] = [
  { heard: /ch(?=[ri])/, written: ['k'] }, // Christine
  { heard: /k(?=r)/, written: ['ch', 'c'] },
  { heard: /^k(?=[aoul])/, written: ['c'] }, // Karlsen, Carlsen
  { heard: /^c(?=[aoul])/, written: ['k'] },
  { heard: /(?<=[aeiouy])kk(?=e)/, written: ['k', 'ck'] }, // Bakke
  { heard: /(?<=[aeiou])ks|x/, written: ['x', 'ks', 'cks'] }, // Aksel, Axel
  { heard: /ph/, written: ['f'] }, // Sophie
  { heard: /f(?=i)/, written: ['ph'] },
  { heard: /th/, written: ['t'] }, // Thor
  { heard: /^t(?=[oe])/, written: ['th'] },
  { heard: /(?<=[aeiouyæøå])t(?=e|h?er|$)/, written: ['th', 'tt'] },
  { heard: /z/, written: ['s'] },
  { heard: /(?<=[aeiou])s(?=[aeiou])/, written: ['z', 'ss'] },
  { heard: /w/, written: ['v'] },
  { heard: /^v/, written: ['w', 'hv'] },
  { heard: /^hj/, written: ['j', 'gj'] },
  { heard: /^gj/, written: ['j', 'hj'] },
  { heard: /^j(?=[eaoø])/, written: ['gj', 'hj'] },
  { heard: /^kj/, written: ['tj'] },
  { heard: /sk(?=j)|skj/, written: ['sj', 'sch'] },
  { heard: /^sj|^sch|^sh/, written: ['sj', 'sh', 'sch'] },
  { heard: /ş/, written: ['s', 'sh', 'sj'] },
  { heard: /rd(?=$|[^aeiouyæøå])/, written: ['r'] }, // -gård, -gard
  { heard: /ld(?=$)|ll(?=$)/, written: ['l', 'll'] },
  { heard: /nd(?=$|[^aeiouyæøår])/, written: ['nn', 'n'] }, // Strand
  { heard: /(?<=[aeiouy])ll(?=[aeiouy])/, written: ['l'] },
  { heard: /(?<=[aeiouyø])l(?=[aeiouy])/, written: ['ll'] },
  { heard: /(?<=[aeiouyø])nn/, written: ['n'] },
  { heard: /(?<=[aeiouy])n(?=[aeiouy]|s)/, written: ['nn'] },
  { heard: /ss/, written: ['s'] },
  { heard: /s(?=en$)/, written: ['ss', 'z'] }, // Hansen, Hanssen
  { heard: /(?<=[aeiou])mm?(?=[aeiou])/, written: ['mm', 'm'] },
  { heard: /tt/, written: ['t'] },
  { heard: /(?<=[aeiou])dd?(?=[aeiou])/, written: ['dd', 'd'] },
  { heard: /(?<=[aeiouæøå])g(?=$)/, written: ['gg', 'k'] },
  { heard: /ou/, written: ['u', 'o'] }, // Moussaoui
  { heard: /(?<=[bdfhklmnrstv])u(?=[bdfghjklmnrst])/, written: ['ou', 'o'] }, // Yusuf
  { heard: /(?<=[^aeiouyæøå])y/, written: ['i'] },
  { heard: /(?<=[^aeiouyæøå])i(?=[dgklmnrst])/, written: ['y'] },
  { heard: /ii|ee/, written: ['i'] },
  { heard: /ei/, written: ['ai', 'eg', 'æi'] }, // Eide
  { heard: /ai/, written: ['ei', 'aj'] },
  { heard: /øy/, written: ['øi', 'oi', 'øj'] }, // Øyvind
  { heard: /øi/, written: ['øy', 'oy'] },
  { heard: /(?<!o)å|aa/, written: ['å', 'aa', 'o'] },
  { heard: /æ/, written: ['e', 'ae'] },
  { heard: /(?<=[^aeiouyæøå])e(?=rg|ll|nd|tt)/, written: ['æ'] },
  { heard: /(?<=kj|h)e(?=l)/, written: ['æ'] }, // Kjell
  { heard: /ø|ö/, written: ['o'] },
  { heard: /(?<=[aeiouyæøå])h(?=[aeiou])/, written: [''] },
  { heard: /h(?=$)/, written: [''] },
  { heard: /(?<=b|g|d|r|k)h(?=[aeo])/, written: [''] },
  { heard: /(?<=o)rs|rs(?=en|t)/, written: ['rss'] },
  { heard: /dt(?=$)/, written: ['tt', 't'] },
  { heard: /q/, written: ['k'] },
  { heard: /ng(?=$)/, written: ['nk'] },
  { heard: /(?<=i)k(?=$)/, written: ['ck', 'ch', 'kk'] }, // Henrik, Erik
  { heard: /(?<=[aeo])bd/, written: ['bb'] },
  { heard: /v(?=i$|ić$|ic$)/, written: ['w'] },
  { heard: /ić|ic(?=$)/, written: ['itsj', 'ich', 'ik'] },
  { heard: /sz|cz/, written: ['sj', 's', 'ts'] },
  { heard: /ó|ö/, written: ['o', 'u'] },
];

/** Every way in which one confusion at one place turns the name into another spelling. */
function once(name: string): Set<string> {
  const out = new Set<string>();
  for (const { heard, written } of CONFUSIONS) {
    for (const found of name.matchAll(new RegExp(heard, 'gu'))) {
      for (const other of written) {
        const spelt = name.slice(0, found.index) + other + name.slice(found.index + found[0].length);
        if (spelt !== name && spelt.length > 1) out.add(spelt);
      }
    }
  }
  return out;
}

/** Spellings of a name part (lower case) by somebody who heard it: one confusion, or two where the name is long enough to bear them. */
export function misheard(name: string): ReadonlySet<string> {
  const first = once(name);
  const all = new Set(first);
  if (name.length >= 7) for (const spelt of first) for (const other of once(spelt)) all.add(other);
  all.delete(name);
  return all;
}
