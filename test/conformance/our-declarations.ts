/** What `declarations.mjs` asks of the program itself. */
import { nameOf } from '../../src/dissect/field.ts';
import { allProtocols } from '../../src/dissect/protocol.ts';
import '../../src/protocols/index.ts';

/** All declared fields, with the protocol that declares them. */
export function everyDeclaration() {
  return allProtocols().flatMap((protocol) => protocol.fields.map((field) => ({ protocol: protocol.name, field })));
}

export { nameOf };
