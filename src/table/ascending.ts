/** Looking for a number among those that never fall, such as the rows in which something came: by halving. */

/** Place of the first of the first `count` numbers that is not below `value`; `count` if all are. */
export function lowerBound(numbers: ArrayLike<number>, value: number, count = numbers.length): number {
  let low = 0;
  for (let high = count; low < high; ) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The same among values of which `numberOf` tells the number. */
export function lowerBoundBy<T>(values: readonly T[], numberOf: (value: T) => number, value: number): number {
  let low = 0;
  for (let high = values.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if (numberOf(values[middle] as T) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
