/** A table of names and what they stand for. */
import { html, type Markup } from "../../../worker/contract/markup";

export type Row = readonly [name: string, value: string | Markup];

export function rowsTable(rows: readonly Row[]): Markup {
  return html`<table>
    ${rows.map(
      ([name, value]) =>
        html`<tr>
          <th scope="row">${name}</th>
          <td class="wrap">${value}</td>
        </tr>`,
    )}
  </table>`;
}
