/** From the text of an autoscale formula to its tree. */
import { FormulaError, type Position } from "./formulaError";
import { type Token, tokensOf } from "./lexer";
import { type BinaryOperator, binaryOperators, type Expression, type Statement } from "./syntax";

/** Nobody writes deeper ones; what walks a tree may then do so by recursion. */
const deepestNesting = 200;

/** Statements end with `;`, the last one may (recorded). Throws FormulaError. */
export function parse(formula: string): Statement[] {
  return new Parser(tokensOf(formula)).statements();
}

class Parser {
  private next = 0;
  private nesting = 0;
  private readonly depths = new WeakMap<Expression, number>();

  constructor(private readonly tokens: readonly Token[]) {}

  statements(): Statement[] {
    const statements: Statement[] = [];
    while (!this.isAtEnd()) {
      statements.push(this.statement());
      if (!this.isAtEnd()) this.demand(";");
    }
    return statements;
  }

  private statement(): Statement {
    const { kind, text, at } = this.token;
    const after = this.tokens[this.next + 1];
    if (kind !== "name" || after?.kind !== "symbol" || after.text !== "=")
      return { kind: "expression", at, value: this.expression() };
    this.next += 2;
    return { kind: "assignment", at, name: text, value: this.expression() };
  }

  private expression(): Expression {
    this.nesting += 1;
    if (this.nesting > deepestNesting) throw tooDeep(this.token.at);
    const test = this.binary(0);
    const { at } = this.token;
    const whole = this.accept("?") ? this.conditional(test, at) : test;
    this.nesting -= 1;
    return whole;
  }

  private conditional(test: Expression, at: Position): Expression {
    const then = this.expression();
    this.demand(":");
    return this.made({ kind: "conditional", at, test, then, otherwise: this.expression() });
  }

  private binary(level: number): Expression {
    const operators: readonly BinaryOperator[] | undefined = binaryOperators[level];
    if (operators === undefined) return this.unary();
    let left = this.binary(level + 1);
    for (;;) {
      const { at } = this.token;
      const operator = operators.find((one) => this.accept(one));
      if (operator === undefined) return left;
      left = this.made({ kind: "binary", at, operator, left, right: this.binary(level + 1) });
    }
  }

  private unary(): Expression {
    const { at } = this.token;
    const operator = (["-", "!"] as const).find((one) => this.accept(one));
    if (operator === undefined) return this.postfix();
    this.nesting += 1;
    if (this.nesting > deepestNesting) throw tooDeep(at);
    const operand = this.unary();
    this.nesting -= 1;
    return this.made({ kind: "unary", at, operator, operand });
  }

  private postfix(): Expression {
    let object = this.primary();
    while (this.accept(".")) {
      const { at } = this.token;
      const name = this.name("a member or a method");
      const isCalled = this.isAt("(");
      if (isCalled && object.kind !== "name")
        throw new FormulaError(at, `Only a service-defined variable has a method ${name}`);
      object =
        isCalled && object.kind === "name"
          ? this.made({ kind: "method", at, variable: object.name, name, parameters: this.parameters() })
          : this.made({ kind: "member", at, object, name });
    }
    return object;
  }

  private primary(): Expression {
    const { kind, text, at } = this.token;
    switch (kind) {
      case "number":
        this.next += 1;
        return { kind, at, value: Number(text) };
      case "string":
        this.next += 1;
        return { kind, at, value: text };
      case "name":
        this.next += 1;
        return this.isAt("(")
          ? this.made({ kind: "call", at, name: text, parameters: this.parameters() })
          : { kind, at, name: text };
      case "symbol":
      case "end": {
        if (!this.accept("(")) throw unexpected(this.token, "an expression");
        const inside = this.expression();
        this.demand(")");
        return inside;
      }
    }
  }

  private parameters(): Expression[] {
    this.demand("(");
    const parameters: Expression[] = [];
    if (this.accept(")")) return parameters;
    do parameters.push(this.expression());
    while (this.accept(","));
    this.demand(")");
    return parameters;
  }

  private get token(): Token {
    return this.tokens[Math.min(this.next, this.tokens.length - 1)]!;
  }

  private isAtEnd(): boolean {
    return this.token.kind === "end";
  }

  private isAt(symbol: string): boolean {
    return this.token.kind === "symbol" && this.token.text === symbol;
  }

  private accept(symbol: string): boolean {
    const found = this.isAt(symbol);
    if (found) this.next += 1;
    return found;
  }

  private demand(symbol: string): void {
    if (!this.accept(symbol)) throw unexpected(this.token, symbol);
  }

  private name(expected: string): string {
    if (this.token.kind !== "name") throw unexpected(this.token, expected);
    const { text } = this.token;
    this.next += 1;
    return text;
  }

  /** Keeps the tree's depth, which a chain of operators adds to without any nesting of the text, within bounds. */
  private made(expression: Expression): Expression {
    const depth = 1 + Math.max(0, ...childrenOf(expression).map((child) => this.depths.get(child) ?? 0));
    if (depth > deepestNesting) throw tooDeep(expression.at);
    this.depths.set(expression, depth);
    return expression;
  }
}

export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "number":
    case "string":
    case "name":
      return [];
    case "call":
    case "method":
      return expression.parameters;
    case "member":
      return [expression.object];
    case "unary":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "conditional":
      return [expression.test, expression.then, expression.otherwise];
  }
}

const tooDeep = (at: Position): FormulaError =>
  new FormulaError(at, `The expression is nested more than ${deepestNesting} levels deep`);

const unexpected = ({ text, at }: Token, expected: string): FormulaError =>
  new FormulaError(at, `Expected ${expected}, found ${text}`);
