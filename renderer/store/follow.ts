/** Following the end of a live list: a small state machine without a clock or a grid. */

export interface Follow {
  readonly on: boolean;
  /** Rows that were there when following stopped. */
  readonly seen: number;
}

export type FollowEvent =
  | { readonly kind: 'start' }
  /** End key, a click on the strip. */
  | { readonly kind: 'end' }
  /** Scrolling up, selecting a packet, Esc. */
  | { readonly kind: 'stop'; readonly total: number }
  /** Scrolled so that the row before `bottom` is the last in sight. */
  | { readonly kind: 'looked'; readonly bottom: number };

export const following: Follow = { on: true, seen: 0 };

/** Next state. */
export function follow(state: Follow, event: FollowEvent): Follow {
  switch (event.kind) {
    case 'start':
    case 'end':
      return state.on ? state : following;
    case 'stop':
      return state.on ? { on: false, seen: event.total } : state;
    case 'looked':
      return state.on || event.bottom <= state.seen ? state : { on: false, seen: event.bottom };
  }
}

/** Rows below what was seen; 0 while following. */
export function newBelow(state: Follow, total: number): number {
  return state.on ? 0 : Math.max(0, total - state.seen);
}

/**
 * First row that is marked as new when a live list has grown from `before` to `total` rows and shows `screen` of them; infinite: none. A screen that is
 * new from top to bottom has no marks: they would say nothing, and keep the page drawing.
 */
export function firstNew(before: number, total: number, screen: number): number {
  return total - before < screen ? before : Number.POSITIVE_INFINITY;
}
