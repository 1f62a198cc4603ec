import { Postings } from './postings.ts';
import { eachBeginning } from './sorted.ts';
import { Sounds } from './sounds.ts';
import { errorsToBeginning, Trie } from './trie.ts';

/** A folded word and who has it. */
export interface Term {
  readonly text: string;
  readonly postings: Postings;
  /** Also found by a piece in its middle (compounds: keywords, units, titles, workplaces). */
  inner: boolean;
  /** Also found by how it sounds: names. */
  heard: boolean;
}

/** Words that came since the last freeze and are looked through one by one. */
const MAX_FRESH = 400;
/** A piece in the middle of a word must be this long to count. */
export const MIN_INNER = 4;

/**
 * All words of the directory: a frozen, sorted part with a tree for misspellings and one long text for pieces of compounds, and
 * a short list of what came after.
 */
export class Vocabulary {
  readonly #byText = new Map<string, Term>();
  #frozen: Term[] = [];
  #sorted: string[] = [];
  #trie = new Trie([]);
  #fresh: Term[] = [];
  #inner: Term[] = [];
  #innerText = '';
  #innerStarts = new Uint32Array(0);
  #innerFresh: Term[] = [];
  readonly #sounds = new Sounds<Term>();
  #emptied = 0;

  get size(): number {
    return this.#byText.size;
  }

  /** Adds `value` to the word's postings. */
  add(text: string, value: number, { inner, heard }: { inner: boolean; heard: boolean }): void {
    let term = this.#byText.get(text);
    if (!term) {
      this.#byText.set(text, (term = { text, postings: new Postings(), inner: false, heard: false }));
      this.#fresh.push(term);
    }
    if (inner && !term.inner) {
      term.inner = true;
      this.#innerFresh.push(term);
    }
    if (heard && !term.heard) {
      term.heard = true;
      this.#sounds.add(term);
    }
    term.postings.add(value);
  }

  remove(text: string, value: number): void {
    const term = this.#byText.get(text);
    if (!term) return;
    term.postings.remove(value);
    if (term.postings.size === 0) this.#emptied++;
  }

  exact(text: string): Term | undefined {
    return this.#byText.get(text);
  }

  /** Every word that begins with `text`, itself included. */
  beginningWith(text: string, found: (term: Term) => void): void {
    eachBeginning(this.#sorted, text, (place) => {
      const term = this.#frozen[place];
      if (term) found(term);
    });
    for (const term of this.#fresh) if (term.text.startsWith(text)) found(term);
  }

  /** Every compound that has `text` after its beginning. */
  containing(text: string, found: (term: Term) => void): void {
    if (text.length < MIN_INNER) return;
    let at = this.#innerText.indexOf(text);
    while (at >= 0) {
      let low = 0;
      let high = this.#innerStarts.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((this.#innerStarts[middle] ?? 0) <= at) low = middle + 1;
        else high = middle;
      }
      const term = this.#inner[low - 1];
      if (term && this.#innerStarts[low - 1] !== at) found(term);
      at = this.#innerText.indexOf(text, at + 1);
    }
    for (const term of this.#innerFresh) if (term.text.indexOf(text, 1) > 0) found(term);
  }

  /** Every word of which a beginning is within `max` typing errors of `text`; a word may come twice. */
  near(text: string, max: number, found: (term: Term, errors: number) => void): void {
    this.#trie.near(text, max, (from, to, errors) => {
      if (errors === 0) return;
      for (let i = from; i < to; i++) {
        const term = this.#frozen[i];
        if (term) found(term, errors);
      }
    });
    for (const term of this.#fresh) {
      const errors = errorsToBeginning(text, term.text, max);
      if (errors > 0 && errors <= max) found(term, errors);
    }
  }

  /** Every name that sounds like `text` (sound.ts); a name may come twice. */
  soundingLike(text: string, found: (term: Term, how: 'near' | 'beginning' | 'far') => void): void {
    this.#sounds.like(text, found);
  }

  /** To be called after each write: sorts anew when enough has changed. */
  settle(): void {
    if (this.#fresh.length > MAX_FRESH || this.#innerFresh.length > MAX_FRESH || this.#emptied > MAX_FRESH) this.freeze();
  }

  /** Sorts all words and builds what the frozen part needs. */
  freeze(): void {
    for (const [text, term] of this.#byText) if (term.postings.size === 0) this.#byText.delete(text);
    this.#emptied = 0;
    this.#sorted = [...this.#byText.keys()].toSorted((a, b) => (a < b ? -1 : 1));
    this.#frozen = this.#sorted.map((text) => this.#byText.get(text)).filter((term) => term !== undefined);
    this.#fresh = [];
    this.#innerFresh = [];
    this.#trie = new Trie(this.#sorted);
    this.#inner = this.#frozen.filter((term) => term.inner && term.text.length > MIN_INNER);
    this.#innerStarts = new Uint32Array(this.#inner.length);
    let at = 0;
    this.#inner.forEach((term, index) => {
      this.#innerStarts[index] = at;
      at += term.text.length + 1;
    });
    this.#sounds.clear();
    for (const term of this.#frozen) if (term.heard) this.#sounds.add(term);
    this.#sounds.settle();
    this.#innerText = this.#inner.map((term) => term.text).join('\n');
  }
}
