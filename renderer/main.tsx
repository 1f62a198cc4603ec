import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@digdir/designsystemet-css/theme';
import '@digdir/designsystemet-css';
import '@fontsource-variable/inter/wght.css';
import './ui/theme.css';
import './ui/base.css';
import { Frame, startWindow } from './app/index.ts';

void startWindow();

const root = document.getElementById('root');
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <Frame />
    </StrictMode>,
  );
