import type { Expression, Scalar } from './syntax.ts';

/** The value of an expression that depends on nothing, however it is spelt; undefined when it may depend on something. */
export function constantOf(expression: Expression): Scalar | undefined {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'template':
      return templateValue(expression.parts);
    case 'call':
      return called(expression.name, expression.args);
    case 'unary': {
      const value = constantOf(expression.operand);
      if (expression.operator === '-') return typeof value === 'number' ? -value : undefined;
      const truth = asBoolean(value);
      return truth === undefined ? undefined : !truth;
    }
    case 'binary':
      return binary(expression.operator, constantOf(expression.left), constantOf(expression.right));
    case 'conditional': {
      const [yes, no] = [constantOf(expression.yes), constantOf(expression.no)];
      const test = asBoolean(constantOf(expression.test));
      if (test === undefined) return yes === no ? yes : undefined;
      return test ? yes : no;
    }
    default:
      return undefined;
  }
}

/** A value as Terraform converts it to a boolean; undefined when it is none. */
export function asBoolean(value: Scalar | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === '1') return true;
  return value === 'false' || value === '0' ? false : undefined;
}

export function asNumber(value: Scalar | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : undefined;
}

function templateValue(parts: readonly (string | Expression)[]): Scalar | undefined {
  const values = parts.map((part) => (typeof part === 'string' ? part : constantOf(part)));
  if (values.includes(undefined)) return undefined;
  // A template that is one expression keeps its type.
  const [only] = values;
  if (values.length === 1 && only !== undefined) return only;
  return values.map((value) => String(value)).join('');
}

function called(name: string, args: readonly Expression[]): Scalar | undefined {
  const [first] = args;
  if (first === undefined) return undefined;
  const value = constantOf(first);
  switch (name) {
    case 'tobool':
      return asBoolean(value);
    case 'tonumber':
      return asNumber(value);
    case 'tostring':
    case 'jsonencode':
      return value === undefined || typeof value === 'string' ? value : String(value);
    case 'jsondecode':
      return typeof value === 'string' ? decoded(value) : undefined;
    case 'sensitive':
    case 'nonsensitive':
    case 'try':
    case 'coalesce':
      return value === null ? undefined : value;
    case 'lower':
      return typeof value === 'string' ? value.toLowerCase() : undefined;
    case 'upper':
      return typeof value === 'string' ? value.toUpperCase() : undefined;
    default:
      return undefined;
  }
}

function decoded(json: string): Scalar | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return value === null || typeof value !== 'object' ? (value as Scalar) : undefined;
  } catch {
    return undefined;
  }
}

function binary(operator: string, left: Scalar | undefined, right: Scalar | undefined): Scalar | undefined {
  if (operator === '&&' || operator === '||') {
    const [a, b] = [asBoolean(left), asBoolean(right)];
    const decisive = operator === '||';
    if (a === decisive || b === decisive) return decisive;
    return a === undefined || b === undefined ? undefined : !decisive;
  }
  if (left === undefined || right === undefined) return undefined;
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  const [a, b] = [asNumber(left), asNumber(right)];
  if (a === undefined || b === undefined) return undefined;
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    default:
      return a >= b;
  }
}
