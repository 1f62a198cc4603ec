/** Candidates of one machine come together; when none has come for so long (ms), the offer need not wait for the slow TCP ones. */
const ICE_QUIET = 20;

/** Resolves when a connection has its candidates: all of them, none for a moment, or after `timeoutMs`. */
export function gathered(peer: RTCPeerConnection, timeoutMs: number): Promise<void> {
  if (peer.iceGatheringState === 'complete') return Promise.resolve();
  return new Promise((resolve) => {
    let quiet: ReturnType<typeof setTimeout> | undefined;
    const done = () => {
      clearTimeout(late);
      clearTimeout(quiet);
      peer.removeEventListener('icegatheringstatechange', onState);
      peer.removeEventListener('icecandidate', onCandidate);
      resolve();
    };
    const onState = () => {
      if (peer.iceGatheringState === 'complete') done();
    };
    const onCandidate = () => {
      clearTimeout(quiet);
      quiet = setTimeout(done, ICE_QUIET);
    };
    const late = setTimeout(done, timeoutMs);
    peer.addEventListener('icegatheringstatechange', onState);
    peer.addEventListener('icecandidate', onCandidate);
  });
}
