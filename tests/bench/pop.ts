/**
 * INVITE on the socket to the pop painted, over calls from a citizen whom Request Tracker knows: the whole lab, the web host and Chromium.
 * Read from the window's own marks: `samband:invite` (the INVITE left the socket) and `samband:pop-painted` (the frame with the pop in it was
 * handed over; the mark is set as the next one begins).
 */
import { startLab } from '../lab/lab.ts';
import { writeAppFiles } from '../lib/app.ts';
import { latencies, type Bench } from '../lib/bench.ts';
import { openDesk } from '../lib/desk.ts';

/** Of one call, in milliseconds from its INVITE. */
interface Marks {
  readonly ringing: number;
  readonly painted: number;
}

export const bench: Bench = async ({ count = 100, people = 10_000, say }) => {
  const lab = await startLab({ people });
  const contact = await lab.requestTracker.seedContact({ name: 'Nora Bø', mobile: '+4790112233' });
  for (let i = 1; i <= 5; i++) await lab.requestTracker.seedTicket({ subject: `Sak ${i}`, requestor: contact.name });
  const citizen = await lab.telephone({ number: '+4790112233', says: 1000 });
  const desk = await openDesk(writeAppFiles(lab.app), { says: 440 });
  const { page } = desk.window;

  /** The next call's marks, as soon as its pop is painted; one question, so that the asking does not cost the page anything meanwhile. */
  const nextPop = (): Promise<Marks> =>
    page.evaluate(
      () =>
        new Promise((resolve) => {
          const observer = new PerformanceObserver((list) => {
            const painted = list.getEntriesByName('samband:pop-painted')[0];
            if (painted === undefined) return;
            observer.disconnect();
            const callOf = (entry: PerformanceEntry): unknown => (entry as PerformanceMark).detail?.callId;
            const at = (name: string) =>
              performance.getEntriesByName(name).find((entry) => callOf(entry) === callOf(painted))?.startTime ?? Number.NaN;
            const invite = at('samband:invite');
            resolve({ ringing: at('samband:ringing') - invite, painted: painted.startTime - invite });
          });
          observer.observe({ entryTypes: ['mark'] });
        }),
    );
  /** An agent's window has come to rest between two calls. */
  const rest = () => page.evaluate(() => new Promise<void>((resolve) => requestIdleCallback(() => resolve())));

  const painted: number[] = [];
  const ringing: number[] = [];
  // One more: the first call finds nothing in the cache and everything cold.
  for (let call = 0; call <= count; call++) {
    const from = citizen.events.length;
    await rest();
    const next = nextPop();
    await lab.callLine(citizen);
    const seen = await next;
    if (call > 0) {
      painted.push(seen.painted);
      ringing.push(seen.ringing);
    }
    await citizen.hangUp();
    await citizen.event((event) => event.type === 'CALL_CLOSED', 'closed', { from });
    await desk.window.phase('none');
    if (call % 20 === 0) say(`${call} of ${count} calls`);
  }
  await desk.close();
  return {
    figures: { calls: count, ...latencies(painted) },
    peers: { 'ringing event': latencies(ringing) },
    notes: [
      'From the INVITE leaving the socket to the frame with the pop (from the cache) in it; marks samband:invite and samband:pop-painted.',
    ],
  };
};
