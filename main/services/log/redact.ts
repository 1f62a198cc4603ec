const hiddenKeys = new Set(
  (
    'password secret token authorization cookie credential credentials value key pin ' +
    'name displayname number phone telephone mobile email address text subject query note body'
  ).split(' '),
);

const patterns: readonly (readonly [RegExp, string])[] = [
  // Credentials inside addresses and headers.
  [/\b(Bearer|Basic|Digest|token)\s+[\w+/=.~-]{6,}/gi, '$1 [hidden]'],
  [/(\w+:\/\/)[^\s/@]+@/g, '$1[hidden]@'],
  [/\b(sips?|tel|callto):[^\s;>"'@]+(@?)/gi, '$1:[hidden]$2'],
  [/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, '[e-mail]'],
  // Telephone and national identity numbers; not the digits of a UUID, an instant or a version.
  [/(?<![\w.:-])\+?\d(?: ?\d){7,}(?![\w:-]|\.\d)/g, '[number]'],
];

/** A text without what looks like a credential, an address of a person or a telephone number. */
export function redactText(text: string): string {
  return patterns.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}

/**
 * What may be logged of `value`: keys that name secrets or people's data are hidden, texts are cleaned. The second line of defence:
 * the first is that nobody passes such a thing.
 */
export function redact(value: unknown, depth = 4): unknown {
  if (typeof value === 'string') return redactText(value);
  if (value instanceof Error)
    return { kind: value.name, message: redactText(value.message), stack: redactText(value.stack ?? '') };
  if (typeof value !== 'object' || value === null)
    return typeof value === 'function' || typeof value === 'symbol' ? undefined : value;
  if (depth === 0) return '[deep]';
  if (Array.isArray(value)) return value.slice(0, 50).map((one) => redact(one, depth - 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      hiddenKeys.has(key.toLowerCase()) && one !== null ? '[hidden]' : redact(one, depth - 1),
    ]),
  );
}
