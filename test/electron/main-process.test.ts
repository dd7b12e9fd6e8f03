import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type {
  BrowserWindow,
  BrowserWindowConstructorOptions,
  IpcMain,
  MenuItemConstructorOptions,
  MessagePortMain,
  Session,
  WebContents,
} from 'electron';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileArgument } from '../../electron/arguments.ts';
import { captureRuntimeFor } from '../../electron/capture-runtime.ts';
import { channels } from '../../electron/channels.ts';
import { listen, type Receiver } from '../../electron/ipc.ts';
import { menuTemplate } from '../../electron/menu.ts';
import { hardenContents, hardenSession, isOwnPage, mayLoad, PAGE, pageHandler } from '../../electron/security.ts';
import { type Utility, utilityChild } from '../../electron/utility-child.ts';
import { AppWindows, windowOptions } from '../../electron/windows.ts';
import { candidates } from '../../src/capture/load-cap.ts';
import { AbilityProbe } from '../../src/host/ability.ts';
import { RecentFiles } from '../../src/host/recent-files.ts';
import { SettingsStore } from '../../src/host/settings.ts';
import { SpoolStore } from '../../src/host/spool.ts';
import type { Answer } from '../../src/messages.ts';
import { StandInChild } from '../host/stand-in-child.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sevenfold-desktop-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Electron's objects are large: a test plays the part that is used, under its real type. */
function part<T>(used: { [K in keyof T]?: unknown }): T {
  return used as T;
}

describe('the door for windows', () => {
  type Listener = (event: unknown, ...args: unknown[]) => unknown;

  function door(): {
    asked: unknown[];
    ports: () => number;
    invoke: (event: unknown, name: unknown, args: unknown) => Promise<Answer<unknown>>;
    send: (event: unknown) => void;
  } {
    const asked: unknown[] = [];
    let ports = 0;
    const receiver: Receiver = {
      handle: async (name, args) => {
        asked.push([name, args]);
        return { ok: true, value: name };
      },
      sendPort: () => {
        ports += 1;
      },
    };
    const listeners = new Map<string, Listener>();
    const keep = (channel: string, listener: Listener): void => void listeners.set(channel, listener);
    listen(part<IpcMain>({ handle: keep, on: keep }), (id) => (id === 7 ? receiver : null));
    return {
      asked,
      ports: () => ports,
      invoke: (event, name, args) => listeners.get(channels.host)?.(event, name, args) as Promise<Answer<unknown>>,
      send: (event) => void listeners.get(channels.portPlease)?.(event),
    };
  }

  const own = { sender: { id: 7 }, senderFrame: { url: PAGE, parent: null } };

  it('lets the page of a window in', async () => {
    const { invoke, asked, send, ports } = door();
    expect(await invoke(own, 'openPath', { path: '/a.pcap' })).toEqual({ ok: true, value: 'openPath' });
    expect(asked).toEqual([['openPath', { path: '/a.pcap' }]]);
    send(own);
    expect(ports()).toBe(1);
  });

  it('refuses every other sender', async () => {
    const { invoke, asked, send, ports } = door();
    for (const event of [
      { ...own, sender: { id: 8 } },
      { ...own, senderFrame: null },
      { ...own, senderFrame: { url: PAGE, parent: own.senderFrame } },
      { ...own, senderFrame: { url: 'https://evil.example/', parent: null } },
      { ...own, senderFrame: { url: 'app://evil/index.html', parent: null } },
      { ...own, senderFrame: { url: 'file:///etc/passwd', parent: null } },
    ]) {
      expect(await invoke(event, 'info', {})).toMatchObject({ ok: false, failure: { code: 'permission' } });
      send(event);
    }
    expect(asked).toEqual([]);
    expect(ports()).toBe(0);
  });

  it('refuses unknown names, wrong arguments, and what is too large or no plain data', async () => {
    const { invoke, asked } = door();
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    for (const [name, args] of [
      ['shell', {}],
      ['__proto__', {}],
      [5, {}],
      ['openPath', {}],
      ['openPath', { path: 5 }],
      ['openPath', { path: '/a\0b' }],
      ['openPath', { path: '/a', mode: 'rw' }],
      ['setSettings', { theme: 'pink' }],
      ['setSettings', { captureFilter: 'x'.repeat(2 << 20) }],
      ['info', circular],
      ['info', { n: 5n }],
    ] as const) {
      expect(await invoke(own, name, args), String(name)).toMatchObject({ ok: false, failure: { code: 'invalid' } });
    }
    expect(asked).toEqual([]);
  });
});

describe('a window', () => {
  it('is sandboxed, isolated and without Node', () => {
    expect(windowOptions('/preload.cjs').webPreferences).toMatchObject({
      preload: '/preload.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
    });
  });

  it('stays on its page', () => {
    const listeners = new Map<string, (event: unknown) => void>();
    let opener: ((details: unknown) => { action: string }) | null = null;
    hardenContents(
      part<WebContents>({
        on: (name: string, listener: (event: unknown) => void) => listeners.set(name, listener),
        setWindowOpenHandler: (handler: (details: unknown) => { action: string }) => {
          opener = handler;
        },
      }),
    );
    const prevented = (name: string, event: object): boolean => {
      let stopped = false;
      listeners.get(name)?.({
        ...event,
        preventDefault: () => {
          stopped = true;
        },
      });
      return stopped;
    };
    expect((opener as ((details: unknown) => { action: string }) | null)?.({ url: 'https://example.com' })).toEqual({ action: 'deny' });
    expect(prevented('will-navigate', { url: 'https://example.com/' })).toBe(true);
    expect(prevented('will-navigate', { url: 'file:///etc/passwd' })).toBe(true);
    expect(prevented('will-navigate', { url: PAGE })).toBe(false);
    expect(prevented('will-redirect', { url: PAGE })).toBe(true);
    expect(prevented('will-frame-navigate', { url: PAGE, isMainFrame: false })).toBe(true);
    expect(prevented('will-attach-webview', {})).toBe(true);
  });

  it('loads its own files only and has no permissions but copying', () => {
    const answers: boolean[] = [];
    let request: ((contents: unknown, permission: string, answer: (granted: boolean) => void) => void) | null = null;
    let check: ((...asked: unknown[]) => boolean) | null = null;
    hardenSession(
      part<Session>({
        setPermissionRequestHandler: (handler: typeof request) => {
          request = handler;
        },
        setPermissionCheckHandler: (handler: typeof check) => {
          check = handler;
        },
        setDevicePermissionHandler: () => {},
        webRequest: { onBeforeRequest: () => {} },
      }),
    );
    const ask = request as ((contents: unknown, permission: string, answer: (granted: boolean) => void) => void) | null;
    for (const permission of ['media', 'geolocation', 'notifications', 'openExternal', 'clipboard-read', 'clipboard-sanitized-write']) {
      ask?.({ getURL: () => PAGE }, permission, (granted) => answers.push(granted));
    }
    expect(answers).toEqual([false, false, false, false, false, true]);
    const allowed = (origin: string) => (check as ((...asked: unknown[]) => boolean) | null)?.(null, 'clipboard-sanitized-write', origin);
    expect(['app://sevenfold/', 'app://sevenfold', 'app://sevenfold.example/', 'https://example.com/'].map(allowed)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(['app://sevenfold/assets/a.js', 'data:image/png;base64,', 'blob:app://sevenfold/1'].map(mayLoad)).toEqual([true, true, true]);
    expect(
      ['https://example.com/', 'http://127.0.0.1/', 'file:///etc/passwd', 'app://other/', 'blob:https://a/1', 'ws://127.0.0.1/'].map(
        mayLoad,
      ),
    ).toEqual(Array(6).fill(false));
    expect(['not an address', 'app:sevenfold', 'https://sevenfold/index.html'].some(isOwnPage)).toBe(false);
  });

  it('gets its files with a strict policy, and none from elsewhere', async () => {
    await writeFile(path.join(folder, 'index.html'), '<!doctype html>');
    await writeFile(path.join(folder, '..', `${path.basename(folder)}.txt`), 'outside');
    const answer = pageHandler(folder);
    const page = await answer({ url: PAGE, method: 'GET' });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    for (const [url, method] of [
      [`app://sevenfold/../${path.basename(folder)}.txt`, 'GET'],
      [`app://sevenfold/%2e%2e%2f${path.basename(folder)}.txt`, 'GET'],
      ['app://other/index.html', 'GET'],
      [PAGE, 'POST'],
      ['nonsense', 'GET'],
    ] as const) {
      expect((await answer({ url, method })).status, url).toBe(404);
    }
    await rm(path.join(folder, '..', `${path.basename(folder)}.txt`));
  });
});

describe('the windows of the app', () => {
  class StandInUtility extends StandInChild {
    readonly ports: unknown[] = [];
    sendPort(port: MessagePortMain): void {
      this.ports.push(port);
    }
  }

  function windowsWithOne() {
    const engines: StandInUtility[] = [];
    const sent: unknown[][] = [];
    const posted: unknown[][] = [];
    const closed: (() => void)[] = [];
    const boxes: string[] = [];
    let title = '';
    const window = part<BrowserWindow>({
      webContents: {
        id: 3,
        on: () => {},
        setWindowOpenHandler: () => {},
        send: (...args: unknown[]) => sent.push(args),
        postMessage: (...args: unknown[]) => posted.push(args),
      },
      once: () => {},
      on: (name: string, listener: () => void) => {
        if (name === 'closed') closed.push(listener);
      },
      loadURL: async () => {},
      isDestroyed: () => false,
      getTitle: () => title,
      setTitle: (text: string) => {
        title = text;
      },
    });
    const made: BrowserWindowConstructorOptions[] = [];
    const startCapture = (): StandInChild => new StandInChild(() => null);
    const windows = new AppWindows(
      {
        mode: 'electron',
        settings: new SettingsStore(folder),
        recent: new RecentFiles(folder),
        spool: new SpoolStore(path.join(folder, 'spool')),
        ability: new AbilityProbe(startCapture, 'electron'),
        startCapture,
      },
      {
        makeWindow: (options) => {
          made.push(options);
          return window;
        },
        makeChannel: () => ({ port1: part<MessagePortMain>({ close: () => {} }), port2: part<MessagePortMain>({}) }),
        dialog: {
          showOpenDialog: async () => ({ canceled: true, filePaths: [] }),
          showSaveDialog: async () => ({ canceled: true, filePath: '' }),
          showErrorBox: (text: string) => boxes.push(text),
        },
        startEngine: () => {
          const engine = new StandInUtility();
          engines.push(engine);
          return engine;
        },
      },
      '/preload.cjs',
    );
    return { windows, engines, sent, posted, boxes, closed, title: () => title };
  }

  it('have an engine each, whose port the page gets once it asks, and anew after a restart', async () => {
    const { windows, engines, posted } = windowsWithOne();
    await windows.open(null);
    expect(posted).toEqual([]);
    windows.receiver(3)?.sendPort();
    expect(posted).toHaveLength(1);
    expect(engines[0]?.ports).toHaveLength(1);
    expect(await windows.receiver(3)?.handle('restartEngine', {})).toEqual({ ok: true, value: null });
    expect(engines).toHaveLength(2);
    expect(engines[1]?.ports).toHaveLength(1);
    expect(posted).toHaveLength(2);
    await windows.closeAll();
    expect(engines[1]?.killed).toBe('SIGKILL');
  });

  it('open the file of the command line and show its name', async () => {
    const file = path.join(folder, 'a.pcap');
    await writeFile(file, '');
    const { windows, engines, sent, title } = windowsWithOne();
    await windows.open(file);
    expect(engines[0]?.heard[0]).toMatchObject({ name: 'open', args: { path: file } });
    expect(sent).toContainEqual([channels.event, 'opening', { name: 'a.pcap' }]);
    windows.command(3, 'find');
    expect(sent.at(-1)).toEqual([channels.event, 'command', 'find']);
    expect(title()).toBe('a.pcap – Sevenfold');
    await windows.closeAll();
  });

  it('say in a box why a file cannot be opened, and go on', async () => {
    const { windows, boxes } = windowsWithOne();
    await windows.open(path.join(folder, 'nowhere.pcap'));
    expect(boxes[0]).toContain('does not exist');
    expect(windows.count).toBe(1);
    await windows.closeAll();
  });

  it('end their engine when they are closed', async () => {
    const { windows, engines, closed } = windowsWithOne();
    await windows.open(null);
    for (const listener of closed) listener();
    await windows.closeAll();
    expect(engines[0]?.killed).toBe('SIGKILL');
    expect(windows.receiver(3)).toBeNull();
  });
});

describe('the menu', () => {
  const labels = (items: readonly MenuItemConstructorOptions[]): string[] =>
    items.map((item) => item.label ?? item.role ?? item.type ?? '');

  it('begins with the application on macOS, with File elsewhere, and has developer tools in development only', () => {
    const actions = { command: () => {}, newWindow: () => {}, about: () => {} };
    expect(labels(menuTemplate('darwin', actions, false))[0]).toBe('Sevenfold');
    expect(labels(menuTemplate('linux', actions, false))[0]).toBe('File');
    expect(JSON.stringify(menuTemplate('linux', actions, false))).not.toContain('toggleDevTools');
    expect(JSON.stringify(menuTemplate('linux', actions, true))).toContain('toggleDevTools');
  });

  it('tells the window which command was chosen', () => {
    const told: string[] = [];
    const template = menuTemplate(
      'linux',
      { command: (command) => told.push(command), newWindow: () => told.push('new'), about: () => {} },
      false,
    );
    const click = (item: MenuItemConstructorOptions): void => (item.click as (() => void) | undefined)?.();
    for (const menu of template) {
      if (Array.isArray(menu.submenu)) for (const item of menu.submenu) click(item);
    }
    expect(told).toEqual(['new', 'open', 'save', 'close', 'find', 'toggle-capture']);
  });
});

describe('the processes of the app', () => {
  it('are ended hard when they must be, gently otherwise, and not after their end', () => {
    const hard: number[] = [];
    let gentle = 0;
    let exit: ((code: number) => void) | null = null;
    const child = utilityChild(
      part<Utility>({
        pid: 99,
        postMessage: () => {},
        on: () => {},
        once: (_: string, listener: (code: number) => void) => {
          exit = listener;
        },
        kill: () => {
          gentle += 1;
          return true;
        },
        stderr: null,
      }),
      (pid) => hard.push(pid),
    );
    const reasons: string[] = [];
    child.onExit((reason) => reasons.push(reason));
    child.kill('SIGTERM');
    child.kill('SIGKILL');
    expect([gentle, hard]).toEqual([1, [99]]);
    (exit as ((code: number) => void) | null)?.(9);
    child.kill('SIGKILL');
    expect(hard).toEqual([99]);
    expect(reasons).toEqual(['exit code 9']);
  });

  it('capture with Electron where cap is built for it, else with a Node on the path, else say what is missing', () => {
    const root = '/opt/sevenfold';
    const [own, npm] = candidates(root);
    const only =
      (...files: (string | undefined)[]) =>
      (file: string): boolean =>
        files.includes(file);
    const env = { PATH: ['/bin', '/usr/bin'].join(path.delimiter) };
    expect(captureRuntimeFor(env, root, only(own, npm, '/usr/bin/node'))).toEqual({ kind: 'electron' });
    expect(captureRuntimeFor(env, root, only(npm, '/usr/bin/node'))).toEqual({ kind: 'node', node: '/usr/bin/node' });
    expect(captureRuntimeFor(env, root, only(npm))).toEqual({ kind: 'electron' });
    expect(captureRuntimeFor(env, root, only('/usr/bin/node'))).toEqual({ kind: 'electron' });
  });

  it('take the first argument that is no switch as the file', () => {
    expect(fileArgument(['/e/electron', '/app', 'a.pcap'], false, '/home')).toBe('/home/a.pcap');
    expect(fileArgument(['/e/sevenfold', '--no-x', '/b.pcap'], true, '/home')).toBe('/b.pcap');
    expect(fileArgument(['/e/sevenfold', '--', '-odd.pcap'], true, '/home')).toBe('/home/-odd.pcap');
    expect(fileArgument(['/e/sevenfold', '--flag'], true, '/home')).toBeNull();
    expect(fileArgument(['/e/electron', '/app'], false, '/home')).toBeNull();
  });
});
