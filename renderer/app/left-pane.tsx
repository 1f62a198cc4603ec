import { telephone } from '../call/index.ts';
import { usePlaces } from '../call/views/index.ts';
import { CallerPane, casesOf, contactOf, forgetCaller, useCaller } from '../caller/index.ts';
import { DayPane } from '../day/index.ts';
import { forgetNote, NotePane, resumeNote, useNote, useNotes } from '../note/index.ts';

/** The caller with the note docked below, or the agent's day where the caller would be. */
export function LeftPane() {
  // Of a consultation it is the caller, and stays so whoever the agent speaks with.
  const { subject: main } = usePlaces();
  const entry = useCaller(main?.id ?? null);
  const resumed = useNotes((state) => state.resumed);

  if (main === null)
    return (
      <div className="s-card left">
        <DayPane />
        {resumed !== null && <Resumed key={resumed} callId={resumed} />}
      </div>
    );

  const finish = () => {
    telephone.finishWrapUp(main.id);
    forgetNote(main.id);
    forgetCaller(main.id);
  };
  return (
    <div className="s-card left">
      <CallerPane key={main.id} call={main} />
      <NotePane
        key={`note-${main.id}`}
        callId={main.id}
        line={main.line}
        contact={contactOf(entry)}
        number={entry?.pop?.number ?? main.remote.number}
        cases={casesOf(entry)}
        followsCaller
        over={main.phase === 'ended'}
        onFinished={finish}
      />
    </div>
  );
}

function Resumed({ callId }: { callId: string }) {
  const note = useNote(callId);
  const target = note?.draft.target;
  return (
    <NotePane
      callId={callId}
      line={null}
      contact={null}
      number={target?.kind === 'newCase' ? target.number : null}
      cases={[]}
      followsCaller={false}
      over
      onFinished={() => {
        forgetNote(callId);
        resumeNote(null);
      }}
    />
  );
}
