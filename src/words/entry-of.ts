/**
 * What a table says of a name that comes from a packet or a user; undefined where it has none. Read without this, a table would give what every object
 * has for names such as `constructor` and `__proto__`.
 */
export function entryOf<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
