// Writes the numbers of tables such as `Flag` where they are used. `Flag.Syn` is read from an object otherwise, with type feedback of its own: where a
// branch that V8 has not seen reads one, the compiled function is thrown away when the branch is taken for the first time.
import { parseSync } from 'vite';

/** A plugin of Rolldown. */
export const writtenNumbers = {
  name: 'written-numbers',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) if (file.type === 'chunk') file.code = writeNumbers(file.code, file.fileName);
  },
};

/**
 * @param code a CommonJS file
 * @returns the same, in as many lines, with `Name.Key` as a number wherever a constant `Name` of the file, with a capital, is an object of numbers alone.
 *   Throws where such an object is changed, or where something else has its name.
 */
export function writeNumbers(code, file) {
  const { program } = parseSync(file, code, { lang: 'js', sourceType: 'commonjs' });
  const tables = tablesOf(program);
  const uses = [];
  const visit = (node, parent) => {
    if (Array.isArray(node)) {
      for (const each of node) visit(each, parent);
      return;
    }
    if (node === null || typeof node !== 'object') return;
    for (const name of boundBy(node)) {
      if (tables.has(name.name) && tables.get(name.name).id !== name) throw new Error(`${file}: two things are called ${name.name}`);
    }
    if (node.type === 'MemberExpression' && node.object.type === 'Identifier' && tables.has(node.object.name)) {
      const written = (parent.type === 'AssignmentExpression' && parent.left === node) || parent.type === 'UpdateExpression';
      if (written) throw new Error(`${file}: ${node.object.name} is changed`);
      if (!node.computed && tables.get(node.object.name).numbers.has(node.property.name)) {
        uses.push(node);
        return;
      }
    }
    for (const each of Object.values(node)) if (typeof each === 'object') visit(each, node);
  };
  visit(program.body, program);
  let text = '';
  let from = 0;
  for (const { start, end, object, property } of uses.sort((a, b) => a.start - b.start)) {
    const number = tables.get(object.name).numbers.get(property.name);
    text += code.slice(from, start) + (number < 0 ? `(${number})` : number);
    from = end;
  }
  return text + code.slice(from);
}

function tablesOf({ body }) {
  const tables = new Map();
  for (const { type, declarations } of body) {
    if (type !== 'VariableDeclaration') continue;
    for (const { id, init } of declarations) {
      const numbers = numbersOf(init);
      if (numbers !== null && id.type === 'Identifier' && /^[A-Z]/.test(id.name)) tables.set(id.name, { id, numbers });
    }
  }
  return tables;
}

/** The numbers of an object that has nothing else, by name; null for any other. */
function numbersOf(node) {
  if (node?.type !== 'ObjectExpression') return null;
  const numbers = new Map();
  for (const { type, computed, key, value } of node.properties) {
    const number = type === 'Property' && !computed && key.type === 'Identifier' ? numberOf(value) : null;
    if (number === null) return null;
    numbers.set(key.name, number);
  }
  return numbers;
}

/** The number that an expression of numbers alone stands for; null for any other. */
function numberOf(node) {
  if (node.type === 'Literal') return typeof node.value === 'number' ? node.value : null;
  if (node.type === 'UnaryExpression' && node.operator === '-') {
    const number = numberOf(node.argument);
    return number === null ? null : -number;
  }
  if (node.type !== 'BinaryExpression') return null;
  const [left, right] = [numberOf(node.left), numberOf(node.right)];
  if (left === null || right === null) return null;
  if (node.operator === '<<') return left << right;
  return node.operator === '|' ? left | right : null;
}

/** The identifiers that a node gives a meaning of their own. */
function boundBy(node) {
  if (node.type === 'VariableDeclarator') return namesIn(node.id);
  if (node.type === 'CatchClause') return namesIn(node.param);
  if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') return namesIn(node.id);
  return /Function/.test(node.type ?? '') ? [...namesIn(node.id), ...node.params.flatMap(namesIn)] : [];
}

function namesIn(pattern) {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return pattern.properties.flatMap((each) => namesIn(each.type === 'RestElement' ? each : each.value));
    case 'ArrayPattern':
      return pattern.elements.flatMap(namesIn);
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    case 'RestElement':
      return namesIn(pattern.argument);
    default:
      return [];
  }
}
