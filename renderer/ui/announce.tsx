import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

const said = createStore<{ polite: string; urgent: string }>(() => ({ polite: '', urgent: '' }));

/** Has a screen reader say it when it has a moment; `urgent` interrupts (somebody rings). */
export function announce(message: string, urgency: 'polite' | 'urgent' = 'polite'): void {
  const before = said.getState()[urgency];
  // The same words twice are a change only if the text differs.
  said.setState({ [urgency]: before === message ? `${message}\u00a0` : message });
}

/** The two live regions: there from the start, or screen readers miss the first words. */
export function LiveRegions() {
  const { polite, urgent } = useStore(said);
  return (
    <>
      <div className="s-hide" role="status" aria-live="polite" data-testid="live-polite">
        {polite}
      </div>
      <div className="s-hide" role="alert" aria-live="assertive" data-testid="live-urgent">
        {urgent}
      </div>
    </>
  );
}
