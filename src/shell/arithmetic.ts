import { known, textsOf, type Word } from '../model/word.ts';
import type { Expander } from './expand.ts';
import { lookup } from './parameter.ts';
import { parseWord, type SyntaxNode } from './parse.ts';
import { type State, unknown } from './state.ts';

/** The value of an arithmetic expression where each part is certain; assignments in it make their variable unknown. */
export function evaluate(node: SyntaxNode, state: State, expander: Expander): Word {
  const expression = node.type === 'ArithmeticExpansion' ? node.expression : node;
  const value = expression === undefined ? undefined : numberFrom(expression, state, expander);
  return value === undefined || !Number.isSafeInteger(value)
    ? unknown('an arithmetic expression')
    : known(String(value));
}

function numberFrom(node: SyntaxNode, state: State, expander: Expander): number | undefined {
  switch (node.type) {
    case 'ArithmeticGroup':
      return numberFrom(node.expression, state, expander);
    case 'ArithmeticWord':
      return wordValue(node.value, state, expander);
    case 'ArithmeticBinary': {
      const right = numberFrom(node.right, state, expander);
      if (/^(?:[-+*/%&|^]|<<|>>)?=$/.test(node.operator))
        return assign(node.left, node.operator === '=' ? right : undefined, state);
      const left = numberFrom(node.left, state, expander);
      return left === undefined || right === undefined ? undefined : compute(node.operator, left, right);
    }
    case 'ArithmeticUnary': {
      if (node.operator === '++' || node.operator === '--') return assign(node.operand, undefined, state);
      const operand = numberFrom(node.operand, state, expander);
      if (operand === undefined) return undefined;
      if (node.operator === '-') return -operand;
      if (node.operator === '!') return operand === 0 ? 1 : 0;
      return node.operator === '+' ? operand : undefined;
    }
    case 'ArithmeticTernary': {
      const test = numberFrom(node.test, state, expander);
      const ways = [
        numberFrom(node.consequent, state, expander),
        numberFrom(node.alternate, state, expander),
      ];
      return test === undefined ? undefined : ways[test === 0 ? 1 : 0];
    }
    default:
      return undefined;
  }
}

function assign(target: SyntaxNode, value: number | undefined, state: State): number | undefined {
  if (target.type === 'ArithmeticWord' && /^[A-Za-z_]\w*$/.test(target.value)) {
    state.variables.set(
      target.value,
      value === undefined ? unknown('an arithmetic expression') : known(String(value)),
    );
    return value;
  }
  // To anything but a variable nothing can be assigned.
  return target.type === 'ArithmeticWord' && /^[A-Za-z_]\w*\[/.test(target.value) ? value : undefined;
}

function wordValue(text: string, state: State, expander: Expander): number | undefined {
  if (/^(?:0|[1-9]\d*)$/.test(text)) return Number(text);
  const name = /^\$?\{?([A-Za-z_]\w*)\}?$/.exec(text)?.[1];
  if (name !== undefined) return variableValue(name, state, expander);
  for (const [inner] of text.matchAll(/[A-Za-z_]\w*/g)) variableValue(inner, state, expander);
  return undefined;
}

/** Bash evaluates the text of a value as an expression again: with `x='a[$(rm y)]'`, `$((x))` runs `rm y`. */
function variableValue(name: string, state: State, expander: Expander): number | undefined {
  const value = lookup(name, undefined, state, expander);
  for (const text of (value && textsOf(value)) ?? []) {
    if (!/[$`[]/.test(text)) continue;
    const [part] = parseWord(`$((${text}))`)?.parts ?? [];
    if (part?.type !== 'ArithmeticExpansion') {
      expander.doubt('the text of a value is evaluated as an expression');
      continue;
    }
    // A value that speaks of itself would be evaluated for ever.
    const busy = unknown('an arithmetic expression');
    state.variables.set(name, busy);
    expander.arithmetic(part, state);
    if (value && state.variables.get(name) === busy) state.variables.set(name, value);
  }
  return value?.kind === 'known' && /^(?:0|-?[1-9]\d*)$/.test(value.text) ? Number(value.text) : undefined;
}

/** Evaluates text as an expression for what it runs and assigns (`let`, `[[ x -eq y ]]`). */
export function evaluateText(text: string, state: State, expander: Expander): void {
  const [part] = parseWord(`$((${text}))`)?.parts ?? [];
  if (part?.type === 'ArithmeticExpansion') expander.arithmetic(part, state);
  else expander.doubt('an expression that cannot be read');
}

function compute(operator: string, a: number, b: number): number | undefined {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? undefined : Math.trunc(a / b);
    case '%':
      return b === 0 ? undefined : a % b;
    case '**':
      return b >= 0 ? a ** b : undefined;
    case '==':
      return Number(a === b);
    case '!=':
      return Number(a !== b);
    case '<':
      return Number(a < b);
    case '>':
      return Number(a > b);
    case '<=':
      return Number(a <= b);
    case '>=':
      return Number(a >= b);
    case '&&':
      return Number(a !== 0 && b !== 0);
    case '||':
      return Number(a !== 0 || b !== 0);
    default:
      return undefined;
  }
}
