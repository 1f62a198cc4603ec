import { Button } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { subjectCall, useCalls } from '../call/index.ts';
import { useSettings } from '../settings/index.ts';
import { useText } from '../text/index.ts';
import { signOut } from './signing-out.ts';
import { beginSession } from './wiring.ts';

/** Out of the program, with what that takes along; refused while notes would be lost, and asked about drafts. */
export function SignOut() {
  const t = useText();
  const wipes = useSettings((state) => state.session?.policy.wipeOnSignOut === true);
  const inCall = useCalls((state) => subjectCall(state) !== null);
  const [unsent, setUnsent] = useState<Awaited<ReturnType<typeof signOut>>>(null);
  const [busy, setBusy] = useState(false);
  const leave = async (discardDrafts: boolean) => {
    if (busy || inCall) return;
    setBusy(true);
    setUnsent(await signOut(discardDrafts));
    setBusy(false);
  };
  const asks = unsent !== null && unsent.notes === 0;
  return (
    <section className="sign-out" aria-label={t.signOut.button} data-testid="sign-out">
      <p className="s-soft s-small">{wipes ? t.signOut.wipes : t.signOut.forgets}</p>
      {unsent !== null && (
        <p role="alert" className="note-bad">
          {unsent.notes > 0 ? t.signOut.unsent(unsent.notes) : t.signOut.drafts(unsent.drafts)}
        </p>
      )}
      {inCall && <p className="s-soft">{t.signOut.inCall}</p>}
      <div className="s-row">
        <Button
          variant="secondary"
          data-color={asks ? 'danger' : 'neutral'}
          aria-disabled={inCall || busy || undefined}
          onClick={() => void leave(asks)}
        >
          {asks ? t.signOut.discard : t.signOut.button}
        </Button>
        {asks && (
          <Button variant="tertiary" data-color="neutral" onClick={() => setUnsent(null)}>
            {t.signOut.keep}
          </Button>
        )}
      </div>
    </section>
  );
}

/** The button that was pressed is gone with the window it stood in. */
const takesFocus = (button: HTMLButtonElement | null): void => button?.focus();

/** Nobody is signed in: what became of what was kept here, and the way back. */
export function SignedOutPage({ left }: { left: 'forgot' | 'wiped' | 'inPart' }) {
  const t = useText();
  const words = { forgot: t.signOut.doneForgot, wiped: t.signOut.doneWiped, inPart: t.signOut.doneInPart };
  return (
    <main className="app-alone" data-testid="signed-out">
      <div role="status">
        <h1>{t.signOut.doneTitle}</h1>
        <p>{words[left]}</p>
      </div>
      <Button ref={takesFocus} onClick={() => void beginSession()}>
        {t.signOut.again}
      </Button>
    </main>
  );
}
