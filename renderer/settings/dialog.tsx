import { Input, Select, Switch } from '@digdir/designsystemet-react';
import { useId, type ReactNode } from 'react';
import type { Language, PreferencesPatch, Theme } from '#contract';
import { useText } from '../text/index.ts';
import { Modal } from '../ui/index.ts';
import { useDevices } from './devices.ts';
import { changePreferences, useSettings } from './store.ts';
import './settings.css';

/** What an agent may change; what policy has fixed is shown, not hidden. */
export function SettingsDialog({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const t = useText();
  const session = useSettings((state) => state.session);
  const failed = useSettings((state) => state.changeFailed);
  const devices = useDevices();
  if (session === null) return null;
  const { preferences, fixed } = session.preferences;
  const change = (patch: PreferencesPatch) => {
    void changePreferences(patch);
  };
  const device = (key: 'microphone' | 'speaker' | 'ringer', labels: readonly string[]) => (
    <Row label={t.settings[key]} fixed={fixed.includes('devices')}>
      {(id, locked) => (
        <Select
          id={id}
          disabled={locked}
          value={preferences.devices[key]}
          onChange={(event) => change({ devices: { ...preferences.devices, [key]: event.target.value } })}
        >
          <Select.Option value="">{t.settings.systemDefault}</Select.Option>
          {labels.map((label) => (
            <Select.Option key={label} value={label}>
              {label}
            </Select.Option>
          ))}
          {preferences.devices[key] !== '' && !labels.includes(preferences.devices[key]) && (
            <Select.Option value={preferences.devices[key]}>{t.settings.notThere(preferences.devices[key])}</Select.Option>
          )}
        </Select>
      )}
    </Row>
  );
  return (
    <Modal title={t.settings.title} onClose={onClose}>
      {failed && (
        <p role="alert" className="note-bad">
          {t.settings.failed}
        </p>
      )}
      <Row label={t.settings.language} fixed={fixed.includes('language')}>
        {(id, locked) => (
          <Select
            id={id}
            disabled={locked}
            value={preferences.language}
            onChange={(event) => change({ language: event.target.value as Language })}
          >
            <Select.Option value="nb">{t.settings.nb}</Select.Option>
            <Select.Option value="nn">{t.settings.nn}</Select.Option>
            <Select.Option value="en">{t.settings.en}</Select.Option>
          </Select>
        )}
      </Row>
      <Row label={t.settings.theme} fixed={fixed.includes('theme')}>
        {(id, locked) => (
          <Select
            id={id}
            disabled={locked}
            value={preferences.theme}
            onChange={(event) => change({ theme: event.target.value as Theme })}
          >
            <Select.Option value="light">{t.settings.light}</Select.Option>
            <Select.Option value="dark">{t.settings.dark}</Select.Option>
            <Select.Option value="system">{t.settings.system}</Select.Option>
          </Select>
        )}
      </Row>
      {device('microphone', devices.microphones)}
      {device('speaker', devices.speakers)}
      {device('ringer', devices.speakers)}
      <Row label={t.settings.volume} fixed={fixed.includes('ringVolume')}>
        {(id, locked) => (
          <input
            id={id}
            type="range"
            min={0}
            max={1}
            step={0.05}
            disabled={locked}
            value={preferences.ringVolume}
            onChange={(event) => change({ ringVolume: Number(event.target.value) })}
          />
        )}
      </Row>
      <Switch
        label={t.settings.compact}
        description={t.settings.compactHelp}
        checked={preferences.compact}
        disabled={fixed.includes('compact')}
        onChange={(event) => change({ compact: event.target.checked })}
      />
      <p className="s-soft s-small">
        {t.settings.signedIn(session.agent.name)} · {t.settings.version(session.version)}
      </p>
      {children}
    </Modal>
  );
}

function Row({
  label,
  fixed,
  children,
}: {
  label: string;
  fixed: boolean;
  children: (id: string, locked: boolean) => ReactNode;
}) {
  const t = useText();
  const id = useId();
  return (
    <div className="settings-row">
      <label htmlFor={id}>
        {label}
        {fixed && <span className="s-soft s-small"> {t.settings.fixed}</span>}
      </label>
      {children(id, fixed)}
    </div>
  );
}

/** A one-line field of a form in a dialog. */
export function SecretField({
  id,
  label,
  value,
  onChange,
}: {
  id: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <div className="settings-row">
      <label htmlFor={id}>{label}</label>
      <Input
        id={id}
        data-first
        type="password"
        autoComplete="off"
        maxLength={1000}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
