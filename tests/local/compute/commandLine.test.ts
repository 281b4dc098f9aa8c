import fc from "fast-check";
import { splitCommandLine } from "../../../local/compute/commandLine";

describe("a command line", () => {
  it("is split at blanks, and nothing in it is expanded", () => {
    expect(splitCommandLine("  printenv $HOME *.txt  && ls ")).toEqual([
      "printenv",
      "$HOME",
      "*.txt",
      "&&",
      "ls",
    ]);
  });

  it("keeps what is quoted together, and joins quoted parts that touch", () => {
    expect(splitCommandLine(`a "b c" 'd "e"' f'g'"h" ""`)).toEqual(["a", "b c", 'd "e"', "fgh", ""]);
  });

  it("lets a backslash escape a quote inside double quotes, and nothing inside single quotes", () => {
    expect(splitCommandLine(String.raw`"say \"hi\" \n" '\n'`)).toEqual([
      String.raw`say "hi" \n`,
      String.raw`\n`,
    ]);
  });

  it("brings any script through single quotes unharmed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (script) => {
        const quoted = `'${script.replaceAll("'", `'\\''`)}'`;

        expect(splitCommandLine(`/bin/bash -c ${quoted}`)).toEqual(["/bin/bash", "-c", script]);
      }),
    );
  });

  it("is refused when a quote is not closed", () => {
    expect(() => splitCommandLine("echo 'a")).toThrow("single quote at character 6");
    expect(() => splitCommandLine('echo "a')).toThrow("double quote at character 6");
  });
});
