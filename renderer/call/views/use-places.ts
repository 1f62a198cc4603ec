import { useMemo } from 'react';
import { useCalls } from '../index.ts';
import { placesOf, type Places } from './places.ts';

/** The cards as they stand now. */
export function usePlaces(): Places {
  const calls = useCalls((state) => state.calls);
  const activeId = useCalls((state) => state.activeId);
  const wrapUpId = useCalls((state) => state.wrapUpId);
  return useMemo(() => placesOf({ calls, activeId, wrapUpId }), [calls, activeId, wrapUpId]);
}
