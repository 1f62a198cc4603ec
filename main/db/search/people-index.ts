/**
 * The directory in memory, for answering each key as it is pressed: words with whom they belong to, in typed arrays; one
 * pass over the matching postings a word; the best few by rank. Lives beside the database in its worker (index.ts).
 */
import { DigitIndex } from './digits.ts';
import { fold, words } from './fold.ts';
import { errorsAllowed, initialsOf, parseQuery, placedWords, type QueryWord } from './query.ts';
import { errorCost, exactCost, FIELD, innerCost, NO_MATCH, numberCost, prefixCost, type FieldCode } from './rank.ts';
import { orderKey, ORDER_SPAN, tieBreak } from './rank.ts';
import { TopList } from './top.ts';
import { Vocabulary } from './vocabulary.ts';

/** What of a person can be searched for, and what ranks them. */
export interface Indexed {
  readonly id: string;
  readonly name: string;
  readonly nicknames: readonly string[];
  readonly title: string;
  readonly unit: string;
  readonly agency: string;
  readonly keywords: readonly string[];
  readonly workplace: string;
  readonly email: string | null;
  /** As in the contract: E.164 or bare digits. */
  readonly numbers: readonly string[];
  readonly absent: boolean;
  /** Milliseconds since 1970; null: not known. */
  readonly absentUntil: number | null;
  /** How often calls were passed on to them. */
  readonly transfers: number;
}

export interface Found {
  /** Best first. */
  readonly ordinals: readonly number[];
  /** All that match. */
  readonly total: number;
  readonly words: readonly QueryWord[];
  /** Words that were also looked for with typing errors. */
  readonly forgiving: boolean;
}

/** Who matches one word, and how well. */
interface Evaluated {
  /** Ordinal → cost; NO_MATCH: does not match. */
  readonly costs: Uint8Array;
  /** Who matches, in no order. */
  readonly ordinals: Uint32Array;
  count: number;
}

const KEPT_WORDS = 8;
const FIELD_BITS = 4;
const FIELD_MASK = 15;
const INITIALS = '\u0001';

export class PeopleIndex {
  readonly #vocabulary = new Vocabulary();
  readonly #digits = new DigitIndex();
  /** Rank at equal match. */
  #order = new Float64Array(1024);
  #tie = new Uint32Array(1024);
  #people = 0;
  readonly #absentUntil = new Map<number, number>();
  #nextReturn = Infinity;
  readonly #evaluated = new Map<string, Evaluated>();
  #spare: Evaluated[] = [];
  /** Single letters match most people and begin every search. */
  readonly #letters = new Map<string, Evaluated>();
  readonly #wordsOf = new Map<string, readonly string[]>();

  get people(): number {
    return this.#people;
  }

  /** Adds a person under an ordinal that nobody has. Call settle() after the last of a batch. */
  add(ordinal: number, person: Indexed): void {
    this.#reserve(ordinal + 1);
    for (const [text, field] of this.#terms(person)) this.#addTerm(ordinal, text, field);
    this.#digits.add(ordinal, digitsOf(person));
    this.#tie[ordinal] = tieBreak(person.id);
    this.rerank(ordinal, person);
    this.#people++;
  }

  /** Takes a person out; `person` must be what was added. */
  remove(ordinal: number, person: Indexed): void {
    for (const [text, field] of this.#terms(person)) this.#vocabulary.remove(text, (ordinal << FIELD_BITS) | field);
    this.#digits.remove(ordinal, digitsOf(person));
    this.#absentUntil.delete(ordinal);
    this.#people--;
  }

  /** Puts `after` in the place of `before`, which must be what was added; only what differs costs anything. */
  change(ordinal: number, before: Indexed, after: Indexed): void {
    const old = this.#terms(before);
    const now = this.#terms(after);
    for (const [text, field] of old) {
      if (now.get(text) !== field) this.#vocabulary.remove(text, (ordinal << FIELD_BITS) | field);
    }
    for (const [text, field] of now) if (old.get(text) !== field) this.#addTerm(ordinal, text, field);
    if (before.numbers.join() !== after.numbers.join()) {
      this.#digits.remove(ordinal, digitsOf(before));
      this.#digits.add(ordinal, digitsOf(after));
    }
    this.rerank(ordinal, after);
  }

  #addTerm(ordinal: number, text: string, field: FieldCode): void {
    const inner = field === FIELD.keyword || field === FIELD.title || field === FIELD.unit || field === FIELD.workplace;
    this.#vocabulary.add(text, (ordinal << FIELD_BITS) | field, inner);
  }

  /** New rank, same words. */
  rerank(ordinal: number, person: Indexed): void {
    this.#order[ordinal] = orderKey(person, person.absent);
    this.#absentUntil.delete(ordinal);
    if (!person.absent || person.absentUntil === null) return;
    this.#absentUntil.set(ordinal, person.absentUntil);
    this.#nextReturn = Math.min(this.#nextReturn, person.absentUntil);
  }

  /** To be called after each batch of changes, before the next search. */
  settle(): void {
    this.#forgetWords();
    this.#vocabulary.settle();
  }

  /** Sorts everything; once after a load. */
  freeze(): void {
    this.#forgetWords();
    this.#vocabulary.freeze();
    this.#wordsOf.clear();
  }

  /** The best `limit` people for what was typed. `now` in milliseconds: who is back is no longer absent. */
  search(typed: string, limit: number, now: number): Found {
    const query = parseQuery(typed);
    if (query.length === 0 || this.#people === 0) return { ordinals: [], total: 0, words: query, forgiving: false };
    if (now >= this.#nextReturn) this.#returnTo(now);
    const strict = this.#rank(
      query.map((word) => this.#evaluate(word, false)),
      limit,
    );
    if (strict.total >= limit || !query.some((word) => errorsAllowed(word) > 0))
      return { ...strict, words: query, forgiving: false };
    const forgiving = this.#rank(
      query.map((word) => this.#evaluate(word, errorsAllowed(word) > 0)),
      limit,
    );
    return { ...forgiving, words: query, forgiving: true };
  }

  #rank(evaluated: readonly Evaluated[], limit: number): { ordinals: number[]; total: number } {
    let first = evaluated[0];
    for (const one of evaluated) if (first && one.count < first.count) first = one;
    if (!first) return { ordinals: [], total: 0 };
    const others = evaluated.filter((one) => one !== first);
    const top = new TopList(limit);
    let total = 0;
    for (let i = 0; i < first.count; i++) {
      const ordinal = first.ordinals[i] ?? 0;
      let cost = first.costs[ordinal] ?? NO_MATCH;
      let matches = true;
      for (const other of others) {
        const more = other.costs[ordinal] ?? NO_MATCH;
        if (more === NO_MATCH) {
          matches = false;
          break;
        }
        cost += more;
      }
      if (!matches) continue;
      total++;
      top.offer(cost * ORDER_SPAN + (this.#order[ordinal] ?? 0), this.#tie[ordinal] ?? 0, ordinal);
    }
    return { ordinals: top.ordinals(), total };
  }

  #evaluate(word: QueryWord, forgiving: boolean): Evaluated {
    const key = `${forgiving ? '~' : '='}${word.kind}${word.text}`;
    const letter = this.#letters.get(key);
    if (letter) return letter;
    const known = this.#evaluated.get(key);
    if (known) {
      // The least recently used goes first.
      this.#evaluated.delete(key);
      this.#evaluated.set(key, known);
      return known;
    }
    const single = word.text.length === 1;
    const fresh = single ? this.#blank() : this.#empty();
    if (word.kind === 'digits') {
      this.#digits.find(word.text, (ordinal, how) => mark(fresh, ordinal, numberCost(how)));
    }
    if (word.kind === 'domain') this.#vocabulary.beginningWith(word.text, (term) => spread(fresh, term.postings, prefixCost));
    else this.#evaluateText(word, forgiving, fresh);
    if (single) this.#letters.set(key, { ...fresh, ordinals: fresh.ordinals.slice(0, fresh.count) });
    else this.#evaluated.set(key, fresh);
    return fresh;
  }

  #evaluateText(word: QueryWord, forgiving: boolean, into: Evaluated): void {
    this.#vocabulary.beginningWith(word.text, (term) =>
      spread(into, term.postings, term.text.length === word.text.length ? exactCost : prefixCost),
    );
    if (word.text.length > 1 && word.text.length <= 4) {
      const initials = this.#vocabulary.exact(INITIALS + word.text);
      if (initials) spread(into, initials.postings, exactCost);
    }
    this.#vocabulary.containing(word.text, (term) => spread(into, term.postings, innerCost));
    if (forgiving)
      this.#vocabulary.near(word.text, errorsAllowed(word), (term, errors) => spread(into, term.postings, errorCost(errors)));
  }

  #empty(): Evaluated {
    if (this.#evaluated.size >= KEPT_WORDS) {
      const oldest = this.#evaluated.keys().next().value;
      const freed = oldest === undefined ? undefined : this.#evaluated.get(oldest);
      if (oldest !== undefined) this.#evaluated.delete(oldest);
      if (freed) this.#spare.push(freed);
    }
    const spare = this.#spare.pop() ?? this.#blank();
    spare.costs.fill(NO_MATCH);
    spare.count = 0;
    return spare;
  }

  #blank(): Evaluated {
    const room = this.#order.length;
    return { costs: new Uint8Array(room).fill(NO_MATCH), ordinals: new Uint32Array(room), count: 0 };
  }

  #forgetWords(): void {
    for (const one of this.#evaluated.values()) if (one.costs.length === this.#order.length) this.#spare.push(one);
    this.#evaluated.clear();
    this.#letters.clear();
  }

  #reserve(size: number): void {
    if (size <= this.#order.length) return;
    const room = Math.ceil(size * 1.25);
    const order = new Float64Array(room);
    order.set(this.#order);
    this.#order = order;
    const tie = new Uint32Array(room);
    tie.set(this.#tie);
    this.#tie = tie;
    this.#evaluated.clear();
    this.#letters.clear();
    this.#spare = [];
  }

  #returnTo(now: number): void {
    this.#nextReturn = Infinity;
    for (const [ordinal, until] of this.#absentUntil) {
      if (until <= now) {
        this.#absentUntil.delete(ordinal);
        this.#order[ordinal] = orderKey.available(this.#order[ordinal] ?? 0);
      } else this.#nextReturn = Math.min(this.#nextReturn, until);
    }
  }

  /** Everything that the person is found by, each word once with its best field. */
  #terms(person: Indexed): Map<string, FieldCode> {
    const terms = new Map<string, FieldCode>();
    const put = (text: string, field: FieldCode) => {
      const known = terms.get(text);
      if (known === undefined || field < known) terms.set(text, field);
    };
    const parts = placedWords(person.name, true);
    const single = words(person.name).length;
    parts.forEach(({ text }, i) => put(text, i === 0 || i >= single - 1 ? FIELD.name : FIELD.middleName));
    for (const nickname of person.nicknames) for (const word of this.#shared(nickname)) put(word, FIELD.middleName);
    for (const initials of initialsOf(person.name)) put(INITIALS + initials, FIELD.initials);
    for (const keyword of person.keywords) for (const word of this.#shared(keyword)) put(word, FIELD.keyword);
    for (const word of this.#shared(person.title)) put(word, FIELD.title);
    for (const word of this.#shared(person.unit)) put(word, FIELD.unit);
    for (const word of this.#shared(person.agency)) put(word, FIELD.unit);
    for (const word of this.#shared(person.workplace)) put(word, FIELD.workplace);
    // Too short to be told apart by threes.
    for (const digits of digitsOf(person)) if (digits.length < 3) put(digits, FIELD.keyword);
    if (person.email) {
      const [local = '', domain] = person.email.split('@');
      for (const word of words(local)) put(word, FIELD.email);
      if (domain) put(`@${fold(domain)}`, FIELD.domain);
    }
    return terms;
  }

  /** Words of a text that many people share. */
  #shared(text: string): readonly string[] {
    let known = this.#wordsOf.get(text);
    if (!known) {
      if (this.#wordsOf.size > 20_000) this.#wordsOf.clear();
      this.#wordsOf.set(text, (known = placedWords(text, false).map((word) => word.text)));
    }
    return known;
  }
}

function digitsOf(person: Indexed): string[] {
  return person.numbers.map((number) => number.replace(/\D/g, '')).filter((number) => number !== '');
}

function mark(into: Evaluated, ordinal: number, cost: number): void {
  const known = into.costs[ordinal] ?? NO_MATCH;
  if (cost >= known) return;
  if (known === NO_MATCH) into.ordinals[into.count++] = ordinal;
  into.costs[ordinal] = cost;
}

/** Marks everyone in `postings` at their field's cost. The inner loop of every search: no call, no allocation. */
function spread(into: Evaluated, postings: { readonly items: Uint32Array; readonly size: number }, costOf: Uint8Array): void {
  const { costs, ordinals } = into;
  const { items, size } = postings;
  let count = into.count;
  for (let i = 0; i < size; i++) {
    const item = items[i] as number;
    const cost = costOf[item & FIELD_MASK] as number;
    const ordinal = item >>> FIELD_BITS;
    const known = costs[ordinal] as number;
    if (cost < known) {
      if (known === NO_MATCH) ordinals[count++] = ordinal;
      costs[ordinal] = cost;
    }
  }
  into.count = count;
}
