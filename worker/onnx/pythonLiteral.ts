/** Python literals, as Ultralytics writes them into a model's metadata: `{0: 'person', 1: "men's bag"}`. */

export type PythonValue =
  string | number | boolean | null | readonly PythonValue[] | ReadonlyMap<PythonValue, PythonValue>;

const constants = new Map<string, PythonValue>([
  ["True", true],
  ["False", false],
  ["None", null],
]);
const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\n": "" };
const closers: Readonly<Record<string, string>> = { "[": "]", "(": ")" };

/** Python language reference, 2.4 (literals): dict, list, tuple, str, number, True, False, None. Throws a SyntaxError at anything else. */
export function parsePythonLiteral(text: string): PythonValue {
  let at = 0;

  const fail = (): never => {
    throw new SyntaxError(`not a Python literal at character ${at + 1}: ${text.slice(at, at + 20)}`);
  };
  const skipSpace = (): void => {
    while (/\s/.test(text.charAt(at))) at++;
  };
  const accept = (token: string): boolean => {
    skipSpace();
    const found = text.startsWith(token, at);
    if (found) at += token.length;
    return found;
  };
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };

  const string = (quote: string): string => {
    let value = "";
    while (text[at] !== quote) {
      const character = text[at++] ?? fail();
      value += character === "\\" ? escape() : character;
    }
    at++;
    return value;
  };
  const escape = (): string => {
    const code = take(/x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}/y);
    if (code !== undefined) return String.fromCodePoint(parseInt(code.slice(1), 16));
    const character = text[at++] ?? fail();
    return escapes[character] ?? character;
  };
  const items = <T>(closer: string, item: () => T): T[] => {
    const found: T[] = [];
    while (!accept(closer)) {
      found.push(item());
      if (!accept(",")) return accept(closer) ? found : fail();
    }
    return found;
  };
  const entry = (): [PythonValue, PythonValue] => {
    const key = value();
    if (!accept(":")) fail();
    return [key, value()];
  };

  const value = (): PythonValue => {
    skipSpace();
    const opener = text.charAt(at);
    if (opener === "'" || opener === '"') {
      at++;
      return string(opener);
    }
    if (accept("{")) return new Map(items("}", entry));
    const closer = closers[opener];
    if (closer !== undefined) {
      at++;
      return items(closer, value);
    }
    const word = take(/[A-Za-z]+/y);
    if (word !== undefined) return constants.has(word) ? (constants.get(word) ?? null) : fail();
    const number = take(/[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/y);
    return number === undefined ? fail() : Number(number);
  };

  const result = value();
  skipSpace();
  return at === text.length ? result : fail();
}
