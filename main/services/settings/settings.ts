import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { applyEdits, getNodeValue, modify } from 'jsonc-parser';
import writeFileAtomic from 'write-file-atomic';
import { fail, ok, type Preferences, type PreferencesPatch, type PreferencesView, type Result, type Session } from '#contract';
import { merge } from './merge.ts';
import { explain, parseSource, type SourceText } from './plain.ts';
import {
  settingsFile,
  type AgentSettings,
  type CalendarSettings,
  type DirectorySettings,
  type RequestTrackerSettings,
  type SettingsFile,
  type TelephoneSettings,
} from './schema.ts';

export interface SettingsPaths {
  /** The user's own file; need not exist. */
  readonly settingsFile: string;
  /** The machine-wide policy file; null or absent: nothing is fixed. */
  readonly policyFile: string | null;
}

/** What the two files say together, every default filled in. Only preferences change while the program runs. */
export interface Settings {
  readonly agent: AgentSettings;
  readonly telephone: TelephoneSettings | null;
  readonly crm: RequestTrackerSettings | null;
  readonly directory: DirectorySettings | null;
  readonly calendars: CalendarSettings | null;
  readonly policy: Session['policy'] & {
    readonly keepCasesDays: number;
    readonly country: string;
    readonly sharedFolder: string | null;
    readonly transfer: 'safe' | 'blind';
    readonly transferAnswerSeconds: number;
    readonly nextCallDuringTransfer: boolean;
  };
  /** Schemes of links that the system is to hand to Samband. */
  readonly links: readonly string[];
  readonly demo: NonNullable<SettingsFile['demo']> | null;
  preferences(): PreferencesView;
  /**
   * Writes the agent's choice into the user's file, the rest of which stays as it is.
   * Errors: refused (policy has fixed one of the keys), invalid-input (the file is no longer JSON), internal (it cannot be written).
   */
  changePreferences(patch: PreferencesPatch): Promise<Result<PreferencesView>>;
}

const preferenceDefaults: Preferences = {
  language: 'nb',
  theme: 'system',
  compact: false,
  shortcuts: {},
  devices: { microphone: '', speaker: '', ringer: '' },
  ringVolume: 0.7,
};

const policyDefaults = {
  requiredTags: 0,
  suggestedTags: {},
  answerWithinSeconds: 30,
  keepCasesDays: 30,
  country: 'NO',
  sharedFolder: null,
  transfer: 'safe',
  transferAnswerSeconds: 20,
  nextCallDuringTransfer: true,
} as const;

const isMissing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT';

async function source(file: string): Promise<Result<SourceText>> {
  let text = '';
  try {
    text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    if (!isMissing(error))
      return fail('invalid-input', `${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = parseSource(file, text);
  if ('problem' in parsed) return fail('invalid-input', parsed.problem);
  // Said here: put over the other file, whatever else it is would hide that one altogether.
  const root = parsed.source.tree;
  if (root && root.type !== 'object')
    return fail('invalid-input', `${file}, line 1: (the whole file): expected an object { … }.`);
  return ok(parsed.source);
}

const valueOf = (text: SourceText): unknown => (text.tree ? getNodeValue(text.tree) : {});

/** The name of the computer's user stands in for an agent whom the settings do not name. */
function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'agent';
  }
}

/**
 * Reads both files, the policy over the user's. A bad one is refused (invalid-input) with a line a problem: the file, the line, the
 * key and what was expected.
 */
export async function createSettings(paths: SettingsPaths): Promise<Result<Settings>> {
  const user = await source(paths.settingsFile);
  if (!user.ok) return user;
  const policy = paths.policyFile === null ? null : await source(paths.policyFile);
  if (policy && !policy.ok) return policy;
  const policyValue = policy ? valueOf(policy.value) : {};

  const merged = merge(merge({ preferences: preferenceDefaults }, valueOf(user.value)), policyValue);
  const parsed = settingsFile.safeParse(merged);
  if (!parsed.success)
    return fail('invalid-input', explain(parsed.error.issues, [...(policy ? [policy.value] : []), user.value]));
  const file = parsed.data;

  const fixed = fixedPreferences(policyValue);
  let preferences: Preferences = { ...preferenceDefaults, ...defined(file.preferences ?? {}) };
  const view = (): PreferencesView => ({ preferences, fixed });
  let writing: Promise<unknown> = Promise.resolve();

  const change = async (patch: PreferencesPatch): Promise<Result<PreferencesView>> => {
    const wanted = defined(patch);
    const refused = Object.keys(wanted).filter((key) => fixed.includes(key));
    if (refused.length > 0) return fail('refused', `The policy in ${paths.policyFile ?? ''} has fixed: ${refused.join(', ')}.`);
    // Read again: whoever edits the file by hand meanwhile keeps the rest of it.
    const current = await source(paths.settingsFile);
    if (!current.ok) return current;
    let text = current.value.text.trim() === '' ? '{}\n' : current.value.text;
    const formattingOptions = {
      insertSpaces: !/^\t/m.test(text),
      tabSize: /^( +)\S/m.exec(text)?.[1]?.length ?? 2,
      eol: text.includes('\r\n') ? '\r\n' : '\n',
    };
    for (const [key, value] of Object.entries(wanted)) {
      text = applyEdits(text, modify(text, ['preferences', key], value, { formattingOptions }));
    }
    try {
      await writeFileAtomic(paths.settingsFile, text);
    } catch (error) {
      return fail(
        'internal',
        `${paths.settingsFile} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    preferences = { ...preferences, ...wanted };
    return ok(view());
  };

  return ok({
    agent: file.agent ?? { id: loginName(), name: loginName() },
    telephone: file.telephone ?? null,
    crm: file.crm ?? null,
    directory: file.directory ?? null,
    calendars: file.calendars ?? null,
    policy: { ...policyDefaults, ...defined(file.policy ?? {}) },
    links: file.links ?? [],
    demo: file.demo ?? null,
    preferences: view,
    changePreferences(patch) {
      // One after another, each upon what the one before left.
      const result = writing.then(() => change(patch));
      writing = result;
      return result;
    },
  });
}

/** A value without the keys that are present but undefined. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

function fixedPreferences(policy: unknown): string[] {
  if (typeof policy !== 'object' || policy === null || !('preferences' in policy)) return [];
  const { preferences } = policy;
  return typeof preferences === 'object' && preferences !== null ? Object.keys(preferences) : [];
}
