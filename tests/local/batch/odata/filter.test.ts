import {
  comparison,
  equality,
  filterOf,
  flag,
  id,
  number,
  time,
  word,
} from "../../../../local/batch/odata/filter";

interface Thing {
  readonly id: string;
  readonly state: string;
  readonly exitCode?: number;
  readonly isOn?: boolean;
  readonly made: string;
  readonly started?: string;
  readonly path: string;
}

const rules = {
  id: id((thing: Thing) => thing.id),
  state: word(["eq"], (thing: Thing) => thing.state),
  isOn: flag((thing: Thing) => thing.isOn),
  made: time((thing: Thing) => thing.made),
  "run/started": time((thing: Thing) => thing.started),
  "run/exitCode": number((thing: Thing) => thing.exitCode),
  "run/state": word(equality, (thing: Thing) => thing.state),
  path: { type: "text", operators: ["startswith"], of: (thing: Thing) => thing.path } as const,
};

const things: readonly Thing[] = [
  { id: "A1", state: "active", made: "2024-01-01T00:00:00Z", path: "Wd/x" },
  { id: "a2", state: "completed", exitCode: 0, isOn: true, made: "2024-01-02T00:00:00.5Z", path: "wd/y" },
  {
    id: "it's",
    state: "Completed",
    exitCode: -9,
    isOn: false,
    made: "2024-01-03T12:00:00Z",
    started: "2024-01-03T13:00:00Z",
    path: "stdout.txt",
  },
];

const found = (filter: string): string =>
  things
    .filter(filterOf(filter, rules))
    .map((one) => one.id)
    .join(" ");

describe("a filter", () => {
  it.each([
    ["id eq 'a1'", "A1"],
    ["id ne 'A2'", "A1 it's"],
    ["id ge 'A2'", "a2 it's"],
    ["startswith(id,'A')", "A1 a2"],
    ["  startswith ( id , 'a' ) and(state eq 'COMPLETED')  ", "a2"],
    ["id eq 'it''s'", "it's"],
    ["state eq 'active' or state eq 'completed' and isOn eq true", "A1 a2"],
    ["(state eq 'active' or state eq 'completed') and isOn ne false", "A1 a2"],
    ["isOn eq false", "it's"],
    ["made gt DateTime'2024-01-02T00:00:00Z'", "a2 it's"],
    ["made le datetime'2024-01-02T00:00:00.5000000Z'", "A1 a2"],
    ["made lt DATETIME'2024-01-02T01:00:00+02:00'", "A1"],
    ["made lt DateTime'2024-01-02'", "A1"],
    ["made ge DateTime'2024-01-03T12:00:00'", "it's"],
    ["run/exitCode eq 0", "a2"],
    ["run/exitCode lt 0", "it's"],
    ["run/exitCode eq -9", "it's"],
    ["startswith(path,'wd/')", "a2"],
    ["((((id eq 'a2'))))", "a2"],
  ])("lets through what it says: %s", (filter, ids) => {
    expect(found(filter)).toBe(ids);
  });

  it("finds a property that is not there equal to nothing and different from everything", () => {
    for (const operator of comparison)
      expect([operator, found(`run/started ${operator} DateTime'2024-01-03T13:00:00Z'`)]).toEqual([
        operator,
        { eq: "it's", ne: "A1 a2", gt: "", ge: "it's", lt: "", le: "it's" }[operator as "eq"],
      ]);
  });

  it.each([
    ["", "Expected a property, got the end."],
    ["id", "Expected an operator, got the end."],
    ["id eq", "Expected a value, got the end."],
    ["id eq 'a", "Cannot read ''a' at character 7."],
    ["id eq a", "Expected a value, got 'a'."],
    ["id eq 'a' 'b'", "Unexpected ''b''."],
    ["(id eq 'a'", "Expected ')', got the end."],
    ["id eq 'a')", "Unexpected ')'."],
    ["id eq 'a' and", "Expected a property, got the end."],
    ["id eq 'a' AND id eq 'b'", "Unexpected 'AND'."],
    ["not id eq 'a'", "Expected a value, got 'eq'."],
    ["'a' eq id", "Expected a property, got ''a''."],
    ["startswith(id)", "Expected ',', got ')'."],
    ["colour eq 'red'", "This list is not filtered by 'colour', but by id, state"],
    ["constructor eq 'red'", "This list is not filtered by 'constructor'"],
    ["state gt 'active'", "'state' is not compared by 'gt', but by eq."],
    ["id contains 'a'", "'id' is not compared by 'contains'"],
    ["startswith(made,'2024')", "'made' is not compared by 'startswith'"],
    ["made gt '2024-01-01'", "'made' is compared with a time, not with a text."],
    ["run/exitCode eq '0'", "'run/exitCode' is compared with a number, not with a text."],
    ["run/exitCode eq 1.5", "Cannot read '1.5'"],
    ["isOn eq 1", "'isOn' is compared with a boolean, not with a number."],
    ["made gt DateTime'yesterday'", "'yesterday' is not an ISO 8601 time."],
    ["made gt DateTime'2024-13-01'", "'2024-13-01' is not an ISO 8601 time."],
    ["id eq \u0000", "at character 7"],
    [`${"(".repeat(5000)}id eq 'a'${")".repeat(5000)}`, "Parentheses are more than 64 deep."],
  ])("says what is wrong with %.40s", (filter, mistake) => {
    expect(() => found(filter)).toThrow(mistake);
  });
});
