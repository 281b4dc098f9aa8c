/**
 * Splits a Batch command line into arguments. Batch runs it under no shell (Batch REST, Task commandLine), so nothing is expanded;
 * quotes and backslashes mean what they mean in a POSIX shell, so that a quoted script arrives unharmed.
 */

/** Throws an Error that says which quote is not closed. */
export function splitCommandLine(commandLine: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < commandLine.length) {
    const char = commandLine[at]!;
    if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at += 1;
      continue;
    }
    const piece = pieceAt(commandLine, at);
    word = (word ?? "") + piece.text;
    at = piece.end;
  }
  if (word !== undefined) words.push(word);
  return words;
}

interface Piece {
  readonly text: string;
  readonly end: number;
}

/** One quoted string, escaped character or plain character: words are made of pieces without blanks between them. */
function pieceAt(line: string, start: number): Piece {
  switch (line[start]) {
    case "'": {
      const end = line.indexOf("'", start + 1);
      if (end === -1) throw unclosed("single", start);
      return { text: line.slice(start + 1, end), end: end + 1 };
    }
    case '"':
      return doubleQuoted(line, start);
    case "\\":
      return { text: line[start + 1] ?? "\\", end: start + 2 };
    default:
      return { text: line[start]!, end: start + 1 };
  }
}

/** Inside double quotes a backslash escapes only a double quote or itself. */
function doubleQuoted(line: string, start: number): Piece {
  let text = "";
  for (let at = start + 1; at < line.length; at += 1) {
    const char = line[at]!;
    if (char === '"') return { text, end: at + 1 };
    const next = line[at + 1];
    if (char === "\\" && (next === '"' || next === "\\")) {
      text += next;
      at += 1;
    } else text += char;
  }
  throw unclosed("double", start);
}

function unclosed(kind: string, at: number): Error {
  return new Error(`the ${kind} quote at character ${at + 1} of the command line is not closed`);
}
