import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const files = globSync('renderer/**/*.{css,ts,tsx,html}').map((file) => file.replaceAll('\\', '/'));
const source = (file: string): string => readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');

test('colours are named in the theme only', () => {
  expect(files.length).toBeGreaterThan(50);
  const literal =
    /#[0-9a-f]{3,8}\b(?!-)|\b(?:rgb|hsl|lab|lch|oklch|oklab)a?\(|:\s*(?:white|black|red|green|blue|gray|grey|orange|yellow)\b\s*;/i;
  const found = files
    .filter((file) => file.endsWith('.css') && file !== 'renderer/ui/theme.css')
    .filter((file) => literal.test(source(file)));
  expect(found).toEqual([]);
  expect(
    files.filter((file) => /\.tsx?$/.test(file) && /['"`]#[0-9a-f]{3,8}['"`]|\brgba?\(|\bhsla?\(/i.test(source(file))),
  ).toEqual([]);
});

test('every token of ours that is used is named in the theme', () => {
  const named = new Set([...source('renderer/ui/theme.css').matchAll(/(--s-[\w-]+)\s*:/g)].map((match) => match[1]));
  const used = files
    .filter((file) => file.endsWith('.css'))
    .flatMap((file) => [...source(file).matchAll(/var\((--s-[\w-]+)/g)].map((match) => match[1]));
  expect(used.filter((token) => !named.has(token))).toEqual([]);
});

test('nothing of the page is inline', () => {
  const html = source('renderer/index.html');
  expect(html).not.toMatch(/<style|style=|<script(?![^>]*src=)|\son\w+=/i);
});

test('style sheets hold nothing that the oldest window cannot read', () => {
  const sheets = files.filter((file) => file.endsWith('.css'));
  expect(
    sheets.filter((file) => /color-mix\(|@container|:popover-open|\blight-dark\(|@starting-style|\bdvh\b/.test(source(file))),
  ).toEqual([]);
});
