import { readFile } from 'node:fs/promises';

export const bridgePath = '/samband-bridge.js';

/** The bridge as a browser runs it. */
export function bridgeScript(): Promise<string> {
  return readFile(new URL('./browser/bridge.js', import.meta.url), 'utf8');
}

/** The window's page with the bridge before everything else: as a file of its own, since the policy allows no inline script. */
export function withBridge(page: string): string {
  const begun = page.replace(/<head[^>]*>/i, (head) => `${head}\n    <script src="${bridgePath}"></script>`);
  if (begun === page) throw new Error('The built page has no <head>.');
  return begun;
}

const page = (lines: readonly (readonly [language: string, text: string])[], link: string | null) =>
  `<!doctype html>
<html lang="nb">
  <head><meta charset="utf-8" /><title>Samband</title></head>
  <body>
${lines.map(([language, text]) => `    <p lang="${language}">${text}</p>`).join('\n')}
${link === null ? '' : `    <p><a href="${link}">Prøv igjen / Prøv igjen / Try again</a></p>\n`}  </body>
</html>
`;

/** What a second window shows: the first one has the telephone. */
export const elsewherePage = page(
  [
    ['nb', 'Samband er allerede åpent i et annet vindu. Lukk det først.'],
    ['nn', 'Samband er alt ope i eit anna vindauge. Lukk det fyrst.'],
    ['en', 'Samband is already open in another window. Close that one first.'],
  ],
  '/',
);

/** What a browser without a good token or cookie sees. */
export const refusedPage = page(
  [
    ['nb', 'Adressen er brukt eller feil. Start Samband på nytt for å få en ny.'],
    ['nn', 'Adressa er brukt eller feil. Start Samband på nytt for å få ei ny.'],
    ['en', 'The address is used or wrong. Start Samband again to get a new one.'],
  ],
  null,
);
