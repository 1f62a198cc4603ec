import { Button } from '@digdir/designsystemet-react';
import { useEffect, useState } from 'react';
import type { Profile } from '#contract';
import { bridge } from '../bridge.ts';
import { useText } from '../text/index.ts';
import { report } from './report.tsx';
import './report.css';

/** The agent's own entry and what it lacks, asked for anew each time that it is shown. */
export function OwnProfile({ onReport }: { onReport: () => void }) {
  const t = useText();
  const [profile, setProfile] = useState<Profile | 'asking' | 'notFound' | 'failed'>('asking');
  useEffect(() => {
    let shown = true;
    void bridge.call('directory.profile', null).then((answer) => {
      if (!shown) return;
      setProfile(answer.ok ? answer.value : answer.error.code === 'not-found' ? 'notFound' : 'failed');
    });
    return () => {
      shown = false;
    };
  }, []);
  return (
    <section className="profile" aria-label={t.profile.title} data-testid="profile">
      <h3>{t.profile.title}</h3>
      {profile === 'asking' && <p className="s-soft">{t.profile.loading}</p>}
      {profile === 'notFound' && <p className="s-soft">{t.profile.notFound}</p>}
      {profile === 'failed' && <p className="note-bad">{t.profile.failed}</p>}
      {typeof profile === 'object' && (
        <>
          <p>
            <strong>{profile.person.name}</strong>{' '}
            <span className="s-soft">
              {[profile.person.title, profile.person.unit].filter((part) => part !== '').join(', ')}
            </span>
          </p>
          {profile.missing.length === 0 ? (
            <p className="s-soft">{t.profile.complete}</p>
          ) : (
            <>
              <p className="s-soft">{t.profile.lacks}</p>
              <ul>
                {profile.missing.map((one) => (
                  <li key={one}>{t.profile.missing[one]}</li>
                ))}
              </ul>
              <Button
                variant="secondary"
                onClick={() => {
                  onReport();
                  report(profile.person);
                }}
              >
                {t.profile.report}
              </Button>
            </>
          )}
        </>
      )}
    </section>
  );
}
