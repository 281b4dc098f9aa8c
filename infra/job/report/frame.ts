/** What the pages have alike: their head, their policy, and that script and style are within. */
import { createHash } from "node:crypto";
import { html, trusted, type Markup } from "../../../worker/contract/markup";
import { style } from "./style/style";

export interface Frame {
  readonly title: string;
  readonly main: Markup;
  /** Beside the main part. */
  readonly after: Markup;
  /** Null: the page needs none. */
  readonly script: string | null;
}

export function pageOf({ title, main, after, script }: Frame): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${policyOf(script)}" />
        <title>${title}</title>
        <style>
          ${trusted(style)}
        </style>
      </head>
      <body>
        <main>${main}</main>
        ${after} ${script === null ? html`` : trusted(`<script>${script}</script>`)}
      </body>
    </html> `.markup;
}

/** Nothing but this script, this style and pictures: a name that got past the escaping could still not run. */
function policyOf(script: string | null): string {
  return [
    "default-src 'none'",
    "img-src data: 'self' file:",
    "style-src 'unsafe-inline'",
    // The hash is over every character between the tags.
    ...(script === null
      ? []
      : [`script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}
