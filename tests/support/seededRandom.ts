/** The dice of the local cloud's faults are those of the tests, too. */
export { seededRandom } from "../../local/faults/seededRandom";
