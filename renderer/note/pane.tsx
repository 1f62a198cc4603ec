import { CheckmarkIcon, NotePencilIcon, PlusIcon } from '@navikt/aksel-icons';
import { Button, Input, Textarea } from '@digdir/designsystemet-react';
import { useEffect, useRef } from 'react';
import type { CaseItem } from '#contract';
import { useOutbox } from '../outbox/index.ts';
import { useSettings } from '../settings/index.ts';
import { CommandButton, Key, KeyButton, useCommand } from '../shortcuts/index.ts';
import { formatNumber, useText } from '../text/index.ts';
import { showPane } from '../ui/index.ts';
import { isEmpty, requirements, suggestions, type Need } from './requirements.ts';
import { addTag, discardNote, removeTag, setTarget, setText, submitNote, useNote, type Working } from './store.ts';
import { Tags } from './tags.tsx';
import './note.css';

interface NotePaneProps {
  readonly callId: string;
  readonly line: string | null;
  /** Whom it is about, as far as known. */
  readonly contact: { readonly id: string; readonly name: string } | null;
  readonly number: string | null;
  readonly cases: readonly CaseItem[];
  /** False for a draft that outlived its call: whom it is about is only what it says itself. */
  readonly followsCaller: boolean;
  /** The call is over: "Ferdig" ends the wrap-up too. */
  readonly over: boolean;
  readonly onFinished: () => void;
}

/** What was said, written down once: where it goes, the text, the tags, what is still missing. */
export function NotePane(props: NotePaneProps) {
  const { callId, line, contact, number, cases, followsCaller, over, onFinished } = props;
  const t = useText();
  const note = useNote(callId);
  const policy = useSettings((state) => state.session?.policy);
  const area = useRef<HTMLTextAreaElement>(null);
  const subject = useRef<HTMLInputElement>(null);
  const target = note?.draft.target ?? null;
  const subjectWanted = useRef(false);

  const newCase = () => {
    showPane('left');
    subjectWanted.current = true;
    if (target?.kind === 'newCase') subject.current?.focus();
    else
      setTarget(callId, {
        kind: 'newCase',
        subject: '',
        contactId: contact?.id ?? null,
        number: contact === null ? number : null,
      });
  };
  // The field is there only after the choice; the agent asked to write in it.
  useEffect(() => {
    if (target?.kind === 'newCase' && subjectWanted.current) subject.current?.focus();
    subjectWanted.current = false;
  }, [target?.kind]);
  // Whom a new case is about follows the agent's choice of caller.
  const contactId = contact?.id ?? null;
  useEffect(() => {
    if (followsCaller && target?.kind === 'newCase' && target.contactId !== contactId)
      setTarget(callId, { ...target, contactId, number: contactId === null ? number : null });
  }, [callId, contactId, number, target, followsCaller]);

  useCommand('note', () => {
    showPane('left');
    area.current?.focus();
  });
  const required = policy?.requiredTags ?? 0;
  if (note === null) return null;
  const { draft } = note;
  const needs = requirements(draft, required);
  const ready = needs.every(({ met }) => met);
  const empty = isEmpty(draft);
  const handedOver = note.submitted.length > 0;
  const leave = over && empty && handedOver;
  const done = async () => {
    if (leave) return onFinished();
    if (await submitNote(callId)) {
      if (over) onFinished();
    }
  };

  return (
    <section className="note" aria-label={t.note.label} data-testid="note">
      <div className="note-head">
        <NotePencilIcon aria-hidden className="note-icon" />
        <strong>{t.note.label}</strong>
        <span className="s-cut s-grow" data-testid="note-target">
          <TargetWords note={note} contact={contact} number={number} cases={cases} />
        </span>
        <SaveState note={note} />
        <CommandButton
          action="newCase"
          variant={target?.kind === 'newCase' ? 'primary' : 'secondary'}
          className="note-new"
          aria-pressed={target?.kind === 'newCase'}
          run={newCase}
        >
          <PlusIcon aria-hidden />
          {t.note.newCase}
        </CommandButton>
      </div>
      {target?.kind === 'newCase' && (
        <Input
          ref={subject}
          aria-label={t.note.subject}
          placeholder={t.note.subject}
          maxLength={200}
          autoComplete="off"
          value={target.subject}
          onChange={(event) => setTarget(callId, { ...target, subject: event.target.value })}
        />
      )}
      <div className="note-text">
        <Textarea
          ref={area}
          aria-label={t.note.text}
          placeholder={t.note.placeholder}
          maxLength={20_000}
          rows={3}
          // Otherwise the browser writes the text into its profile's session files.
          autoComplete="off"
          value={draft.text}
          onChange={(event) => setText(callId, event.target.value)}
        />
        <Key action="note" />
      </div>
      <Tags
        tags={draft.tags}
        offered={suggestions(policy?.suggestedTags ?? {}, line)}
        onAdd={(tag) => addTag(callId, tag)}
        onRemove={(tag) => removeTag(callId, tag)}
      />
      <div className="note-foot">
        <div className="s-grow" aria-live="polite">
          {empty && handedOver ? (
            <Submitted ids={note.submitted} />
          ) : note.submitFailed ? (
            <span className="note-bad">{t.note.submitFailed}</span>
          ) : (
            <Needs needs={needs} required={required} />
          )}
        </div>
        {over && empty && !handedOver && (
          <Button variant="tertiary" data-color="neutral" onClick={onFinished}>
            {t.note.withoutNote}
          </Button>
        )}
        {!empty && (
          <Button
            variant="tertiary"
            data-color="neutral"
            onClick={() => {
              void discardNote(callId);
            }}
          >
            {t.note.discard}
          </Button>
        )}
        <DoneButton over={over} enabled={(ready || leave) && !note.submitting} run={() => void done()} />
      </div>
    </section>
  );
}

function DoneButton({ over, enabled, run }: { over: boolean; enabled: boolean; run: () => void }) {
  const t = useText();
  useCommand('done', run, enabled);
  return (
    <KeyButton action="done" run={run} enabled={enabled}>
      {over ? t.note.done : t.note.send}
    </KeyButton>
  );
}

function TargetWords({
  note,
  contact,
  number,
  cases,
}: {
  note: Working;
  contact: NotePaneProps['contact'];
  number: string | null;
  cases: readonly CaseItem[];
}) {
  const t = useText();
  const { target } = note.draft;
  const about =
    contact !== null ? t.note.about(contact.name) : number !== null ? t.note.about(formatNumber(number)) : t.note.aboutUnknown;
  if (target === null) return <span className="s-soft">{t.note.noTarget}</span>;
  if (target.kind === 'newCase')
    return (
      <>
        {t.note.toNew} <span className="s-soft">{about}</span>
      </>
    );
  const one = cases.find((other) => other.id === target.caseId);
  return (
    <>
      {t.note.toCase(target.caseId, one?.subject ?? '')} {contact !== null && <span className="s-soft">{about}</span>}
    </>
  );
}

function SaveState({ note }: { note: Working }) {
  const t = useText();
  if (isEmpty(note.draft)) return null;
  if (note.saving === 'failed')
    return (
      <span className="note-bad" role="alert">
        {t.note.notSaved}
      </span>
    );
  return <span className="s-soft s-small">{note.saving === 'saved' ? t.note.saved : t.note.saving}</span>;
}

function Needs({ needs, required }: { needs: readonly { need: Need; met: boolean }[]; required: number }) {
  const t = useText();
  const words = {
    target: t.note.needTarget,
    subject: t.note.needSubject,
    text: t.note.needText,
    tags: t.note.needTags(required),
  };
  return (
    <p className="note-needs s-soft" data-testid="needs">
      {t.note.required}
      {needs.map(({ need, met }) => (
        <span key={need} className="note-need" data-met={met}>
          {met ? <CheckmarkIcon aria-hidden /> : <span className="s-spot" data-kind="unknown" aria-hidden />}
          {words[need]}
          <span className="s-hide">{met ? t.note.met : t.note.missing}</span>
        </span>
      ))}
    </p>
  );
}

function Submitted({ ids }: { ids: readonly string[] }) {
  const t = useText();
  const last = ids.at(-1) ?? '';
  const state = useOutbox((outbox) => outbox.states[last] ?? 'pending');
  return (
    <span className="note-sent" data-state={state} data-testid="note-state">
      {t.note[state]}
    </span>
  );
}
