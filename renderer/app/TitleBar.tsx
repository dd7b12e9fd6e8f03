import {
  FolderOpen,
  Languages,
  type LucideIcon,
  Monitor,
  Moon,
  PanelBottom,
  PanelRight,
  PanelsTopLeft,
  Sun,
  TriangleAlert,
  X,
} from 'lucide-react';
import type { Settings } from '../../src/messages.ts';
import { CaptureControl } from '../live/CaptureControl.tsx';
import { useBackend } from '../store/context.ts';
import { isCapturing, useApp } from '../store/state.ts';
import { Logo } from '../ui/Logo.tsx';
import { requestOpen } from '../ui/open-file.ts';
import { words } from '../words.ts';

const THEMES: readonly Settings['theme'][] = ['system', 'light', 'dark'];
const THEME_ICONS: Record<Settings['theme'], LucideIcon> = { system: Monitor, light: Sun, dark: Moon };
const LANGUAGES: readonly Settings['language'][] = ['system', 'en', 'ko'];
const PLACES: readonly Settings['inspectorPlace'][] = ['auto', 'right', 'below'];
const PLACE_ICONS: Record<Settings['inspectorPlace'], LucideIcon> = { auto: PanelsTopLeft, right: PanelRight, below: PanelBottom };

function next<T>(all: readonly T[], now: T): T {
  return all[(all.indexOf(now) + 1) % all.length] ?? now;
}

interface RoundProps {
  /** What is chosen now. */
  readonly label: string;
  readonly icon: LucideIcon;
  readonly onClick: () => void;
  readonly testId: string;
}

/** A button that goes from one choice to the next. */
function Round({ label, icon: Icon, onClick, testId }: RoundProps) {
  return (
    <button type="button" className="btn ghost ico" aria-label={label} title={label} onClick={onClick} data-testid={testId}>
      <Icon className="i" aria-hidden="true" />
    </button>
  );
}

export function TitleBar() {
  const { actions } = useBackend();
  const capture = useApp((state) => state.capture);
  const capturing = useApp((state) => state.capture?.live === true && isCapturing(state.live) && state.live?.phase !== 'starting');
  const theme = useApp((state) => state.settings.theme);
  const language = useApp((state) => state.settings.language);
  const place = useApp((state) => state.settings.inspectorPlace);
  return (
    <header className="title">
      <div className="brand">
        <Logo size={18} />
        <span className="narrow-hide">{words.app}</span>
      </div>
      <div className="ftab" data-testid="capture-tab">
        {capturing && <span className="recdot on" />}
        {capture !== null && capture.damage !== null && <TriangleAlert className="i" aria-hidden="true" />}
        <span className="cut" title={capture?.path}>
          {capture === null ? words.start : capturing ? words.capturing(capture.name) : capture.name}
        </span>
        {capture === null ? (
          <span style={{ width: 5 }} />
        ) : (
          <button
            type="button"
            aria-label={words.closeCapture(capture.name)}
            onClick={() => actions.closeCapture()}
            data-testid="close-capture"
          >
            <X className="i" aria-hidden="true" />
          </button>
        )}
      </div>
      <span className="sp" />
      <div className="tbtns">
        <CaptureControl />
        <span className="tgap" />
        <button
          type="button"
          className="btn ghost"
          aria-label={words.openFile}
          title={words.openFile}
          onClick={() => requestOpen()}
          data-testid="open-button"
        >
          <FolderOpen className="i" aria-hidden="true" />
          <span className="narrow-hide">{words.open}</span> <kbd className="wide">Ctrl O</kbd>
        </button>
        {capture !== null && (
          <Round
            label={words.place[place]}
            icon={PLACE_ICONS[place]}
            onClick={() => actions.changeSettings({ inspectorPlace: next(PLACES, place) })}
            testId="inspector-place"
          />
        )}
        <Round
          label={words.languages[language]}
          icon={Languages}
          onClick={() => actions.changeSettings({ language: next(LANGUAGES, language) })}
          testId="language-button"
        />
        <Round
          label={words.theme[theme]}
          icon={THEME_ICONS[theme]}
          onClick={() => actions.changeSettings({ theme: next(THEMES, theme) })}
          testId="theme-button"
        />
      </div>
    </header>
  );
}
