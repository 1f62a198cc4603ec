import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../main/services/launch/command-line.ts';
import { dialTarget } from '../../main/services/launch/dial.ts';
import { startFailure } from '../../main/services/launch/failure.ts';
import { defaultDataFolder, defaultPolicyFile } from '../../main/services/launch/places.ts';
import { keepDialUntilHeard, type WindowServices } from '../../main/services/launch/window-services.ts';

describe('dialTarget', () => {
  it.each([
    ['22051014', '22051014'],
    ['+47 22 05 10 14', '+4722051014'],
    ['+47\u00a022\u202f05 10 14', '+4722051014'],
    ['*45', '*45'],
    ['#31#22051014', '#31#22051014'],
    ['tel:+47-22-05-10-14', '+4722051014'],
    ['TEL:+4722051014', '+4722051014'],
    ['tel:22%2005%2010%2014', '22051014'],
    ['tel:(22)05.10.14;ext=5', '22051014'],
    ['tel:22051014;phone-context=+47', '22051014'],
    ['tel://22051014/', '22051014'],
    ['callto:+4722051014', '+4722051014'],
    ['callto:+4722051014?call', '+4722051014'],
    ['sip:22051014@sip.example.no', '22051014'],
    ['sip:+4722051014;phone-context=x@sip.example.no;user=phone', '+4722051014'],
    ['sips:anna@example.no', 'sips:anna@example.no'],
    ['sip:anna.berg@example.no:5061;transport=tcp?subject=hei', 'sip:anna.berg@example.no:5061'],
    ['sip:anna@[2001:db8::1]', 'sip:anna@[2001:db8::1]'],
    ['anna@example.no', 'sip:anna@example.no'],
  ])('takes %s for %s', (text, expected) => expect(dialTarget(text)).toBe(expected));

  it.each([
    '',
    '   ',
    'tel:',
    'tel:anna',
    'tel:%',
    'tel:+47+22',
    'sip:@example.no',
    'sip:anna@',
    'sip:an na@example.no',
    'sip:anna@exa mple.no',
    'sip:a@b@c',
    'sip:anna\r\nX: y@example.no',
    'http://example.no',
    'javascript:alert(1)',
    'file:///etc/passwd',
    '--data',
    '１２３',
    '1'.repeat(41),
    `tel:${'1'.repeat(200)}`,
  ])('refuses %j', (text) => expect(dialTarget(text)).toBeNull());

  it('gives nothing but digits and signs, or a plain address, whatever comes', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .tuple(fc.constantFrom('tel:', 'callto:', 'sip:', 'sips:'), fc.string({ unit: 'grapheme' }))
        .map((parts) => parts.join('')),
      fc.webUrl().map((url) => url.replace(/^https?:\/\//, 'sip:a@')),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const target = dialTarget(text);
        expect(target === null || /^\+?[0-9*#]+$/.test(target) || /^sips?:[^\s@;<>"]+@[^\s@;?<>"/]+$/.test(target)).toBe(true);
      }),
    );
  });
});

describe('parseCommandLine', () => {
  it('finds its own among Chromium’s', () => {
    const line = parseCommandLine([
      '--inspect=0',
      '.',
      '--config',
      'a b.json',
      '--data=/d=e',
      '--no-sandbox',
      '--dial=22 05 10 14',
      '--original-process-start-time=13',
      '--port',
      '0',
    ]);
    expect(line).toEqual({
      config: 'a b.json',
      data: '/d=e',
      policy: null,
      provision: null,
      port: 0,
      dial: '22051014',
      directoryDryRun: false,
      problems: [],
    });
  });

  it('takes a link that stands alone, as the system hands it over', () => {
    expect(parseCommandLine(['--', 'tel:+4722051014'])).toMatchObject({ dial: '+4722051014', problems: [] });
    expect(parseCommandLine(['tel:nobody'])).toMatchObject({ dial: null, problems: [] });
    expect(parseCommandLine([])).toMatchObject({ dial: null, problems: [] });
  });

  it.each([
    [['--config'], '--config'],
    [['--data='], '--data'],
    [['--policy', '--dial'], '--policy'],
    [['--port', 'x'], '--port'],
    [['--port', '65536'], '--port'],
    [['--dial', 'nobody'], '--dial'],
    [['--dial'], '--dial'],
  ])('says what is wrong with %j', (args, name) => {
    expect(parseCommandLine(args).problems.some((problem) => problem.startsWith(name))).toBe(true);
  });
});

describe('places', () => {
  const machine = (platform: NodeJS.Platform, env: Record<string, string> = {}) => ({
    platform,
    env,
    home: platform === 'win32' ? 'C:\\Users\\k' : '/home/k',
  });

  it('keeps the policy where users cannot write', () => {
    expect(defaultPolicyFile(machine('win32', { ProgramData: 'D:\\Data' }))).toBe('D:\\Data\\Samband\\policy.json');
    expect(defaultPolicyFile(machine('linux'))).toBe('/etc/samband/policy.json');
    expect(defaultPolicyFile(machine('darwin'))).toBe('/Library/Application Support/Samband/policy.json');
  });

  it('keeps data on the machine, not in a profile that travels', () => {
    expect(defaultDataFolder(machine('win32', { APPDATA: 'R:\\roaming', LOCALAPPDATA: 'C:\\local' }))).toBe(
      'C:\\local\\Samband',
    );
    expect(defaultDataFolder(machine('linux'))).toBe('/home/k/.local/share/samband');
    expect(defaultDataFolder(machine('linux', { XDG_DATA_HOME: '/x' }))).toBe('/x/samband');
    expect(defaultDataFolder(machine('darwin'))).toBe('/home/k/Library/Application Support/Samband');
  });
});

describe('startFailure', () => {
  it.each([
    ['invalid-input', 10],
    ['not-found', 10],
    ['newer-schema', 11],
    ['wrong-key', 12],
    ['refused', 13],
    ['damaged', 14],
    ['internal', 15],
    ['conflict', 16],
  ] as const)('has words of its own and a code for %s', (code, exitCode) => {
    const failure = startFailure({ code, message: 'C:\\x: line 3' }, 'nb-NO', 'C:\\logs');
    expect(failure.exitCode).toBe(exitCode);
    expect(failure.text).toContain('brukerstøtte');
    expect(failure.text).toContain('C:\\x: line 3');
    expect(failure.text).toContain('C:\\logs');
    expect(startFailure({ code, message: '' }, 'en-GB', '').title).toBe('Samband cannot start');
    expect(startFailure({ code, message: '' }, 'nn', '').title).toBe('Samband kan ikkje starte');
  });
});

describe('keepDialUntilHeard', () => {
  it('keeps the last number until a session has begun, then passes each on', async () => {
    const dialled: string[] = [];
    let begins = false;
    const services: WindowServices = {
      dispatch: async () => (begins ? { ok: true, value: null } : { ok: false, error: { code: 'internal', message: '' } }),
      onEvent: () => () => undefined,
      requestDial: (number) => void dialled.push(number),
      close: async () => undefined,
      contentSecurityPolicy: '',
      linkSchemes: [],
    };
    const kept = keepDialUntilHeard(services);
    kept.requestDial('1');
    kept.requestDial('2');
    await kept.dispatch('session.start', null);
    begins = true;
    await kept.dispatch('directory.status', null);
    expect(dialled).toEqual([]);
    await kept.dispatch('session.start', null);
    await new Promise(setImmediate);
    kept.requestDial('3');
    await kept.dispatch('session.start', null);
    await new Promise(setImmediate);
    expect(dialled).toEqual(['2', '3']);
  });
});
