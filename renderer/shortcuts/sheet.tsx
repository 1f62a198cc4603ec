import { Modal } from '../ui/index.ts';
import { useText } from '../text/index.ts';
import { useBindings } from './commands.tsx';
import { action, actionIds, keyLabel, type Group } from './registry.ts';
import './sheet.css';

const groups: readonly Group[] = ['calls', 'work', 'inDirectory', 'other'];

/** All keys, from the same table that they work by. */
export function KeySheet({ onClose }: { onClose: () => void }) {
  const t = useText();
  const { bindings, refused } = useBindings();
  return (
    <Modal title={t.keys.title} wide onClose={onClose}>
      <p className="s-soft">{t.keys.about}</p>
      {refused.map((keys) => (
        <p key={keys} role="alert">
          {t.keys.conflict(keyLabel(keys))}
        </p>
      ))}
      <div className="keys-groups">
        {groups.map((group) => (
          <section key={group} aria-label={t.keys[group]}>
            <h3>{t.keys[group]}</h3>
            <dl className="keys-list">
              {group === 'inDirectory' && <Line name={t.keys.actions.hitMove} keys="↑ ↓" />}
              {actionIds
                .filter((id) => action(id).group === group)
                .map((id) => (
                  <Line key={id} name={t.keys.actions[id]} keys={keyLabel(bindings[id])} />
                ))}
              {group === 'calls' && <Line name={t.keys.digits} keys="0–9" />}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}

function Line({ name, keys }: { name: string; keys: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <kbd className="s-kbd">{keys}</kbd>
      </dd>
    </div>
  );
}
