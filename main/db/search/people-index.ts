/**
 * The directory in memory, for answering each key as it is pressed: words with whom they belong to, in typed arrays; one
 * pass over the matching postings a word; the best few by rank. Lives beside the database in its worker (index.ts).
 */
import { Answers } from './answers.ts';
import { DigitIndex } from './digits.ts';
import { mark, posting, spread, type Evaluated } from './evaluated.ts';
import { words } from './fold.ts';
import { shortFormsOf, standsFor } from './nicknames.ts';
import { errorsAllowed, parseQuery, type QueryWord } from './query.ts';
import {
  abbreviationCost,
  errorCost,
  exactCost,
  FIELD,
  fullNameCost,
  innerCost,
  lineCost,
  nicknameCost,
  NO_MATCH,
  numberCost,
  prefixCost,
  orderKey,
  ORDER_SPAN,
  OTHER_LINE,
  soundCost,
  synonymCost,
  synonymInnerCost,
  tieBreak,
  type FieldCode,
} from './rank.ts';
import { soundOf } from './sound.ts';
import { Synonyms } from './synonyms.ts';
import { ABBREVIATION, digitsOf, forgetTexts, INITIALS, termsOf, type Indexed } from './terms.ts';
import { TopList } from './top.ts';
import { Vocabulary } from './vocabulary.ts';

export interface Found {
  /** Best first. */
  readonly ordinals: readonly number[];
  /** All that match. */
  readonly total: number;
  readonly words: readonly QueryWord[];
  /** Words that were also looked for with typing errors. */
  readonly forgiving: boolean;
}

/** No fewer than twice the words of a query: those that are being looked at must not be taken for others. */
const KEPT_WORDS = 16;
/** From this part of the people on (one in so many), all are gone through rather than those who match. */
const DENSE = 8;
const KEPT_ANSWERS = 100;
/** Shorter words of a line's name tell nothing of a unit. */
const MIN_LINE_WORD = 4;

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
  readonly #answers = new Answers<Found>(KEPT_ANSWERS);
  #synonyms = Synonyms.none;
  /** Whose unit the line that was asked for last belongs to. */
  #line: { readonly name: string; readonly costs: Uint8Array } | null = null;

  get people(): number {
    return this.#people;
  }

  /** What else typed words mean from now on. */
  useSynonyms(synonyms: Synonyms): void {
    this.#synonyms = synonyms;
    this.#forgetWords();
  }

  /** Adds a person under an ordinal that nobody has. Call settle() after the last of a batch. */
  add(ordinal: number, person: Indexed): void {
    this.#reserve(ordinal + 1);
    for (const [text, field] of termsOf(person)) this.#addTerm(ordinal, text, field);
    this.#digits.add(ordinal, digitsOf(person));
    this.#tie[ordinal] = tieBreak(person.id);
    this.rerank(ordinal, person);
    this.#people++;
  }

  /** Takes a person out; `person` must be what was added. */
  remove(ordinal: number, person: Indexed): void {
    for (const [text, field] of termsOf(person)) this.#vocabulary.remove(text, posting(ordinal, field));
    this.#digits.remove(ordinal, digitsOf(person));
    this.#absentUntil.delete(ordinal);
    this.#people--;
  }

  /** Puts `after` in the place of `before`, which must be what was added; only what differs costs anything. */
  change(ordinal: number, before: Indexed, after: Indexed): void {
    const old = termsOf(before);
    const now = termsOf(after);
    for (const [text, field] of old) {
      if (now.get(text) !== field) this.#vocabulary.remove(text, posting(ordinal, field));
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
    const heard = field === FIELD.name || field === FIELD.middleName;
    this.#vocabulary.add(text, posting(ordinal, field), { inner, heard });
  }

  /** New rank, same words. */
  rerank(ordinal: number, person: Indexed): void {
    this.#order[ordinal] = orderKey(person, person.absent);
    this.#answers.clear();
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
    forgetTexts();
  }

  /**
   * The best `limit` people for what was typed. `now` in milliseconds: who is back is no longer absent. `line`: the name of the line
   * that a caller dialled.
   */
  search(typed: string, limit: number, now: number, line: string | null = null): Found {
    if (now >= this.#nextReturn) this.#returnTo(now);
    const key = `${limit} ${line ?? ''}\n${typed}`;
    return this.#answers.of(key, typed.trim().length === 1, () => this.#search(parseQuery(typed, this.#synonyms), limit, line));
  }

  #search(query: readonly QueryWord[], limit: number, line: string | null): Found {
    if (query.length === 0 || this.#people === 0) return { ordinals: [], total: 0, words: query, forgiving: false };
    const dialled = line === null ? null : this.#dialled(line);
    const strict = this.#rank(
      query.map((word) => this.#evaluate(word, false)),
      limit,
      dialled,
    );
    if (strict.total >= limit || !query.some(isForgiven)) return { ...strict, words: query, forgiving: false };
    const forgiving = this.#rank(
      query.map((word) => this.#evaluate(word, isForgiven(word))),
      limit,
      dialled,
    );
    return { ...forgiving, words: query, forgiving: true };
  }

  /** Whose costs add up to the least. What cannot come among the best any more is only counted: its rank is not looked up. */
  #rank(evaluated: readonly Evaluated[], limit: number, dialled: Uint8Array | null): { ordinals: number[]; total: number } {
    let first = evaluated[0];
    for (const one of evaluated) if (first && one.count < first.count) first = one;
    if (!first) return { ordinals: [], total: 0 };
    const others = evaluated.filter((one) => one !== first).map((one) => one.costs);
    const { costs, ordinals, count } = first;
    const order = this.#order;
    const tie = this.#tie;
    const top = new TopList(limit);
    let bound = Infinity;
    let total = 0;
    // Of many, in the order of the arrays: memory is read in a row then.
    const dense = count * DENSE > costs.length;
    const end = dense ? costs.length : count;
    each: for (let i = 0; i < end; i++) {
      const ordinal = dense ? i : (ordinals[i] as number);
      let cost = costs[ordinal] as number;
      if (cost === NO_MATCH) continue;
      for (const other of others) {
        const more = other[ordinal] as number;
        if (more === NO_MATCH) continue each;
        cost += more;
      }
      total++;
      if (cost * ORDER_SPAN > bound) continue;
      const elsewhere = dialled !== null && dialled[ordinal] === NO_MATCH ? OTHER_LINE : 0;
      const key = cost * ORDER_SPAN + (order[ordinal] as number) + elsewhere;
      if (key <= bound) bound = top.offer(key, tie[ordinal] as number, ordinal);
    }
    return { ordinals: top.ordinals(), total };
  }

  #evaluate(word: QueryWord, forgiving: boolean): Evaluated {
    const others = word.others?.map((other) => other.join(' ')).join('|') ?? '';
    const key = `${forgiving ? '~' : '='}${word.kind}${word.text}|${others}`;
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
    else if (word.kind === 'text' && forgiving) this.#evaluateForgiving(word, fresh);
    else this.#evaluateText(word, fresh);
    if (single) this.#letters.set(key, { ...fresh, ordinals: fresh.ordinals.slice(0, fresh.count) });
    else this.#evaluated.set(key, fresh);
    return fresh;
  }

  #evaluateText(word: QueryWord, into: Evaluated): void {
    this.#vocabulary.beginningWith(word.text, (term) =>
      spread(into, term.postings, term.text.length === word.text.length ? exactCost : prefixCost),
    );
    if (word.text.length > 1 && word.text.length <= 4) {
      const initials = this.#vocabulary.exact(INITIALS + word.text);
      if (initials) spread(into, initials.postings, exactCost);
    }
    this.#spreadEach(standsFor(word.text), nicknameCost, into);
    const unit = word.text.length > 2 && word.text.length < 6 ? this.#vocabulary.exact(ABBREVIATION + word.text) : undefined;
    if (unit) spread(into, unit.postings, abbreviationCost);
    for (const other of word.others ?? []) this.#evaluateSynonym(other, into);
    this.#vocabulary.containing(word.text, (term) => spread(into, term.postings, innerCost));
  }

  /** What was typed, and beside it what sounds alike and what has typing errors. */
  #evaluateForgiving(word: QueryWord, into: Evaluated): void {
    const strict = this.#evaluate(word, false);
    into.costs.set(strict.costs);
    into.ordinals.set(strict.ordinals.subarray(0, strict.count));
    into.count = strict.count;
    this.#spreadEach(shortFormsOf(word.text), fullNameCost, into);
    this.#vocabulary.soundingLike(word.text, (term, how) => spread(into, term.postings, soundCost[how]));
    if (errorsAllowed(word) > 0)
      this.#vocabulary.near(word.text, errorsAllowed(word), (term, errors) => spread(into, term.postings, errorCost(errors)));
  }

  #spreadEach(texts: Iterable<string>, costOf: Uint8Array, into: Evaluated): void {
    for (const text of texts) {
      const term = this.#vocabulary.exact(text);
      if (term) spread(into, term.postings, costOf);
    }
  }

  /** Marks who has all words of `synonym` (in keywords, titles, units, workplaces). */
  #evaluateSynonym(synonym: readonly string[], into: Evaluated): void {
    const each = (text: string, target: Evaluated) => {
      this.#vocabulary.beginningWith(text, (term) => spread(target, term.postings, synonymCost));
      this.#vocabulary.containing(text, (term) => spread(target, term.postings, synonymInnerCost));
      const unit = this.#vocabulary.exact(ABBREVIATION + text);
      if (unit) spread(target, unit.postings, synonymCost);
    };
    const [only, ...more] = synonym;
    if (only === undefined) return;
    if (more.length === 0) return each(only, into);
    const all = synonym.map((text) => {
      const one = this.#blank();
      each(text, one);
      return one;
    });
    const rarest = all.reduce((a, b) => (b.count < a.count ? b : a));
    for (let i = 0; i < rarest.count; i++) {
      const ordinal = rarest.ordinals[i] ?? 0;
      mark(into, ordinal, Math.max(...all.map((one) => one.costs[ordinal] ?? NO_MATCH)));
    }
  }

  /** Who works where the line leads to: a unit or an agency with a word of its name. Null: nobody, then all are equal. */
  #dialled(line: string): Uint8Array | null {
    if (this.#line?.name !== line) {
      const found = this.#blank();
      for (const word of words(line)) {
        const short = this.#vocabulary.exact(ABBREVIATION + word);
        if (short) spread(found, short.postings, lineCost);
        if (word.length >= MIN_LINE_WORD)
          this.#vocabulary.beginningWith(word, (term) => spread(found, term.postings, lineCost));
      }
      this.#line = { name: line, costs: found.costs };
    }
    return this.#line.costs;
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
    this.#answers.clear();
    this.#line = null;
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
    this.#line = null;
    this.#spare = [];
  }

  #returnTo(now: number): void {
    this.#nextReturn = Infinity;
    this.#answers.clear();
    for (const [ordinal, until] of this.#absentUntil) {
      if (until <= now) {
        this.#absentUntil.delete(ordinal);
        this.#order[ordinal] = orderKey.available(this.#order[ordinal] ?? 0);
      } else this.#nextReturn = Math.min(this.#nextReturn, until);
    }
  }
}

/** Whether more than what was typed is looked for: typing errors, and names that sound alike. */
function isForgiven(word: QueryWord): boolean {
  return word.kind === 'text' && (errorsAllowed(word) > 0 || soundOf(word.text).near !== null);
}
