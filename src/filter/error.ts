import type { FilterError } from '../messages.ts';

/** A filter that cannot be used: thrown and caught inside this folder only; the outside sees a FilterError. */
export class FilterFault extends Error {
  readonly start: number;
  readonly end: number;
  readonly fix: string | undefined;

  constructor(start: number, end: number, message: string, fix?: string) {
    super(message);
    this.start = start;
    this.end = end;
    this.fix = fix;
  }

  toError(): FilterError {
    const error = { start: this.start, end: this.end, message: this.message };
    return this.fix === undefined ? error : { ...error, fix: this.fix };
  }
}

/** A place in the filter text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export function fault(span: Span, message: string, fix?: string): never {
  throw new FilterFault(span.start, span.end, message, fix);
}

/** Text of a span as an error shows it: cut if long. */
export function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
