/** The behaviour of report.html, put together from its parts. Names reach the page as text alone, never as markup. */
import { filters } from "./filters";
import { full } from "./full";
import { grid } from "./grid";
import { pictures } from "./pictures";

export const script = `"use strict";\n${[pictures, grid, filters, full].join("\n")}`;
