// Has a chunk require the modules of Node and of packages where it first uses them instead of when it is loaded: opening a capture needs few of them.
import { parseSync } from 'vite';
import { walkLoaded } from './syntax.mjs';

/** Modules that every start needs anyway, or that are asked for each packet's bytes; and other chunks. */
const AT_ONCE = /^(\.|node:(fs|os|path|url|util|worker_threads)$)/;

/** A plugin of Rolldown. */
export const lateModules = {
  name: 'late-modules',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) if (file.type === 'chunk') file.code = deferModules(file.code, file.fileName);
  },
};

/**
 * @param code a CommonJS file as Rolldown writes it: `let name = require("module");`, and `name = __toESM(name, 1);` behind it where it has a default export
 * @returns the same, in as many lines, with each such module required by the first use of its name. Throws where a module is required in another way,
 *   or a name is used in another way than for what its module exports: nothing that was to be late comes early without a word.
 */
export function deferModules(code, file) {
  const { program } = parseSync(file, code, { lang: 'js', sourceType: 'commonjs' });
  const edits = [];
  const late = new Set();
  const own = new Set();
  program.body.forEach((statement, k) => {
    const found = requiredBy(statement);
    if (found === null || AT_ONCE.test(found.module)) return;
    const { name, call } = found;
    const wrapped = wrappedBy(program.body[k + 1], name);
    const needed = code.slice(call.start, call.end);
    const made = wrapped === null ? needed : `${code.slice(wrapped.callee.start, wrapped.callee.end)}(${needed}, 1)`;
    edits.push([statement, `const ${name}$late = { made: undefined, get module() { return this.made ??= ${made}; } };`]);
    own.add(statement);
    if (wrapped !== null) {
      edits.push([program.body[k + 1], '']);
      own.add(program.body[k + 1]);
    }
    late.add(name);
  });
  const others = program.body.filter((statement) => !own.has(statement));
  walkLoaded(others, (node) => {
    const module = moduleOf(node);
    if (module !== null && !AT_ONCE.test(module)) throw new Error(`${file}: ${module} is required at once`);
  });
  usesOf(others, late, (node, used) => {
    if (!used) throw new Error(`${file}: ${node.name} is used in a way that is not foreseen`);
    edits.push([node, `${node.name}$late.module`]);
  });
  let text = '';
  let from = 0;
  for (const [{ start, end }, written] of edits.sort(([a], [b]) => a.start - b.start)) {
    text += code.slice(from, start) + written;
    from = end;
  }
  return text + code.slice(from);
}

/** The module that a call of `require` names; null for anything else. */
function moduleOf(node) {
  if (node?.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'require') return null;
  const [argument] = node.arguments;
  return argument?.type === 'Literal' && typeof argument.value === 'string' ? argument.value : null;
}

/** What `let name = require("module");` says; null for another statement. */
function requiredBy({ type, declarations }) {
  if (type !== 'VariableDeclaration' || declarations.length !== 1) return null;
  const [{ id, init }] = declarations;
  const module = moduleOf(init);
  return module === null || id.type !== 'Identifier' ? null : { name: id.name, module, call: init };
}

/** The call in `name = … .__toESM(name, 1);`; null for another statement. */
function wrappedBy(statement, name) {
  const { left, right } = statement?.type === 'ExpressionStatement' ? statement.expression : {};
  if (left?.type !== 'Identifier' || left.name !== name || right?.type !== 'CallExpression') return null;
  const { callee } = right;
  const called = callee.type === 'MemberExpression' ? callee.property.name : callee.name;
  return called === '__toESM' && right.arguments[0]?.name === name ? right : null;
}

/** Calls `take` with every identifier of one of `names` that stands for something, and whether that is a use of what the module exports. */
function usesOf(node, names, take, parent = null, key = '') {
  if (Array.isArray(node)) for (const each of node) usesOf(each, names, take, parent, key);
  else if (node !== null && typeof node === 'object') {
    if (node.type === 'Identifier') {
      if (!names.has(node.name)) return;
      const named = (key === 'property' || key === 'key') && parent.computed === false && parent.shorthand !== true;
      if (!named) take(node, key === 'object' && parent.type === 'MemberExpression' && !parent.computed);
      return;
    }
    for (const [name, each] of Object.entries(node)) if (typeof each === 'object') usesOf(each, names, take, node, name);
  }
}
