/** The window with the stand-in behind it: `?scene=live`. */
import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import '../../../renderer/styles/tokens.css';
import '../../../renderer/styles/base.css';
import '../../../renderer/styles/shell.css';
import '../../../renderer/styles/list.css';
import '../../../renderer/styles/filter.css';
import '../../../renderer/styles/facets.css';
import '../../../renderer/styles/start.css';
import { createRoot } from 'react-dom/client';
import { App } from '../../../renderer/app/App.tsx';
import { createActions } from '../../../renderer/store/actions.ts';
import { BackendContext } from '../../../renderer/store/context.ts';
import { startTheme } from '../../../renderer/ui/theme.ts';
import { type Scene, standIn } from '../stand-in.ts';

const scene = (new URLSearchParams(window.location.search).get('scene') ?? 'file') as Scene;
const transport = standIn(scene, true);
const actions = createActions(transport);
startTheme();
actions.connect();
const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <BackendContext.Provider value={{ transport, actions }}>
      <App />
    </BackendContext.Provider>,
  );
}
