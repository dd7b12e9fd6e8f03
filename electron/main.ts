/** The desktop app's main process: windows, menus, dialogs, and the ports between windows and engines. It dissects nothing. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, dialog, ipcMain, Menu, MessageChannelMain, protocol, session, utilityProcess } from 'electron';
import { AbilityProbe } from '../src/host/ability.ts';
import { type Child, forkChild } from '../src/host/child.ts';
import { RecentFiles } from '../src/host/recent-files.ts';
import { SettingsStore } from '../src/host/settings.ts';
import { SpoolStore } from '../src/host/spool.ts';
import { failureOf } from '../src/system/failure.ts';
import { engineArguments, nodeProgram, programRoot, rendererFolder, userFolders } from '../src/system/locations.ts';
import { version } from '../src/version.ts';
import { fileArgument } from './arguments.ts';
import { captureRuntimeFor } from './capture-runtime.ts';
import { listen } from './ipc.ts';
import { menuTemplate } from './menu.ts';
import { hardenSession, pageHandler, SCHEME } from './security.ts';
import { type UtilityChild, utilityChild } from './utility-child.ts';
import { AppWindows } from './windows.ts';

const here = path.dirname(fileURLToPath(import.meta.url));

function startUtility(name: 'engine-process' | 'capture-process', args: readonly string[] = []): UtilityChild {
  const utility = utilityProcess.fork(path.join(here, `${name}.js`), [...args], {
    serviceName: `Sevenfold ${name}`,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return utilityChild(utility, (pid) => process.kill(pid, 'SIGKILL'));
}

// 1. One process for all windows: a second start hands its file to the first and ends.
if (!app.requestSingleInstanceLock()) app.exit(0);

// 2. Before Electron is ready: every renderer in a sandbox, and a scheme of our own for the page.
app.enableSandbox();
protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } }]);

// 3. Files that the system asks to open before there is a window (macOS).
let early: string | null = null;
let windows: AppWindows | null = null;
app.on('open-file', (event, file) => {
  event.preventDefault();
  if (windows === null) early = file;
  else void windows.open(file);
});

/** What needs Electron to be ready. Not awaited at the top level: Electron gets ready only after this module has run to its end. */
async function begin(): Promise<void> {
  // 4. The session: own files only, no permissions, nothing from elsewhere.
  hardenSession(session.defaultSession);
  session.defaultSession.protocol.handle(SCHEME, pageHandler(rendererFolder()));

  // 5. What all windows share.
  const folders = userFolders();
  const runtime = captureRuntimeFor(process.env, programRoot());
  const startCapture = (): Child =>
    runtime.kind === 'node' ? forkChild(nodeProgram('capture-process'), 'json', runtime.node) : startUtility('capture-process');
  const opened = new AppWindows(
    {
      mode: 'electron',
      settings: new SettingsStore(folders.config),
      recent: new RecentFiles(folders.config),
      spool: new SpoolStore(folders.spool),
      ability: new AbilityProbe(startCapture, runtime.kind),
      startCapture,
    },
    {
      makeWindow: (options) => new BrowserWindow(options),
      makeChannel: () => new MessageChannelMain(),
      dialog,
      startEngine: () => startUtility('engine-process', engineArguments()),
    },
    path.join(here, 'preload.cjs'),
  );
  windows = opened;

  // 6. The door for what windows ask.
  listen(ipcMain, (contentsId) => opened.receiver(contentsId));

  // 7. The menu.
  const inFront = (): number | null => (BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0])?.webContents.id ?? null;
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate(
        process.platform,
        {
          command: (command) => {
            const front = inFront();
            if (front !== null) opened.command(front, command);
          },
          newWindow: () => void opened.open(null),
          about: () =>
            void dialog.showMessageBox({ message: `Sevenfold ${version}`, detail: 'Packets as layers, connections as pictures.' }),
        },
        !app.isPackaged,
      ),
    ),
  );

  // 8. Life and end. Unsaved captures are closed properly and kept before the process goes.
  app.on('second-instance', (_, argv, cwd) => void opened.open(fileArgument(argv, app.isPackaged, cwd)));
  app.on('activate', () => {
    if (opened.count === 0) void opened.open(null);
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  let leaving = false;
  app.on('will-quit', (event) => {
    if (leaving) return;
    leaving = true;
    event.preventDefault();
    void opened.closeAll().finally(() => app.exit(0));
  });

  // 9. The first window.
  await opened.open(early ?? fileArgument(process.argv, app.isPackaged, process.cwd()));
}

app
  .whenReady()
  .then(begin)
  .catch((error: unknown) => {
    const failure = failureOf(error, 'Sevenfold');
    dialog.showErrorBox('Sevenfold could not start', failure.message);
    app.exit(1);
  });
