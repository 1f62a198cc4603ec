/** Calls `found` with the place of each text in `sorted` (by UTF-16 units) that begins with `text`. */
export function eachBeginning(sorted: readonly string[], text: string, found: (place: number) => void): void {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') < text) low = middle + 1;
    else high = middle;
  }
  for (; low < sorted.length && (sorted[low] ?? '').startsWith(text); low++) found(low);
}
