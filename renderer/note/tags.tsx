import { CheckmarkIcon } from '@navikt/aksel-icons';
import { Chip, Input } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { ariaKeys, keyLabel, useBindings, useCommand, type ActionId } from '../shortcuts/index.ts';
import { useText } from '../text/index.ts';
import { cleanTag } from './requirements.ts';

const keys: readonly ActionId[] = ['tag1', 'tag2', 'tag3', 'tag4', 'tag5', 'tag6'];

/** The note's tags, those offered with a key each, and a field for others. */
export function Tags({
  tags,
  offered,
  onAdd,
  onRemove,
}: {
  tags: readonly string[];
  offered: readonly string[];
  onAdd: (tag: string) => void;
  onRemove: (tag: string) => void;
}) {
  const t = useText();
  const [typed, setTyped] = useState('');
  const { bindings } = useBindings();
  // What the keys have in common is said once: `Ctrl`, and then 1, 2, 3 on the chips.
  const caps = keys.map((key) => keyLabel(bindings[key]));
  const common = caps[0]?.slice(0, caps[0].lastIndexOf(' ') + 1) ?? '';
  const prefix = caps.every((cap) => cap.startsWith(common)) ? common.trim() : '';
  const take = () => {
    const tag = cleanTag(typed);
    if (tag !== null) onAdd(tag);
    setTyped('');
  };
  return (
    <div className="tags" role="group" aria-label={t.note.tags}>
      {tags
        .filter((tag) => !offered.includes(tag))
        .map((tag) => (
          <Chip.Removable key={tag} aria-label={t.note.removeTag(tag)} onClick={() => onRemove(tag)}>
            {tag}
          </Chip.Removable>
        ))}
      {offered.length > 0 && (
        <span className="s-soft">
          {t.note.suggestions} {prefix !== '' && <kbd className="s-kbd">{prefix}</kbd>}
        </span>
      )}
      {keys.map((key, index) => (
        <Offer
          key={key}
          action={key}
          tag={offered[index]}
          chosen={tags.includes(offered[index] ?? '')}
          short={(caps[index] ?? '').slice(prefix.length).trim()}
          onAdd={onAdd}
          onRemove={onRemove}
        />
      ))}
      <Input
        className="tags-field"
        aria-label={t.note.addTag}
        placeholder={t.note.addTag}
        autoComplete="off"
        maxLength={80}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.nativeEvent.isComposing) return;
          if (event.key === 'Enter' || event.key === ',') {
            event.preventDefault();
            take();
          } else if (event.key === 'Backspace' && typed === '') {
            const last = tags.at(-1);
            if (last !== undefined) onRemove(last);
          }
        }}
        onBlur={take}
      />
    </div>
  );
}

/** An offered tag: chosen or not it stays where it is, with its key. */
function Offer({
  action,
  tag,
  chosen,
  short,
  onAdd,
  onRemove,
}: {
  action: ActionId;
  tag: string | undefined;
  chosen: boolean;
  short: string;
  onAdd: (tag: string) => void;
  onRemove: (tag: string) => void;
}) {
  const t = useText();
  const { bindings } = useBindings();
  const toggle = () => {
    if (tag !== undefined) (chosen ? onRemove : onAdd)(tag);
  };
  useCommand(action, toggle, tag !== undefined);
  if (tag === undefined) return null;
  return (
    <Chip.Button
      className="tags-offer"
      data-chosen={chosen || undefined}
      aria-label={chosen ? t.note.removeTag(tag) : undefined}
      aria-keyshortcuts={ariaKeys(bindings[action])}
      onClick={toggle}
    >
      {chosen && <CheckmarkIcon aria-hidden className="tags-check" />}
      {tag}{' '}
      <kbd className="s-kbd" aria-hidden>
        {short}
      </kbd>
    </Chip.Button>
  );
}
