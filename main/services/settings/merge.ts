type Plain = { readonly [key: string]: unknown };

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * `over` wins key by key, recursively; lists are taken whole. Where both name a `kind` and it differs, the object is another
 * thing altogether and `over`'s is taken whole.
 */
export function merge(under: unknown, over: unknown): unknown {
  if (over === undefined) return under;
  if (!isPlain(under) || !isPlain(over)) return over;
  if (under['kind'] !== undefined && over['kind'] !== undefined && under['kind'] !== over['kind']) return over;
  const merged = new Map(Object.entries(under));
  for (const [key, value] of Object.entries(over)) merged.set(key, merge(merged.get(key), value));
  return Object.fromEntries(merged);
}
