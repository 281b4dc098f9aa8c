/** What somebody meant who typed an id that there is not. */
import { Command, CommanderError } from "commander";

/** Pure: " Did you mean shard-00012?", a sentence to append; empty where nothing is near. */
export function didYouMean(typed: string, ids: readonly string[]): string {
  const started = typed === "" ? [] : ids.filter((id) => id.startsWith(typed));
  if (started.length > 0) return question(started);
  const number = numberOf(typed);
  const numbered = number === null ? [] : ids.filter((id) => numberOf(id) === number);
  return numbered.length === 1 ? question(numbered) : nearest(typed, ids);
}

const mostNamed = 3;

function question(ids: readonly string[]): string {
  const named = ids.slice(0, mostNamed).join(", ");
  if (ids.length === 1) return ` Did you mean ${named}?`;
  return ` Did you mean one of ${named}${ids.length > mostNamed ? " …" : ""}?`;
}

/** "shard-12", "12" and "shard-00012" have the same. */
function numberOf(id: string): number | null {
  const digits = /^(?:shard-?)?(\d+)$/i.exec(id)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Commander's own measure, by which it answers a command that there is not; it is to be had no other way. */
function nearest(typed: string, ids: readonly string[]): string {
  const program = new Command()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .helpCommand(false);
  for (const id of ids) program.addCommand(new Command(id));
  try {
    program.parse(["--", typed], { from: "user" });
    return "";
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const found = /\((Did you mean .*\?)\)/s.exec(error.message)?.[1];
    return found === undefined ? "" : ` ${found}`;
  }
}
