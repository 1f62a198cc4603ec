import { useText } from '../../text/index.ts';
import { DialCard } from './dial-card.tsx';
import { MainCard } from './main-card.tsx';
import { SecondCard } from './second-card.tsx';
import { usePlaces } from './use-places.ts';
import './calls.css';

/** The calls: the one in hand, the other one, and the number field, each always in its place. */
export function CallsRow() {
  const t = useText();
  const { main, second, rest } = usePlaces();
  return (
    <section className="calls" aria-label={t.calls.label}>
      <MainCard call={main} />
      <SecondCard call={second} rest={rest} alone={main === null} />
      <DialCard />
    </section>
  );
}
