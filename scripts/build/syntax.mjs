/** Calls `visit` with every node of a syntax tree that is run when its module is loaded: not with what functions do. */
export function walkLoaded(node, visit) {
  if (Array.isArray(node)) for (const each of node) walkLoaded(each, visit);
  else if (node !== null && typeof node === 'object') {
    if (/Function|^TS/.test(node.type ?? '')) return;
    if (typeof node.type === 'string') visit(node);
    for (const each of Object.values(node)) if (typeof each === 'object') walkLoaded(each, visit);
  }
}
