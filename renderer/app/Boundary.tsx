import { Component, type ReactNode } from 'react';
import { words } from '../words.ts';

interface Props {
  readonly name: string;
  readonly children: ReactNode;
}

/** Keeps a view that fails from taking the others with it. */
export class Boundary extends Component<Props, { readonly error: string | null }> {
  override state: { readonly error: string | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: string } {
    return { error: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return (
      <div className="broken" role="alert" data-testid={`failed-${this.props.name}`}>
        <h2>{words.viewFailed}</h2>
        <p className="selectable">{this.state.error}</p>
        <button type="button" className="btn" onClick={() => this.setState({ error: null })}>
          {words.reloadView}
        </button>
      </div>
    );
  }
}
