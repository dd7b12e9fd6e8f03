/** Start of the window: the transport of this host, the store, the screen. */
import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import 'pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/list.css';
import './styles/filter.css';
import './styles/facets.css';
import './styles/start.css';
import { useEffect, useRef } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { startLanguage, useLanguage } from './app/language.ts';
import { createActions } from './store/actions.ts';
import { BackendContext } from './store/context.ts';
import { browserTransport } from './transport/browser.ts';
import { desktopTransport } from './transport/desktop.ts';
import { startTheme } from './ui/theme.ts';

const transport =
  window.sevenfold === undefined ? browserTransport(window.location, window.sessionStorage) : desktopTransport(window.sevenfold);
const actions = createActions(transport);
startTheme();
startLanguage();
actions.connect();

/** The window is built anew in another language: its words are read wherever they stand, also where nothing else would change. */
function Root() {
  const language = useLanguage();
  const before = useRef(language);
  useEffect(() => {
    if (before.current === language) return;
    before.current = language;
    // What had the focus is gone: it goes back to where the language is chosen.
    if (document.activeElement === document.body) document.querySelector<HTMLElement>('[data-testid="language-button"]')?.focus();
  }, [language]);
  return <App key={language} />;
}

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <BackendContext.Provider value={{ transport, actions }}>
      <Root />
    </BackendContext.Provider>,
  );
}
