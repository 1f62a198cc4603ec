import { readFileSync } from 'node:fs';
import type { Rectangle } from 'electron';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';

const rectangle = z.object({ x: z.int(), y: z.int(), width: z.int().min(1), height: z.int().min(1) });
const stored = z.object({ bounds: rectangle, maximized: z.boolean() });

/** How the window lay when it was last closed. */
export type WindowState = z.infer<typeof stored>;

export interface Placement {
  /** Without x and y the system centres it. */
  readonly bounds: { readonly x?: number; readonly y?: number; readonly width: number; readonly height: number };
  readonly maximized: boolean;
}

/** FACE.md's picture; half of a 1366 px screen is the least that still has a bar, the calls and one pane. */
export const usualSize = { width: 1366, height: 800 };
export const leastSize = { width: 480, height: 560 };

/** How much of the window's upper edge must be seen, so that it can be taken hold of. */
const grip = { width: 120, height: 40 };

function seesGrip(area: Rectangle, bounds: Rectangle): boolean {
  const width = Math.min(area.x + area.width, bounds.x + bounds.width) - Math.max(area.x, bounds.x);
  return width >= grip.width && bounds.y >= area.y && bounds.y + grip.height <= area.y + area.height;
}

function fit(size: { readonly width: number; readonly height: number }, area: Rectangle | undefined) {
  return {
    width: Math.max(leastSize.width, Math.min(size.width, area?.width ?? size.width)),
    height: Math.max(leastSize.height, Math.min(size.height, area?.height ?? size.height)),
  };
}

/** Where to put the window: as it was, if a screen of today still shows enough of it; otherwise centred. Pure. */
export function place(state: WindowState | null, workAreas: readonly Rectangle[]): Placement {
  const primary = workAreas[0];
  if (state === null) return { bounds: fit(usualSize, primary), maximized: false };
  const { x, y } = state.bounds;
  // Fitted first: a window that was wider than today's screen may show nothing of itself once it is not.
  const fitted = workAreas.map((area) => ({ area, bounds: { x, y, ...fit(state.bounds, area) } }));
  const bounds = fitted.find((candidate) => seesGrip(candidate.area, candidate.bounds))?.bounds;
  return { bounds: bounds ?? fit(state.bounds, primary), maximized: state.maximized };
}

/** The remembered state; null when there is none, or none that can be read: a window never fails to open for that. */
export function readWindowState(file: string): WindowState | null {
  try {
    return stored.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Written while the window closes, hence at once. Throws when the disk will not have it. */
export function writeWindowState(file: string, state: WindowState): void {
  writeFileAtomic.sync(file, `${JSON.stringify(state)}\n`);
}
