import { Button, Select, Textarea } from '@digdir/designsystemet-react';
import { useId, useState } from 'react';
import type { DirectoryReport, Fault, Person } from '#contract';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { bridge } from '../bridge.ts';
import { followNote } from '../outbox/index.ts';
import { useText, type Messages } from '../text/index.ts';
import { Modal } from '../ui/index.ts';
import './report.css';

const reportStore = createStore<{ readonly about: Person | null }>(() => ({ about: null }));

/** Opens the form about a person. */
export function report(about: Person | null): void {
  reportStore.setState({ about });
}

const kinds = ['wrongNumber', 'missingKeywords', 'left', 'other'] as const satisfies readonly DirectoryReport['kind'][];

/** What is wrong with somebody's entry, for whoever looks after the directory. */
export function ReportDialog() {
  const t = useText();
  const about = useStore(reportStore, (state) => state.about);
  if (about === null) return null;
  return (
    <Modal title={t.report.title(about.name)} onClose={() => report(null)}>
      <ReportForm key={about.id} about={about} />
    </Modal>
  );
}

type Outcome = 'writing' | 'sending' | 'crm' | 'mail';

function ReportForm({ about }: { about: Person }) {
  const t = useText();
  const ids = { kind: useId(), text: useId() };
  // One report however often it is tried: whoever takes it knows it again.
  const [id] = useState(() => crypto.randomUUID());
  const [kind, setKind] = useState<DirectoryReport['kind']>('wrongNumber');
  const [text, setText] = useState('');
  const [outcome, setOutcome] = useState<Outcome>('writing');
  const [fault, setFault] = useState<Fault | null>(null);

  const send = async () => {
    if (outcome !== 'writing') return;
    setOutcome('sending');
    setFault(null);
    const answer = await bridge.call('directory.report', { id, personId: about.id, kind, text: text.trim() });
    if (!answer.ok) {
      setOutcome('writing');
      return setFault(answer.error);
    }
    if (answer.value.by === 'crm') followNote(answer.value.note);
    else window.open(answer.value.href, '_blank', 'noopener');
    setOutcome(answer.value.by);
  };

  if (outcome === 'crm' || outcome === 'mail')
    return (
      <>
        <p role="status" data-testid="reported">
          {outcome === 'crm' ? t.report.sent : t.report.mailed}
        </p>
        <div className="s-row">
          <Button ref={takesFocus} onClick={() => report(null)}>
            {t.app.close}
          </Button>
        </div>
      </>
    );
  return (
    <form
      className="report-form"
      data-testid="report"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div className="report-field">
        <label htmlFor={ids.kind}>{t.report.kind}</label>
        <Select
          id={ids.kind}
          data-first
          autoComplete="off"
          value={kind}
          onChange={(event) => setKind(kinds.find((one) => one === event.target.value) ?? 'other')}
        >
          {kinds.map((one) => (
            <Select.Option key={one} value={one}>
              {t.report.kinds[one]}
            </Select.Option>
          ))}
        </Select>
      </div>
      <div className="report-field">
        <label htmlFor={ids.text}>{t.report.text}</label>
        <Textarea
          id={ids.text}
          rows={3}
          maxLength={2000}
          autoComplete="off"
          placeholder={t.report.placeholder}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            void send();
          }}
        />
      </div>
      {fault !== null && (
        <p role="alert" className="note-bad">
          {faultWords(fault, t)}
        </p>
      )}
      <div className="s-row">
        <Button type="submit" aria-keyshortcuts="Control+Enter" aria-disabled={outcome === 'sending' || undefined}>
          {t.report.send}
          <kbd className="s-kbd" aria-hidden>
            Ctrl ↵
          </kbd>
        </Button>
        <Button type="button" variant="tertiary" data-color="neutral" onClick={() => report(null)}>
          {t.guard.cancel}
        </Button>
      </div>
    </form>
  );
}

/** The button that was pressed is gone: what is left to press takes its place. */
const takesFocus = (button: HTMLButtonElement | null): void => button?.focus();

function faultWords({ code }: Fault, t: Messages): string {
  if (code === 'not-configured') return t.report.notConfigured;
  return code === 'not-found' ? t.report.gone : t.report.failed;
}
