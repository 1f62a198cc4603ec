import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastSize, place, readWindowState, usualSize, writeWindowState } from '../../main/shell/window-state.ts';
import { scratch } from '../lab/process.ts';

const left = { x: 0, y: 0, width: 1920, height: 1040 };
const right = { x: 1920, y: -200, width: 1280, height: 984 };
const state = (x: number, y: number, width = 1100, height = 700) => ({ bounds: { x, y, width, height }, maximized: false });

describe('place', () => {
  it.each([
    ['the first time: centred', null, [left], usualSize],
    ['the first time on a small screen', null, [{ x: 0, y: 0, width: 1024, height: 700 }], { width: 1024, height: 700 }],
    ['as it was', state(100, 80), [left], { x: 100, y: 80, width: 1100, height: 700 }],
    ['as it was, on the second screen', state(2000, -150), [left, right], { x: 2000, y: -150, width: 1100, height: 700 }],
    ['the second screen is gone', state(2000, -150), [left], { width: 1100, height: 700 }],
    ['its upper edge is out of reach', state(100, -60), [left], { width: 1100, height: 700 }],
    ['hardly anything of it is left', state(1850, 80), [left], { width: 1100, height: 700 }],
    ['the screen has shrunk', state(0, 0, 3000, 2000), [left], { x: 0, y: 0, width: 1920, height: 1040 }],
    ['it was made too small', state(0, 0, 10, 10), [left], { x: 0, y: 0, ...leastSize }],
    ['no screen at all', state(5, 5), [], { width: 1100, height: 700 }],
  ])('%s', (_name, remembered, areas, expected) => expect(place(remembered, areas).bounds).toEqual(expected));

  it('always leaves something to take hold of', () => {
    const coordinate = fc.integer({ min: -10_000, max: 10_000 });
    fc.assert(
      fc.property(
        coordinate,
        coordinate,
        fc.integer({ min: 1, max: 9_000 }),
        fc.integer({ min: 1, max: 9_000 }),
        (x, y, width, height) => {
          const { bounds } = place(state(x, y, width, height), [left, right]);
          if (bounds.x === undefined || bounds.y === undefined) return;
          const reachable = [left, right].some(
            (area) =>
              Math.min(area.x + area.width, bounds.x! + bounds.width) - Math.max(area.x, bounds.x!) >= 120 &&
              bounds.y! >= area.y &&
              bounds.y! < area.y + area.height,
          );
          expect(reachable).toBe(true);
        },
      ),
    );
  });
});

describe('the file', () => {
  const file = join(scratch('window-state'), 'window.json');

  it('gives back what was written', () => {
    writeWindowState(file, { ...state(1, 2), maximized: true });
    expect(readWindowState(file)).toEqual({ ...state(1, 2), maximized: true });
  });

  it.each(['', 'null', '{', '{"bounds":{"x":"1"}}', '{"bounds":{"x":0,"y":0,"width":0,"height":9},"maximized":true}'])(
    'passes over %j',
    (text) => {
      writeFileSync(file, text);
      expect(readWindowState(file)).toBeNull();
    },
  );
});
