import { expect, test } from 'vitest';
import { contentSecurityPolicy } from '../../main/services/content-security-policy.ts';

test("only the telephone's servers can be reached, and nothing inline runs", () => {
  const policy = contentSecurityPolicy({
    telephoneServers: ['wss://user:pw@sip.oslo.test:7443/ws?x=1', 'ws://127.0.0.1:5066', 'ws://127.0.0.1:5066/'],
  });
  expect(policy.split('; ')).toContain("connect-src 'self' wss://sip.oslo.test:7443 ws://127.0.0.1:5066");
  expect(policy).not.toMatch(/unsafe|\*|pw/);
  for (const closed of ['default-src', 'object-src', 'base-uri', 'frame-ancestors', 'frame-src', 'form-action'])
    expect(policy).toContain(`${closed} 'none'`);
});

test.each(["ws://x/'; script-src *", 'http://sip.test', 'wss://a b', 'nonsense'])('%j cannot widen it', (address) => {
  let policy = '';
  try {
    policy = contentSecurityPolicy({ telephoneServers: [address] });
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
  }
  expect(policy).not.toMatch(/script-src \*|http:/);
});
