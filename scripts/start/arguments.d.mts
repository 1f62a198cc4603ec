export interface StartArguments {
  readonly [name: string]: string | boolean | undefined;
}
/** What was asked of `npm start`. Throws, with words for the user, at what cannot be. */
export function readArguments(args: readonly string[]): StartArguments;
