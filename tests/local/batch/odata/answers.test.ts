import type { Answer, Call } from "../../../../local/batch/call";
import { idKey, type ListRules, page } from "../../../../local/batch/odata/answers";
import { id } from "../../../../local/batch/odata/filter";

interface Thing {
  readonly id: string;
}

const rules: ListRules<Thing> = {
  name: "things",
  expands: false,
  keyOf: idKey,
  filters: { id: id((thing) => thing.id) },
};

const call = (query: string): Call => ({
  account: undefined as never,
  requestId: "request",
  base: "https://service",
  path: "/things",
  params: {},
  query: new URLSearchParams(query),
  headers: {},
  body: undefined,
});

const bodyOf = ({ content }: Answer): object => {
  if (content?.kind !== "json") throw new Error("the answer is no JSON");
  return content.value;
};

describe("a page of a list", () => {
  it("takes no more of a long list than it shows, and one to know whether there is more", () => {
    let taken = 0;
    function* things(): Generator<Thing> {
      for (let index = 0; index < 100_000; index += 1) {
        taken += 1;
        yield { id: String(index).padStart(6, "0") };
      }
    }

    const answer = page(call("maxresults=1000"), rules, things(), (thing) => thing);

    expect(taken).toBe(1001);
    expect(bodyOf(answer)).toMatchObject({
      "odata.metadata": "https://service/$metadata#things",
      "odata.nextLink": "https://service/things?maxresults=1000&%24skiptoken=000999",
    });
  });

  it("links to the next one with everything that was asked, and to none after the last", () => {
    const things = ["a", "b", "c d"].map((name): Thing => ({ id: name }));
    const asked = "$filter=id ne 'b'&maxresults=1&api-version=1";

    const first = page(call(asked), rules, things, (thing) => thing);
    const link = new URL((bodyOf(first) as { "odata.nextLink": string })["odata.nextLink"]);
    const second = page(call(link.search), rules, things, (thing) => thing);

    expect(link.search).toBe("?%24filter=id%20ne%20%27b%27&maxresults=1&api-version=1&%24skiptoken=a");
    expect(bodyOf(second)).toEqual({
      "odata.metadata": "https://service/$metadata#things",
      value: [{ id: "c d" }],
    });
  });
});
