/** Markup that cannot be broken by what it shows: every value put into a template is escaped, unless it is Markup itself. */

export interface Markup {
  readonly markup: string;
}

type Value = string | number | Markup | readonly Markup[];

/** Template tag: html`<b>${name}</b>`. Attribute values must stand in double quotes. */
export function html(texts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return {
    markup: texts.map((text, index) => text + (index < values.length ? show(values[index]!) : "")).join(""),
  };
}

/** Text that is markup already: our own style and script. */
export function trusted(markup: string): Markup {
  return { markup };
}

function show(value: Value): string {
  if (typeof value === "string") return escape(value);
  if (typeof value === "number") return String(value);
  return "markup" in value ? value.markup : value.map((each) => each.markup).join("\n");
}

function escape(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
