/** Showing a page in the person's own browser. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { platform } from "node:os";

type Environment = Readonly<Record<string, string | undefined>>;

export interface Opener {
  readonly program: string;
  readonly args: readonly string[];
}

/** Whether somebody sits there: both ends are a terminal, and no pipeline runs it. */
export function isPersonThere(
  input: { readonly isTTY?: boolean },
  output: { readonly isTTY?: boolean },
  { CI = "" }: Environment,
): boolean {
  return input.isTTY === true && output.isTTY === true && CI === "";
}

/** Pure: what opens a file with the system's browser; null on a machine without a screen. `BROWSER` wins where it is set. */
export function openerOf(system: NodeJS.Platform, environment: Environment, file: string): Opener | null {
  const { BROWSER = "", DISPLAY = "", WAYLAND_DISPLAY = "", WSL_DISTRO_NAME = "" } = environment;
  if (BROWSER !== "") return { program: BROWSER, args: [file] };
  switch (system) {
    case "darwin":
      return { program: "open", args: [file] };
    case "win32":
      // Not `start`, which is the shell's own and would read the name once more.
      return { program: "rundll32", args: ["url.dll,FileProtocolHandler", file] };
    default:
      return DISPLAY + WAYLAND_DISPLAY + WSL_DISTRO_NAME === ""
        ? null
        : { program: "xdg-open", args: [file] };
  }
}

/** False: there is no browser to be had here; whoever called says where the page is. Does not wait for the browser's end. */
export async function openPage(file: string, environment: Environment): Promise<boolean> {
  const opener = openerOf(platform(), environment, file);
  if (opener === null) return false;
  const child = spawn(opener.program, opener.args, { stdio: "ignore", detached: true });
  const started = once(child, "spawn").then(
    () => true,
    () => false,
  );
  child.unref();
  return started;
}
