import type { SecretName } from '#contract';
import { Button } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { useText } from '../text/index.ts';
import { Modal } from '../ui/index.ts';
import { SecretField } from './dialog.tsx';
import { forgetSecret, saveSecret, useSettings } from './store.ts';

/** Asks for a password that a server needs and that nobody has typed yet; one at a time. */
export function SecretsDialog({ onSaved }: { onSaved: (name: SecretName) => void }) {
  const t = useText();
  const name = useSettings((state) => state.missingSecrets[0]);
  if (name === undefined) return null;
  return (
    <Modal title={t.secrets.title} onClose={() => forgetSecret(name)}>
      <SecretForm key={name} name={name} onSaved={onSaved} />
    </Modal>
  );
}

function SecretForm({ name, onSaved }: { name: SecretName; onSaved: (name: SecretName) => void }) {
  const t = useText();
  const [value, setValue] = useState('');
  const [failed, setFailed] = useState(false);
  const save = async () => {
    const stored = await saveSecret(name, value);
    setFailed(!stored);
    if (stored) onSaved(name);
  };
  return (
    <form
      className="settings-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (value !== '') void save();
      }}
    >
      <SecretField id="secret" label={t.secrets[name]} value={value} onChange={setValue} />
      <p className="s-soft">{t.secrets.help}</p>
      {failed && (
        <p role="alert" className="note-bad">
          {t.secrets.failed}
        </p>
      )}
      <div className="s-row">
        <Button type="submit" aria-disabled={value === '' || undefined}>
          {t.secrets.save}
        </Button>
        <Button variant="tertiary" data-color="neutral" onClick={() => forgetSecret(name)}>
          {t.secrets.later}
        </Button>
      </div>
    </form>
  );
}
