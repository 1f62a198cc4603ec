import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

interface Said {
  readonly id: number;
  readonly text: string;
}
type Urgency = 'polite' | 'urgent';

/** Kept so long that a reader which was busy still finds what was said just before. */
const KEPT = 4;

const said = createStore<Record<Urgency, readonly Said[]>>(() => ({ polite: [], urgent: [] }));
let count = 0;

/**
 * Has a screen reader say it when it has a moment; `urgent` interrupts (somebody rings). Each message is an element of its own: one
 * that comes right after another neither takes its place nor has it said again, and the same words twice are said twice.
 */
export function announce(text: string, urgency: Urgency = 'polite'): void {
  count += 1;
  said.setState({ [urgency]: [...said.getState()[urgency], { id: count, text }].slice(-KEPT) });
}

const Messages = ({ of }: { of: readonly Said[] }) => of.map(({ id, text }) => <p key={id}>{text}</p>);

/** The two live regions: there from the start, or screen readers miss the first words. */
export function LiveRegions() {
  const { polite, urgent } = useStore(said);
  return (
    <>
      <div className="s-hide" role="status" aria-live="polite" aria-atomic="false" data-testid="live-polite">
        <Messages of={polite} />
      </div>
      <div className="s-hide" role="alert" aria-live="assertive" aria-atomic="false" data-testid="live-urgent">
        <Messages of={urgent} />
      </div>
    </>
  );
}
