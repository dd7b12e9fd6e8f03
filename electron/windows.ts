/** The windows of the desktop app: each with its page, its host session and its engine process. */
import path from 'node:path';
import type { BrowserWindow, BrowserWindowConstructorOptions, Dialog, MessagePortMain } from 'electron';
import { HostSession, type SharedServices } from '../src/host/session.ts';
import type { HostEvents } from '../src/messages.ts';
import { failureOf } from '../src/system/failure.ts';
import { channels } from './channels.ts';
import type { Receiver } from './ipc.ts';
import { hardenContents, PAGE } from './security.ts';
import type { UtilityChild } from './utility-child.ts';

/** What of Electron windows are made with; given by main.ts, played by the tests. */
export interface WindowMakers {
  readonly makeWindow: (options: BrowserWindowConstructorOptions) => BrowserWindow;
  readonly makeChannel: () => { readonly port1: MessagePortMain; readonly port2: MessagePortMain };
  readonly dialog: Pick<Dialog, 'showOpenDialog' | 'showSaveDialog' | 'showErrorBox'>;
  /** The engine process of a window; kept here because only a utility process can be given a port. */
  readonly startEngine: () => UtilityChild;
}

const CAPTURE_EXTENSIONS = ['pcap', 'pcapng', 'cap', 'dmp', 'gz'];

/** Size and safety of a window. `preload`: path of the built preload script. */
export function windowOptions(preload: string): BrowserWindowConstructorOptions {
  return {
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: 'Sevenfold',
    backgroundColor: '#ececec',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      allowRunningInsecureContent: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  };
}

interface OpenWindow {
  readonly window: BrowserWindow;
  readonly session: HostSession;
  engine: UtilityChild | null;
  /** The page has asked for its port. */
  ready: boolean;
}

export class AppWindows {
  readonly #shared: Omit<SharedServices, 'startEngine'>;
  readonly #makers: WindowMakers;
  readonly #preload: string;
  readonly #windows = new Map<number, OpenWindow>();
  readonly #closing = new Set<Promise<void>>();

  constructor(shared: Omit<SharedServices, 'startEngine'>, makers: WindowMakers, preload: string) {
    this.#shared = shared;
    this.#makers = makers;
    this.#preload = preload;
  }

  get count(): number {
    return this.#windows.size;
  }

  /** Opens a window, with a capture file in it if one is given. */
  async open(file: string | null): Promise<void> {
    const window = this.#makers.makeWindow(windowOptions(this.#preload));
    const contentsId = window.webContents.id;
    hardenContents(window.webContents);
    let engine: UtilityChild | null = null;
    const session: HostSession = new HostSession(
      {
        ...this.#shared,
        startEngine: () => {
          engine = this.#makers.startEngine();
          const known = this.#windows.get(contentsId);
          if (known !== undefined) known.engine = engine;
          return engine;
        },
      },
      {
        askOpen: () => this.#askOpen(window),
        askSave: (suggestion) => this.#askSave(window, suggestion),
        hostEvent: (name, value) => this.#tell(contentsId, name, value),
        // The page hears its engine directly, over its port; the title is all that is needed here.
        engineEvent: () => this.#retitle(contentsId),
        engineStarted: () => this.#sendPort(contentsId),
        ownPackets: () => null,
      },
    );
    this.#windows.set(contentsId, { window, session, engine, ready: false });
    window.once('ready-to-show', () => window.show());
    window.on('closed', () => {
      this.#windows.delete(contentsId);
      const closing = session.close().finally(() => this.#closing.delete(closing));
      this.#closing.add(closing);
    });
    await window.loadURL(PAGE);
    if (file !== null) await this.openFile(contentsId, file);
  }

  /** Opens a file in a window of ours; says in a box why it cannot be. */
  async openFile(contentsId: number, file: string): Promise<void> {
    const known = this.#windows.get(contentsId);
    if (known === undefined) return;
    try {
      await known.session.open(file);
    } catch (error) {
      const failure = failureOf(error, file);
      this.#makers.dialog.showErrorBox(failure.message, failure.advice ?? '');
    }
  }

  /** The door's view of a window. */
  receiver(contentsId: number): Receiver | null {
    const known = this.#windows.get(contentsId);
    if (known === undefined) return null;
    return {
      handle: (name, args) => known.session.handle(name, args),
      sendPort: () => {
        known.ready = true;
        this.#sendPort(contentsId);
        // A page that was loaded again has missed what was told before.
        known.session.tellAll();
      },
    };
  }

  /** Passes a menu command to a window. */
  command(contentsId: number, command: HostEvents['command']): void {
    this.#tell(contentsId, 'command', command);
  }

  /** Ends all captures and engines. Unsaved captures are kept to be recovered. */
  async closeAll(): Promise<void> {
    const all = [...this.#windows.values()].map(({ session }) => session.close());
    await Promise.all([...all, ...this.#closing]);
  }

  #tell<N extends keyof HostEvents>(contentsId: number, name: N, value: HostEvents[N]): void {
    const known = this.#windows.get(contentsId);
    if (known === undefined || known.window.isDestroyed()) return;
    known.window.webContents.send(channels.event, name, value);
    this.#retitle(contentsId);
  }

  #retitle(contentsId: number): void {
    const known = this.#windows.get(contentsId);
    if (known === undefined || known.window.isDestroyed()) return;
    const { title } = known.session;
    const text = title === null ? 'Sevenfold' : `${title} – Sevenfold`;
    if (known.window.getTitle() !== text) known.window.setTitle(text);
  }

  /** One end to the engine, the other to the page. */
  #sendPort(contentsId: number): void {
    const known = this.#windows.get(contentsId);
    if (known === undefined || !known.ready || known.engine === null || known.window.isDestroyed()) return;
    const { port1, port2 } = this.#makers.makeChannel();
    known.engine.sendPort(port1);
    known.window.webContents.postMessage(channels.port, null, [port2]);
  }

  async #askOpen(window: BrowserWindow): Promise<string | null> {
    const { canceled, filePaths } = await this.#makers.dialog.showOpenDialog(window, {
      title: 'Open a capture',
      properties: ['openFile'],
      filters: [
        { name: 'Captures', extensions: CAPTURE_EXTENSIONS },
        { name: 'All files', extensions: ['*'] },
      ],
    });
    return canceled ? null : (filePaths[0] ?? null);
  }

  async #askSave(window: BrowserWindow, suggestion: string) {
    const ending = path.extname(suggestion).slice(1);
    const { canceled, filePath } = await this.#makers.dialog.showSaveDialog(window, {
      title: 'Save',
      defaultPath: suggestion,
      filters: ending === '' ? [] : [{ name: ending, extensions: [ending] }],
      properties: ['showOverwriteConfirmation', 'createDirectory'],
    });
    if (canceled || filePath === '') return null;
    const target = path.resolve(filePath);
    // The engine writes beside it and renames at the end: on failure there is nothing to remove.
    return { path: target, done: () => ({ path: target, download: null }), failed: async () => {} };
  }
}
