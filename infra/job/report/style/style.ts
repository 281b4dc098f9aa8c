/** The look of the pages: light and dark by the reader's preference, from a phone's width up. */
import { base } from "./base";
import { figures } from "./figures";
import { gallery } from "./gallery";

export const style = [base, figures, gallery].join("\n");
