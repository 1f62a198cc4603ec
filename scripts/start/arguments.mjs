// What `npm start -- …` understands.
import { parseArgs } from 'node:util';

export const usage = `npm start                      the demo: no server, no account, no network needed
npm start -- --reset           the demo, with everything that it has stored wiped first
npm start -- --config FILE     against real servers, with the settings in FILE
npm start -- --directory-dry-run [--config FILE]
                               shows ten people of the directory as they are mapped and what is left out, and
                               stores nothing; ends with 0, 3 (something was left out) or 4 (it could not be read)

  --demo-folder FOLDER   where the demo keeps its things
  --data FOLDER          where the app keeps its things (with --config)
  --policy FILE          the machine's policy file (with --config)
  --provision FILE       secrets to take over once; the file is deleted (with --config)
  --dial NUMBER          what the dial field is to show
  --port N               the port of the window's address, when it opens in a browser
  --browser              in a browser, even where Electron is there
  --no-open              print the address and open nothing`;

/**
 * Reads the arguments. Throws with words for the user when one is not known or they do not go together.
 * @param {string[]} args
 */
export function readArguments(args) {
  const text = { type: /** @type {const} */ ('string') };
  const flag = { type: /** @type {const} */ ('boolean'), default: false };
  const { values } = parseArgs({
    args,
    strict: true,
    options: {
      config: text,
      policy: text,
      provision: text,
      data: text,
      dial: text,
      port: text,
      'demo-folder': text,
      reset: flag,
      browser: flag,
      'no-open': flag,
      'directory-dry-run': flag,
      help: flag,
    },
  });
  if (values.port !== undefined && !(/^\d{1,5}$/.test(values.port) && Number(values.port) <= 65_535))
    throw new Error(`--port ${values.port} is no port: a number up to 65535.`);
  const real = ['policy', 'provision', 'data'].filter((name) => values[name] !== undefined);
  if (values.config === undefined && real.length > 0)
    throw new Error(`--${real[0]} belongs to --config; the demo brings its own.`);
  const demo = ['demo-folder', 'reset'].filter((name) => values[name]);
  if (values.config !== undefined && demo.length > 0) throw new Error(`--${demo[0]} belongs to the demo, not to --config.`);
  return values;
}
