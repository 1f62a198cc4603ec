// `npm test`: everything, on a fresh clone too. `npm test -- --quick`: the inner loop. `npm test -- NAME…`: chosen checks and suites.
// Plain Node, no dependency: it installs what the rest needs. The last line of its output is `N passed, N failed, N skipped`.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { install, ownNode, root } from './install.mjs';

const inCi = process.env.CI === 'true';
/** Where everything of the lab can be had, so that its absence is a fault of ours. */
const debianRoot = process.platform === 'linux' && process.getuid() === 0 && isDebian();
const tool = (...path) => join(root, 'node_modules', ...path);

/**
 * check: a command that passes or fails. suite: a folder of tests/, run by vitest. `needs` names what the machine must have.
 * Files named `*.electron.test.ts` need a real Electron; where none is found they are left out and listed as not run.
 * `first`: the others need what it makes. `beside`: it waits for no sound and no exchange, so it runs while those that do are waiting;
 * its output is shown when it has ended.
 */
const steps = [
  {
    name: 'build',
    kind: 'check',
    first: true,
    command: [tool('electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', 'warn'],
  },
  { name: 'lint', kind: 'check', beside: true, quick: true, command: ['scripts/lint.mjs'] },
  { name: 'types', kind: 'check', beside: true, quick: true, command: [tool('typescript', 'bin', 'tsc'), '-b'] },
  { name: 'unit', kind: 'suite', beside: true, quick: true },
  { name: 'database', kind: 'suite', beside: true, quick: true },
  { name: 'contract', kind: 'suite', beside: true, quick: true },
  { name: 'face', kind: 'suite', beside: true, needs: ['lab'] },
  { name: 'shell', kind: 'suite' },
  { name: 'demo', kind: 'suite' },
  { name: 'lab', kind: 'suite', needs: ['lab'] },
  { name: 'e2e', kind: 'suite', needs: ['lab'] },
  { name: 'soak kill', kind: 'check', command: ['tests/soak/run.ts', 'kill', '--slice'] },
  { name: 'soak outbox', kind: 'check', needs: ['lab'], command: ['tests/soak/run.ts', 'outbox', '--slice'] },
  {
    name: 'soak directory',
    kind: 'check',
    beside: true,
    needs: ['lab'],
    command: ['tests/soak/run.ts', 'directory', '--slice'],
  },
  { name: 'soak calls', kind: 'check', needs: ['lab'], command: ['tests/soak/run.ts', 'calls', '--slice'] },
];

/** What takes its time to kill and damage things, to load thousands, or to lint planted breaches: not in the inner loop. */
const notQuick = [
  'tests/database/damage.test.ts',
  'tests/database/directory-damage.test.ts',
  'tests/database/kill.test.ts',
  'tests/database/people.test.ts',
  'tests/database/services-worst.test.ts',
  'tests/unit/house.test.ts',
];

/** A suite that hangs is a failure, not a CI job that never ends. */
const suiteLimitMs = 10 * 60_000;

const args = process.argv.slice(2);
const quick = args.includes('--quick');
const named = args.filter((arg) => !arg.startsWith('--'));
const unknown = [
  ...args.filter((arg) => arg.startsWith('--') && arg !== '--quick'),
  ...named.filter((name) => !chosenBy(name).length),
];
if (unknown.length > 0) {
  console.error(
    `Not known: ${unknown.join(' ')}. Use --quick, or names among: ${[...new Set(steps.map((step) => step.name))].join(', ')}, soak.`,
  );
  process.exit(2);
}

function chosenBy(name) {
  return steps.filter((step) => step.name === name || step.name.split(' ')[0] === name);
}

const chosen = quick
  ? steps.filter((step) => step.quick)
  : named.length > 0
    ? steps.filter((step) => named.some((name) => chosenBy(name).includes(step)))
    : steps;

const results = [];
const notRun = [];

/**
 * Runs a command to its end, its output on the screen, or with `show` handed over whole at the end; at the limit the whole group is
 * killed. Returns the exit code.
 */
function run(file, commandArgs, show) {
  return new Promise((resolve) => {
    const output = show ? 'pipe' : 'inherit';
    const child = spawn(ownNode, [file, ...commandArgs], {
      cwd: root,
      stdio: ['ignore', output, output],
      env: { ...process.env, PATH: tool('.bin') + delimiter + process.env.PATH },
      detached: process.platform !== 'win32',
    });
    const kill = (signal) => {
      if (child.pid === undefined) return;
      try {
        if (process.platform === 'win32') child.kill(signal);
        else process.kill(-child.pid, signal);
      } catch {
        // Gone already.
      }
    };
    const limit = setTimeout(() => {
      console.log(`Ended after ${suiteLimitMs / 60_000} minutes: it hangs.`);
      kill('SIGKILL');
    }, suiteLimitMs);
    const interrupted = () => {
      kill('SIGTERM');
      process.exitCode = 130;
      setTimeout(() => process.exit(130), 2000);
    };
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
    const parts = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => parts.push(part));
    child.once('error', (error) => parts.push(Buffer.from(String(error))));
    child.once('close', (code) => {
      show?.(Buffer.concat(parts).toString('utf8'));
      clearTimeout(limit);
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
      resolve(code ?? 1);
    });
  });
}

function isDebian() {
  return existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
}

/** What this machine lacks for each need; null: it is there. */
async function lookAround() {
  const lacks = { lab: null, electron: null };
  const needsLab = chosen.some((step) => step.needs?.includes('lab'));
  if (needsLab) {
    if (!isDebian()) lacks.lab = 'the lab’s servers are Debian packages, and this is not Debian';
    else {
      const done = spawnSync(ownNode, ['tests/lab/packages.ts', ...(debianRoot ? ['--install'] : [])], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'inherit'],
        encoding: 'utf8',
      });
      if (done.status !== 0) {
        const missing = (done.stdout ?? '').trim().split('\n').join(' ');
        lacks.lab = debianRoot
          ? `apt could not install the lab’s packages (${missing})`
          : `Debian packages are missing, and only root can install them: ${missing}`;
      } else if (done.stdout.trim()) console.log(done.stdout.trim());
    }
  }
  if (!quick && chosen.some((step) => step.kind === 'suite')) lacks.electron = await lacksElectron();
  return lacks;
}

/** Why no real Electron can be used; null: there is one. Any version will do for the tests; its own download is tried where there is none. */
async function lacksElectron() {
  const look =
    "const { findElectron } = await import('./tests/lib/electron.ts'); process.exit(findElectron() === null ? 1 : 0);";
  const found = () => spawnSync(ownNode, ['--input-type=module', '-e', look], { cwd: root, stdio: 'ignore' }).status === 0;
  if (found()) return null;
  const { findElectron } = await import('./electron.mjs');
  const fetched = await findElectron((line) => console.log(line));
  return found() ? null : `no Electron: ${fetched.why ?? 'it does not start'} (ELECTRON_OVERRIDE_DIST_PATH can name one)`;
}

function electronFiles(suite) {
  const folder = join(root, 'tests', suite);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.electron.test.ts'));
}

function countsOf(reportFile, code) {
  if (!existsSync(reportFile)) return { passed: 0, failed: 1, skipped: 0 };
  const report = JSON.parse(readFileSync(reportFile, 'utf8'));
  // A file that could not even be loaded has no test to blame.
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  return {
    passed: report.numPassedTests,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

async function runSuite(step, lacks, show) {
  const folder = mkdtempSync(join(tmpdir(), 'samband-report-'));
  const reportFile = join(folder, 'report.json');
  const left = lacks.electron === null ? [] : electronFiles(step.name);
  try {
    const code = await run(
      tool('vitest', 'vitest.mjs'),
      [
        'run',
        '--project',
        step.name,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${reportFile}`,
        ...(quick ? notQuick.flatMap((file) => ['--exclude', file]) : []),
        ...(left.length > 0 ? ['--exclude', '**/*.electron.test.ts'] : []),
      ],
      show,
    );
    return countsOf(reportFile, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    for (const file of left) notRun.push({ name: `${step.name}/${file}`, why: lacks.electron, fatal: inCi });
  }
}

function plural(counts) {
  return [
    `${counts.passed} passed`,
    ...(counts.failed ? [`${counts.failed} failed`] : []),
    ...(counts.skipped ? [`${counts.skipped} skipped`] : []),
  ].join(', ');
}

const began = performance.now();
if (!install()) {
  console.log('npm could not install the packages; nothing was run.\n0 passed, 1 failed, 0 skipped');
  process.exit(1);
}
const lacks = await lookAround();

async function runStep(step, aside) {
  const lacking = (step.needs ?? []).map((need) => lacks[need]).find((why) => why !== null);
  if (lacking !== undefined) {
    notRun.push({ name: step.name, why: lacking, fatal: inCi || debianRoot });
    return;
  }
  const title = `\n── ${step.name}`;
  if (!aside) console.log(title);
  const show = aside ? (output) => console.log(`${title}\n${output.trimEnd()}`) : undefined;
  const start = performance.now();
  const counts =
    step.kind === 'suite'
      ? await runSuite(step, lacks, show)
      : (await run(...splitCommand(step.command), show)) === 0
        ? { passed: 1, failed: 0, skipped: 0 }
        : { passed: 0, failed: 1, skipped: 0 };
  const seconds = (performance.now() - start) / 1000;
  results.push({ name: step.name, seconds, ...counts });
  console.log(`${step.name}: ${plural(counts)} (${seconds.toFixed(1)} s)`);
}

async function runAll(those, aside) {
  for (const step of those) await runStep(step, aside);
}

const later = chosen.filter((step) => !step.first);
const alone = later.filter((step) => !step.beside);
await runAll(chosen.filter((step) => step.first));
const beside = later.filter((step) => step.beside);
// With nothing to run beside, the checks go beside the suites.
const [left, right] =
  alone.length > 0
    ? [beside, alone]
    : [beside.filter((step) => step.kind === 'check'), beside.filter((step) => step.kind === 'suite')];
await Promise.all([runAll(left, right.length > 0), runAll(right)]);
results.sort((a, b) => chosen.findIndex((step) => step.name === a.name) - chosen.findIndex((step) => step.name === b.name));

function splitCommand([file, ...rest]) {
  return [file, rest];
}

if (quick) console.log(`  left out of --quick: ${notQuick.join(', ')}`);
// What could not be run is a failure in CI; the lab also wherever its packages can be had. Electron needs a network that reaches it.
const total = { passed: 0, failed: 0, skipped: 0 };
console.log(`\n── all, ${((performance.now() - began) / 1000).toFixed(0)} s`);
for (const result of results) {
  total.passed += result.passed;
  total.failed += result.failed;
  total.skipped += result.skipped;
  console.log(
    `${result.failed ? '✗' : '✓'} ${result.name.padEnd(12)} ${plural(result).padEnd(24)} ${result.seconds.toFixed(1).padStart(6)} s`,
  );
}
for (const { name, why, fatal } of notRun) {
  if (fatal) total.failed += 1;
  else total.skipped += 1;
  console.log(`${fatal ? '✗' : '–'} ${name}: not run: ${why}`);
}
if (total.failed) process.exitCode ||= 1;
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
