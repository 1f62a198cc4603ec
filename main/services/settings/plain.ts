/** Turns what zod and the JSON parser found into words that the helpdesk can act on: which file, which line, which key, what was expected. */
import { findNodeAtLocation, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import type { z } from 'zod';

/** One settings file as text, and as the tree that knows where each key stands. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  readonly tree: Node | undefined;
}

/** `telephone.servers[0]`; the whole file for the empty path. */
export function keyPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(the whole file)';
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? String(part) : `.${String(part)}`))
    .join('');
}

/** 1-based, as editors count. */
export function position(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

const syntaxWords: Readonly<Record<string, string>> = {
  InvalidSymbol: 'something that is no JSON value',
  InvalidNumberFormat: 'a number that cannot be read',
  PropertyNameExpected: 'expected a key in double quotes',
  ValueExpected: 'expected a value',
  ColonExpected: 'expected a colon after the key',
  CommaExpected: 'expected a comma before this',
  CloseBraceExpected: 'expected } here',
  CloseBracketExpected: 'expected ] here',
  EndOfFileExpected: 'expected the end of the file here',
  UnexpectedEndOfString: 'a text that is not closed with a double quote on its line',
  UnexpectedEndOfComment: 'a comment that is not closed',
  InvalidEscapeCharacter: 'an escape that JSON does not know; a backslash is written \\\\',
  InvalidUnicode: 'a \\u escape that is no character',
  InvalidCharacter: 'a control character inside a text',
};

/** Reads JSON (comments are allowed) and gives the tree, or where and why it cannot be read. */
export function parseSource(file: string, text: string): { source: SourceText } | { problem: string } {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const first = errors[0];
  if (!first) return { source: { file, text, tree } };
  const at = position(text, first.offset);
  const name = printParseErrorCode(first.error);
  return { problem: `${file}, line ${at.line}, column ${at.column}: this is not JSON: ${syntaxWords[name] ?? name}.` };
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text in double quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list [ … ]',
  object: 'an object { … }',
  record: 'an object { … }',
};

function listed(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(' or ');
}

/** What is wrong at one key, without the value that stands there: it could be a secret put in the wrong place. */
export function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${kinds[issue.expected] ?? issue.expected}`;
    case 'unrecognized_keys':
      return `there is no setting named ${listed(issue.keys)} here`;
    case 'invalid_value':
      return `expected ${listed(issue.values)}`;
    case 'too_small': {
      const least = String(issue.minimum);
      if (issue.origin === 'string') return `expected at least ${least} characters`;
      if (issue.origin === 'array') return `expected at least ${least} entries`;
      return `expected a number of at least ${least}`;
    }
    case 'too_big': {
      const most = String(issue.maximum);
      if (issue.origin === 'string') return `expected at most ${most} characters`;
      if (issue.origin === 'array') return `expected at most ${most} entries`;
      return `expected a number of at most ${most}`;
    }
    case 'invalid_union':
      return issue.discriminator && 'options' in issue && Array.isArray(issue.options)
        ? `expected ${listed(issue.options)}`
        : 'expected one of the kinds that are known';
    default:
      return issue.message;
  }
}

/** The file that is to blame for `path`: the first of `sources` that says anything at it, else the one that has its parent. */
function blamed(
  sources: readonly SourceText[],
  path: readonly PropertyKey[],
): { source: SourceText; node: Node | undefined; exact: boolean } | null {
  const segments = path.map((part) => (typeof part === 'number' ? part : String(part)));
  for (let length = segments.length; length >= 0; length -= 1) {
    for (const source of sources) {
      const node = source.tree && findNodeAtLocation(source.tree, segments.slice(0, length));
      if (node) return { source, node, exact: length === segments.length };
    }
  }
  const source = sources.at(-1);
  return source ? { source, node: undefined, exact: false } : null;
}

/** One line a problem. `sources` in order of precedence: the policy first. */
export function explain(issues: readonly z.core.$ZodIssue[], sources: readonly SourceText[]): string {
  return issues
    .map((issue) => {
      const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
      const place = blamed(sources, path);
      const at = place?.node ? `, line ${position(place.source.text, place.node.offset).line}` : '';
      const missing = place && !place.exact ? 'is missing; ' : '';
      return `${place?.source.file ?? 'the settings'}${at}: ${keyPath(issue.path)}: ${missing}${expectation(issue)}.`;
    })
    .join('\n');
}
