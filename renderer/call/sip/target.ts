/** What somebody typed, as a SIP address; pure. */
export type Target = { readonly ok: true; readonly uri: string } | { readonly ok: false };

/**
 * Numbers lose their blanks and punctuation and `00` becomes `+` (E.164); a bare user gets the account's domain; a SIP address is
 * taken as it is. Numbers with letters in them are refused: nobody can say what was meant.
 */
export function sipTarget(text: string, domain: string): Target {
  const typed = text.trim().replace(/^(tel|callto):(\/\/)?/i, '');
  const address = /^(sips?:)?((?!sips?:)[^\s@<>",]+@[^\s@<>",?]+)$/i.exec(typed);
  if (address !== null) return { ok: true, uri: `${(address[1] ?? 'sip:').toLowerCase()}${address[2]}` };
  const plain = typed.replace(/^sips?:/i, '');
  const number = plain.replace(/[\s\u00a0\u202f()[\].\-–/]/g, '').replace(/^00(?=\d)/, '+');
  if (/^\+?\d+$/.test(number) || /^[\d*#]+$/.test(number))
    return { ok: true, uri: `sip:${number.replaceAll('#', '%23')}@${domain}` };
  if (/^[a-z][\w.-]*$/i.test(plain)) return { ok: true, uri: `sip:${plain}@${domain}` };
  return { ok: false };
}
