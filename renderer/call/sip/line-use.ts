/** What NOTIFY bodies say about a line: dialog-info (RFC 4235) and PIDF (RFC 3863, with RPID's activities, RFC 4480); pure. */
import type { LineUse } from '../phone.ts';

/** Longer bodies say nothing that a line state needs. */
const LONGEST = 65_536;

interface Tag {
  readonly name: string;
  readonly attributes: string;
  /** What stands between this tag and the next. */
  readonly text: string;
}

/** The opening tags of a document, without their namespaces' prefixes. Every attempt of the expression ends at the next `<`: linear. */
function tagsOf(body: string): Tag[] {
  const plain = body.slice(0, LONGEST).replace(/<!--[\s\S]*?-->/g, '');
  const tags = plain.matchAll(/<(?:[\w.-]+:)?([A-Za-z][\w.-]*)((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>([^<]*)/g);
  return Array.from(tags, ([, name = '', attributes = '', text = '']) => ({ name, attributes, text: text.trim() }));
}

function attribute(tag: Tag, name: string): string | null {
  return (
    new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)
      .exec(tag.attributes)
      ?.slice(1)
      .find((v) => v !== undefined) ?? null
  );
}

interface LineDialog {
  readonly direction: string | null;
  readonly state: string;
}

/** The calls of a line so far, by their id. */
export interface DialogInfo {
  readonly version: number;
  readonly dialogs: ReadonlyMap<string, LineDialog>;
}

/**
 * The next state after a dialog-info body; null: the body is none. `gap`: a change was missed (RFC 4235 §4.3), the whole has to be asked
 * for. The order of arrival is the dialog layer's business.
 */
export function readDialogInfo(
  body: string,
  before: DialogInfo | null,
): { readonly info: DialogInfo; readonly gap: boolean } | null {
  const tags = tagsOf(body);
  const root = tags.find((tag) => tag.name === 'dialog-info');
  if (root === undefined) return null;
  const version = Number(attribute(root, 'version') ?? 0);
  const partial = attribute(root, 'state') === 'partial';
  const dialogs = new Map(partial ? (before?.dialogs ?? []) : []);
  let current: { id: string; direction: string | null } | null = null;
  for (const tag of tags) {
    if (tag.name === 'dialog') current = { id: attribute(tag, 'id') ?? '', direction: attribute(tag, 'direction') };
    if (tag.name === 'state' && current !== null)
      dialogs.set(current.id, { direction: current.direction, state: tag.text.toLowerCase() });
  }
  return { info: { version, dialogs }, gap: partial && (before === null || version > before.version + 1) };
}

/** A confirmed call counts most, then one that rings; a line that calls somebody is in use from the first moment. */
export function lineUseOfDialogs({ dialogs }: DialogInfo): LineUse {
  const live = Array.from(dialogs.values()).filter((dialog) => dialog.state !== 'terminated');
  if (live.some((dialog) => dialog.state === 'confirmed' || dialog.direction === 'initiator')) return 'onPhone';
  return live.length > 0 ? 'ringing' : 'free';
}

/**
 * The line's use by its owner's presence. Asterisk writes `busy` for a line that rings or talks and says which in a note; `closed`
 * without a reason is a telephone that is not there.
 */
export function lineUseOfPidf(body: string): LineUse {
  const tags = tagsOf(body);
  if (!tags.some((tag) => tag.name === 'presence')) return 'unknown';
  const has = (name: string) => tags.some((tag) => tag.name === name);
  const notes = tags.filter((tag) => tag.name === 'note').map((tag) => tag.text);
  if (notes.some((note) => /^ringing$/i.test(note))) return 'ringing';
  if (has('on-the-phone') || has('busy') || notes.some((note) => /^(on the phone|on hold|busy)$/i.test(note))) return 'onPhone';
  return tags.some((tag) => tag.name === 'basic' && tag.text.toLowerCase() === 'open') ? 'free' : 'unknown';
}
